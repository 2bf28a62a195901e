import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";
import { type KernelMemory, roughFloor } from "../kernels/kernels.ts";
import { confidenceWidth } from "../plan/countLayout.ts";
import type { KernelProbe } from "../plan/options.ts";
import { addConfidence, addLoss } from "./confidenceBins.ts";

/** Addresses of what decisions read: combinations of rows, products, each query's factor, the squares of the weights' norms. */
export interface DecisionData {
  readonly coefficients: number;
  readonly scores: number;
  readonly factors: number;
  readonly weightNorms: number;
  readonly intercept: number;
  readonly centroidSquares: Float64Array;
  readonly mostCols: number;
  /** Most queries of any episode. */
  readonly mostQueries: number;
  /** Most ways of any episode: the side of a table. */
  readonly mostWays: number;
}

/** Turns products into labels, and counts the right ones. */
export interface Decisions {
  /**
   * Starts a mask: `direct` products are with the training rows, others with each output's own weights. `tables`, if any, get a confusion matrix
   * a probe, mostWays × mostWays, true classes by rows; `bins`, if any, get how sure each answer is, and then all products must be exact.
   */
  begin(
    probes: readonly KernelProbe[],
    products: { readonly columns: number; readonly produced: number; readonly direct: boolean },
    tables: Int32Array | null,
    bins: Int32Array | null,
  ): void;
  /** Takes combinations and intercepts afresh: a fit has changed them. */
  refit(): void;
  /** q: no query is longer, masked, than this; all 1 unless set after `begin`. */
  readonly sizes: Float64Array;
  /** For each probe, 1 where an exact decision since `begin` lay within the `ties` of it: by other sums of the same numbers it may come out otherwise. */
  readonly open: Uint8Array;
  /** Takes, a probe at a time, how near two scores of a query of norm 1 may come before rounding may decide between them, and what is added whatever the norm. */
  ties(share: readonly number[], floor: readonly number[]): void;
  /** q: what makes a cosine probe's scores cosines where queries are not of norm 1; all 1 unless set after `begin`. */
  readonly cosineScales: Float64Array;
  /**
   * Takes the error of rough products, as a share of |query| · |weights| (0 for exact ones), and by how much two scores of the softmax probe may be
   * wrong against each other all the same.
   */
  errors(share: number, loose: number): void;
  /**
   * Decides query `query` from row `at` of the products. `size` is the query's norm times its factor when anything is rough: then it answers
   * false, and counts nothing, where any probe's decision is closer than the errors. −1 where all is exact.
   */
  decide(at: number, query: number, size: number, correct: Int32Array): boolean;
}

/** Decisions over one kernel memory; k, n and the truth are the episode's at the time. */
export function decisions(
  memory: KernelMemory,
  episode: { k(): number; n(): number; truth(query: number): number },
  data: DecisionData,
): Decisions {
  const { centroidSquares, mostCols, mostWays } = data;
  // One output a class and kind of probe: k of softmax, then k of the centroids. A probe's score is output · factor · gain + offset.
  const outputs = new Float64Array(mostCols + 2);
  let probes: readonly KernelProbe[] = [];
  let chosen = new Int32Array(1);
  let starts = new Int32Array(1);
  let gains = new Float64Array(1);
  let offsets = new Float64Array(1);
  let bounds = new Float64Array(1);
  let floors = new Float64Array(1);
  let looseness = new Float64Array(1);
  let rows = new Float64Array(1);
  let columns = 0;
  let produced = 0;
  let direct = false;
  let softmax = false;
  let firstCentroid = 0;
  let tables: Int32Array | null = null;
  let bins: Int32Array | null = null;
  const cosineScales = new Float64Array(data.mostQueries).fill(1);
  const sizes = new Float64Array(data.mostQueries).fill(1);
  const open = new Uint8Array(4);
  const [tieShares, tieFloors] = [new Float64Array(4), new Float64Array(4)];

  /** Counts how sure an answer is, 1/Σ exp(score − score of the answer), and how much it loses, ln Σ exp(score − score of the truth). */
  const countProbabilities = (into: Int32Array, p: number, query: number, factor: number, truth: number): void => {
    const [start, g, answer] = [starts[p], p * episode.k(), chosen[p]];
    const scale = probes[p] === "cosine" ? cosineScales[query] : 1;
    const score = (c: number): number => outputs[start + c] * factor * gains[g + c] + offsets[g + c];
    const most = score(answer);
    let sum = 0;
    for (let c = 0; c < episode.k(); c++) sum += exp(scale * (score(c) - most));
    addConfidence(into, p * confidenceWidth, 1 / sum, answer === truth);
    addLoss(into, p * confidenceWidth, log(sum) + scale * (most - score(truth)));
  };

  return {
    ...{ cosineScales, sizes, open },
    ties(share, floor) {
      tieShares.set(share);
      tieFloors.set(floor);
    },

    begin(nextProbes, products, nextTables, nextBins) {
      probes = nextProbes;
      ({ columns, produced, direct } = products);
      [tables, bins] = [nextTables, nextBins];
      tables?.fill(0);
      bins?.fill(0);
      open.fill(0);
      const k = episode.k();
      softmax = probes.includes("softmax");
      firstCentroid = softmax ? k - 1 : 0;
      if (chosen.length !== probes.length) {
        chosen = new Int32Array(probes.length);
        starts = new Int32Array(probes.length);
        bounds = new Float64Array(probes.length);
        floors = new Float64Array(probes.length);
        looseness = new Float64Array(probes.length);
      }
      if (gains.length < probes.length * k) {
        gains = new Float64Array(probes.length * k);
        offsets = new Float64Array(probes.length * k);
      }
      this.refit();
    },

    refit() {
      const { f64 } = memory;
      const k = episode.k();
      for (let p = 0; p < probes.length; p++) {
        const probe = probes[p];
        starts[p] = probe === "softmax" ? 0 : softmax ? k : 0;
        for (let c = 0; c < k; c++) {
          const squares = centroidSquares[c];
          gains[p * k + c] = probe !== "cosine" ? 1 : squares > 0 ? 1 / Math.sqrt(squares) : 0;
          offsets[p * k + c] = probe === "softmax" ? f64[(data.intercept >>> 3) + c] : probe === "centroid" ? -squares / 2 : 0;
        }
      }
      if (direct) {
        const size = columns * episode.n();
        if (rows.length < size) rows = new Float64Array(size);
        const from = data.coefficients >>> 3;
        for (let i = 0; i < size; i++) rows[i] = f64[from + i];
      }
    },

    errors(share, loose) {
      for (let p = 0; p < probes.length; p++) looseness[p] = probes[p] === "softmax" ? loose : 0;
      if (share === 0) {
        bounds.fill(0);
        floors.fill(0);
        return;
      }
      const { f64 } = memory;
      const n = episode.n();
      const k = episode.k();
      const norms = data.weightNorms >>> 3;
      // Of the outputs of softmax, then of the centroids: a share of |weights|, and what underflow may hide.
      const [shares, hidden] = [
        [0, 0],
        [0, 0],
      ];
      for (let c = 0; c < columns; c++) {
        let error = 0;
        let least = 0;
        if (direct) {
          for (let i = 0; i < n; i++) {
            const weight = Math.abs(rows[c * n + i]);
            error += weight * Math.sqrt(f64[norms + i]);
            least += weight;
          }
        } else {
          error = Math.sqrt(f64[norms + c]);
          least = 1;
        }
        // The last class of softmax is minus the sum of the others, and so is its error at most.
        if (c < firstCentroid) {
          shares[0] += error;
          hidden[0] += least;
        } else {
          shares[1] = Math.max(shares[1], error);
          hidden[1] = Math.max(hidden[1], least);
        }
      }
      for (let p = 0; p < probes.length; p++) {
        const kind = probes[p] === "softmax" ? 0 : 1;
        let gain = 0;
        for (let c = 0; c < k; c++) gain = Math.max(gain, gains[p * k + c]);
        bounds[p] = 2 * share * gain * shares[kind];
        floors[p] = 2 * roughFloor * gain * hidden[kind];
      }
    },

    decide(at, query, size, correct) {
      const { f64 } = memory;
      const k = episode.k();
      const s = (data.scores >>> 3) + at * produced;
      let rest = 0;
      let out = 0;
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        if (direct) for (let j = 0, b = c * produced; j < produced; j++) sum += rows[b + j] * f64[s + j];
        else sum = f64[s + c];
        outputs[out++] = sum;
        if (c >= firstCentroid) continue;
        rest += sum;
        if (c === firstCentroid - 1) outputs[out++] = -rest;
      }
      const factor = f64[(data.factors >>> 3) + query];
      for (let p = 0; p < chosen.length; p++) {
        const start = starts[p];
        let best = 0;
        let most = Number.NEGATIVE_INFINITY;
        let second = Number.NEGATIVE_INFINITY;
        for (let c = 0, g = p * k; c < k; c++, g++) {
          const score = outputs[start + c] * factor * gains[g] + offsets[g];
          if (score > most) {
            second = most;
            most = score;
            best = c;
          } else if (score > second) second = score;
        }
        // Written so that a NaN counts as too close.
        const tie = tieShares[p] * sizes[query] + tieFloors[p];
        if (size >= 0 && !(most - second > bounds[p] * size + floors[p] * factor + looseness[p] + tie)) return false;
        if (!(most - second > tie)) open[p] = 1;
        chosen[p] = best;
      }
      const truth = episode.truth(query);
      for (let p = 0; p < probes.length; p++) {
        if (chosen[p] === truth) correct[p]++;
        if (tables !== null) tables[(p * mostWays + truth) * mostWays + chosen[p]]++;
        if (bins !== null) countProbabilities(bins, p, query, factor, truth);
      }
      return true;
    },
  };
}
