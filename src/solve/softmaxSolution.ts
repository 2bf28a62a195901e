import type { LoadedRows } from "../kernels/loadRows.ts";

/** A problem whose rows are in kernel memory. */
export interface LoadedProblem {
  readonly rows: LoadedRows;
  /** n: class positions, 0 … k − 1. */
  readonly codes: Int32Array;
  readonly k: number;
  readonly fitIntercept: boolean;
}

/** One C and one set of weights for a prepared problem. */
export interface SolveRequest {
  readonly C: number;
  /** n weights ≥ 0, not all 0, 1 each by default: a row of weight 0 is left out and costs nothing. */
  readonly weights?: Float64Array;
  /** An answer to start from, of the same problem at another C or other weights. */
  readonly warm?: Pick<SoftmaxSolution, "coef" | "intercept" | "dual"> | null;
  /** How large the gradient may be, as a share of ‖W‖ (default 1e-9): the larger, the sooner. */
  readonly tolerance?: number;
  /** Whether the primal form tells dual coefficients too, C · w · (y − p) at the answer (default false). */
  readonly dual?: boolean;
}

/** The minimiser of C · Σ w_i · logloss_i + ½‖W‖². */
export interface SoftmaxSolution {
  /** k × d. */
  readonly coef: Float64Array;
  /** k values that sum to 0. */
  readonly intercept: Float64Array;
  /** n × k with coef = dualᵀ · X, 0 in rows left out; null in the primal form unless asked for. */
  readonly dual: Float64Array | null;
  /** Newton steps. */
  readonly nIter: number;
  readonly objective: number;
  /** Euclidean norm of the gradient in (W, intercept), made anew at the answer. */
  readonly gradientNorm: number;
  /** Whether that gradient is at most 1e-8 of ‖W‖, or rounding of its terms, and in the intercepts 1e-8 of the weights. */
  readonly converged: boolean;
}

/** A problem whose features are in kernel memory, in one of two forms: solved there at any C and weights, without a further copy. */
export interface SoftmaxSolver {
  /** n: norms of the rows. */
  readonly norms: Float64Array;
  solve(request: SolveRequest): SoftmaxSolution;
  /** The same, to the bit, a step at a time: in d dimensions after every product with the rows. */
  solving(request: SolveRequest): Generator<void, SoftmaxSolution, void>;
  /**
   * n values x̃ᵀ H⁻¹ x̃ of every row, weighted or not, x̃ = (x, 1) with intercepts, where H = Σ q_i x̃_i x̃_iᵀ and 1 on the diagonal of W's part: how far the row's
   * own logit moves for a unit of residual. q (n values ≥ 0, C and weights included) may be one for all classes or a class's own C · w · p(1 − p).
   */
  leverages(q: Float64Array): Float64Array;
}
