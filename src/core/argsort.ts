/**
 * Indices that sort `values` from largest to smallest, equal values by index (a stable radix sort over the bits of the doubles; −0 equals 0).
 *
 * @param values - finite numbers
 */
export function argsortDescending(values: Float64Array): Int32Array {
  const n = values.length;
  const bits = new Uint32Array(new Float64Array(values).buffer);
  const high = new Uint32Array(n);
  const low = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const h = values[i] === 0 ? 0 : bits[2 * i + 1];
    const l = values[i] === 0 ? 0 : bits[2 * i];
    // Descending order: invert positive numbers; negative ones already run backwards once their sign bit is set below all others.
    const negative = h >>> 31;
    high[i] = negative ? h : ~h & 0x7fffffff;
    low[i] = negative ? l : ~l;
  }
  let order = new Int32Array(n);
  let other = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const counts = new Int32Array(2049);
  for (let pass = 0; pass < 6; pass++) {
    const keys = pass < 3 ? low : high;
    const shift = 11 * (pass % 3);
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[((keys[i] >>> shift) & 2047) + 1]++;
    for (let b = 0; b < 2048; b++) counts[b + 1] += counts[b];
    for (let i = 0; i < n; i++) other[counts[(keys[order[i]] >>> shift) & 2047]++] = order[i];
    [order, other] = [other, order];
  }
  return order;
}
