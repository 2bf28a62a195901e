import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, type LabelIndex, type Labels, labelIndexOf } from "../core/labels.ts";
import { checkFinite, checkMatrix, type Matrix } from "../core/matrix.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { type Kernels, paddedCols } from "../kernels/kernels.ts";
import { type LoadedRows, loadRows } from "../kernels/loadRows.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";

/** Count, mean and variance of each class in each dimension. Importance needs no other knowledge of the features. */
export interface ClassStatistics {
  readonly classes: readonly ClassName[];
  /** k row counts. */
  readonly counts: Float64Array;
  /** k × d. */
  readonly means: Float64Array;
  /** k × d, divisor count − 1; 0 where a class has one row. */
  readonly variances: Float64Array;
  readonly cols: number;
}

/** The rows listed, next to each other: as they lie where they already do. */
function takeRowsOf({ data, cols }: Matrix, rows: Int32Array): Matrix {
  const n = rows.length;
  if (rows[n - 1] - rows[0] === n - 1) return { data: data.subarray(rows[0] * cols, (rows[0] + n) * cols), rows: n, cols };
  const out = data instanceof Float32Array ? new Float32Array(n * cols) : new Float64Array(n * cols);
  for (let i = 0; i < n; i++) out.set(data.subarray(rows[i] * cols, (rows[i] + 1) * cols), i * cols);
  return { data: out, rows: n, cols };
}

/** Bytes of rows that are copied at once. */
const blockBytes = 2 ** 18;

/** Writes 1/‖row‖ of each row, 0 for a row of zeros. */
function writeScales(kernels: Kernels, loaded: LoadedRows, features: Matrix, rows: Int32Array, scale: number): void {
  kernels.squares(loaded.single, loaded.address, loaded.stride, 0, rows.length, 0, scale);
  const { f64 } = kernels.memory;
  for (let i = 0; i < rows.length; i++) {
    const squares = f64[(scale >>> 3) + i];
    if (squares === Number.POSITIVE_INFINITY) {
      checkFinite(features, "classStatistics", "features");
      throw valueError("classStatistics", `features row ${rows[i]}`, "has a norm beyond 1e150", "one whose square a double holds");
    }
    f64[(scale >>> 3) + i] = squares > 0 ? 1 / Math.sqrt(squares) : squares;
  }
}

export interface ClassStatisticsOptions {
  /** `"none"` (default): rows as given; `"l2"`: each divided by its Euclidean norm first, as `base` of `evaluate` expects. */
  readonly normalize?: "l2" | "none";
}

const classStatisticsOptionNames: OptionNames<ClassStatisticsOptions> = { normalize: true };

/**
 * Computes count, mean and variance of each class in one pass. Sums are in double precision, relative to each class's first row.
 *
 * @param features - n × d
 * @param labels - n labels, or the index made of them
 * @param options - normalize
 * @throws RangeError when the numbers of rows and labels differ, a value is not finite (row and column are named), or a row to be normalised
 *   has a norm beyond 1e150
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { classStatistics } from "softprobe/statistics";
 *
 * const { means, variances } = classStatistics(toMatrix([[1], [3], [7]]), ["a", "a", "b"]);
 * console.log(means, variances); // → Float64Array(2) [ 2, 7 ] Float64Array(2) [ 2, 0 ]
 * ```
 */
export function classStatistics(features: Matrix, labels: Labels | LabelIndex, options: ClassStatisticsOptions = {}): ClassStatistics {
  checkOptions(options, "classStatistics", classStatisticsOptionNames);
  const { rows: n, cols } = checkMatrix(features, "classStatistics", "features");
  const index = labelIndexOf(labels, "classStatistics");
  if (index.codes.length !== n) throw shapeError("classStatistics", "labels", `${index.codes.length} rows`, `${n}, one a row of features`);
  const normalize = checkChoice(options.normalize ?? "none", "classStatistics", "normalize", ["l2", "none"]);
  const { classes, rows, starts } = index;
  const counts = new Float64Array(classes.length);
  const means = new Float64Array(classes.length * cols);
  const variances = new Float64Array(classes.length * cols);
  withKernels("auto", (kernels) => {
    const { memory } = kernels;
    const statistics = statisticsOf(kernels);
    const stride = paddedCols(cols);
    const [mean, sum, squared] = [0, 0, 0].map(() => memory.allocate(8 * stride));
    // A block of rows at a time is copied to the kernels, next to each other: few enough to be still in the cache when their sums are made.
    const block = Math.max(1, Math.floor(blockBytes / (features.data.BYTES_PER_ELEMENT * stride)));
    const scale = normalize === "l2" ? memory.allocate(8 * block) : 0;
    for (let c = 0; c < classes.length; c++) {
      const count = starts[c + 1] - starts[c];
      for (let from = 0; from < count; from += block) {
        const mark = memory.mark();
        const own = rows.subarray(starts[c] + from, starts[c] + Math.min(count, from + block));
        const loaded = loadRows(memory, takeRowsOf(features, own));
        if (scale) writeScales(kernels, loaded, features, own, scale);
        statistics.addMoments(loaded.single, loaded.address, stride, 0, scale, own.length, Number(from === 0), mean, sum, squared);
        memory.release(mark);
      }
      statistics.finishMoments(mean, sum, squared, stride, count, Math.max(1, count - 1));
      counts[c] = count;
      const { f64 } = memory;
      means.set(f64.subarray(mean >>> 3, (mean >>> 3) + cols), c * cols);
      if (count > 1) variances.set(f64.subarray(squared >>> 3, (squared >>> 3) + cols), c * cols);
    }
  });
  // A value that is not finite makes its class's mean another: only then is it worth looking for.
  let sum = 0;
  for (let p = 0; p < means.length; p++) sum += means[p] * 0;
  if (sum !== 0) checkFinite(features, "classStatistics", "features");
  return { classes, counts, means, variances, cols };
}

/**
 * Merges the statistics of two sets of rows into those of all their rows (Chan, Golub & LeVeque 1979). The order of merging changes
 * nothing but rounding. Classes are matched by name; the result lists those of `a` first.
 *
 * @throws RangeError when the shards have different numbers of columns
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { classStatistics, mergeClassStatistics } from "softprobe/statistics";
 *
 * const a = classStatistics(toMatrix([[1], [3]]), ["x", "x"]);
 * const b = classStatistics(toMatrix([[5], [9]]), ["x", "y"]);
 * console.log(mergeClassStatistics(a, b).means); // → Float64Array(2) [ 3, 9 ]
 * ```
 */
export function mergeClassStatistics(a: ClassStatistics, b: ClassStatistics): ClassStatistics {
  if (a === null || typeof a !== "object") throw kindError("mergeClassStatistics", "a", a, "class statistics");
  if (b === null || typeof b !== "object") throw kindError("mergeClassStatistics", "b", b, "class statistics");
  if (a.cols !== b.cols) throw shapeError("mergeClassStatistics", "b", `${b.cols} columns`, `${a.cols}, as a`);
  const { cols } = a;
  const classes = [...a.classes, ...b.classes.filter((name) => !a.classes.includes(name))];
  const counts = new Float64Array(classes.length);
  const means = new Float64Array(classes.length * cols);
  const variances = new Float64Array(classes.length * cols);
  classes.forEach((name, c) => {
    const [i, j] = [a.classes.indexOf(name), b.classes.indexOf(name)];
    const na = i < 0 ? 0 : a.counts[i];
    const nb = j < 0 ? 0 : b.counts[j];
    if (!(na + nb > 0)) throw valueError("mergeClassStatistics", `class ${String(name)}`, "has no rows", "at least 1");
    const n = na + nb;
    counts[c] = n;
    for (let p = 0; p < cols; p++) {
      const ma = na > 0 ? a.means[i * cols + p] : 0;
      const mb = nb > 0 ? b.means[j * cols + p] : 0;
      const gap = mb - ma;
      const squares =
        (na > 1 ? a.variances[i * cols + p] * (na - 1) : 0) +
        (nb > 1 ? b.variances[j * cols + p] * (nb - 1) : 0) +
        (na > 0 && nb > 0 ? gap * gap * ((na * nb) / n) : 0);
      means[c * cols + p] = na === 0 ? mb : nb === 0 ? ma : ma + gap * (nb / n);
      variances[c * cols + p] = n > 1 ? squares / (n - 1) : 0;
    }
  });
  return { classes, counts, means, variances, cols };
}
