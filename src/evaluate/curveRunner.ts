import { argsortDescending } from "../core/argsort.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, paddedClasses } from "../probe/solveSoftmax.ts";
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
 */
export function curveRunner(features: Matrix, labels: Labels, options: CurveOptions = {}, checked?: CheckedRun): CurveRunner {
  const caller = "redundancyCurve";
  const prepared = prepareCurve(features, labels, options, checked);
  const { run, probe, stops } = prepared;
  const { importance, source } = prepared.order;
  const { cols } = run.features;

  const kernels = createKernels(options.kernels);
  const { memory } = kernels;
  const space = loadSpace(kernels, { ...run, joinsBase: run.baseClasses === "all", statistics: run.normalize });
  const { rows } = space;
  const { most } = run;
  const order = episodeImportance(kernels, space, { caller, seed: run.seed, priorDegrees: run.priorDegrees, most });
  const doubles = (count: number): number => memory.allocate(8 * count);
  // Each block of dimensions between two stops is padded on its own, so that blocks are whole rows of the kernels.
  const widest = Math.max(...stops.map((stop, i) => (stop - (i > 0 ? stops[i - 1] : 0) + 3) & ~3));
  const [z, x] = [doubles(most.support * widest), doubles(most.query * widest)];
  const [gram, normal] = [doubles(most.support ** 2), doubles(most.support ** 2)];
  // Products with the training rows, and what combines them to scores: rows padded, so that the kernels can multiply them.
  const padded = paddedCols(most.support);
  const cross = doubles(most.query * padded);
  const coefficients = doubles(most.ways * padded);
  const scores = doubles(most.query * most.ways);
  const [norms, part] = [doubles(most.query), doubles(most.query)];
  const [support, query, labelList, columns] = [most.support, most.query, most.support, cols].map((count) => memory.allocate(4 * count));
  const weight = doubles(most.support);
  memory.f64.fill(1, weight >> 3, (weight >> 3) + most.support);
  const fit = fitWorkspace(kernels, most.support, most.ways);
  const inverse = new Float64Array(most.support);
  const offsets = new Float64Array(most.ways);
  const shots = new Float64Array(most.ways);
  const normalize = run.normalize === "l2";

  return {
    ...prepared,
    count(e, correct) {
      const episode = run.episode(e);
      const [n, q, k] = [episode.support.length, episode.query.length, episode.classes.length];
      const kp = paddedClasses(k);
      order.start(episode);
      const sorted = argsortDescending(order.of(importance, source));
      const { i32, f64 } = memory;
      i32.set(episode.support, support >> 2);
      i32.set(episode.query, query >> 2);
      i32.set(episode.supportLabels, labelList >> 2);
      i32.set(sorted, columns >> 2);
      shots.fill(0);
      for (const way of episode.supportLabels) shots[way]++;
      const np = paddedCols(n);
      f64.fill(0, norms >> 3, (norms >> 3) + q);
      f64.fill(0, cross >> 3, (cross >> 3) + q * np);
      f64.fill(0, coefficients >> 3, (coefficients >> 3) + k * np);
      f64.fill(0, fit.dual >> 3, (fit.dual >> 3) + n * kp);
      f64.fill(0, fit.intercept >> 3, (fit.intercept >> 3) + kp);
      const [g, m, b, r, v] = [gram >> 3, normal >> 3, coefficients >> 3, norms >> 3, scores >> 3];
      stops.forEach((stop, s) => {
        const from = s > 0 ? stops[s - 1] : 0;
        if (stop > from) {
          const width = (stop - from + 3) & ~3;
          kernels.gather(rows.single, rows.address, rows.stride, support, n, stop - from, 0, columns + 4 * from, z, width);
          kernels.gather(rows.single, rows.address, rows.stride, query, q, stop - from, 0, columns + 4 * from, x, width);
          kernels.gram(z, width, n, width, gram, Number(s > 0));
          kernels.products(0, x, width, 0, q, z, width, n, width, cross, np, 1);
          if (normalize) {
            kernels.squares(0, x, width, 0, q, 0, part);
            for (let i = 0; i < q; i++) f64[r + i] += f64[(part >> 3) + i];
          }
        }
        for (let i = 0; i < n; i++) {
          const own = f64[g + i * n + i];
          inverse[i] = normalize ? (own > 0 ? 1 / Math.sqrt(own) : 0) : 1;
        }
        for (let i = 0; i < n; i++) {
          const own = inverse[i];
          for (let j = 0, at = i * n; j < n; j++, at++) f64[m + at] = f64[g + at] * (own * inverse[j]);
        }
        if (probe === "softmax") {
          kernels.fit(
            n,
            k,
            kp,
            normal,
            labelList,
            weight,
            run.C,
            1,
            Number(s > 0),
            fitTolerance,
            fitMaxIterations,
            fit.dual,
            fit.intercept,
            fit.work,
            fit.info,
          );
          for (let way = 0; way < k; way++)
            for (let i = 0; i < n; i++) f64[b + way * np + i] = f64[(fit.dual >> 3) + i * kp + way] * inverse[i];
          for (let way = 0; way < k; way++) offsets[way] = f64[(fit.intercept >> 3) + way];
        } else {
          offsets.fill(0);
          for (let i = 0; i < n; i++) {
            const own = episode.supportLabels[i];
            for (let way = 0; way < k; way++) f64[b + way * np + i] = way === own ? inverse[i] / shots[own] : 0;
            for (let j = 0; j < n; j++)
              if (episode.supportLabels[j] === own) offsets[own] -= f64[m + i * n + j] / (2 * shots[own] * shots[own]);
          }
        }
        kernels.products(0, cross, np, 0, q, coefficients, np, k, np, scores, k, 0);
        let right = 0;
        for (let i = 0; i < q; i++) {
          const factor = normalize ? (f64[r + i] > 0 ? 1 / Math.sqrt(f64[r + i]) : 0) : 1;
          let best = 0;
          let greatest = Number.NEGATIVE_INFINITY;
          for (let way = 0; way < k; way++) {
            const score = f64[v + i * k + way] * factor + offsets[way];
            if (score > greatest) {
              greatest = score;
              best = way;
            }
          }
          if (best === episode.queryLabels[i]) right++;
        }
        correct[s] = right;
      });
      return q;
    },
  };
}
