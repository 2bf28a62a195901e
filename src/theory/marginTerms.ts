/**
 * A nearest-centroid decision as one class sees it, dimension by dimension. Its margin is S = Σ u·v with u = x − ½(â + b̂) and v = â − b̂, which
 * are jointly normal: ln E exp(zS) = Σ −½ ln D + N/D, where D = (1 − upper·z)(1 − lower·z) and N = signal·z + ½·slope·z².
 */
export interface MarginTerms {
  /** cov(u, v) + √(var(u)·var(v)) ≥ 0. */
  readonly upper: Float64Array;
  /** cov(u, v) − √(var(u)·var(v)) ≤ 0. */
  readonly lower: Float64Array;
  /** E(u)·E(v) = δ²/2. */
  readonly signal: Float64Array;
  /** E(v)²·var(u) + E(u)²·var(v) − 2·E(u)·E(v)·cov(u, v): the variance that the signal brings. */
  readonly slope: Float64Array;
}

/** A class as the theory knows it: independent normal dimensions, and the number of support rows behind its centroid. */
export interface NormalClass {
  /** d. */
  readonly mean: ArrayLike<number>;
  /** d, each at least 0. */
  readonly variance: ArrayLike<number>;
  readonly shots: number;
}

/**
 * The terms of queries of class `own` against class `other`, in the order of `dimensions`. The forms below are free of cancellation:
 * with α = σ²/K of `own`, β of `other`: cov(u, v) = (β − α)/2, var(u)·var(v) − cov(u, v)² = σ²(α + β) + αβ, slope = δ²(σ² + α).
 *
 * @param dimensions - which dimensions, in which order
 * @param weights - factor of each dimension (d), or none
 * @param bias - taken off each squared distance, per unit of own and other variance (0 for exact means, 1/n for means of n rows)
 */
export function marginTerms(
  own: NormalClass,
  other: NormalClass,
  dimensions: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  bias: readonly [number, number] = [0, 0],
): MarginTerms {
  const count = dimensions.length;
  const upper = new Float64Array(count);
  const lower = new Float64Array(count);
  const signal = new Float64Array(count);
  const slope = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const j = dimensions[i];
    const scale = weights ? weights[j] * weights[j] : 1;
    const variance = own.variance[j] * scale;
    const rival = other.variance[j] * scale;
    const alpha = variance / own.shots;
    const beta = rival / other.shots;
    const gap = own.mean[j] - other.mean[j];
    const distance = Math.max(gap * gap * scale - bias[0] * variance - bias[1] * rival, 0);
    const covariance = 0.5 * (beta - alpha);
    const spread = variance * (alpha + beta) + alpha * beta;
    // Of the two roots, the one without cancellation; their product is −spread.
    const larger = Math.abs(covariance) + Math.sqrt(covariance * covariance + spread);
    const smaller = larger > 0 ? spread / larger : 0;
    upper[i] = covariance < 0 ? smaller : larger;
    lower[i] = -(covariance < 0 ? larger : smaller);
    signal[i] = 0.5 * distance;
    slope[i] = distance * (variance + alpha);
  }
  return { upper, lower, signal, slope };
}
