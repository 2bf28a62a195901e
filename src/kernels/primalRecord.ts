/** Rows that a pass takes at a time, and blocks after which its sums of singles go to doubles: the twins of those in primal.c. */
export const blockRows = 32;
export const flushBlocks = 32;

/**
 * A softmax problem in d dimensions, in kernel memory: addresses in bytes, sizes in elements. The list names the rows that count; arrays of n × kp and of n
 * follow its order. Rows and matrices of k rows are padded with zeros to `stride`, a multiple of 4, and rows of classes to kp, an even number.
 */
export interface PrimalRecord {
  /** Whether rows are Float32. */
  readonly single: boolean;
  readonly stride: number;
  /** Rows in the list. */
  readonly count: number;
  readonly k: number;
  readonly kp: number;
  /** Whether passes multiply singles, of (row − mean) · xScale: twice as fast, and good to some six digits. */
  readonly rough: boolean;
  readonly x: number;
  /** The list: 0 for all rows in their order. */
  readonly rows: number;
  /** What is subtracted from every row (from Float32 rows in a rough pass as singles); 0 for nothing. */
  readonly mean: number;
  /** n: weights times C. */
  readonly weight: number;
  /** n: class positions. */
  readonly y: number;
  /** n × kp singles: probabilities, as `slope` leaves them. */
  readonly p: number;
  /** n × kp singles: the direction's logits, as the last `curve` leaves them. */
  readonly u: number;
  /** n × kp doubles: the sum of them. */
  readonly ud: number;
  /** {@link primalWork} bytes of scratch. */
  readonly work: number;
  /**
   * For `curve`: all rows, listed or not, as integers of 16 bits, which `shorten` prepared. It multiplies these instead of singles, at twice the speed, good
   * to some four digits.
   */
  readonly shorts?: number;
  /** n doubles: what a unit of each row's integers is worth. */
  readonly units?: number;
  /** 2 · stride doubles: powers of two that columns are multiplied with, so that integers hold each as well, and their inverses. */
  readonly scales?: number;
  /** Powers of two that bring rows and residuals into the range of singles. */
  readonly xScale: number;
  readonly rScale: number;
}

/** Bytes of scratch for a pass. */
export function primalWork(stride: number, k: number, kp: number): number {
  return 8 * (blockRows * (stride + 16) + 3 * blockRows * kp + 2 * k * (stride + 1) + stride + 4 * kp);
}

/** Elements of a row of integers: whole vectors of 8. */
export function shortStride(stride: number): number {
  return (stride + 7) & ~7;
}

/** Integers of 16 bits that a model's row takes: whole lines of the cache. */
export function lineStride(stride: number): number {
  return (stride + 31) & ~31;
}

/** Bytes of the scratch of `deflate`. */
export function deflateWork(stride: number, m: number): number {
  return 10 * (lineStride(stride) + m);
}

/** What `curve` takes and where its answer goes; primal.c documents it. */
interface CurveCall {
  /** V (k × stride) and v (kp). */
  readonly v: number;
  readonly vb: number;
  readonly vScale: number;
  /** What the last call's logits count in the sum, or null to start it anew. */
  readonly alpha: number | null;
  readonly out: number;
  readonly sums: number;
}

/** What `slope` takes and where its answer goes; primal.c documents it. */
interface SlopeCall {
  /** W (k × stride) and b (kp); 0 for logits from `old` and the direction. */
  readonly w: number;
  readonly b: number;
  readonly wScale: number;
  readonly old: number;
  readonly step: number;
  readonly alpha: number;
  readonly z: number;
  readonly gap: number;
  readonly others: number;
  readonly out: number;
  readonly sums: number;
  readonly info: number;
}

/** k vectors, and for each the model whose rows are taken out of it; `work` has room for {@link deflateWork} bytes. */
interface DeflateCall {
  readonly k: number;
  readonly m: number;
  readonly stride: number;
  readonly v: number;
  readonly units: number;
  readonly from: number;
  readonly to: number;
  readonly work: number;
}

/** Rows of a class's model, and where they go. */
interface ModelCall {
  readonly rows: number;
  readonly stride: number;
  readonly factor: number;
  readonly from: number;
  readonly row: number;
  readonly v: number;
  readonly units: number;
}

/** Passes over the rows of a softmax problem. */
export interface PrimalKernels {
  /** The Hessian of the loss times a direction. */
  curve(problem: PrimalRecord, call: CurveCall): void;
  /** Prepares `shorts` and `units` of all rows, listed or not; `row` is scratch of `stride` + 4 doubles. */
  shorten(problem: PrimalRecord, call: { readonly rows: number; readonly row: number }): void;
  /** The gradient of the loss. */
  slope(problem: PrimalRecord, call: SlopeCall): void;
  /** Rows (of `stride` doubles, an address) times `factor` as rows of a model: `lineStride` integers each and a unit. `row` is scratch of `lineStride` doubles. */
  model(call: ModelCall): void;
  /** to = from − Vᵀ V from, for each of k rows of doubles by its own V, a model of `m` rows (a multiple of 4). */
  deflate(call: DeflateCall): void;
  /** Σ a · b of vectors (addresses) of `size` doubles, an even number. */
  dot(size: number, a: number, b: number): number;
  /** to += factor · from. */
  add(size: number, factor: number, from: number, to: number): void;
  /** to = factor · to + from; returns the largest absolute value. */
  turn(size: number, factor: number, from: number, to: number): number;
  /** The largest absolute value of the direction's logits, ud + alpha · u. */
  farthest(problem: PrimalRecord, alpha: number): number;
  /** The derivative of the loss along the direction, `step` further than logits `z` (n × kp): no row is read. */
  along(problem: PrimalRecord, call: { readonly z: number; readonly step: number; readonly alpha: number }): number;
  /** out (count × stride) = (row − mean) · factor, rows `from` … of the list. */
  rows(problem: PrimalRecord, call: { readonly from: number; readonly count: number; readonly factor: number; readonly out: number }): void;
}

/** The exports of primal.c. */
export interface PrimalExports {
  primalCurve(record: number, v: number, vb: number, vScale: number, alpha: number, fresh: number, out: number, sums: number): void;
  primalShorten(record: number, rows: number, row: number): void;
  primalSlope(
    record: number,
    w: number,
    b: number,
    wScale: number,
    old: number,
    step: number,
    alpha: number,
    z: number,
    gap: number,
    others: number,
    out: number,
    sums: number,
    info: number,
  ): void;
  primalDot(size: number, a: number, b: number): number;
  primalAdd(size: number, factor: number, from: number, to: number): void;
  primalTurn(size: number, factor: number, from: number, to: number): number;
  primalFarthest(record: number, alpha: number): number;
  primalAlong(record: number, z: number, step: number, alpha: number): number;
  primalModel(rows: number, stride: number, factor: number, from: number, row: number, v: number, units: number): void;
  primalDeflate(k: number, m: number, stride: number, v: number, units: number, from: number, to: number, work: number): void;
  primalRows(record: number, from: number, count: number, factor: number, out: number): void;
}
