import { type Kernels, roughError } from "../kernels/kernels.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, looseError, looseTolerance, paddedClasses } from "../probe/solveSoftmax.ts";
import { decisions } from "./decisions.ts";
import type { FeatureSpace } from "./featureSpace.ts";
import type { KernelProbe } from "./options.ts";
import { imagesOf, type StagedEpisode } from "./stagedEpisode.ts";

/** A mask in kernel memory: nothing, weights on every column, or a list of the columns kept. */
export type LoadedMask =
  | { readonly kind: "none" }
  | { readonly kind: "weights"; readonly weights: number }
  | { readonly kind: "kept"; readonly columns: number; readonly count: number };

/**
 * Trains and asks the built-in probes on one episode after another. A mask and the l2 after it are a diagonal rescaling of the Gram matrix
 * and of the scores, so neither ever copies the features; all scratch is reserved once.
 */
export interface EpisodeProbes {
  /** Starts an episode: its rows go to kernel memory. */
  start(episode: StagedEpisode): void;
  /**
   * Correct predictions of each probe under one mask, written to `correct`; their confusion matrices to `tables`, most ways × most ways each, and how
   * sure they are to `bins`.
   */
  count(mask: LoadedMask, probes: readonly KernelProbe[], correct: Int32Array, tables?: Int32Array | null, bins?: Int32Array | null): void;
}

/** Reserves the scratch for episodes of up to `most`. */
export function episodeProbes(
  kernels: Kernels,
  space: FeatureSpace,
  options: {
    readonly C: number;
    readonly normalize: "l2" | "none";
    readonly trainOn: "support" | "augmented";
    readonly most: { readonly support: number; readonly query: number; readonly ways: number };
  },
): EpisodeProbes {
  const { memory } = kernels;
  const { correlate } = statisticsOf(kernels);
  const { rows } = space;
  const { stride, cols } = rows;
  const { C, most } = options;
  const normalize = options.normalize === "l2";
  const augmented = options.trainOn === "augmented" ? space.augmented : null;
  const views = augmented?.views ?? 0;
  const mostRows = most.support * (1 + views);
  const mostCols = Math.max(2 * most.ways, mostRows);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const integers = (count: number): number => memory.allocate(4 * count);
  const [support, viewRows, query, labels] = [most.support, most.support * views, most.query, mostRows].map((count) =>
    integers(Math.max(1, count)),
  );
  const z = doubles(mostRows * stride);
  const gram = doubles(mostRows * mostRows);
  const weight = doubles(mostRows);
  const inverse = doubles(mostRows);
  const coefficients = doubles(2 * most.ways * mostRows);
  const combined = doubles(Math.max(2 * most.ways, mostRows) * stride);
  const squaredMask = doubles(stride);
  const factors = doubles(most.query);
  const weightNorms = doubles(mostCols);
  const narrow = memory.allocate(4 * mostCols * stride);
  const [close, closeRows] = [integers(most.query), integers(most.query)];
  const scores = doubles(most.query * mostCols);
  const space2 = fitWorkspace(kernels, mostRows, most.ways);
  let compact = 0;
  let compactSize = 0;
  const shots = new Float64Array(most.ways);
  const centroidSquares = new Float64Array(most.ways);
  let episode: StagedEpisode;
  let n = 0;
  let q = 0;
  let k = 0;

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

  /** Gram matrix of the training rows, normalised in place; `inverse` keeps each row's factor. */
  const trainGram = (width: number): void => {
    kernels.gram(z, width, n, width, gram, 0);
    if (normalize) correlate(gram, n, inverse, gram);
    else memory.f64.fill(1, inverse >> 3, (inverse >> 3) + n);
  };

  /** Fits, from the last fit's answer if `warm`. */
  const trainSoftmax = (tolerance: number, warm: boolean): void => {
    const kp = paddedClasses(k);
    const { f64 } = memory;
    const [r, b, dual] = [inverse >> 3, coefficients >> 3, space2.dual >> 3];
    if (!warm) {
      f64.fill(0, dual, dual + n * kp);
      f64.fill(0, space2.intercept >> 3, (space2.intercept >> 3) + kp);
    }
    kernels.fit(
      ...([n, k, kp, gram, labels, weight, C, 1, Number(warm), tolerance, fitMaxIterations] as const),
      ...([space2.dual, space2.intercept, space2.work, space2.info] as const),
    );
    // The rows of W sum to 0, so the last class follows from the others.
    for (let c = 0; c < k - 1; c++) for (let i = 0; i < n; i++) f64[b + c * n + i] = f64[dual + i * kp + c] * f64[r + i];
  };

  /** Writes the centroids' combinations of rows from column `first` on. */
  const trainCentroids = (first: number): void => {
    const { i32, f64 } = memory;
    const [g, r, y, w] = [gram >> 3, inverse >> 3, labels >> 2, weight >> 3];
    shots.fill(0);
    for (let i = 0; i < n; i++) shots[i32[y + i]] += f64[w + i];
    for (let c = 0; c < k; c++) {
      const b = (coefficients >> 3) + (first + c) * n;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const own = i32[y + i] === c;
        f64[b + i] = own ? (f64[w + i] / shots[c]) * f64[r + i] : 0;
        if (!own) continue;
        for (let j = 0; j < n; j++) if (i32[y + j] === c) squares += f64[w + i] * f64[w + j] * f64[g + i * n + j];
      }
      centroidSquares[c] = squares / (shots[c] * shots[c]);
    }
  };

  const decision = decisions(
    memory,
    { k: () => k, n: () => n, truth: (i) => episode.queryLabels[i] },
    {
      ...{ coefficients, scores, factors, weightNorms, intercept: space2.intercept, centroidSquares },
      ...{ mostCols, mostQueries: most.query, mostWays: most.ways },
    },
  );

  return {
    start(next) {
      episode = next;
      k = next.classes.length;
      q = next.query.length;
      const own = next.support.length;
      const images = imagesOf(next);
      n = own * (1 + views);
      const { i32, f64 } = memory;
      i32.set(next.support, support >> 2);
      i32.set(next.query, query >> 2);
      i32.set(next.supportLabels, labels >> 2);
      f64.fill(1, weight >> 3, (weight >> 3) + own);
      for (let i = 0; i < own; i++) {
        for (let v = 0; v < views; v++) {
          i32[(viewRows >> 2) + i * views + v] = images[i] * views + v;
          i32[(labels >> 2) + own + i * views + v] = next.supportLabels[i];
        }
      }
      // A view counts 1/views: all views of a row together weigh as much as the row.
      if (views > 0) f64.fill(1 / views, (weight >> 3) + own, (weight >> 3) + n);
    },

    count(mask, probes, correct, tables = null, bins = null) {
      const width = gatherTraining(mask);
      trainGram(width);
      const softmax = probes.includes("softmax");
      const centroid = probes.includes("centroid") || probes.includes("cosine");
      const columns = (softmax ? k - 1 : 0) + (centroid ? k : 0);
      // A loose fit first, unless how sure the answers are is asked for, or queries may have any norm: then nothing bounds what it leaves open.
      const loose = softmax && normalize && bins === null;
      if (softmax) trainSoftmax(loose ? looseTolerance(q, k) : fitTolerance, false);
      if (centroid) trainCentroids(softmax ? k - 1 : 0);

      // The queries: as they are, or only the columns kept.
      const kept = mask.kind === "kept";
      const fold = mask.kind === "weights" ? mask.weights : 0;
      let [single, source, sourceStride, list] = [rows.single, rows.address, stride, query];
      if (kept) {
        if (compactSize < q * width) {
          compact = doubles(q * width);
          compactSize = q * width;
        }
        kernels.gather(rows.single, rows.address, stride, query, q, mask.count, 0, mask.columns, compact, width);
        [single, source, sourceStride, list] = [0, compact, width, 0];
      }
      // Few rows, many outputs: the products with the rows themselves serve every probe. Else the products with each output's weights.
      const direct = n <= columns;
      const produced = direct ? n : columns;
      if (direct && fold !== 0) kernels.gather(0, z, width, 0, n, width, fold, 0, combined, width);
      else if (!direct) kernels.combine(coefficients, n, columns, n, z, width, fold, combined);
      const weights = direct && fold === 0 ? z : combined;
      /** Writes 1/‖masked query‖ of each (0 for zeros) to `factors`. */
      const measure = (): void => {
        if (fold !== 0) kernels.gather(0, fold, stride, 0, 1, stride, fold, 0, squaredMask, stride);
        kernels.squares(single, source, sourceStride, list, q, fold === 0 ? 0 : squaredMask, factors);
        const { f64 } = memory;
        for (let i = factors >> 3; i < (factors >> 3) + q; i++) f64[i] = f64[i] > 0 ? 1 / Math.sqrt(f64[i]) : 0;
      };
      if (normalize && fold === 0 && !kept) {
        const { f64 } = memory;
        for (let i = 0; i < q; i++) f64[(factors >> 3) + i] = f64[(rows.inverse >> 3) + episode.query[i]];
      } else if (normalize) measure();
      else {
        if (bins !== null && probes.includes("cosine")) {
          measure();
          decision.cosineScales.set(memory.f64.subarray(factors >> 3, (factors >> 3) + q));
        }
        memory.f64.fill(1, factors >> 3, (factors >> 3) + q);
      }

      correct.fill(0);
      decision.begin(probes, { columns, produced, direct }, tables, bins);
      // How sure an answer is takes double precision throughout: a first look would do for the answer alone.
      const rough = rows.rough && !kept && normalize && bins === null ? kernels.rough : null;
      if (rough) {
        rough(source, sourceStride, list, q, weights, narrow, produced, scores, produced, 0);
        kernels.squares(0, weights, width, 0, produced, 0, weightNorms);
      } else kernels.products(single, source, sourceStride, list, q, weights, width, produced, width, scores, produced, 0);
      if (!rough && !loose) {
        for (let i = 0; i < q; i++) decision.decide(i, i, -1, correct);
        return;
      }
      // A first look, loosely fitted and in single precision, decides all but the closest calls; those are looked at again, exactly.
      const { f64, i32 } = memory;
      decision.errors(rough ? roughError(width) : 0, loose ? looseError(f64, space2.info >> 3) : 0);
      let open = 0;
      for (let i = 0; i < q; i++) {
        const scale = f64[(rows.inverse >> 3) + episode.query[i]];
        if (!decision.decide(i, i, scale > 0 ? f64[(factors >> 3) + i] / scale : 0, correct)) i32[(close >> 2) + open++] = i;
      }
      if (open === 0) return;
      if (loose) {
        trainSoftmax(fitTolerance, true);
        decision.refit();
        if (!direct) kernels.combine(coefficients, n, columns, n, z, width, fold, combined);
      }
      for (let i = 0; i < open; i++) {
        const at = i32[(close >> 2) + i];
        i32[(closeRows >> 2) + i] = kept ? at : episode.query[at];
      }
      kernels.products(single, source, sourceStride, closeRows, open, weights, width, produced, width, scores, produced, 0);
      for (let i = 0; i < open; i++) decision.decide(i, i32[(close >> 2) + i], -1, correct);
    },
  };
}
