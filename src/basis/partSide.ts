/**
 * Base rows made ready for products with (W + ρλ̄I)⁻¹, W their pooled covariance within k classes, from one of two sides: by d × d matrices
 * (`covarianceSide`), or by n × n ones (`gramSide`), the cheaper where there are fewer rows than dimensions. What it holds lies in kernel memory.
 */
export interface PartSide {
  /** Its matrix is size × size. */
  readonly size: number;
  /** Where the matrix to factorise lies: W, or R·Rᵀ of the rows R less their class means. */
  readonly matrix: number;
  /** Σ |row less its class mean|². */
  readonly trace: number;
  /**
   * Right-hand sides (size × p) of p rows at `right`, and their own inner products (p × p) at `plain`: m rows of the space, then
   * the k centred class means. `raw` gets the m × m inner products of the rows as they are.
   */
  prepare(list: Int32Array, raw: Float64Array, right: number, plain: number): void;
}
