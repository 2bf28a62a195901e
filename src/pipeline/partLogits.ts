import type { PartKernels } from "../basis/fitParts.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { fitSoftmaxGram } from "../solve/fitSoftmaxGram.ts";

/** One task among the rows that {@link PartKernels} know, by their positions; support rows may be in any order. */
export interface PartEpisode {
  readonly support: Int32Array;
  readonly supportLabels: Int32Array;
  readonly query: Int32Array;
  readonly ways: number;
}

/** Further kernels of one task alone, m × m of its support rows, then its queries. */
export interface OwnKernels {
  readonly count: number;
  readonly grams: readonly Float64Array[];
}

/** The same task among its own rows. */
function amongOwn({ support, supportLabels, query, ways }: PartEpisode): PartEpisode {
  const n = support.length;
  return { support: support.map((_, i) => i), supportLabels, query: query.map((_, i) => n + i), ways };
}

/** Rows of each way. */
function countsOf({ supportLabels, ways }: PartEpisode): Float64Array {
  const counts = new Float64Array(ways);
  for (const way of supportLabels) counts[way]++;
  return counts;
}

/** |μ|² of each way's mean. */
function meanSquares(gram: Float64Array, count: number, episode: PartEpisode): Float64Array {
  const { support, supportLabels, ways } = episode;
  const shots = countsOf(episode);
  const squares = new Float64Array(ways);
  for (let i = 0; i < support.length; i++) {
    const way = supportLabels[i];
    const row = support[i] * count;
    for (let j = 0; j < support.length; j++)
      if (supportLabels[j] === way) squares[way] += gram[row + support[j]] / (shots[way] * shots[way]);
  }
  return squares;
}

/** Centroid logits of one part, q·μ − ½|μ|², written from `at` on, every `stride`: queries × ways. */
function centroidLogits(gram: Float64Array, count: number, episode: PartEpisode, out: Float64Array, at: number, stride: number): void {
  const { support, supportLabels, query, ways } = episode;
  const shots = countsOf(episode);
  const squares = meanSquares(gram, count, episode);
  const sums = new Float64Array(ways);
  for (let i = 0; i < query.length; i++) {
    const row = query[i] * count;
    sums.fill(0);
    for (let j = 0; j < support.length; j++) sums[supportLabels[j]] += gram[row + support[j]];
    for (let way = 0; way < ways; way++) out[at + (i * ways + way) * stride] = sums[way] / shots[way] - squares[way] / 2;
  }
}

/** The two-covariance log-density of each query in each way, less what is the same for all ways: written as centroid logits are. */
export function densityLogits(
  { coordinates, psi }: PartKernels,
  episode: PartEpisode,
  out: Float64Array,
  at: number,
  stride: number,
): void {
  const { support, supportLabels, query, ways } = episode;
  const r = psi.length;
  const shots = countsOf(episode);
  // Unequal shots: their harmonic mean, so that the density stays linear.
  const K = ways / shots.reduce((sum, count) => sum + 1 / count, 0);
  const weights = new Float64Array(ways * r);
  for (let i = 0; i < support.length; i++)
    for (let j = 0; j < r; j++) weights[supportLabels[i] * r + j] += coordinates[support[i] * r + j] / shots[supportLabels[i]];
  const halves = new Float64Array(ways);
  for (let way = 0; way < ways; way++) {
    for (let j = 0; j < r; j++) {
      const mean = weights[way * r + j] * (psi[j] / (psi[j] + 1 / K));
      const variance = 1 + psi[j] / (K * psi[j] + 1);
      weights[way * r + j] = mean / variance;
      halves[way] += (mean * mean) / variance / 2;
    }
  }
  for (let i = 0; i < query.length; i++) {
    for (let way = 0; way < ways; way++) {
      let sum = 0;
      for (let j = 0, a = query[i] * r, b = way * r; j < r; j++, a++, b++) sum += coordinates[a] * weights[b];
      out[at + (i * ways + way) * stride] = sum - halves[way];
    }
  }
}

/** Logits of every part: centroid logits in each kernel, those of the task's own last, then the density; queries × ways × parts. */
export function logitsOfParts(parts: PartKernels, episode: PartEpisode, own: OwnKernels | null = null): Float64Array {
  const each = parts.grams.length + (own?.grams.length ?? 0) + 1;
  const out = new Float64Array(episode.query.length * episode.ways * each);
  parts.grams.forEach((gram, m) => {
    centroidLogits(gram, parts.count, episode, out, m, each);
  });
  own?.grams.forEach((gram, m) => {
    centroidLogits(gram, own.count, amongOwn(episode), out, parts.grams.length + m, each);
  });
  densityLogits(parts, episode, out, each - 1, each);
  return out;
}

/** Scores of a centroid probe, −½|q − μ|² but for what all ways share, or of a cosine probe, in the weighted sum of kernels. */
export function centroidOfParts(
  { count, grams }: PartKernels,
  weights: ArrayLike<number>,
  episode: PartEpisode,
  cosine: boolean,
): Float64Array {
  const { query, ways } = episode;
  const gram = weighted(grams, weights, count * count, (at) => at);
  const out = new Float64Array(query.length * ways);
  centroidLogits(gram, count, episode, out, 0, 1);
  if (!cosine) return out;
  // q·μ − ½|μ|² plus ½|μ|² is q·μ; |μ|² and |q|² are left to divide by.
  const squares = meanSquares(gram, count, episode);
  for (let i = 0; i < query.length; i++) {
    const own = gram[query[i] * (count + 1)];
    for (let way = 0; way < ways; way++) {
      const size = squares[way] * own;
      out[i * ways + way] = size > 0 ? (out[i * ways + way] + squares[way] / 2) / Math.sqrt(size) : 0;
    }
  }
  return out;
}

/** Σ weight · gram at the places that `from` maps 0 … length − 1 to. */
function weighted(grams: readonly Float64Array[], weights: ArrayLike<number>, length: number, from: (at: number) => number): Float64Array {
  const out = new Float64Array(length);
  grams.forEach((gram, m) => {
    const weight = weights[m];
    if (weight !== 0) for (let at = 0; at < length; at++) out[at] += weight * gram[from(at)];
  });
  return out;
}

/** Logits of the softmax probe on the weighted sum of kernels, queries × ways: its rows are the maps, times √weight, side by side. */
export function softmaxLogits(
  kernels: Kernels,
  parts: PartKernels,
  weights: ArrayLike<number>,
  episode: PartEpisode,
  C: number,
  own: OwnKernels | null = null,
): { readonly logits: Float64Array; readonly converged: boolean } {
  const { support, supportLabels, query, ways } = episode;
  const { count, grams } = parts;
  const n = support.length;
  const q = query.length;
  const gram = weighted(grams, weights, n * n, (at) => support[Math.floor(at / n)] * count + support[at % n]);
  const cross = weighted(grams, weights, q * n, (at) => query[Math.floor(at / n)] * count + support[at % n]);
  own?.grams.forEach((values, m) => {
    const weight = weights[grams.length + m];
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] += weight * values[i * own.count + j];
    for (let i = 0; i < q; i++) for (let j = 0; j < n; j++) cross[i * n + j] += weight * values[(n + i) * own.count + j];
  });
  const { dual, intercept, converged } = fitSoftmaxGram(kernels, gram, supportLabels, ways, C);
  const out = new Float64Array(q * ways);
  for (let i = 0; i < q; i++) {
    for (let way = 0; way < ways; way++) {
      let sum = intercept[way];
      for (let j = 0; j < n; j++) sum += cross[i * n + j] * dual[j * ways + way];
      out[i * ways + way] = sum;
    }
  }
  return { logits: out, converged };
}
