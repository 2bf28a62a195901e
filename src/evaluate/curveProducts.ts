import { type Kernels, paddedCols } from "../kernels/kernels.ts";
import type { FeatureSpace } from "./featureSpace.ts";
import type { StagedEpisode } from "./stagedEpisode.ts";

/** What a curve knows of one episode's rows after its first so many dimensions, in order of importance. Addresses in kernel memory. */
export interface CurveProducts {
  /** n × n: the support's Gram matrix. */
  readonly gram: number;
  /** q × n, rows padded: products of queries with support rows, in single precision where `single`. */
  readonly cross: number;
  /** q squared norms of the queries. */
  readonly norms: number;
  readonly single: boolean;
  /** Starts an episode, whose dimensions come in the order given. */
  start(episode: StagedEpisode, order: Int32Array): void;
  /** Adds the dimensions between stop s − 1 and stop s. */
  add(s: number): void;
  /** Columns of the widest block so far: of all products in single precision, its are the least certain. */
  widest(): number;
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
  const x = doubles(most.query * Math.max(...widths));
  const narrow = integers(most.support * Math.max(...widths));
  const padded = paddedCols(most.support);
  const gram = doubles(most.support ** 2);
  const [cross, exactCross] = [doubles(most.query * padded), doubles(most.query * padded)];
  const [norms, part] = [doubles(most.query), doubles(most.query)];
  const [support, query, columns] = [integers(most.support), integers(most.query), integers(cols)];
  /** Blocks that each query's exact products hold so far. */
  const exactBlocks = new Int32Array(most.query);
  const { rough, pick } = kernels;
  const single = rough !== null && pick !== null && storage === 1 && rows.moderate && normalize;
  let [n, q, np, widest] = [0, 0, 0, 0];

  const gather = (list: number, count: number, s: number, to: number): void =>
    kernels.gather(storage, address, stride, list, count, stops[s] - starts[s], 0, columns + 4 * starts[s], to, widths[s]);

  return {
    ...{ gram, cross, norms, single },
    start(episode, order) {
      [n, q, widest] = [episode.support.length, episode.query.length, 0];
      np = paddedCols(n);
      const { i32, f64 } = memory;
      i32.set(episode.support, support >> 2);
      i32.set(episode.query, query >> 2);
      i32.set(order, columns >> 2);
      f64.fill(0, norms >> 3, (norms >> 3) + q);
      f64.fill(0, cross >> 3, (cross >> 3) + q * np);
      f64.fill(0, exactCross >> 3, (exactCross >> 3) + q * np);
      exactBlocks.fill(0);
    },

    add(s) {
      const width = widths[s];
      const block = z + 8 * n * offsets[s];
      widest = Math.max(widest, width);
      gather(support, n, s, block);
      kernels.gram(block, width, n, width, gram, Number(s > 0));
      if (single) {
        pick(address, stride, query, q, stops[s] - starts[s], columns + 4 * starts[s], x, width);
        rough(x, width, 0, q, block, narrow, n, cross, np, 1);
      } else {
        gather(query, q, s, x);
        kernels.products(0, x, width, 0, q, block, width, n, width, cross, np, 1);
      }
      if (!normalize) return;
      kernels.squares(Number(single), x, width, 0, q, 0, part);
      const { f64 } = memory;
      for (let i = 0, r = norms >> 3, p = part >> 3; i < q; i++) f64[r + i] += f64[p + i];
    },

    widest: () => widest,

    exact(i, s) {
      if (!single) return cross + 8 * i * np;
      const row = exactCross + 8 * i * np;
      for (let block = exactBlocks[i]; block <= s; block++) {
        gather(query + 4 * i, 1, block, x);
        kernels.products(0, x, widths[block], 0, 1, z + 8 * n * offsets[block], widths[block], n, widths[block], row, np, 1);
      }
      exactBlocks[i] = s + 1;
      return row;
    },
  };
}
