/** The inverse of a small symmetric matrix by elimination; null where that meets no positive pivot. */
export function inverseOf(matrix: Float64Array, k: number): Float64Array | null {
  const a = matrix.slice();
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) out[i * k + i] = 1;
  for (let i = 0; i < k; i++) {
    const pivot = a[i * k + i];
    if (!(pivot > 0) || !(pivot < Number.POSITIVE_INFINITY)) return null;
    for (let j = 0; j < k; j++) {
      a[i * k + j] /= pivot;
      out[i * k + j] /= pivot;
    }
    for (let r = 0; r < k; r++) {
      const factor = a[r * k + i];
      if (r === i || factor === 0) continue;
      for (let j = 0; j < k; j++) {
        a[r * k + j] -= factor * a[i * k + j];
        out[r * k + j] -= factor * out[i * k + j];
      }
    }
  }
  return out;
}
