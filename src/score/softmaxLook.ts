import { log } from "../core/log.ts";
import type { FeatureSpace } from "../estimate/featureSpace.ts";
import type { StagedEpisode } from "../estimate/stagedEpisode.ts";
import { type Kernels, paddedCols, roughRange } from "../kernels/kernels.ts";
import { primalOf } from "../kernels/primalOf.ts";
import type { SoftmaxSolution } from "../probe/softmaxSolution.ts";
import { inverseOf } from "./inverseOf.ts";
import { type LookBound, lookBound, mostApart, nothingKnown } from "./lookBound.ts";

/**
 * A first look at softmax fits of many rows at norm 1, in single precision: it decides each query that the exact optimum decides alike, by a bound on how
 * far the look's answer may be from it, and leaves open the others.
 */
export interface SoftmaxLook {
  /** q answers of the last `decide`: a way, or −1 where the exact fit has to decide. */
  readonly answers: Int32Array;
  /** Starts an episode, whose dimensions come in the order given; `weights` are those of its support rows, C included. */
  start(episode: StagedEpisode, order: Int32Array, weights: Float64Array): void;
  /** Fits the first `stop` dimensions, not fewer than the last time, and answers what it can; returns how many queries it leaves open. */
  decide(stop: number): number;
  /** By how much two scores of a query may be wrong against each other at the end of the last `decide`; infinite where nothing is known. */
  apart(): number;
  /** What the last `decide` ended with, k × stop: a start for the exact fit; null where nothing is known of it. */
  solution(): Pick<SoftmaxSolution, "coef" | "intercept" | "dual"> | null;
}

/** Pairs of steps and changes of the gradient that a step is made of. */
const memoryOf = 5;
const mostPasses = 60;
/** Classes, and C times the weights of all rows, that the look takes: where curvature may be larger, singles say little and steps are many. */
const mostWays = 64;
const mostWeight = 2e4;

/** Reserves the scratch for episodes of up to `most`, with up to `cols` columns; null where a first look can't be had or would bound nothing. */
export function softmaxLook(
  kernels: Kernels,
  { rows }: FeatureSpace,
  options: {
    readonly cols: number;
    readonly normalize: boolean;
    readonly most: { readonly support: number; readonly query: number; readonly ways: number };
  },
): SoftmaxLook | null {
  const { rough, memory } = kernels;
  const { most, cols } = options;
  if (!rough || rows.single !== 1 || !rows.moderate || !options.normalize || most.ways > mostWays) return null;
  const primal = primalOf(kernels);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const singles = (count: number): number => memory.allocate(4 * count);
  const widest = paddedCols(cols);
  // Rows lie further apart than they are long: at powers of two they would share places of the cache, and kernels read a little beyond.
  const stride = widest + 16;
  const mostKp = paddedCols(most.ways);
  const count = most.support + most.query;
  const size = most.ways * widest;
  const [list, columns, y] = [singles(count), singles(widest), singles(most.support)];
  const [x, factor, weight, z, r] = [count * stride, count, most.support, count * mostKp, most.support * mostKp].map(singles);
  const [squares, sums, info, pairs] = [count, mostKp, 2, mostKp * mostKp].map(doubles);
  const [b, work] = [singles(mostKp), singles(most.ways * (widest + 4))];
  const [theta, gradient, otherGradient, direction] = Array.from({ length: 4 }, () => doubles(size));
  const [steps, changes] = [0, 0].map(() => Array.from({ length: memoryOf }, () => doubles(size)));
  const answers = new Int32Array(most.query);
  const intercept = new Float64Array(most.ways);
  const curvature = new Float64Array(memoryOf);
  const along = new Float64Array(memoryOf);

  let [n, q, k, kp] = [0, 0, 0, 0];
  // Dimensions taken so far, and whether the look may still be asked.
  let [before, usable] = [0, false];
  let apart = Number.POSITIVE_INFINITY;
  let totals = new Float64Array(0);
  let heaviness = 0;
  // Of the last residuals: M is the inverse of the intercepts' curvature B.
  let inverse: Float64Array | null = null;
  let [spreadOf, lostOf, steepest] = [0, 0, 0];

  const residuals = (to: number, withPairs: boolean): void => {
    const { f32, f64 } = memory;
    for (let c = 0; c < kp; c++) f32[(b >>> 2) + c] = c < k ? intercept[c] : -1e30;
    rough.lookResiduals(n, k, kp, z, b, y, weight, factor, to, sums, info, withPairs ? pairs : 0);
    [spreadOf, lostOf] = [f64[info >>> 3], f64[(info >>> 3) + 1]];
    if (!withPairs) return;
    const B = new Float64Array(k * k);
    let trace = 0;
    steepest = 0;
    for (let a = 0; a < k; a++) {
      const own = f64[(sums >>> 3) + a] + totals[a];
      for (let c = a; c < k; c++) B[a * k + c] = B[c * k + a] = -f64[(pairs >>> 3) + a * kp + c];
      B[a * k + a] += own;
      trace += B[a * k + a];
      steepest = Math.max(steepest, B[a * k + a]);
    }
    // All intercepts moved alike change nothing: any curvature will do there.
    for (let j = 0; j < k * k; j++) B[j] += trace / (k * k);
    inverse = inverseOf(B, k);
  };
  /** A step of Newton's method in the intercepts, from the last residuals. */
  const settle = (): number => {
    if (!inverse) return 0;
    const s = sums >>> 3;
    const { f64 } = memory;
    const move = new Float64Array(k);
    let largest = 0;
    for (let a = 0; a < k; a++) {
      for (let c = 0; c < k; c++) move[a] -= inverse[a * k + c] * f64[s + c];
      largest = Math.max(largest, Math.abs(move[a]));
    }
    const share = largest > 2 ? 2 / largest : 1;
    for (let a = 0; a < k; a++) intercept[a] = Math.fround(intercept[a] + share * move[a]);
    return largest;
  };
  /** The gradient at W of `from`, the intercepts nearly at their best for it, in `out`. */
  const evaluate = (from: number, stop: number, out: number, exact: boolean): void => {
    const width = paddedCols(stop);
    rough.lookLogits(x, stride, n, width, from, k, kp, factor, Number(exact), z, work);
    for (let tries = 0; tries < 8; tries++) {
      residuals(0, true);
      if (settle() < 0.3) break;
    }
    residuals(r, true);
    rough.lookSums(x, stride, n, width, r, k, kp, out, work);
    primal.add(k * width, 1, from, out);
    const { f64 } = memory;
    if (stop < width) for (let c = 0; c < k; c++) f64.fill(0, (out >>> 3) + c * width + stop, (out >>> 3) + (c + 1) * width);
  };

  /** How far the answer may be from the optimum, from a gradient of norm `length`. */
  const bound = (length: number, stop: number, exact: boolean): LookBound => {
    if (!inverse) return nothingKnown;
    const width = paddedCols(stop);
    let [longest, highest] = [0, 0];
    for (let c = 0; c < k; c++) {
      longest = Math.max(longest, primal.dot(width, theta + 8 * c * width, theta + 8 * c * width));
      highest = Math.max(highest, Math.abs(intercept[c]));
    }
    return lookBound({
      ...{ gradient: length, sums: memory.f64.subarray(sums >>> 3, (sums >>> 3) + k), inverse, steepest, spread: spreadOf, lost: lostOf },
      ...{ longest: Math.sqrt(longest), highest, heaviness, ways: k, cols: stop, exact },
    });
  };

  /** Answers the queries that a bound decides; tells how many it leaves open, and the least lead among these. */
  const answer = (stop: number, least: number, exact: boolean): { left: number; lead: number } => {
    const width = paddedCols(stop);
    const scores = z + 4 * n * kp;
    rough.lookLogits(x + 4 * n * stride, stride, q, width, theta, k, kp, factor + 4 * n, Number(exact), scores, work);
    const { f32 } = memory;
    let [left, lead] = [0, Number.POSITIVE_INFINITY];
    for (let i = 0, at = scores >>> 2; i < q; i++, at += kp) {
      let [best, greatest, second] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let c = 0; c < k; c++) {
        const own = f32[at + c] + intercept[c];
        if (own > greatest) {
          second = greatest;
          greatest = own;
          best = c;
        } else if (own > second) second = own;
      }
      // Written so that a NaN counts as too close.
      const clear = greatest - second > least;
      answers[i] = clear ? best : -1;
      if (clear) continue;
      left++;
      lead = Math.min(lead, greatest - second);
    }
    return { left, lead };
  };

  /** Moves W's rows from a width of the last stop to that of the next, with zeros for what is new. */
  const widen = (from: number, to: number): void => {
    const { f64 } = memory;
    const t = theta >>> 3;
    for (let c = k - 1; c >= 0; c--) {
      f64.copyWithin(t + c * to, t + c * from, t + (c + 1) * from);
      f64.fill(0, t + c * to + from, t + (c + 1) * to);
    }
  };

  return {
    answers,
    start(episode, order, weights) {
      [n, q, k] = [episode.support.length, episode.query.length, episode.classes.length];
      kp = paddedCols(k);
      const { i32, f32, f64 } = memory;
      i32.set(episode.support, list >>> 2);
      i32.set(episode.query, (list >>> 2) + n);
      i32.set(order.subarray(0, cols), columns >>> 2);
      i32.set(episode.supportLabels, y >>> 2);
      rough.pick(rows.address, rows.stride, list, n + q, cols, columns, x, stride);
      f64.fill(0, squares >>> 3, (squares >>> 3) + n + q);
      f64.fill(0, theta >>> 3, (theta >>> 3) + size);
      totals = new Float64Array(k);
      [usable, heaviness] = [true, 0];
      for (let i = 0; i < n; i++) {
        f32[(weight >>> 2) + i] = weights[i];
        totals[episode.supportLabels[i]] += weights[i];
        heaviness += weights[i];
      }
      if (!(heaviness <= mostWeight)) usable = false;
      let middle = 0;
      for (let c = 0; c < k; c++) middle += intercept[c] = log(totals[c]);
      for (let c = 0; c < k; c++) intercept[c] = Math.fround(intercept[c] - middle / k);
      before = 0;
    },

    decide(stop) {
      answers.fill(-1, 0, q);
      apart = Number.POSITIVE_INFINITY;
      rough.lookNorms(x, stride, n + q, before, stop, squares, factor);
      const { f32, f64 } = memory;
      const width = paddedCols(stop);
      const length = k * width;
      widen(paddedCols(before), width);
      before = stop;
      for (let i = factor >>> 2; i < (factor >>> 2) + n + q; i++) if (!(f32[i] <= roughRange)) usable = false;
      if (!usable) return q;
      evaluate(theta, stop, gradient, false);
      let [g, other] = [gradient, otherGradient];
      let [kept, next, last, least, passes, exact] = [0, 0, Math.sqrt(primal.dot(length, g, g)), Number.POSITIVE_INFINITY, 1, false];
      // Where queries are left open: what the bound has to come below to decide another.
      let wanted = mostApart;
      for (;;) {
        const { total, rounding, score, plain } = bound(last, stop, exact);
        apart = total + score < mostApart ? total + score : Number.POSITIVE_INFINITY;
        if (apart < wanted) {
          const { left, lead } = answer(stop, apart, exact);
          if (left === 0) return 0;
          wanted = lead;
        }
        // Further steps would not help where rounding alone leaves a query open.
        if ((exact && rounding + score >= wanted) || !(last < 1e3 * least) || passes === mostPasses || !inverse) {
          if (!(last < 1e100)) usable = false;
          return answers.subarray(0, q).reduce((open, way) => open + Number(way < 0), 0);
        }
        least = Math.min(least, last);
        // A step brings the gradient down to a fourth or so: then rounding may count.
        if (plain < 4 * wanted) exact = true;

        // A step by the inverse Hessian that the last steps tell of (L-BFGS).
        f64.copyWithin(direction >>> 3, g >>> 3, (g >>> 3) + length);
        for (let m = 1; m <= kept; m++) {
          const at = (next - m + memoryOf) % memoryOf;
          along[at] = primal.dot(length, steps[at], direction) / curvature[at];
          primal.add(length, -along[at], changes[at], direction);
        }
        const newest = (next - 1 + memoryOf) % memoryOf;
        const scale =
          kept > 0 ? curvature[newest] / primal.dot(length, changes[newest], changes[newest]) : 1 / (1 + (3 * spreadOf) / ((k - 1) * stop));
        for (let j = direction >>> 3, end = j + length; j < end; j++) f64[j] *= scale;
        for (let m = kept; m >= 1; m--) {
          const at = (next - m + memoryOf) % memoryOf;
          primal.add(length, along[at] - primal.dot(length, changes[at], direction) / curvature[at], steps[at], direction);
        }
        const [t, u, d] = [theta >>> 3, steps[next] >>> 3, direction >>> 3];
        for (let j = 0; j < length; j++) {
          const old = f64[t + j];
          const now = Math.fround(old - f64[d + j]);
          f64[t + j] = now;
          f64[u + j] = now - old;
        }
        evaluate(theta, stop, other, exact);
        const [from, to, change] = [g >>> 3, other >>> 3, changes[next] >>> 3];
        for (let j = 0; j < length; j++) f64[change + j] = f64[to + j] - f64[from + j];
        curvature[next] = primal.dot(length, steps[next], changes[next]);
        [g, other] = [other, g];
        last = Math.sqrt(primal.dot(length, g, g));
        passes++;
        if (!(curvature[next] > 0)) continue;
        next = (next + 1) % memoryOf;
        kept = Math.min(kept + 1, memoryOf);
      }
    },

    apart: () => apart,

    solution() {
      if (apart === Number.POSITIVE_INFINITY) return null;
      const width = paddedCols(before);
      const coef = new Float64Array(k * before);
      for (let c = 0; c < k; c++) coef.set(memory.f64.subarray((theta >>> 3) + c * width, (theta >>> 3) + c * width + before), c * before);
      return { coef, intercept: intercept.slice(0, k), dual: null };
    },
  };
}
