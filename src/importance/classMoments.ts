import { kindError, shapeError, valueError } from "../core/errors.ts";

/**
 * The statistics from which importance is estimated: counts, means (k × d) and variances (k × d) of k classes. `ClassStatistics` is one.
 */
export interface ClassMoments {
  readonly counts: ArrayLike<number>;
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly cols: number;
}

/** The share of the mean variance below which no dimension's variance may fall. */
export const varianceFloor = 1e-6;

/** Checks that the moments fit together, are finite and describe at least `least` classes; returns how many. */
export function checkMoments(moments: ClassMoments, caller: string, least = 2): number {
  if (moments === null || typeof moments !== "object" || !moments.counts || !moments.means || !moments.variances) {
    throw kindError(caller, "moments", moments, "{counts, means, variances, cols}");
  }
  const { counts, means, variances, cols } = moments;
  const k = counts.length;
  if (k < least) throw shapeError(caller, "moments", `${k} class${k === 1 ? "" : "es"}`, `at least ${least}`);
  if (means.length !== k * cols || variances.length !== k * cols) {
    throw shapeError(caller, "moments", `${means.length} means and ${variances.length} variances`, `${k} × ${cols} of each`);
  }
  for (let c = 0; c < k; c++) if (!(counts[c] >= 1)) throw shapeError(caller, `moments class ${c}`, `count ${counts[c]}`, "at least 1");
  for (let i = 0; i < means.length; i++) {
    const mean = means[i];
    const variance = variances[i];
    if (mean - mean === 0 && variance >= 0 && variance < Number.POSITIVE_INFINITY) continue;
    const place = `moments class ${Math.floor(i / cols)}, dimension ${i % cols}`;
    if (mean - mean !== 0) throw shapeError(caller, place, `mean ${mean}`, "finite numbers");
    throw shapeError(caller, place, `variance ${variance}`, "finite numbers of at least 0");
  }
  return k;
}

/** One row has no spread. */
export function noSpread(caller: string, c: number): RangeError {
  return valueError(
    caller,
    `class ${c}`,
    "has no variance in any dimension",
    "at least two different rows (shots of 2, views, or base classes)",
  );
}

/**
 * Standard deviations (k × d) with a floor: σ² ← max(σ², 1e-6 · mean over dimensions), row by row, so that constant dimensions
 * divide nothing by zero.
 *
 * @throws RangeError naming a class whose variances are all 0: one row has no spread
 */
export function flooredDeviations(variances: Float64Array, cols: number, caller: string): Float64Array {
  const out = new Float64Array(variances.length);
  for (let start = 0, c = 0; start < variances.length; start += cols, c++) {
    let sum = 0;
    for (let j = start; j < start + cols; j++) sum += variances[j];
    if (!(sum > 0)) throw noSpread(caller, c);
    const floor = (varianceFloor * sum) / cols;
    for (let j = start; j < start + cols; j++) out[j] = Math.sqrt(Math.max(variances[j], floor));
  }
  return out;
}

/** The unweighted mean of the classes' variances, d values, with the same floor. */
export function pooledVariance(moments: ClassMoments, caller: string): Float64Array {
  const { variances, cols } = moments;
  const k = moments.counts.length;
  const pooled = new Float64Array(cols);
  for (let c = 0; c < k; c++) for (let j = 0; j < cols; j++) pooled[j] += variances[c * cols + j];
  let sum = 0;
  for (let j = 0; j < cols; j++) {
    pooled[j] /= k;
    sum += pooled[j];
  }
  if (!(sum > 0)) throw valueError(caller, "moments", "have no variance in any dimension", "at least two different rows a class");
  const floor = (varianceFloor * sum) / cols;
  for (let j = 0; j < cols; j++) pooled[j] = Math.max(pooled[j], floor);
  return pooled;
}
