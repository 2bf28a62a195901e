import type { StagedEpisode } from "../estimate/stagedEpisode.ts";
import { type KernelMemory, paddedCols, type RoughKernels, roughError, roughFloor } from "../kernels/kernels.ts";
import type { CurveProducts } from "./curveProducts.ts";

/** Decides the queries of a curve in single precision, but for the closest. */
export interface CurveLook {
  /** q answers of the last `decide`: a way, or −1 where the decision is closer than the errors. */
  readonly answers: Int32Array;
  /**
   * Scores of query i are the sums of its products times the coefficients (k padded rows of n, in kernel memory), over the query's norm, plus the
   * offsets; two of them may be wrong against each other by `loose` before any rounding.
   */
  decide(
    episode: StagedEpisode,
    known: { readonly products: CurveProducts; readonly coefficients: number; readonly offsets: Float64Array; readonly loose: number },
  ): void;
}

/** Reserves the scratch for episodes of up to that many rows and ways. */
export function curveLook(
  memory: KernelMemory,
  { narrow, rough, look }: RoughKernels,
  size: { readonly support: number; readonly query: number; readonly ways: number },
): CurveLook {
  // Half a unit in the last place of a single, as a share.
  const half = 2 ** -24;
  // No bound holds where coefficients could overflow: with norms within `roughRange`, their sums can't below this.
  const most = 2 ** 60;
  // A coefficient below 2⁻¹⁴⁹ is lost, times a product of at most 2⁶⁰, over a norm of at least 2⁻³⁰.
  const hidden = 2 ** -40;
  const singles = (count: number): number => memory.allocate(4 * count);
  const queries = paddedCols(size.query);
  const narrowed = singles(size.ways * paddedCols(size.support));
  const scores = singles(size.ways * queries);
  const [factors, offsetList, answerList] = [singles(queries), singles(size.ways), singles(queries)];
  const answers = new Int32Array(size.query);
  const lengths = new Float64Array(size.support);

  return {
    answers,
    decide({ support, query, classes }, { products, coefficients, offsets, loose }) {
      const { f32, f64, i32 } = memory;
      const [n, q, k] = [support.length, query.length, classes.length];
      const [np, stride] = [paddedCols(n), paddedCols(q)];
      const [g, b, r] = [products.gram >>> 3, coefficients >>> 3, products.norms >>> 3];
      for (let i = 0; i < n; i++) lengths[i] = Math.sqrt(f64[g + i * n + i]);
      // A share of the query's norm by which a score may be off, once times the products' error; and what underflow may hide.
      let [share, plain, widest] = [0, 0, 0];
      for (let way = 0; way < k; way++) {
        let [sum, sizes] = [0, 0];
        for (let i = 0; i < n; i++) {
          const own = Math.abs(f64[b + way * np + i]);
          sizes += own;
          sum += own * lengths[i];
        }
        share = Math.max(share, sum);
        plain = Math.max(plain, sizes);
        widest = Math.max(widest, Math.abs(offsets[way]));
        f32[(offsetList >>> 2) + way] = offsets[way];
      }
      for (let i = 0; i < q; i++) f32[(factors >>> 2) + i] = f64[r + i] > 0 ? 1 / Math.sqrt(f64[r + i]) : 0;
      narrow(coefficients, k * np, narrowed);
      rough(narrowed, np, 0, k, products.cross, q, scores, stride, 0);
      // Products, their sum, the factor twice and the offset; and what coefficients too small for a single may hide.
      const error = share * (products.error() + roughError(np, 3)) + 3 * half * widest + hidden;
      const apart = plain < most ? 2 * error + loose : Number.POSITIVE_INFINITY;
      look(scores, k, stride, factors, offsetList, apart, 2 * plain * roughFloor, answerList);
      for (let i = 0, at = answerList >>> 2; i < q; i++) answers[i] = i32[at + i];
    },
  };
}
