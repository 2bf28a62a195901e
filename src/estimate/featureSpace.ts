import type { LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type Views, viewRows } from "../core/views.ts";
import { type Kernels, roughRange } from "../kernels/kernels.ts";
import { type LoadedRows, loadListed, loadRows } from "../kernels/loadRows.ts";
import { statisticsOf, writeMoments } from "../kernels/statisticsOf.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

/** Rows in kernel memory with two factors each, one double a row. */
interface ScaledRows extends LoadedRows {
  /** Address of what statistics multiply a row by: 1/‖row‖ (0 for a row of zeros), or 1 where they take rows as they are. */
  readonly scale: number;
  /** Address of 1/‖row‖ (0 for a row of zeros). */
  readonly inverse: number;
  /** Whether no norm leaves the range in which the kernels' `rough` may take products of these rows. */
  readonly moderate: boolean;
  /** Whether all norms are finite: then all values are. */
  readonly finite: boolean;
}

/** Means and variances of classes in kernel memory: rows of `stride` doubles. */
export interface LoadedMoments {
  readonly counts: Float64Array;
  readonly means: number;
  readonly variances: number;
}

/** Loads a matrix, or the rows of it that are listed, and each row's factors. */
export function loadScaled(kernels: Kernels, matrix: Matrix, statistics: "l2" | "none", list?: ArrayLike<number>): ScaledRows {
  const { memory } = kernels;
  const loaded = list ? loadListed(memory, matrix, list) : loadRows(memory, matrix);
  const { rows } = loaded;
  const doubles = (): number => memory.allocate(8 * Math.max(1, rows));
  const inverse = doubles();
  kernels.squares(loaded.single, loaded.address, loaded.stride, 0, rows, 0, inverse);
  const { f64 } = memory;
  let [moderate, finite] = [true, true];
  for (let i = inverse >>> 3; i < (inverse >>> 3) + rows; i++) {
    if (!(f64[i] < Number.POSITIVE_INFINITY)) finite = false;
    f64[i] = f64[i] > 0 ? 1 / Math.sqrt(f64[i]) : 0;
    if (f64[i] > roughRange || (f64[i] > 0 && f64[i] < 1 / roughRange)) moderate = false;
  }
  if (statistics === "l2") return { ...loaded, scale: inverse, inverse, moderate, finite };
  const scale = doubles();
  memory.f64.fill(1, scale >>> 3, (scale >>> 3) + rows);
  return { ...loaded, scale, inverse, moderate, finite };
}

/** Mean and variance (divisor count − 1) of each class of an index over normalised rows. */
export function loadMoments(kernels: Kernels, rows: ScaledRows, index: LabelIndex): LoadedMoments {
  const { memory } = kernels;
  const classes = index.classes.length;
  const { stride } = rows;
  const means = memory.allocate(8 * classes * stride);
  const variances = memory.allocate(8 * classes * stride);
  const counts = new Float64Array(classes);
  const mark = memory.mark();
  const [list, sum] = [memory.allocate(4 * index.rows.length), memory.allocate(8 * stride)];
  const statistics = statisticsOf(kernels);
  memory.i32.set(index.rows, list >>> 2);
  for (let c = 0; c < classes; c++) {
    const count = index.starts[c + 1] - index.starts[c];
    counts[c] = count;
    const to = { mean: means + 8 * c * stride, squares: variances + 8 * c * stride, sum };
    writeMoments(statistics, rows, list + 4 * index.starts[c], count, to, Math.max(1, count - 1));
  }
  memory.release(mark);
  return { counts, means, variances };
}

/** Puts statistics where {@link loadMoments} would have put them. */
export function loadStatistics(kernels: Kernels, { counts, means, variances, cols }: ClassStatistics, stride: number): LoadedMoments {
  const place = (values: Float64Array): number => {
    const address = kernels.memory.allocate(8 * counts.length * stride);
    const { f64 } = kernels.memory;
    f64.fill(0, address >>> 3, (address >>> 3) + counts.length * stride);
    for (let c = 0; c < counts.length; c++) f64.set(values.subarray(c * cols, (c + 1) * cols), (address >>> 3) + c * stride);
    return address;
  };
  return { counts, means: place(means), variances: place(variances) };
}

/** All that masks and probes read in one space of features: the raw one, or one that a basis projects to. */
export interface FeatureSpace {
  readonly rows: ScaledRows;
  readonly index: LabelIndex;
  readonly augmented: (ScaledRows & { readonly views: number }) | null;
  /** Whether there is a base set; without one, the classes outside an episode serve. */
  readonly hasBase: boolean;
  /** Whether the classes outside an episode count as base classes beside the base set. */
  readonly joinsBase: boolean;
  /** Moments of every class of the features, made at first use. */
  moments(): LoadedMoments;
  /** Moments of the base set's classes, made at first use; null without a base set. */
  baseMoments(): LoadedMoments | null;
}

/** Moments loaded before: of the features' classes and of the base set's. */
export interface KnownMoments {
  readonly own?: LoadedMoments;
  readonly base?: LoadedMoments;
}

/** Loads features, views and base set into kernel memory once; statistics follow when a mask asks for them. */
export function loadSpace(
  kernels: Kernels,
  data: {
    readonly features: Matrix;
    readonly index: LabelIndex;
    readonly augmented: Views | null;
    readonly base: { readonly features: Matrix; readonly index: LabelIndex } | null;
    readonly baseStatistics?: ClassStatistics | null;
    readonly joinsBase?: boolean;
    /** Whether statistics take rows scaled to norm 1, or as they are: after a basis, whose units have a meaning. */
    readonly statistics: "l2" | "none";
    readonly known?: KnownMoments;
  },
): FeatureSpace {
  const rows = loadScaled(kernels, data.features, data.statistics);
  const loadViews = ({ matrix, views, rows: own }: Views) => ({
    ...loadScaled(kernels, matrix, data.statistics, own && viewRows(own, views)),
    views,
  });
  const augmented = data.augmented && loadViews(data.augmented);
  let own = data.known?.own;
  let base: LoadedMoments | null | undefined = data.known?.base;
  return {
    rows,
    index: data.index,
    augmented,
    hasBase: data.base !== null || data.baseStatistics != null,
    joinsBase: data.joinsBase ?? false,
    moments() {
      own ??= loadMoments(kernels, rows, data.index);
      return own;
    },
    baseMoments() {
      if (base === undefined) {
        base = data.baseStatistics ? loadStatistics(kernels, data.baseStatistics, rows.stride) : null;
        if (data.base) {
          const loaded = loadScaled(kernels, data.base.features, data.statistics);
          base = loadMoments(kernels, loaded, data.base.index);
        }
      }
      return base;
    },
  };
}
