import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount } from "../core/checks.ts";
import { shapeError } from "../core/errors.ts";
import { type LabelIndex, type Labels, labelIndexOf } from "../core/labels.ts";
import { checkReader, type RowReader, readRows } from "../core/rowReader.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { loadRows } from "../kernels/loadRows.ts";
import type { ClassStatistics } from "./classStatistics.ts";

export interface StreamStatisticsOptions {
  /** `"l2"`: rows scaled to norm 1 first; `"none"` (default): as they are. */
  readonly normalize?: "l2" | "none";
  /** Rows from … to − 1 only (default all): a job's share, for `mergeClassStatistics` to add up. */
  readonly from?: number;
  readonly to?: number;
}

const streamStatisticsOptionNames: OptionNames<StreamStatisticsOptions> = { normalize: true, from: true, to: true };

/** Bytes of rows that are in memory at once. */
const blockBytes = 8 * 2 ** 20;

/**
 * {@link streamClassStatistics} of checked labels, with every class of the index; those without a row have a count of 0. The sums are those of the kernels' `moments`, in
 * the same order (the rows of a class come in ascending order either way), so that the result is the same to the bit as that of rows in memory.
 */
export function streamMoments(
  reader: RowReader,
  index: LabelIndex,
  { normalize = "none", from = 0, to = reader.rows }: StreamStatisticsOptions,
  caller: string,
): ClassStatistics {
  const { classes, codes } = index;
  const { cols } = reader;
  const counts = new Float64Array(classes.length);
  const pivots = new Float64Array(classes.length * cols);
  const means = new Float64Array(classes.length * cols);
  const variances = new Float64Array(classes.length * cols);
  const block = Math.max(1, Math.floor(blockBytes / (8 * cols)));
  for (let start = from; start < to; start += block) {
    const end = Math.min(to, start + block);
    const rows = readRows(
      reader,
      Int32Array.from({ length: end - start }, (_, i) => start + i),
      caller,
      "features",
    );
    const factors = new Float64Array(rows.rows).fill(1);
    if (normalize === "l2") {
      withKernels("auto", (kernels) => {
        const { memory } = kernels;
        const loaded = loadRows(memory, rows);
        const squares = memory.allocate(8 * rows.rows);
        kernels.squares(loaded.single, loaded.address, loaded.stride, 0, rows.rows, 0, squares);
        const values = memory.f64.subarray(squares >>> 3, (squares >>> 3) + rows.rows);
        values.forEach((value, i) => {
          factors[i] = value > 0 ? 1 / Math.sqrt(value) : 0;
        });
      });
    }
    const { data } = rows;
    for (let i = 0; i < rows.rows; i++) {
      const c = codes[start + i];
      const [x, at, f] = [i * cols, c * cols, factors[i]];
      counts[c]++;
      if (counts[c] === 1) {
        for (let j = 0; j < cols; j++) pivots[at + j] = data[x + j] * f;
        continue;
      }
      for (let j = 0; j < cols; j++) {
        const v = data[x + j] * f - pivots[at + j];
        means[at + j] += v;
        variances[at + j] += v * v;
      }
    }
  }
  for (let c = 0; c < classes.length; c++) {
    if (counts[c] === 0) continue;
    const share = 1 / counts[c];
    for (let p = c * cols; p < (c + 1) * cols; p++) {
      const sum = means[p];
      const shift = sum * share;
      const squared = variances[p] - sum * shift;
      means[p] = pivots[p] + shift;
      variances[p] = counts[c] > 1 ? (squared < 0 ? 0 : squared) / (counts[c] - 1) : 0;
    }
  }
  return { classes, counts, means, variances, cols };
}

/**
 * Computes `classStatistics` of features of any size in one pass over their rows, the same to the bit. It needs 24 bytes of memory for
 * each class and dimension, and 8 MB for rows.
 *
 * Jobs may each take a range of rows, and `mergeClassStatistics` merges their statistics. Every order gives the same means and variances
 * to 1e-12 of their size.
 *
 * @param reader - n × d, such as `openFeatures` gives
 * @param labels - n labels
 * @param options - normalize; from and to
 * @returns count, mean and variance of each class that has a row in the range
 * @throws RangeError when the numbers of rows and labels differ, or a value is not finite (row and column are named)
 * @example
 * ```ts
 * import { takeRows, toMatrix } from "softprobe";
 * import { streamClassStatistics } from "softprobe/statistics";
 *
 * const features = toMatrix([[1], [3], [7]]);
 * const reader = { rows: 3, cols: 1, read: (rows: ArrayLike<number>) => takeRows(features, rows) };
 * console.log(streamClassStatistics(reader, ["a", "a", "b"]).means); // → Float64Array(2) [ 2, 7 ]
 * ```
 */
export function streamClassStatistics(
  reader: RowReader,
  labels: Labels | LabelIndex,
  options: StreamStatisticsOptions = {},
): ClassStatistics {
  const caller = "streamClassStatistics";
  checkOptions(options, caller, streamStatisticsOptionNames);
  const { rows, cols } = checkReader(reader, caller, "reader");
  const index = labelIndexOf(labels, caller);
  if (index.codes.length !== rows) throw shapeError(caller, "labels", `${index.codes.length} rows`, `${rows}, one a row of features`);
  const normalize = checkChoice(options.normalize ?? "none", caller, "normalize", ["l2", "none"]);
  const to = checkCount(options.to ?? rows, caller, "to", 1, rows);
  const from = checkCount(options.from ?? 0, caller, "from", 0, to - 1);
  const all = streamMoments(reader, index, { normalize, from, to }, caller);
  const kept = Array.from(all.counts.keys()).filter((c) => all.counts[c] > 0);
  if (kept.length === all.classes.length) return all;
  const pick = (values: Float64Array) => {
    const out = new Float64Array(kept.length * cols);
    kept.forEach((c, k) => {
      out.set(values.subarray(c * cols, (c + 1) * cols), k * cols);
    });
    return out;
  };
  return {
    classes: kept.map((c) => all.classes[c]),
    counts: Float64Array.from(kept, (c) => all.counts[c]),
    means: pick(all.means),
    variances: pick(all.variances),
    cols,
  };
}
