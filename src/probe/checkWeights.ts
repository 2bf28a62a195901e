import { kindError, shapeError, valueError } from "../core/errors.ts";

/** n sample weights, 1 each where none are given: finite and at least 0. */
export function checkWeights(given: ArrayLike<number> | undefined, n: number, caller: string): Float64Array {
  const weights = new Float64Array(n).fill(1);
  if (given === undefined) return weights;
  if (given === null || typeof given !== "object") throw kindError(caller, "sampleWeight", given, "an array of numbers");
  if (given.length !== n) throw shapeError(caller, "sampleWeight", `${given.length} values`, `${n}, one a row`);
  for (let i = 0; i < n; i++) {
    if (!(given[i] >= 0) || given[i] === Number.POSITIVE_INFINITY)
      throw valueError(caller, `sampleWeight row ${i}`, `is ${given[i]}`, "finite weights of at least 0");
    weights[i] = given[i];
  }
  return weights;
}
