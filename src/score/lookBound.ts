import { paddedCols } from "../kernels/kernels.ts";

/** Half a unit in the last place of a single, as a share; with 5 % to spare for the rounding of the bounds themselves. */
const unit = 1.05 * 2 ** -24;
/** ‖W‖ as a share of all weights: where it is smaller, the exact fit may not converge for the rounding of its gradient, and has to tell that itself. */
const leastLength = 1e-6;
/** The bound holds while no difference of two logits is off by more: curvature then changes by less than `drift`. */
export const mostApart = 0.1;
const drift = 1.25;

/** Where a softmax fit of rows of norm 1 stands: coefficients W (ways × cols), k intercepts, and for each row probabilities p and a weight w, C included. */
export interface LookState {
  readonly ways: number;
  readonly cols: number;
  /** ‖W + Σ w (p − y) xᵀ‖, the gradient in W. */
  readonly gradient: number;
  /** k: Σ w (p − y), the gradient in the intercepts. */
  readonly sums: Float64Array;
  /** k × k: the inverse of B = Σ w (diag p − p pᵀ), the intercepts' curvature; any curvature will do along moves of all of them alike. */
  readonly inverse: Float64Array;
  /** The largest of B's diagonal. */
  readonly steepest: number;
  /** Σ w (1 − |p|²), and Σ w (1 − p of the row's class). */
  readonly spread: number;
  readonly lost: number;
  /** The largest norm of a row of W, and the largest intercept by magnitude. */
  readonly longest: number;
  readonly highest: number;
  /** Σ w. */
  readonly heaviness: number;
  /** Whether logits are summed in doubles. */
  readonly exact: boolean;
}

/** By how much two scores of a row of norm 1 may be wrong against each other. */
export interface LookBound {
  /** The distance from the optimum's, by gradient and rounding. */
  readonly total: number;
  /** Its part by rounding, which more steps don't help, and its part by the gradient in W. */
  readonly rounding: number;
  readonly plain: number;
  /** The rounding of the two scores themselves, on top of `total`. */
  readonly score: number;
}

/** The bound of a state of which nothing can be said. */
export const nothingKnown: LookBound = { total: Number.POSITIVE_INFINITY, rounding: 0, score: 0, plain: Number.POSITIVE_INFINITY };

/**
 * A proven bound of the distance from a softmax fit's optimum, in the scores of any row of norm 1; it holds where it is below {@link mostApart}. With the best
 * intercepts for every W, the objective is 1-strongly convex in W: |ΔW| ≤ |its gradient|. B, the curvature of the intercepts,
 * is the Laplacian of a graph with weights Σ p_a p_b, and Σ p_a (1 − p_a) bounds, times 2, the curvature of the loss in W at rows of norm 1, λ². A gradient g
 * in the intercepts turns that in W by λ·√(gᵀB⁻¹g) at most; two intercepts move apart by √(vᵀB⁻¹v) times that root and λ·|ΔW|, v their difference. Rounding
 * changes logits by ε, so probabilities by 2·ε·(1 − |p|²) in sum.
 */
export function lookBound(state: LookState): LookBound {
  const { ways: k, cols, gradient, sums, inverse, steepest, spread, lost, longest, highest, heaviness, exact } = state;
  if (!(longest > leastLength * heaviness)) return nothingKnown;
  const [width, kp] = [paddedCols(cols), paddedCols(k)];
  const terms = exact ? 3 : Math.min(width, 128) / 4 + Math.ceil(width / 128) + 6;
  const score = unit * (terms * longest + 3 * (longest + highest)) + 1e-25;
  // What else is lost of probabilities, and of the sums of residuals.
  const rest = unit * (2.1 * (kp / 4 + 15) + 3) * lost;
  const wave = score * Math.sqrt(2 * drift * spread);
  let [loosest, norm, turned] = [0, 0, 0];
  for (let a = 0; a < k; a++) {
    let sum = 0;
    for (let c = 0; c < k; c++) {
      const own = inverse[a * k + c];
      norm += own * own;
      sum += own * sums[c];
      loosest = Math.max(loosest, inverse[a * k + a] + inverse[c * k + c] - 2 * own);
    }
    turned += sums[a] * sum;
  }
  const lambda = Math.sqrt(2 * drift * steepest);
  const step = Math.sqrt(drift * loosest);
  const off = (inW: number, inB: number): number => {
    const far = inW + lambda * inB;
    return Math.SQRT2 * far + step * (lambda * far + inB);
  };
  const noise = wave + Math.sqrt(drift * Math.sqrt(norm)) * rest;
  const roundingW = lambda * wave + rest + unit * 1.42 * 50 * lost;
  const total = off(gradient + roundingW, Math.sqrt(drift * Math.max(0, turned)) + noise);
  return { total, rounding: off(roundingW, noise), score: 2 * score, plain: off(gradient, 0) };
}
