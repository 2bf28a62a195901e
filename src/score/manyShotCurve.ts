import { loadSpace } from "../estimate/featureSpace.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import type { PreparedCurve } from "../plan/prepareCurve.ts";
import { supportWeights } from "../probe/classWeight.ts";
import type { SolveRequest } from "../probe/softmaxSolution.ts";
import { curveOrder } from "./curveOrder.ts";
import { fitManyRows, unitRows } from "./manyRows.ts";
import type { Score } from "./score.ts";
import { softmaxLook } from "./softmaxLook.ts";

/**
 * The score of a softmax probe's redundancy curve at many shots: at each stop the support's first so many dimensions, in order of importance, are fitted as
 * they are, from the last stop's answer; a Gram matrix of so many rows would cost more than all the fits.
 */
export function manyShotCurve(prepared: PreparedCurve): Score {
  const { run, stops, width } = prepared;
  const { most } = run;
  const normalize = run.normalize === "l2";
  const { kernels, end } = borrowKernels(run.kernels);
  const { memory } = kernels;
  const space = loadSpace(kernels, { ...run, joinsBase: run.baseClasses === "all", statistics: run.normalize });
  const orderOf = curveOrder(kernels, space, prepared);
  const { single, address, stride, cols } = space.rows;
  const look = softmaxLook(kernels, space, { cols: stops[stops.length - 1], normalize, most });
  const C = run.C as number;
  const widest = paddedCols(stops[stops.length - 1]);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const [z, weights, scores] = [Math.max(most.support, most.query) * widest, most.ways * widest, most.query * most.ways].map(doubles);
  const [list, columns] = [memory.allocate(4 * Math.max(most.support, most.query)), memory.allocate(4 * cols)];

  return {
    width,
    end,
    count(e, correct) {
      const episode = run.episode(e);
      const { support, supportLabels, query, queryLabels } = episode;
      const [n, q, k] = [support.length, query.length, episode.classes.length];
      // First the order, which may make the memory grow, then its views.
      const byImportance = orderOf(episode);
      memory.i32.set(byImportance, columns >>> 2);
      /** Takes the first `count` dimensions of rows to z. */
      const take = (rows: Int32Array, count: number): void => {
        memory.i32.set(rows, list >>> 2);
        kernels.gather(single, address, stride, list, rows.length, count, 0, columns, z, paddedCols(count));
        if (normalize) unitRows(kernels, { z, width: paddedCols(count), n: rows.length });
      };
      const ownWeights = supportWeights(run.classWeights, episode);
      look?.start(
        episode,
        byImportance,
        Float64Array.from({ length: n }, (_, i) => C * (ownWeights ? ownWeights[i] : 1)),
      );
      correct[stops.length] = 0;
      let [warm, before]: [SolveRequest["warm"], number] = [null, 0];
      stops.forEach((stop, s) => {
        const left = look ? look.decide(stop) : q;
        correct[s] = 0;
        if (look) for (let i = 0; i < q; i++) if (look.answers[i] === queryLabels[i]) correct[s]++;
        if (left === 0) return;
        const seen = look?.solution();
        if (seen) [warm, before] = [seen, stop];
        take(support, stop);
        if (warm && before < stop) {
          const coef = new Float64Array(k * stop);
          for (let way = 0; way < k; way++) coef.set(warm.coef.subarray(way * before, (way + 1) * before), way * stop);
          warm = { ...warm, coef };
        }
        const rows = { z, width: paddedCols(stop), cols: stop, n, labels: supportLabels, k };
        const solution = fitManyRows(kernels, rows, { C, weights: ownWeights, warm });
        if (!solution.converged) correct[stops.length]++;
        [warm, before] = [solution, stop];
        take(query, stop);
        const { f64 } = memory;
        const w = weights >>> 3;
        f64.fill(0, w, w + k * rows.width);
        for (let way = 0; way < k; way++) f64.set(solution.coef.subarray(way * stop, (way + 1) * stop), w + way * rows.width);
        kernels.products(0, z, rows.width, 0, q, weights, rows.width, k, rows.width, scores, k, 0);
        for (let i = 0, at = scores >>> 3; i < q; i++, at += k) {
          if (look && look.answers[i] >= 0) continue;
          let best = 0;
          for (let way = 1; way < k; way++)
            if (memory.f64[at + way] + solution.intercept[way] > memory.f64[at + best] + solution.intercept[best]) best = way;
          if (best === queryLabels[i]) correct[s]++;
        }
      });
      return q;
    },
  };
}
