/**
 * The count-th largest of `values` (1 = the largest), by quickselect: O(n). `scratch` holds at least as many values, and is overwritten.
 */
export function nthLargest(values: Float64Array, count: number, scratch: Float64Array): number {
  const n = values.length;
  for (let i = 0; i < n; i++) scratch[i] = values[i];
  const target = n - count;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    // The middle of three keeps sorted and constant input linear.
    const [a, b, c] = [scratch[low], scratch[(low + high) >> 1], scratch[high]];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = low;
    let j = high;
    while (i <= j) {
      while (scratch[i] < pivot) i++;
      while (scratch[j] > pivot) j--;
      if (i > j) break;
      const kept = scratch[i];
      scratch[i++] = scratch[j];
      scratch[j--] = kept;
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return scratch[target];
}

/** Writes 1 at the `count` largest of `values`, ties to the smaller index, 0 elsewhere. */
export function markLargest(values: Float64Array, count: number, marks: Float64Array): void {
  const threshold = nthLargest(values, count, marks);
  let left = count;
  for (let i = 0; i < values.length; i++) if (values[i] > threshold) left--;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    marks[i] = value > threshold ? 1 : value === threshold && left-- > 0 ? 1 : 0;
  }
}

/** Place of the largest of k values from `at` on, the first of equals. */
export function largestAt(values: ArrayLike<number>, at: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if (values[at + c] > values[at + best]) best = c;
  return best;
}
