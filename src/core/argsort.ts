/** Stable sorting of `order` by 11 bits of its keys, into `other`. */
function pass(keys: Uint32Array, shift: number, order: Int32Array, other: Int32Array, counts: Int32Array): void {
  counts.fill(0);
  for (let i = 0; i < keys.length; i++) counts[((keys[i] >>> shift) & 2047) + 1]++;
  for (let b = 0; b < 2048; b++) counts[b + 1] += counts[b];
  for (let i = 0; i < order.length; i++) other[counts[(keys[order[i]] >>> shift) & 2047]++] = order[i];
}

/**
 * Indices that sort `values` from largest to smallest, equal values by index (a stable radix sort over the bits of the doubles; −0 equals 0).
 *
 * @param values - finite numbers
 */
export function argsortDescending(values: Float64Array): Int32Array {
  const n = values.length;
  const bits = new Uint32Array(new Float64Array(values).buffer);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const h = values[i] === 0 ? 0 : bits[2 * i + 1];
    // Descending order: invert positive numbers; negative ones already run backwards once their sign bit is set below all others.
    high[i] = h >>> 31 ? h : ~h & 0x7fffffff;
  }
  let order = new Int32Array(n);
  let other = new Int32Array(n);
  const counts = new Int32Array(2049);
  for (let i = 0; i < n; i++) order[i] = i;
  // Sign, exponent and 10 bits of the fraction tell most values apart; insertion puts right the few others, unless they are many.
  pass(high, 10, order, other, counts);
  pass(high, 21, other, order, counts);
  let moves = 8 * n;
  for (let i = 1; i < n && moves >= 0; i++) {
    const own = order[i];
    let at = i;
    for (; at > 0 && values[order[at - 1]] < values[own]; at--, moves--) order[at] = order[at - 1];
    order[at] = own;
  }
  if (moves >= 0) return order;
  const low = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const l = values[i] === 0 ? 0 : bits[2 * i];
    low[i] = high[i] >>> 31 ? l : ~l;
    order[i] = i;
  }
  for (const keys of [low, high]) {
    for (const shift of [0, 11, 22]) {
      pass(keys, shift, order, other, counts);
      [order, other] = [other, order];
    }
  }
  return order;
}
