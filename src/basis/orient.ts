/** Turns each of r columns so that its largest element is positive: eigenvectors have no sign of their own. */
export function orient(transform: Float64Array, d: number, r: number): void {
  for (let i = 0; i < r; i++) {
    let largest = 0;
    for (let j = i; j < d * r; j += r) if (Math.abs(transform[j]) > Math.abs(largest)) largest = transform[j];
    if (largest < 0) for (let j = i; j < d * r; j += r) transform[j] = -transform[j];
  }
}
