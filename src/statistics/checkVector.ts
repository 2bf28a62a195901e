import { kindError, shapeError, valueError } from "../core/errors.ts";

/** Checks that `values` is a non-empty array of finite numbers, the first that is not named by its position; returns how many. */
export function checkVector(values: ArrayLike<number>, caller: string, argument: string): number {
  if (values === null || typeof values !== "object" || typeof values.length !== "number") {
    throw kindError(caller, argument, values, "an array or typed array of numbers");
  }
  const n = values.length;
  if (n === 0) throw shapeError(caller, argument, "0 entries", "at least 1");
  for (let i = 0; i < n; i++) {
    if (typeof values[i] !== "number") throw kindError(caller, `${argument}[${i}]`, values[i], "a number");
    if (!Number.isFinite(values[i])) throw valueError(caller, `${argument}[${i}]`, `is ${values[i]}`, "finite numbers");
  }
  return n;
}
