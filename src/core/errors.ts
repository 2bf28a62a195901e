/** `RangeError: caller: argument found, expected wanted`: the one form of every complaint about a value. */
export function valueError(caller: string, argument: string, found: string, wanted: string): RangeError {
  return new RangeError(`${caller}: ${argument} ${found}, expected ${wanted}`);
}

/** `RangeError: caller: argument has found, expected wanted`: for lengths and shapes. */
export function shapeError(caller: string, argument: string, found: string, wanted: string): RangeError {
  return valueError(caller, argument, `has ${found}`, wanted);
}

/** `TypeError: caller: argument is found, expected wanted`: for the wrong kind of thing. */
export function kindError(caller: string, argument: string, found: unknown, wanted: string): TypeError {
  return new TypeError(`${caller}: ${argument} is ${describe(found)}, expected ${wanted}`);
}

/** Runs a function whose errors begin with `inner`, one that the user did not call, in the name of the one that they did; `argument` goes before what it found wrong. */
export function inTheNameOf<T>(caller: string, inner: string, run: () => T, argument = ""): T {
  try {
    return run();
  } catch (error) {
    const { message } = error as Error;
    const start = `${inner}: `;
    if (!(error instanceof RangeError || error instanceof TypeError) || !message.startsWith(start)) throw error;
    error.message = `${caller}: ${argument}${message.slice(start.length)}`;
    throw error;
  }
}

/** A short name of what came, for an error message: never the whole of a large value. */
export function describe(value: unknown): string {
  if (typeof value === "string") return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`;
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object") return `${(value as object).constructor?.name || "an object"}`;
  return `a ${typeof value}`;
}
