import { checkChoice, checkCount } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type Basis, checkNormalize, checkRidge } from "./basis.ts";

/** Checks that `value` is a whole basis: kinds, lengths, finite numbers, one matrix at most, a lower triangle that can be solved with. */
export function checkBasis(value: Basis, caller: string, argument: string): Basis {
  if (value === null || typeof value !== "object" || !(value.mean instanceof Float64Array))
    throw kindError(caller, argument, value, "a basis, as fitCentre, fitWithin, fitDiscriminant or fitViews makes it");
  const { kind, normalize, ridge, cols, dimensions, mean, transform, lower, lowRank, psi, within } = value;
  checkChoice(kind, caller, `${argument}.kind`, ["centre", "within", "discriminant", "views", "custom"]);
  checkNormalize(normalize, caller);
  checkRidge(ridge, caller);
  checkCount(cols, caller, `${argument}.cols`);
  checkCount(dimensions, caller, `${argument}.dimensions`);
  const list = (name: string, array: Float64Array | null, length: number, positive: boolean): void => {
    if (array === null) return;
    if (!(array instanceof Float64Array)) throw kindError(caller, `${argument}.${name}`, array, "a Float64Array or null");
    if (array.length !== length) throw shapeError(caller, `${argument}.${name}`, `${array.length} values`, `${length}`);
    for (let i = 0; i < length; i++) {
      if (array[i] - array[i] === 0 && !(positive && array[i] < 0)) continue;
      throw valueError(caller, `${argument}.${name}[${i}]`, `is ${array[i]}`, positive ? "finite numbers of at least 0" : "finite numbers");
    }
  };
  list("mean", mean, cols, false);
  const matrices = [transform, lower, lowRank].filter((matrix) => matrix !== null);
  if (matrices.length > 1)
    throw shapeError(caller, argument, `${matrices.length} matrices`, "one of transform, lower and lowRank, or none");
  if (kind !== "custom" && (kind === "centre") !== (matrices.length === 0))
    throw shapeError(caller, argument, `kind ${kind} and ${matrices.length} matrices`, "one matrix, or kind centre, which has none");
  if (!transform && dimensions !== cols)
    throw valueError(caller, `${argument}.dimensions`, `is ${dimensions}`, `${cols}, without transform`);
  list("transform", transform, cols * dimensions, false);
  list("lower", lower, cols * cols, false);
  for (let j = 0; lower && j < cols; j++)
    if (!(lower[j * cols + j] > 0))
      throw valueError(caller, `${argument}.lower`, `has ${lower[j * cols + j]} at ${j} of its diagonal`, "numbers greater than 0");
  if (lowRank) {
    list("lowRank.gains", lowRank.gains, lowRank.gains.length, false);
    list("lowRank.vectors", lowRank.vectors, lowRank.gains.length * cols, false);
    list("lowRank.rest", Float64Array.of(lowRank.rest), 1, false);
  }
  list("psi", psi, dimensions, true);
  list("within", within, dimensions, true);
  return value;
}
