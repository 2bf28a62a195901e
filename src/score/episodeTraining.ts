import { log } from "../core/log.ts";
import type { FeatureSpace } from "../estimate/featureSpace.ts";
import { imagesOf, type StagedEpisode } from "../estimate/stagedEpisode.ts";
import { episodePenalty } from "../heldout/episodePenalty.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";
import { type ClassWeights, weighClasses } from "../solve/classWeight.ts";
import { cheaperForm } from "../solve/prepareSoftmax.ts";
import { fitMaxIterations, fitWorkspace, paddedClasses } from "../solve/solveSoftmax.ts";
import { fitManyRows, type TrainingRows, unitRows } from "./manyRows.ts";

/** A mask in kernel memory: nothing, weights on every column, or a list of the columns kept. */
export type LoadedMask =
  | { readonly kind: "none" }
  | { readonly kind: "weights"; readonly weights: number }
  | { readonly kind: "kept"; readonly columns: number; readonly count: number };

/** The training half of an episode's probes. Addresses in kernel memory. */
export interface EpisodeTraining {
  /** The training rows, masked. */
  readonly z: number;
  /** What combines them to outputs: one row of n a class of softmax but the last, then one a centroid. */
  readonly coefficients: number;
  readonly intercept: number;
  /** What the last fit told: see the kernels' `fit`. */
  readonly info: number;
  /** Squared norms of the centroids. */
  readonly centroidSquares: Float64Array;
  /** Most training rows of any episode. */
  readonly mostRows: number;
  /** Training rows of the episode. */
  rows(): number;
  /** Starts an episode. */
  start(episode: StagedEpisode): void;
  /** Takes the training rows under a mask, and their Gram matrix; returns the length of a row. */
  load(mask: LoadedMask): number;
  /** Fits, from the last fit's answer if `warm`; tells whether it has converged. */
  softmax(tolerance: number, warm: boolean): boolean;
  /** C of the last fit. */
  penalty(): number;
  /** No W of the episode's softmax probe has a larger norm: its objective would be above that of W = 0. */
  largestWeights(): number;
  /** Writes the centroids' combinations of rows from column `first` on. */
  centroids(first: number): void;
}

/** Reserves the scratch for episodes of up to `most`. */
export function episodeTraining(
  kernels: Kernels,
  space: FeatureSpace,
  options: {
    readonly C: number | "auto";
    readonly classWeights: ClassWeights;
    readonly normalize: boolean;
    readonly trainOn: "support" | "augmented";
    readonly most: { readonly support: number; readonly ways: number };
  },
): EpisodeTraining {
  const { memory } = kernels;
  const { correlate } = statisticsOf(kernels);
  const { rows } = space;
  const { stride, cols } = rows;
  const { classWeights, most, normalize } = options;
  const augmented = options.trainOn === "augmented" ? space.augmented : null;
  const views = augmented?.views ?? 0;
  const mostRows = most.support * (1 + views);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const integers = (count: number): number => memory.allocate(4 * Math.max(1, count));
  const [support, viewRows, labels] = [integers(most.support), integers(most.support * views), integers(mostRows)];
  const z = doubles(mostRows * stride);
  const [weight, inverse] = [doubles(mostRows), doubles(mostRows)];
  // The softmax probe's own, where classes weigh differently.
  const fitWeight = classWeights === null ? weight : doubles(mostRows);
  const coefficients = doubles(2 * most.ways * mostRows);
  // What a fit needs by the Gram matrix of its rows: made when the first such fit comes, for of many rows none does.
  let dualRows = 0;
  let gram = 0;
  let fit = fitWorkspace(kernels, 0, most.ways);
  const { intercept, info } = fit;
  const shots = new Float64Array(most.ways);
  const centroidSquares = new Float64Array(most.ways);
  let episode: StagedEpisode;
  let [n, k] = [0, 0];
  /** Whether the last fit of many rows has converged. */
  let manyConverged = false;
  // Of many rows, the fit goes by the rows themselves, not by their Gram matrix.
  let many: TrainingRows | null = null;

  /** Training rows as doubles, masked; returns the length of a row of theirs. */
  const gatherTraining = (mask: LoadedMask): number => {
    const own = episode.support.length;
    const width = mask.kind === "kept" ? (mask.count + 3) & ~3 : stride;
    const weights = mask.kind === "weights" ? mask.weights : 0;
    const columns = mask.kind === "kept" ? mask.columns : 0;
    const length = mask.kind === "kept" ? mask.count : cols;
    kernels.gather(rows.single, rows.address, stride, support, own, length, weights, columns, z, width);
    if (augmented) {
      kernels.gather(
        augmented.single,
        augmented.address,
        stride,
        viewRows,
        own * views,
        length,
        weights,
        columns,
        z + 8 * own * width,
        width,
      );
    }
    return width;
  };

  let penalty = options.C === "auto" ? 1 : options.C;
  /** C by held-out rows of this support under this mask; a row's views are held out with it. */
  const choose = (): number => {
    const { i32, f64 } = memory;
    const own = episode.support.length;
    const groups = Array.from({ length: own }, (_, i) => [i, ...Array.from({ length: views }, (_, v) => own + i * views + v)]);
    const [codes, weights] = [i32.slice(labels >>> 2, (labels >>> 2) + n), f64.slice(fitWeight >>> 3, (fitWeight >>> 3) + n)];
    return episodePenalty(kernels, { gram, codes, k, weights, fitIntercept: true, groups, balanced: false });
  };

  return {
    ...{ z, coefficients, centroidSquares, mostRows, intercept, info },
    rows: () => n,
    start(next) {
      episode = next;
      k = next.classes.length;
      const own = next.support.length;
      const images = imagesOf(next);
      n = own * (1 + views);
      const { i32, f64 } = memory;
      i32.set(next.support, support >>> 2);
      i32.set(next.supportLabels, labels >>> 2);
      f64.fill(1, weight >>> 3, (weight >>> 3) + own);
      for (let i = 0; i < own; i++) {
        for (let v = 0; v < views; v++) {
          i32[(viewRows >>> 2) + i * views + v] = images[i] * views + v;
          i32[(labels >>> 2) + own + i * views + v] = next.supportLabels[i];
        }
      }
      // A view counts 1/views: all views of a row together weigh as much as the row.
      if (views > 0) f64.fill(1 / views, (weight >>> 3) + own, (weight >>> 3) + n);
      if (classWeights === null) return;
      const weights = f64.slice(weight >>> 3, (weight >>> 3) + n);
      weighClasses(classWeights, { codes: i32.subarray(labels >>> 2, (labels >>> 2) + n), k, position: next.classes }, weights);
      f64.set(weights, fitWeight >>> 3);
    },

    load(mask) {
      const width = gatherTraining(mask);
      const length = mask.kind === "kept" ? mask.count : cols;
      many = null;
      // Choosing C takes the Gram matrix.
      if (options.C !== "auto" && cheaperForm(n, length, k) === "primal") {
        many = { z, width, cols: length, n, labels: memory.i32.slice(labels >>> 2, (labels >>> 2) + n), k };
        if (normalize) unitRows(kernels, many);
        memory.f64.fill(1, inverse >>> 3, (inverse >>> 3) + n);
        return width;
      }
      if (n > dualRows) {
        dualRows = cheaperForm(mostRows, length, k) === "dual" ? mostRows : n;
        gram = doubles(dualRows * dualRows);
        fit = { ...fitWorkspace(kernels, dualRows, most.ways), intercept, info };
      }
      kernels.gram(z, width, n, width, gram, 0);
      if (normalize) correlate(gram, n, inverse, gram);
      else memory.f64.fill(1, inverse >>> 3, (inverse >>> 3) + n);
      return width;
    },

    softmax(tolerance, warm) {
      if (many) {
        // The first fit is exact already.
        if (warm) return manyConverged;
        const solution = fitManyRows(kernels, many, {
          C: penalty,
          weights: memory.f64.slice(fitWeight >>> 3, (fitWeight >>> 3) + n),
          dual: true,
        });
        const { dual, gradientNorm, converged } = solution;
        const { f64 } = memory;
        const b = coefficients >>> 3;
        f64.set(solution.intercept, intercept >>> 3);
        f64.fill(gradientNorm, (info >>> 3) + 5, (info >>> 3) + 7);
        for (let c = 0; c < k - 1; c++) for (let i = 0; i < n; i++) f64[b + c * n + i] = dual![i * k + c];
        manyConverged = converged;
        return converged;
      }
      const kp = paddedClasses(k);
      if (options.C === "auto" && !warm) penalty = choose();
      const { f64 } = memory;
      const [r, b, dual] = [inverse >>> 3, coefficients >>> 3, fit.dual >>> 3];
      if (!warm) {
        f64.fill(0, dual, dual + n * kp);
        f64.fill(0, intercept >>> 3, (intercept >>> 3) + kp);
      }
      kernels.fit(
        ...([n, k, kp, gram, labels, fitWeight, penalty, 1, Number(warm), tolerance, fitMaxIterations] as const),
        ...([fit.dual, fit.intercept, fit.work, fit.info] as const),
      );
      // The rows of W sum to 0, so the last class follows from the others.
      for (let c = 0; c < k - 1; c++) for (let i = 0; i < n; i++) f64[b + c * n + i] = f64[dual + i * kp + c] * f64[r + i];
      return f64[(fit.info >>> 3) + 1] === 1;
    },

    penalty: () => penalty,

    largestWeights() {
      let total = 0;
      for (let i = fitWeight >>> 3; i < (fitWeight >>> 3) + n; i++) total += memory.f64[i];
      return Math.sqrt(2 * penalty * total * log(k));
    },

    centroids(first) {
      const { i32, f64 } = memory;
      const [g, r, y, w] = [gram >>> 3, inverse >>> 3, labels >>> 2, weight >>> 3];
      shots.fill(0);
      for (let i = 0; i < n; i++) shots[i32[y + i]] += f64[w + i];
      for (let c = 0; c < k; c++) {
        const b = (coefficients >>> 3) + (first + c) * n;
        let squares = 0;
        for (let i = 0; i < n; i++) {
          const own = i32[y + i] === c;
          f64[b + i] = own ? (f64[w + i] / shots[c]) * f64[r + i] : 0;
          if (!own || many) continue;
          for (let j = 0; j < n; j++) if (i32[y + j] === c) squares += f64[w + i] * f64[w + j] * f64[g + i * n + j];
        }
        if (many) {
          const { width } = many;
          const sum = new Float64Array(width);
          for (let i = 0; i < n; i++) {
            if (i32[y + i] !== c) continue;
            for (let j = 0, at = (z >>> 3) + i * width; j < width; j++, at++) sum[j] += f64[w + i] * f64[at];
          }
          squares = sum.reduce((total, value) => total + value * value, 0);
        }
        centroidSquares[c] = squares / (shots[c] * shots[c]);
      }
    },
  };
}
