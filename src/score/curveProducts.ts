import type { FeatureSpace } from "../estimate/featureSpace.ts";
import type { StagedEpisode } from "../estimate/stagedEpisode.ts";
import { type Kernels, paddedCols, type RoughKernels, roughError } from "../kernels/kernels.ts";

/** What a curve knows of one episode's rows after its first so many dimensions, in order of importance. Addresses in kernel memory. */
export interface CurveProducts {
  /** n × n: the support's Gram matrix. */
  readonly gram: number;
  /** q × n, rows padded: products of queries with support rows, singles where `rough` and doubles elsewhere. */
  readonly cross: number;
  /** q squared norms of the queries. */
  readonly norms: number;
  /** Not null where the first look is in single precision. */
  readonly rough: RoughKernels | null;
  /** Starts an episode, whose dimensions come in the order given. */
  start(episode: StagedEpisode, order: Int32Array): void;
  /** Adds the dimensions between stop s − 1 and stop s. */
  add(s: number): void;
  /** The share of |query| · |support row| by which `cross` may be off. */
  error(): number;
  /** The address of query i's row of products, up to stop s, in double precision. */
  exact(i: number, s: number): number;
}

/** Reserves the scratch for episodes of up to `most` and for these stops. */
export function curveProducts(
  kernels: Kernels,
  { rows }: FeatureSpace,
  stops: readonly number[],
  options: { readonly normalize: boolean; readonly most: { readonly support: number; readonly query: number } },
): CurveProducts {
  const { memory } = kernels;
  const { most, normalize } = options;
  const { single: storage, address, stride, cols } = rows;
  const doubles = (count: number): number => memory.allocate(8 * count);
  const integers = (count: number): number => memory.allocate(4 * count);
  const starts = stops.map((_, s) => (s > 0 ? stops[s - 1] : 0));
  // Each block of dimensions between two stops is padded on its own, so that blocks are whole rows of the kernels; one after the other they stay.
  const widths = stops.map((stop, s) => (stop - starts[s] + 3) & ~3);
  const offsets = widths.map((_, s) => widths.slice(0, s).reduce((sum, width) => sum + width, 0));
  const z = doubles(most.support * widths.reduce((sum, width) => sum + width, 0));
  const rough = storage === 1 && rows.moderate && normalize ? kernels.rough : null;
  // The rows of a block: singles of support and queries, or doubles of the queries alone.
  const widest = Math.max(...widths);
  const x = rough ? memory.allocate(4 * (most.support + most.query) * widest) : doubles(most.query * widest);
  const padded = paddedCols(most.support);
  const gram = doubles(most.support ** 2);
  const [cross, exactCross] = [doubles(most.query * padded), doubles(most.query * padded)];
  const [norms, part] = [doubles(most.query), doubles(most.query)];
  // Queries follow the support: both are picked at once.
  const [support, columns] = [integers(most.support + most.query), integers(cols)];
  let query = support;
  /** Blocks that each query's exact products hold so far. */
  const exactBlocks = new Int32Array(most.query);
  let [n, q, np] = [0, 0, 0];
  // Columns of the widest block so far, the least certain, and how many there are.
  let [widestYet, blocks] = [0, 0];

  const gather = (list: number, count: number, s: number, to: number): void =>
    kernels.gather(storage, address, stride, list, count, stops[s] - starts[s], 0, columns + 4 * starts[s], to, widths[s]);

  return {
    ...{ gram, cross, norms, rough },
    start(episode, order) {
      [n, q] = [episode.support.length, episode.query.length];
      [widestYet, blocks] = [0, 0];
      query = support + 4 * n;
      np = paddedCols(n);
      const { i32, f32, f64 } = memory;
      i32.set(episode.support, support >>> 2);
      i32.set(episode.query, query >>> 2);
      i32.set(order, columns >>> 2);
      f64.fill(0, norms >>> 3, (norms >>> 3) + q);
      if (rough) f32.fill(0, cross >>> 2, (cross >>> 2) + q * np);
      else f64.fill(0, cross >>> 3, (cross >>> 3) + q * np);
      exactBlocks.fill(0);
    },

    add(s) {
      const width = widths[s];
      const block = z + 8 * n * offsets[s];
      if (rough) {
        [widestYet, blocks] = [Math.max(widestYet, width), blocks + 1];
        const queries = x + 4 * n * width;
        rough.pick(address, stride, support, n + q, stops[s] - starts[s], columns + 4 * starts[s], x, width);
        rough.rough(queries, width, 0, q, x, n, cross, np, 1);
        kernels.gather(1, x, width, 0, n, width, 0, 0, block, width);
        kernels.squares(1, queries, width, 0, q, 0, part);
      } else {
        gather(support, n, s, block);
        gather(query, q, s, x);
        kernels.products(0, x, width, 0, q, block, width, n, width, cross, np, 1);
        kernels.squares(0, x, width, 0, q, 0, part);
      }
      kernels.gram(block, width, n, width, gram, Number(s > 0));
      if (!normalize) return;
      const { f64 } = memory;
      for (let i = 0, r = norms >>> 3, p = part >>> 3; i < q; i++) f64[r + i] += f64[p + i];
    },

    error: () => (rough ? roughError(widestYet, blocks) : 0),

    exact(i, s) {
      if (!rough) return cross + 8 * i * np;
      const row = exactCross + 8 * i * np;
      if (exactBlocks[i] === 0) memory.f64.fill(0, row >>> 3, (row >>> 3) + np);
      // The singles of this block are done with: their place serves.
      for (let block = exactBlocks[i]; block <= s; block++) {
        gather(query + 4 * i, 1, block, x);
        kernels.products(0, x, widths[block], 0, 1, z + 8 * n * offsets[block], widths[block], n, widths[block], row, np, 1);
      }
      exactBlocks[i] = s + 1;
      return row;
    },
  };
}
