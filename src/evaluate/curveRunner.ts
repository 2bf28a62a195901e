import { argsortDescending } from "../core/argsort.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { paddedCols, roughError } from "../kernels/kernels.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, looseError, looseTolerance, paddedClasses } from "../probe/solveSoftmax.ts";
import { episodeImportance } from "./episodeImportance.ts";
import { loadSpace } from "./featureSpace.ts";
import type { CheckedRun } from "./options.ts";
import { type CurveOptions, type PreparedCurve, prepareCurve } from "./prepareCurve.ts";

export type { CurveOptions } from "./prepareCurve.ts";

/** Counts correct predictions at every fraction, episode by episode, in any order. */
export interface CurveRunner extends PreparedCurve {
  /** Queries of episode e; `correct` gets a count a stop. */
  count(e: number, correct: Int32Array): number;
}

/**
 * Checks everything once and loads the features. An episode is one pass over its dimensions in order of importance: blocks of them add to the
 * Gram matrix, the cross products and the norms, and at each fraction a snapshot is normalised and solved, starting from the last solution.
 * Cross products in single precision and a loose fit decide all queries but those nearer to a change than both may be off; these alone are decided
 * again, by the exact fit and products in double precision.
 */
export function curveRunner(features: Matrix, labels: Labels, options: CurveOptions = {}, checked?: CheckedRun): CurveRunner {
  const caller = "redundancyCurve";
  const prepared = prepareCurve(features, labels, options, checked);
  const { run, probe, stops } = prepared;
  const { importance, source } = prepared.order;
  const { cols } = run.features;

  const kernels = createKernels(options.kernels);
  const { memory } = kernels;
  const { correlate } = statisticsOf(kernels);
  const space = loadSpace(kernels, { ...run, joinsBase: run.baseClasses === "all", statistics: run.normalize });
  const { rows } = space;
  const { most } = run;
  const order = episodeImportance(kernels, space, { caller, seed: run.seed, priorDegrees: run.priorDegrees, most });
  const doubles = (count: number): number => memory.allocate(8 * count);
  // Each block of dimensions between two stops is padded on its own, so that blocks are whole rows of the kernels; one after the other they stay.
  const widths = stops.map((stop, i) => (stop - (i > 0 ? stops[i - 1] : 0) + 3) & ~3);
  const widest = Math.max(...widths);
  const normalize = run.normalize === "l2";
  const { rough, pick } = kernels;
  const single = rough !== null && pick !== null && rows.single === 1 && normalize;
  const z = doubles(most.support * widths.reduce((sum, width) => sum + width, 0));
  const x = doubles(most.query * widest);
  const narrow = memory.allocate(4 * most.support * widest);
  const [gram, normal] = [doubles(most.support ** 2), doubles(most.support ** 2)];
  // Products with the training rows, and what combines them to scores: rows padded, so that the kernels can multiply them.
  const padded = paddedCols(most.support);
  const [cross, exactCross] = [doubles(most.query * padded), doubles(most.query * padded)];
  const coefficients = doubles(most.ways * padded);
  const scores = doubles(most.query * most.ways);
  const [norms, part, inverses] = [doubles(most.query), doubles(most.query), doubles(most.support)];
  const [support, query, labelList, columns] = [most.support, most.query, most.support, cols].map((count) => memory.allocate(4 * count));
  const weight = doubles(most.support);
  memory.f64.fill(1, weight >> 3, (weight >> 3) + most.support);
  const fit = fitWorkspace(kernels, most.support, most.ways);
  const offsets = new Float64Array(most.ways);
  const shots = new Float64Array(most.ways);
  const open = new Int32Array(most.query);
  /** Blocks that each query's exact cross products hold so far. */
  const exactBlocks = new Int32Array(most.query);

  return {
    ...prepared,
    count(e, correct) {
      const episode = run.episode(e);
      const { supportLabels, queryLabels } = episode;
      const [n, q, k] = [episode.support.length, episode.query.length, episode.classes.length];
      const kp = paddedClasses(k);
      order.start(episode);
      const sorted = argsortDescending(order.of(importance, source));
      const { i32, f64 } = memory;
      i32.set(episode.support, support >> 2);
      i32.set(episode.query, query >> 2);
      i32.set(supportLabels, labelList >> 2);
      i32.set(sorted, columns >> 2);
      shots.fill(0);
      for (const way of supportLabels) shots[way]++;
      const np = paddedCols(n);
      f64.fill(0, norms >> 3, (norms >> 3) + q);
      f64.fill(0, cross >> 3, (cross >> 3) + q * np);
      f64.fill(0, coefficients >> 3, (coefficients >> 3) + k * np);
      f64.fill(0, fit.dual >> 3, (fit.dual >> 3) + n * kp);
      f64.fill(0, fit.intercept >> 3, (fit.intercept >> 3) + kp);
      f64.fill(1, inverses >> 3, (inverses >> 3) + n);
      exactBlocks.fill(0);
      const [g, m, b, r, v, inverse] = [gram, normal, coefficients, norms, scores, inverses].map((address) => address >> 3);
      const [dual, intercept, info] = [fit.dual >> 3, fit.intercept >> 3, fit.info >> 3];
      let block = z;
      /** The widest block so far: its products are the least certain. */
      let wide = 0;

      const solve = (tolerance: number, warm: boolean): void => {
        kernels.fit(
          ...([n, k, kp, normal, labelList, weight, run.C, 1, Number(warm), tolerance, fitMaxIterations] as const),
          ...([fit.dual, fit.intercept, fit.work, fit.info] as const),
        );
        for (let way = 0; way < k; way++) {
          for (let i = 0; i < n; i++) f64[b + way * np + i] = f64[dual + i * kp + way] * f64[inverse + i];
          offsets[way] = f64[intercept + way];
        }
      };
      const centroids = (): void => {
        offsets.fill(0);
        for (let i = 0; i < n; i++) {
          const own = supportLabels[i];
          for (let way = 0; way < k; way++) f64[b + way * np + i] = way === own ? f64[inverse + i] / shots[own] : 0;
          for (let j = 0; j < n; j++) if (supportLabels[j] === own) offsets[own] -= f64[m + i * n + j] / (2 * shots[own] * shots[own]);
        }
      };
      /** By how much a query's scores may be wrong against each other, after a loose fit and products in single precision. */
      const uncertainty = (): number => {
        let error = 0;
        if (single) {
          for (let way = 0; way < k; way++) {
            let sum = 0;
            for (let i = 0; i < n; i++) sum += Math.abs(f64[dual + i * kp + way]);
            error = Math.max(error, sum);
          }
          // A centroid's combination of rows of norm 1 has weights of sum 1.
          if (probe === "centroid") error = 1;
          error *= 2 * roughError(wide);
        }
        return probe === "softmax" ? error + looseError(f64, info) : error;
      };
      /** Scores a row of cross products in `at`: the class, or −1 where the first two are no further apart than `apart`. */
      const decide = (i: number, at: number, apart: number): number => {
        const factor = normalize ? (f64[r + i] > 0 ? 1 / Math.sqrt(f64[r + i]) : 0) : 1;
        let best = 0;
        let greatest = Number.NEGATIVE_INFINITY;
        let second = Number.NEGATIVE_INFINITY;
        for (let way = 0, p = v + at * k; way < k; way++, p++) {
          const score = f64[p] * factor + offsets[way];
          if (score > greatest) {
            second = greatest;
            greatest = score;
            best = way;
          } else if (score > second) second = score;
        }
        // Written so that a NaN counts as too close; 1e-30 covers what underflow in single precision may hide.
        return apart < 0 || greatest - second > apart + 1e-30 * factor ? best : -1;
      };
      /** Brings query i's exact cross products up to block s. */
      const exactly = (i: number, s: number): void => {
        let [from, at] = [0, z];
        for (let done = 0; done <= s; done++) {
          const width = widths[done];
          if (done >= exactBlocks[i]) {
            kernels.gather(
              ...([rows.single, rows.address, rows.stride, query + 4 * i, 1, stops[done] - from] as const),
              ...([0, columns + 4 * from, x, width] as const),
            );
            kernels.products(0, x, width, 0, 1, at, width, n, width, exactCross + 8 * i * np, np, Number(done > 0));
          }
          at += 8 * n * width;
          from = stops[done];
        }
        exactBlocks[i] = s + 1;
      };

      stops.forEach((stop, s) => {
        const from = s > 0 ? stops[s - 1] : 0;
        const width = widths[s];
        wide = Math.max(wide, width);
        kernels.gather(rows.single, rows.address, rows.stride, support, n, stop - from, 0, columns + 4 * from, block, width);
        kernels.gram(block, width, n, width, gram, Number(s > 0));
        if (single) {
          pick(rows.address, rows.stride, query, q, stop - from, columns + 4 * from, x, width);
          rough(x, width, 0, q, block, narrow, n, cross, np, 1);
        } else {
          kernels.gather(rows.single, rows.address, rows.stride, query, q, stop - from, 0, columns + 4 * from, x, width);
          kernels.products(0, x, width, 0, q, block, width, n, width, cross, np, 1);
        }
        if (normalize) {
          kernels.squares(Number(single), x, width, 0, q, 0, part);
          for (let i = 0; i < q; i++) f64[r + i] += f64[(part >> 3) + i];
        }
        block += 8 * n * width;
        if (normalize) correlate(gram, n, inverses, normal);
        else f64.copyWithin(m, g, g + n * n);
        if (probe === "softmax") solve(normalize ? looseTolerance(q, k) : fitTolerance, s > 0);
        else centroids();
        kernels.products(0, cross, np, 0, q, coefficients, np, k, np, scores, k, 0);
        const apart = normalize ? uncertainty() : -1;
        let right = 0;
        let left = 0;
        for (let i = 0; i < q; i++) {
          const best = decide(i, i, apart);
          if (best === queryLabels[i]) right++;
          else if (best < 0) open[left++] = i;
        }
        if (left > 0 && probe === "softmax") solve(fitTolerance, true);
        for (let o = 0; o < left; o++) {
          const i = open[o];
          if (single) exactly(i, s);
          kernels.products(0, (single ? exactCross : cross) + 8 * i * np, np, 0, 1, coefficients, np, k, np, scores, k, 0);
          if (decide(i, 0, -1) === queryLabels[i]) right++;
        }
        correct[s] = right;
      });
      return q;
    },
  };
}
