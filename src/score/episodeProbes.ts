import type { FeatureSpace } from "../estimate/featureSpace.ts";
import type { StagedEpisode } from "../estimate/stagedEpisode.ts";
import { type Kernels, paddedCols, roughError } from "../kernels/kernels.ts";
import type { KernelProbe } from "../plan/options.ts";
import type { ClassWeights } from "../solve/classWeight.ts";
import { fitTolerance, looseError, looseTolerance } from "../solve/solveSoftmax.ts";
import { decisions } from "./decisions.ts";
import { episodeTraining, type LoadedMask } from "./episodeTraining.ts";

/**
 * Trains and asks the built-in probes on one episode after another. A mask and the l2 after it are a diagonal rescaling of the Gram matrix
 * and of the scores, so neither ever copies the features; all scratch is reserved once.
 */
export interface EpisodeProbes {
  /** Starts an episode: its rows go to kernel memory. */
  start(episode: StagedEpisode): void;
  /**
   * Correct predictions of each probe under one mask, written to `correct`; their confusion matrices to `tables`, most ways × most ways each, and how
   * sure they are to `bins`. Returns which probes' counts can't be relied on, 2^p for probe p: the fit has not converged, or rounding may decide a query.
   */
  /** C of the softmax probe that was counted last. */
  penalty(): number;
  count(
    mask: LoadedMask,
    probes: readonly KernelProbe[],
    correct: Int32Array,
    tables?: Int32Array | null,
    bins?: Int32Array | null,
  ): number;
}

/** Fits by hand and by the engine end within 1e-8 of |W| of the optimum at most, and so of each other: scores of a query of norm 1 that are nearer than that are a tie. */
const tieShare = 3e-8;
/** The same of probes that are not fitted: what the order of additions may change. */
const tieRounding = 4e-12;

/** Reserves the scratch for episodes of up to `most`. */
export function episodeProbes(
  kernels: Kernels,
  space: FeatureSpace,
  options: {
    readonly C: number | "auto";
    readonly classWeights: ClassWeights;
    readonly normalize: "l2" | "none";
    readonly trainOn: "support" | "augmented";
    readonly most: { readonly support: number; readonly query: number; readonly ways: number };
  },
): EpisodeProbes {
  const { memory } = kernels;
  const { rows } = space;
  const { stride } = rows;
  const { most } = options;
  const normalize = options.normalize === "l2";
  const training = episodeTraining(kernels, space, { ...options, normalize });
  const { z, coefficients, mostRows } = training;
  const mostCols = Math.max(2 * most.ways, mostRows);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const integers = (count: number): number => memory.allocate(4 * count);
  const query = integers(most.query);
  const views = options.trainOn === "augmented" ? space.augmented : null;
  const moderate = normalize && rows.moderate && (views === null || views.moderate);
  const combined = doubles(Math.max(2 * most.ways, mostRows) * stride);
  const squaredMask = doubles(stride);
  const factors = doubles(most.query);
  const weightNorms = doubles(mostCols);
  const narrowed = memory.allocate(4 * mostCols * stride);
  const [close, closeRows] = [integers(most.query), integers(most.query)];
  const mostScores = paddedCols(most.query * mostCols);
  const [scores, roughScores] = [doubles(mostScores), memory.allocate(4 * mostScores)];
  let compact = 0;
  let compactSize = 0;
  let episode: StagedEpisode;
  let q = 0;
  let k = 0;

  const decision = decisions(
    memory,
    { k: () => k, n: training.rows, truth: (i) => episode.queryLabels[i] },
    {
      ...{ coefficients, scores, factors, weightNorms, intercept: training.intercept, centroidSquares: training.centroidSquares },
      ...{ mostCols, mostQueries: most.query, mostWays: most.ways },
    },
  );

  return {
    start(next) {
      episode = next;
      k = next.classes.length;
      q = next.query.length;
      training.start(next);
      memory.i32.set(next.query, query >>> 2);
    },

    penalty: training.penalty,

    count(mask, probes, correct, tables = null, bins = null) {
      const width = training.load(mask);
      const n = training.rows();
      const softmax = probes.includes("softmax");
      const centroid = probes.includes("centroid") || probes.includes("cosine");
      const columns = (softmax ? k - 1 : 0) + (centroid ? k : 0);
      // A loose fit first, unless how sure the answers are is asked for, or queries may have any norm: then nothing bounds what it leaves open.
      const loose = softmax && normalize && bins === null;
      let converged = !softmax || training.softmax(loose ? looseTolerance(q, k) : fitTolerance, false);
      /** Probes whose counts can't be relied on. */
      const unreliable = (): number => {
        let bits = 0;
        for (let p = 0; p < probes.length; p++) {
          // A class whose mean has no direction has a cosine of 0 with everything; fitCosine refuses it.
          if (probes[p] === "cosine" && training.centroidSquares.subarray(0, k).includes(0)) continue;
          if (decision.open[p] === 1 || (probes[p] === "softmax" && !converged)) bits |= 1 << p;
        }
        return bits;
      };
      if (centroid) training.centroids(softmax ? k - 1 : 0);

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
        for (let i = factors >>> 3; i < (factors >>> 3) + q; i++) f64[i] = f64[i] > 0 ? 1 / Math.sqrt(f64[i]) : 0;
      };
      if (normalize && fold === 0 && !kept) {
        const { f64 } = memory;
        for (let i = 0; i < q; i++) f64[(factors >>> 3) + i] = f64[(rows.inverse >>> 3) + episode.query[i]];
      } else if (normalize) measure();
      else {
        if (bins !== null && probes.includes("cosine")) {
          measure();
          decision.cosineScales.set(memory.f64.subarray(factors >>> 3, (factors >>> 3) + q));
        }
        memory.f64.fill(1, factors >>> 3, (factors >>> 3) + q);
      }

      correct.fill(0);
      decision.begin(probes, { columns, produced, direct }, tables, bins);
      let longest = 0;
      if (centroid) for (let c = 0; c < k; c++) longest = Math.max(longest, training.centroidSquares[c]);
      const share = (probe: KernelProbe): number =>
        probe === "softmax" ? tieShare * training.largestWeights() : tieRounding * (probe === "centroid" ? Math.sqrt(longest) : 1);
      decision.ties(
        probes.map(share),
        probes.map((probe) => (probe === "softmax" ? tieShare : probe === "centroid" ? tieRounding * longest : 0)),
      );
      if (!normalize) {
        // The rows' own norms, times the largest weight of the mask.
        const { f64 } = memory;
        let largest = fold === 0 ? 1 : 0;
        if (fold !== 0) for (let j = fold >>> 3; j < (fold >>> 3) + stride; j++) largest = Math.max(largest, f64[j]);
        for (let i = 0; i < q; i++) {
          const scale = f64[(rows.inverse >>> 3) + episode.query[i]];
          decision.sizes[i] = scale > 0 ? largest / scale : 0;
        }
      }
      // How sure an answer is takes double precision throughout: a first look would do for the answer alone.
      const rough = moderate && single === 1 && bins === null ? kernels.rough : null;
      if (rough) {
        rough.narrow(weights, produced * width, narrowed);
        rough.rough(source, sourceStride, list, q, narrowed, produced, roughScores, produced, 0);
        const padded = paddedCols(q * produced);
        kernels.gather(1, roughScores, padded, 0, 1, padded, 0, 0, scores, padded);
        kernels.squares(0, weights, width, 0, produced, 0, weightNorms);
      } else kernels.products(single, source, sourceStride, list, q, weights, width, produced, width, scores, produced, 0);
      if (!rough && !loose) {
        for (let i = 0; i < q; i++) decision.decide(i, i, -1, correct);
        return unreliable();
      }
      // A first look, loosely fitted and in single precision, decides all but the closest calls; those are looked at again, exactly.
      const { f64, i32 } = memory;
      decision.errors(rough ? roughError(width) : 0, loose ? looseError(f64, training.info >>> 3) : 0);
      let open = 0;
      for (let i = 0; i < q; i++) {
        const scale = f64[(rows.inverse >>> 3) + episode.query[i]];
        if (!decision.decide(i, i, scale > 0 ? f64[(factors >>> 3) + i] / scale : 0, correct)) i32[(close >>> 2) + open++] = i;
      }
      if (open === 0) return unreliable();
      if (loose) {
        converged = training.softmax(fitTolerance, true);
        decision.refit();
        if (!direct) kernels.combine(coefficients, n, columns, n, z, width, fold, combined);
      }
      for (let i = 0; i < open; i++) {
        const at = i32[(close >>> 2) + i];
        i32[(closeRows >>> 2) + i] = kept ? at : episode.query[at];
      }
      kernels.products(single, source, sourceStride, closeRows, open, weights, width, produced, width, scores, produced, 0);
      for (let i = 0; i < open; i++) decision.decide(i, i32[(close >>> 2) + i], -1, correct);
      return unreliable();
    },
  };
}
