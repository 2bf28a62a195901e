import { loadSpace } from "../estimate/featureSpace.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";
import { putPenalty } from "../plan/countLayout.ts";
import type { PreparedCurve } from "../plan/prepareCurve.ts";
import { supportWeights } from "../probe/classWeight.ts";
import { episodePenalty } from "../probe/episodePenalty.ts";
import { cheaperForm } from "../probe/prepareSoftmax.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, looseError, looseTolerance, paddedClasses } from "../probe/solveSoftmax.ts";
import { curveLook } from "./curveLook.ts";
import { curveOrder } from "./curveOrder.ts";
import { curveProducts } from "./curveProducts.ts";
import { manyShotCurve } from "./manyShotCurve.ts";
import type { Score } from "./score.ts";

/**
 * The score of a redundancy curve, a number a stop: loads the features. An episode is one pass over its dimensions in order of importance: blocks of them add to the
 * Gram matrix, the cross products and the norms, and at each fraction a snapshot is normalised and solved, starting from the last solution.
 * Cross products in single precision and a loose fit decide all queries but those nearer to a change than both may be off; these alone are decided
 * again, by the exact fit and products in double precision.
 */
export function curveScore(prepared: PreparedCurve): Score {
  const { run, probe, stops, width } = prepared;
  const { most } = run;
  // Choosing C takes the Gram matrix.
  if (probe === "softmax" && run.C !== "auto" && stops.every((stop) => cheaperForm(most.support, stop, most.ways) === "primal"))
    return manyShotCurve(prepared);
  const normalize = run.normalize === "l2";

  const { kernels, end } = borrowKernels(run.kernels);
  const { memory } = kernels;
  const { correlate } = statisticsOf(kernels);
  const space = loadSpace(kernels, { ...run, joinsBase: run.baseClasses === "all", statistics: run.normalize });
  const orderOf = curveOrder(kernels, space, prepared);
  const products = curveProducts(kernels, space, stops, { normalize, most });
  const doubles = (count: number): number => memory.allocate(8 * count);
  const normal = doubles(most.support ** 2);
  // What combines products with training rows to scores: rows padded, so that the kernels can multiply them.
  const coefficients = doubles(most.ways * paddedCols(most.support));
  const scores = doubles(most.query * most.ways);
  const [inverses, weight] = [doubles(most.support), doubles(most.support)];
  const labelList = memory.allocate(4 * most.support);
  memory.f64.fill(1, weight >>> 3, (weight >>> 3) + most.support);
  const fit = fitWorkspace(kernels, most.support, most.ways);
  const offsets = new Float64Array(most.ways);
  const shots = new Float64Array(most.ways);
  const look = products.rough ? curveLook(memory, products.rough, most) : null;
  const open = new Int32Array(most.query);

  return {
    width,
    end,
    count(e, correct) {
      const episode = run.episode(e);
      const { supportLabels, queryLabels } = episode;
      const [n, q, k] = [episode.support.length, episode.query.length, episode.classes.length];
      correct[stops.length] = 0;
      const [kp, np] = [paddedClasses(k), paddedCols(n)];
      products.start(episode, orderOf(episode));
      // Choosing C may make the memory grow, and its views anew.
      let { i32, f64 } = memory;
      i32.set(supportLabels, labelList >>> 2);
      shots.fill(0);
      for (const way of supportLabels) shots[way]++;
      const weights = supportWeights(run.classWeights, episode);
      if (weights) f64.set(weights, weight >>> 3);
      const [m, b, r, v, inverse] = [normal, coefficients, products.norms, scores, inverses].map((address) => address >>> 3);
      const [dual, intercept, info] = [fit.dual >>> 3, fit.intercept >>> 3, fit.info >>> 3];
      f64.fill(0, b, b + k * np);
      f64.fill(0, dual, dual + n * kp);
      f64.fill(0, intercept, intercept + kp);
      f64.fill(1, inverse, inverse + n);

      const solve = (tolerance: number, warm: boolean): void => {
        kernels.fit(
          ...([n, k, kp, normal, labelList, weight, C, 1, Number(warm), tolerance, fitMaxIterations] as const),
          ...([fit.dual, fit.intercept, fit.work, fit.info] as const),
        );
        for (let way = 0; way < k; way++) {
          for (let i = 0; i < n; i++) f64[b + way * np + i] = f64[dual + i * kp + way] * f64[inverse + i];
          offsets[way] = f64[intercept + way];
        }
      };
      let C = run.C === "auto" ? 1 : run.C;
      /** C by held-out rows of this support, with the dimensions that it has by now. */
      const choose = (): void => {
        const own = { codes: supportLabels, k, weights: f64.slice(weight >>> 3, (weight >>> 3) + n) };
        C = episodePenalty(kernels, {
          gram: normal,
          ...own,
          fitIntercept: true,
          groups: Array.from(own.codes, (_, i) => [i]),
          balanced: false,
        });
        ({ i32, f64 } = memory);
      };
      const centroids = (): void => {
        offsets.fill(0);
        for (let i = 0; i < n; i++) {
          const own = supportLabels[i];
          for (let way = 0; way < k; way++) f64[b + way * np + i] = way === own ? f64[inverse + i] / shots[own] : 0;
          for (let j = 0; j < n; j++) if (supportLabels[j] === own) offsets[own] -= f64[m + i * n + j] / (2 * shots[own] * shots[own]);
        }
      };
      const score = (cross: number, count: number): void => kernels.products(0, cross, np, 0, count, coefficients, np, k, np, scores, k, 0);
      /** Query i's class by its scores in row `at`, or −1 where the two largest are no further apart than that. */
      const decide = (i: number, at: number, apart: number): number => {
        const factor = normalize ? (f64[r + i] > 0 ? 1 / Math.sqrt(f64[r + i]) : 0) : 1;
        let best = 0;
        let greatest = Number.NEGATIVE_INFINITY;
        let second = Number.NEGATIVE_INFINITY;
        for (let way = 0, p = v + at * k; way < k; way++, p++) {
          const own = f64[p] * factor + offsets[way];
          if (own > greatest) {
            second = greatest;
            greatest = own;
            best = way;
          } else if (own > second) second = own;
        }
        // Written so that a NaN counts as too close.
        return apart < 0 || greatest - second > apart ? best : -1;
      };

      for (let s = 0; s < stops.length; s++) {
        products.add(s);
        if (normalize) correlate(products.gram, n, inverses, normal);
        else f64.copyWithin(m, products.gram >>> 3, (products.gram >>> 3) + n * n);
        // Where queries may have any norm, nothing bounds what a loose fit leaves open.
        if (probe === "softmax" && run.C === "auto") choose();
        if (probe === "softmax") solve(normalize ? looseTolerance(q, k) : fitTolerance, s > 0);
        else centroids();
        const loose = normalize && probe === "softmax" ? looseError(f64, info) : 0;
        let right = 0;
        let left = 0;
        if (look) look.decide(episode, { products, coefficients, offsets, loose });
        else score(products.cross, q);
        for (let i = 0; i < q; i++) {
          const best = look ? look.answers[i] : decide(i, i, normalize ? loose : -1);
          if (best === queryLabels[i]) right++;
          else if (best < 0) open[left++] = i;
        }
        if (left > 0 && probe === "softmax") solve(fitTolerance, true);
        for (let o = 0; o < left; o++) {
          score(products.exact(open[o], s), 1);
          if (decide(open[o], 0, -1) === queryLabels[open[o]]) right++;
        }
        correct[s] = right;
        if (probe === "softmax" && f64[info + 1] !== 1) correct[stops.length]++;
        if (run.C === "auto") putPenalty(correct, stops.length + 1 + 2 * s, probe === "softmax" ? C : 0);
      }
      return q;
    },
  };
}
