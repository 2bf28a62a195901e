import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";
import { doWork } from "../core/work.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { primalOf } from "../kernels/primalOf.ts";
import { type PrimalRecord, primalWork, shortStride } from "../kernels/primalRecord.ts";
import { lossOf } from "./exactPoint.ts";
import { primalFactor } from "./primalFactor.ts";
import { primalLeverages } from "./primalLeverages.ts";
import { columnScales, normsOf, roomForShorts, roughMean, unitScale, widestOf } from "./primalRows.ts";
import { norm } from "./refineSoftmax.ts";
import type { LoadedProblem, SoftmaxSolver, SolveRequest } from "./softmaxSolution.ts";
import { stepAlong } from "./stepAlong.ts";

const mostSteps = 100;
/** Below this share of ‖W‖, what singles lose of a gradient counts. */
const roughGradient = 1e-4;
const roughNoise = 1e-6;
/** What products of integers of 16 bits lose, as a share: where a residual is that much above the goal, singles take their place. */
const shortError = 1e-4;
/** Columns at least: of fewer, products are not what takes the time. */
const leastShortCols = 128;
/** Newton steps without half the gradient after which such integers are taken for too coarse. */
const patience = 2;
/** Where conjugate gradients take more steps than that, their products have to be more exact. */
const shortSteps = 100;
/**
 * How roughly steps are solved for at most, as a share of the gradient: far from the answer Newton's model holds no better. With rows of many columns half was
 * found to need a tenth fewer products than a tenth (Banking77 at C = 1 to 300, synthetic classes); with few columns, or near an answer, no fewer.
 */
const loosest = { long: 0.5, short: 0.1 };
/** The logarithm of a residual's square, where the residual is ten times another. */
const tenfold = 2 * Math.LN10;

/**
 * The softmax probe in d dimensions, for many rows: Newton's method, its steps by conjugate gradients whose products with the rows are of integers of 16 bits,
 * or of singles where these are too coarse; the gradient that decides is of doubles, of the answer itself. O(n · d · k) a product, some 20 to 40 of them;
 * memory beyond the rows is their integers and O(n · k + d · k), and d × d once a stiff problem asks for a factor. Rows of weight 0 are left out and cost
 * nothing but their integers.
 */
export function primalSolver(kernels: Kernels, problem: LoadedProblem): SoftmaxSolver {
  const { rows, codes, k, fitIntercept } = problem;
  const { memory } = kernels;
  const primal = primalOf(kernels);
  const { stride, cols } = rows;
  const n = rows.rows;
  const kp = k + (k & 1);
  const width = k * stride;
  const size = width + kp;
  const doubles = (count: number): number => memory.allocate(8 * count);
  const [list, y, weight] = [memory.allocate(4 * n), memory.allocate(4 * n), doubles(n)];
  const [p, u, ud] = [memory.allocate(4 * n * kp), memory.allocate(4 * n * kp), doubles(n * kp)];
  const [zOne, zOther, gap, others] = [doubles(n * kp), doubles(n * kp), doubles(n), doubles(n)];
  const [theta, tried, out, direction, search, left, curve, better] = Array.from({ length: 8 }, () => doubles(size));
  const [raw, info] = [doubles(kp), doubles(1)];
  const work = memory.allocate(primalWork(stride, k, kp));
  // No logit of the column that pads.
  memory.f64.fill(-1e300, raw >>> 3, (raw >>> 3) + kp);
  const norms = normsOf(kernels, rows);
  const mean = fitIntercept ? roughMean(kernels, rows, doubles(stride)) : 0;
  const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
  const base = {
    ...{ single: rows.single === 1, stride, k, kp, x: rows.address, weight, y, p, u, ud, work },
    xScale: unitScale(largest),
  };
  // Times the rows' length, a gradient in the intercepts is one in W. Of rows shorter than half of 1 it would hide what is left in W.
  const share = Math.min(1, 2 / base.xScale);
  // The rows once more, as integers of 16 bits, from the first step on.
  let [shorts, units, scales] = [0, 0, 0];
  const factor = primalFactor(kernels, primal, { n, cols, k, stride });

  let record: PrimalRecord;
  let request: SolveRequest;
  const active = new Int32Array(n);

  /** Lists the rows that count, with weights times C. */
  const enter = (): { total: number; terms: number; shares: Float64Array } => {
    const { f64, i32 } = memory;
    let [count, total, terms, heaviest] = [0, 0, 0, 0];
    const shares = new Float64Array(k);
    for (let i = 0; i < n; i++) {
      const value = request.C * (request.weights ? request.weights[i] : 1);
      if (!(value > 0)) continue;
      active[count] = i;
      i32[(y >>> 2) + count] = codes[i];
      f64[(weight >>> 3) + count] = value;
      count++;
      total += value;
      terms += value * norms[i];
      shares[codes[i]] += value;
      heaviest = Math.max(heaviest, value);
    }
    i32.set(active.subarray(0, count), list >>> 2);
    record = { ...base, count, rows: count === n ? 0 : list, mean, rough: true, rScale: unitScale(heaviest) };
    return { total, terms, shares };
  };

  const makeShorts = (): void => {
    [shorts, units, scales] = [memory.allocate(2 * n * shortStride(stride)), doubles(n), doubles(2 * stride)];
    columnScales(kernels, rows, record.mean, scales);
    primal.shorten({ ...record, shorts, units, scales }, { rows: n, row: left });
  };

  /** C · w · (y − p) from logits, n × k. */
  const dualOf = (z: number): Float64Array => {
    const { f64, i32 } = memory;
    const dual = new Float64Array(n * k);
    for (let i = 0, at = z >>> 3; i < record.count; i++, at += kp) {
      const to = active[i] * k;
      const own = i32[(y >>> 2) + i];
      let [most, total] = [f64[at], 0];
      for (let c = 1; c < k; c++) most = Math.max(most, f64[at + c]);
      for (let c = 0; c < k; c++) total += dual[to + c] = exp(f64[at + c] - most);
      const others = total - dual[to + own];
      for (let c = 0; c < k; c++) dual[to + c] = (f64[(weight >>> 3) + i] * (c === own ? others : -dual[to + c])) / total;
    }
    return dual;
  };

  /** A class's logit at the mean, less its intercept. */
  const onMean = (w: number, c: number): number => (mean ? primal.dot(stride, w + 8 * c * stride, mean) : 0);

  /** Euclidean norm, also where squares leave the range of doubles. */
  const lengthOf = (at: number, count: number): number => {
    const squares = primal.dot(count, at, at);
    return squares > 1e-290 && squares < 1e290 ? Math.sqrt(squares) : norm(memory.f64, at >>> 3, (at >>> 3) + count);
  };

  const solving: SoftmaxSolver["solving"] = function* (asked) {
    request = asked;
    const { total, terms, shares } = enter();
    let { f64, f32 } = memory;
    const { count } = record;
    const aim = request.tolerance ?? 1e-9;
    const [t0, t1, g0, d0, s0, r0, h0, b0] = [theta, tried, out, direction, search, left, curve, better].map((at) => at >>> 3);
    let [z, zNext] = [zOne, zOther];
    // Features that singles can't hold, even scaled: their squares leave the range of doubles too.
    let products = largest > 1e-140 && largest < 1e140;

    // The start.
    f64.fill(0, t0, t0 + size);
    if (request.warm) {
      const { coef, intercept } = request.warm;
      for (let c = 0; c < k; c++) {
        f64.set(coef.subarray(c * cols, (c + 1) * cols), t0 + c * stride);
        if (fitIntercept) f64[t0 + width + c] = intercept[c] + onMean(theta, c);
      }
    } else if (fitIntercept) {
      const logs = shares.map((share) => log(Math.max(share / total, 1e-12)));
      const middle = logs.reduce((sum, value) => sum + value, 0) / k;
      f64.set(
        logs.map((value) => value - middle),
        t0 + width,
      );
    }

    /** Makes the gradient of the whole objective at `at`, in `out`, from the loss's; returns its norms. */
    let inW = 0;
    let inB = 0;
    let lengthW = 0;
    const complete = (at: number, exact: boolean): void => {
      primal.add(width, 1, at, out);
      if (!fitIntercept) f64.fill(0, g0 + width, g0 + size);
      inW = lengthOf(out, width);
      inB = lengthOf(out + 8 * width, kp);
      lengthW = lengthOf(at, width);
      // An exact gradient is by (W, b) of the rows as they are; steps go by rows less their mean.
      if (exact && fitIntercept) for (let c = 0; c < k; c++) primal.add(stride, -f64[g0 + width + c], mean, out + 8 * c * stride);
    };
    const slopeTo = { z, gap, others, out, sums: out + 8 * width, info };
    /** The gradient by doubles, at W of `from`. */
    const exactly = (from: number): void => {
      for (let c = 0; c < k; c++) f64[(raw >>> 3) + c] = f64[(from >>> 3) + width + c] - onMean(from, c);
      primal.slope({ ...record, rough: false, mean: 0 }, { ...slopeTo, z: zNext, w: from, b: raw, wScale: 1, old: 0, step: 0, alpha: 0 });
      complete(from, true);
    };
    /** Those about the rows' mean. */
    const takeIntercepts = (at: number): void => {
      f64.copyWithin(raw >>> 3, (at >>> 3) + width, (at >>> 3) + width + k);
    };
    /** The gradient by singles, at W of `at`: `step` further along the direction whose logits are ud + alpha · u, or from W where these are too coarse. */
    const roughly = (at: number, step: number, alpha: number, afresh: boolean): void => {
      takeIntercepts(at);
      const wScale = afresh ? unitScale(lengthOf(at, width)) : 1;
      primal.slope(record, { ...slopeTo, z: zNext, w: afresh ? at : 0, b: raw, wScale, old: z, step, alpha });
      complete(at, false);
    };
    const swap = (): void => {
      [z, zNext] = [zNext, z];
    };

    let exact = !products;
    if (request.warm || exact) {
      exactly(theta);
      exact = true;
    } else {
      takeIntercepts(theta);
      for (let i = 0; i < count; i++) f64.copyWithin((z >>> 3) + i * kp, raw >>> 3, (raw >>> 3) + kp);
      f64.fill(0, ud >>> 3, (ud >>> 3) + count * kp);
      f32.fill(0, u >>> 2, (u >>> 2) + count * kp);
      roughly(theta, 0, 0, false);
    }
    swap();

    /** The gradient in W that is near enough to the optimum: a share of ‖W‖, or what rounding leaves. */
    const goalOf = (tolerance: number): number => Math.max(tolerance * lengthW, 1e-15 * terms);
    /** Whether what `complete` found last is that near. */
    const within = (tolerance: number): boolean => inW <= goalOf(tolerance) && inB <= tolerance * total;
    const loose = cols >= leastShortCols && !request.warm ? loosest.long : loosest.short;
    factor.reset();
    let [iterations, before, best, stalled, eta, pace] = [0, 0, Number.POSITIVE_INFINITY, 0, loose, 0];
    /** The gradient, for how near and how well steps come: in the intercepts too as one in W. */
    const gradientNow = (): number => norm(Float64Array.of(inW, share * inB), 0, 2);
    let gradient = gradientNow();
    let short = products && cols >= leastShortCols && roomForShorts(n, stride);
    for (;;) {
      if (exact && within(2 * aim)) break;
      if (gradient < 0.5 * best) [best, stalled] = [gradient, 0];
      else stalled++;
      if (iterations >= mostSteps || stalled > 12 || !(gradient < 1e300)) break;
      iterations++;
      if (stalled > patience) short = false;
      if (short && shorts === 0) {
        makeShorts();
        ({ f64, f32 } = memory);
      }

      // How exactly to solve for the step: as far as Newton's method converges (Eisenstat & Walker 1996), not twenty times as far as last time, and the whole way
      // once that is near.
      const goal = goalOf(aim);
      if (before > 0) eta = Math.max(0.9 * (gradient / before) ** 2, eta / 20);
      eta = Math.min(loose, Math.max(eta, goal / gradient));
      if (eta * gradient < 30 * goal) eta = Math.min(loose, goal / gradient);
      before = gradient;

      const weightOfIntercept = f64[info >>> 3] / (k - 1);
      const precondition = (from: number, to: number): void => {
        factor.solve(from, to, stride);
        for (let c = 0; c < kp; c++) f64[to + width + c] = f64[from + width + c] / weightOfIntercept;
      };
      const certainty = f64[info >>> 3] / total;
      yield* factor.renew(record, certainty, pace);
      ({ f64, f32 } = memory);
      /** Conjugate gradients start from no step at all; returns the largest value of their first direction. */
      const begin = (): number => {
        f64.fill(0, d0, d0 + size);
        f64.fill(0, r0, r0 + size);
        primal.add(size, -1, out, left);
        precondition(r0, b0);
        return primal.turn(size, 0, better, search);
      };
      f64.fill(0, s0, s0 + size);
      let longest = begin();
      let rho = primal.dot(size, left, better);
      let first = rho;
      let stop = eta * eta * rho;
      let steps = 0;
      let alpha: number | null = null;
      let coarse = false;
      const most = Math.min(500, size + 20);
      for (; steps < most; steps++) {
        if (coarse && steps === shortSteps) {
          // So slow that what integers lose counts: from the start again, by singles.
          [short, coarse, alpha, steps, rho, longest] = [false, false, null, 0, first, begin()];
        }
        const byShorts = short && shortError * Math.sqrt(rho / first) <= eta;
        coarse ||= byShorts;
        primal.curve(byShorts ? { ...record, shorts, units, scales } : { ...record, rough: products }, {
          ...{ v: search, vb: search + 8 * width, vScale: unitScale(longest), alpha, out: curve, sums: curve + 8 * width },
        });
        factor.spend(1);
        yield;
        primal.add(width, 1, search, curve);
        if (!fitIntercept) f64.fill(0, h0 + width, h0 + size);
        const curvature = primal.dot(size, search, curve);
        if (!(curvature > 0)) {
          alpha = 0;
          break;
        }
        alpha = rho / curvature;
        primal.add(size, alpha, search, direction);
        primal.add(size, -alpha, curve, left);
        precondition(r0, b0);
        const next = primal.dot(size, left, better);
        let beta = next / rho;
        rho = next;
        if (!(next > stop)) break;
        if (steps >= 8 && (yield* factor.renew(record, certainty, (steps * tenfold) / log(first / rho)))) {
          // Conjugate gradients start again from here, by another norm.
          ({ f64, f32 } = memory);
          precondition(g0, b0);
          first = primal.dot(size, out, better);
          stop = eta * eta * first;
          precondition(r0, b0);
          rho = primal.dot(size, left, better);
          beta = 0;
        }
        longest = primal.turn(size, beta, better, search);
      }

      const last = alpha ?? 0;
      pace = ((steps + 1) * tenfold) / log(first / rho);

      // Logits get only so much further at once: where rows are certain, Newton's step has no bound.
      const widest = widestOf(f64, z >>> 3, count, k, kp);
      const farthest = primal.farthest(record, last);
      const reach = 2 * widest + 4 * k + 32;
      const slope = primal.dot(size, out, direction);
      let taken = farthest > reach ? reach / farthest : 1;
      if (taken * farthest > 1) {
        const [onW, squares] = [primal.dot(width, theta, direction), primal.dot(width, direction, direction)];
        taken = stepAlong((step) => primal.along(record, { z, step, alpha: last }) + onW + step * squares, slope, taken);
      }
      const noise = Math.max(Math.max(roughGradient, 2 * aim) * lengthW, roughNoise * largest * f64[info >>> 3]);
      exact ||= eta * gradient <= noise;
      for (let tries = 0; ; tries++) {
        f64.copyWithin(t1, t0, t0 + size);
        primal.add(size, taken, direction, tried);
        if (exact) exactly(tried);
        else roughly(tried, taken, last, coarse);
        yield;
        const now = primal.dot(size, out, direction);
        if (now <= (taken * farthest > 1 ? 0 : -0.1 * slope) || tries === 40) break;
        const shrink = slope / (slope - now);
        taken *= shrink > 0.9 ? 0.9 : shrink > 0.1 ? shrink : 0.1;
      }
      f64.copyWithin(t0, t1, t1 + size);
      swap();
      gradient = gradientNow();
      // Singles that no longer bring the gradient down are too coarse for this problem; integers before them.
      if (exact && taken === 1 && gradient > Math.max(0.3 * before, 10 * eta * before)) [short, products] = [false, products && coarse];
    }
    if (!exact) {
      exactly(theta);
      swap();
    }
    if (request.warm && !within(1e-3)) {
      // Far from the answer, where rows are certain of what is wrong, steps lead nowhere.
      const { warm, ...cold } = request;
      const anew = yield* solving(cold);
      return { ...anew, nIter: iterations + anew.nIter };
    }

    const coef = new Float64Array(k * cols);
    const intercept = new Float64Array(k);
    let middle = 0;
    for (let c = 0; c < k; c++) {
      coef.set(f64.subarray(t0 + c * stride, t0 + c * stride + cols), c * cols);
      intercept[c] = f64[(raw >>> 3) + c];
      middle += intercept[c] / k;
    }
    return {
      ...{ coef, intercept: intercept.map((value) => value - middle), dual: request.dual ? dualOf(z) : null, nIter: iterations },
      objective: lossOf(f64, count, weight >>> 3, gap >>> 3, others >>> 3) + (lengthW * lengthW) / 2,
      gradientNorm: norm(Float64Array.of(inW, inB), 0, 2),
      converged: within(1e-8),
    };
  };

  return {
    norms,

    leverages: (q) =>
      primalLeverages(kernels, primal, { record: { ...base, count: n, rows: 0, mean: 0, rough: false, rScale: 1 }, cols, fitIntercept, q }),

    solving,
    solve: (request) => doWork(solving(request)),
  };
}
