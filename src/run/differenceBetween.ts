/** The first difference between two JSON values, as a path and both sides; null where there is none. */
export function differenceBetween(a: unknown, b: unknown, path: string): { path: string; a: unknown; b: unknown } | null {
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = differenceBetween(left[key], right[key], path === "" ? key : `${path}.${key}`);
      if (found) return found;
    }
    return null;
  }
  return a === b ? null : { path, a, b };
}

/** A JSON value in an error message. */
export function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
}
