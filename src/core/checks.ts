import { describe, kindError, valueError } from "./errors.ts";

/** Checks that `value` is a whole number of at least `least` (and at most `most`). */
export function checkCount(value: number, caller: string, argument: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number") throw kindError(caller, argument, value, "a number");
  if (!Number.isInteger(value) || value < least || value > most) {
    const wanted = most === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${least}` : `a whole number in ${least}…${most}`;
    throw valueError(caller, argument, `is ${value}`, wanted);
  }
  return value;
}

/** Checks that `value` is a finite number greater than 0. */
export function checkPositive(value: number, caller: string, argument: string): number {
  if (typeof value !== "number") throw kindError(caller, argument, value, "a number");
  if (!(value > 0) || value === Number.POSITIVE_INFINITY)
    throw valueError(caller, argument, `is ${value}`, "a finite number greater than 0");
  return value;
}

/** Checks that `value` lies in the open interval (0, 1). */
export function checkProbability(value: number, caller: string, argument: string): number {
  if (typeof value !== "number") throw kindError(caller, argument, value, "a number");
  if (!(value > 0 && value < 1)) throw valueError(caller, argument, `is ${value}`, "a number between 0 and 1");
  return value;
}

/** Checks that `value` is one of `choices`. */
export function checkChoice<T extends string>(value: string, caller: string, argument: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw valueError(caller, argument, `is "${value}"`, `one of ${choices.join(", ")}`);
  return value as T;
}

/** Refuses a number or a name that stands twice. */
export function checkDistinct(list: readonly (number | string)[], caller: string, argument: string): void {
  list.forEach((value, i) => {
    if (list.indexOf(value) < i) throw valueError(caller, `${argument}[${i}]`, `is ${describe(value)} again`, "each one once");
  });
}
