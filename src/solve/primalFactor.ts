import { choleskyOf } from "../kernels/choleskyOf.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { PrimalKernels, PrimalRecord } from "../kernels/primalRecord.ts";
import { primalBlocks } from "./primalBlocks.ts";

/**
 * A model of the Hessian: I + Xᵀ diag(q) X for every class alike, q = weight · the mean over classes of p(1 − p) · k/(k − 1), X less its mean. With few rows a
 * class, one for each class, of the rows that count there ({@link primalBlocks}). As a preconditioner it is made only when the problem proves stiff: when
 * conjugate gradients are slow, and so many products were spent as it costs.
 */
export interface PrimalFactor {
  /** Forgets the factor. */
  reset(): void;
  /** Counts products of the rows. */
  spend(products: number): void;
  /**
   * Makes or renews the factor where that pays; `curvature` is the mean of 1 − |p|², `pace` how many conjugate gradient steps the last Newton step took for
   * a tenth of its residual. Returns whether there is a new one.
   */
  renew(record: PrimalRecord, curvature: number, pace: number): Generator<void, boolean, void>;
  /** k rows of `stride` doubles (indices) become their solutions; without a factor, copies. */
  solve(from: number, to: number, stride: number): void;
}

/** Speeds (operations a unit of time) of a pass by singles, of a product of doubles, of a factorisation and of its triangles. */
const speeds = { pass: 30, product: 12, cholesky: 8, triangles: 8 };
/** Rows that enter a factor at once: fewer where columns are many, so that none takes long. */
const chunkOf = (d: number): number => (d <= 700 ? 256 : 64);
/** Conjugate gradient steps for a tenth of the residual: where they are fewer, no factor makes them so much fewer that it pays. */
const leastPace = 6;
/** The same for models of a class's own rows, which cost little. */
const leastBlockPace = 3;
/** Rows a class at most in such models, and bytes for all of them. */
const mostRows = 128;
const mostBlockBytes = 2 ** 24;

export function primalFactor(
  kernels: Kernels,
  primal: PrimalKernels,
  { n, cols: d, k, stride }: { readonly n: number; readonly cols: number; readonly k: number; readonly stride: number },
): PrimalFactor {
  const { memory } = kernels;
  const chunk = chunkOf(d);
  const cholesky = choleskyOf(kernels);
  let [lower, scaled, factors, rest, info] = [0, 0, 0, 0, 0];
  let [made, spent, model] = [false, 0, 0];
  // Rows a class in the models by class, where these are in use.
  let modelled = 0;
  const most = Math.min(mostRows, n & ~3, Math.floor(mostBlockBytes / (8 * k * stride)) * 4);
  const blocks = primalBlocks(kernels, primal, { k, stride, most });
  let sound = true;
  /** About how many rows a class has, in fours. */
  const shareOf = (count: number): number => 4 * Math.ceil(count / k / 4);

  /** What a factor costs, in passes. */
  const costOf = (count: number): number => {
    const pass = (4 * count * d * k) / speeds.pass;
    return ((Math.min(count, 8 * d) * d * d) / speeds.product + (d * d * d) / 3 / speeds.cholesky) / pass;
  };
  const slowdown = (count: number): number => (2 * d * d * k) / speeds.triangles / ((4 * count * d * k) / speeds.pass);

  const build = function* (record: PrimalRecord): Generator<void, void, void> {
    const { count, kp, stride } = record;
    if (lower === 0) {
      lower = memory.allocate(8 * d * d);
      scaled = memory.allocate(8 * chunk * stride);
      factors = memory.allocate(8 * n);
      rest = memory.allocate(8 * d * k);
      info = memory.allocate(8);
    }
    const { f64, f32 } = memory;
    const [q, a] = [factors >>> 3, lower >>> 3];
    // Of many rows a part will do, spread evenly by the golden ratio.
    const share = Math.min(1, (8 * d) / count);
    let [total, kept] = [0, 0];
    for (let i = 0; i < count; i++) {
      let squares = 0;
      for (let c = 0, at = (record.p >>> 2) + i * kp; c < k; c++, at++) squares += f32[at] * f32[at];
      const value = (f64[(record.weight >>> 3) + i] * Math.max(0, 1 - squares)) / (k - 1);
      const taken = (i * 0.6180339887498949) % 1 < share;
      total += value;
      if (taken) kept += value;
      f64[q + i] = taken ? value : 0;
    }
    const gain = kept > 0 ? total / kept : 0;
    for (let i = 0; i < count; i++) f64[q + i] = Math.sqrt(gain * f64[q + i]);
    f64.fill(0, a, a + d * d);
    for (let j = 0; j < d; j++) f64[a + j * d + j] = 1;
    for (let from = 0; from < count; from += chunk) {
      const rows = Math.min(chunk, count - from);
      primal.rows(record, { from, count: rows, factor: factors, out: scaled });
      kernels.multiply(d, d, rows, scaled, 1, stride, scaled, stride, 1, lower, d, 1, 1);
      yield;
    }
    cholesky(d, lower, d, info);
    made = memory.f64[info >>> 3] === 0;
    spent = 0;
  };

  /** Makes or renews models by class. */
  const renewBlocks = function* (record: PrimalRecord, curvature: number, pace: number): Generator<void, boolean, void> {
    const share = shareOf(record.count);
    const rows = pace < leastPace ? share : Math.min(3 * share, most, record.count & ~3);
    const drifted = curvature > 1.3 * model || curvature < model / 1.3;
    if (pace < leastBlockPace || (modelled >= rows && !drifted) || spent < blocks.cost(record, rows)) return false;
    sound = yield* blocks.build(record, rows);
    [made, modelled, model, spent] = [sound, sound ? rows : 0, curvature, 0];
    return sound;
  };

  return {
    reset() {
      made = false;
      sound = true;
      modelled = 0;
      spent = 0;
    },
    spend(products) {
      spent += products;
    },
    *renew(record, curvature, pace) {
      if (sound && 2 * shareOf(record.count) <= Math.min(most, d / 2, record.count)) return yield* renewBlocks(record, curvature, pace);
      const cost = costOf(record.count);
      const drifted = made && (curvature > 1.5 * model || curvature < model / 1.5);
      if ((made && !drifted) || pace < leastPace || spent < cost + 3 * slowdown(record.count)) return false;
      model = curvature;
      yield* build(record);
      return made;
    },
    solve(from, to, stride) {
      const { f64 } = memory;
      if (!made) {
        f64.copyWithin(to, from, from + k * stride);
        return;
      }
      if (modelled > 0) {
        blocks.solve(8 * from, 8 * to);
        return;
      }
      const x = rest >>> 3;
      for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) f64[x + j * k + c] = f64[from + c * stride + j];
      kernels.solveLower(d, lower, d, k, rest, k, 0);
      kernels.solveLower(d, lower, d, k, rest, k, 1);
      for (let c = 0; c < k; c++) {
        for (let j = 0; j < d; j++) f64[to + c * stride + j] = f64[x + j * k + c];
        f64.fill(0, to + c * stride + d, to + (c + 1) * stride);
      }
    },
  };
}
