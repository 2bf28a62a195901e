/** Stable sorting of `order` by `width` bits of its keys, into `other`; no order: by index. */
function pass(keys: Uint32Array, shift: number, width: number, order: Int32Array | null, other: Int32Array): void {
  const mask = (1 << width) - 1;
  const counts = new Int32Array(mask + 2);
  for (let i = 0; i < keys.length; i++) counts[((keys[i] >>> shift) & mask) + 1]++;
  for (let b = 0; b <= mask; b++) counts[b + 1] += counts[b];
  if (order === null) for (let i = 0; i < keys.length; i++) other[counts[(keys[i] >>> shift) & mask]++] = i;
  else
    for (let i = 0; i < keys.length; i++) {
      const own = order[i];
      other[counts[(keys[own] >>> shift) & mask]++] = own;
    }
}

/**
 * Indices that sort `values` from largest to smallest, equal values by index (a stable radix sort over the bits of the doubles; −0 equals 0).
 *
 * @param values - finite numbers
 */
export function argsortDescending(values: Float64Array): Int32Array {
  const n = values.length;
  const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * n);
  const high = new Uint32Array(n);
  let least = 0xffffffff;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const h = values[i] === 0 ? 0 : bits[2 * i + 1];
    // Descending order: invert positive numbers; negative ones already run backwards once their sign bit is set below all others.
    const key = (h >>> 31 ? h : ~h & 0x7fffffff) >>> 0;
    high[i] = key;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const order = new Int32Array(n);
  const other = new Int32Array(n);
  // As many of the bits in which the upper halves differ as tell most values apart; insertion puts right the few others, unless they are many.
  const width = n < 1024 ? 9 : 11;
  const spare = Math.max(0, 32 - 2 * width - Math.clz32(most - least));
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) keys[i] = (high[i] - least) >>> spare;
  pass(keys, 0, width, null, other);
  pass(keys, width, width, other, order);
  let moves = 8 * n;
  let before = n > 0 ? values[order[0]] : 0;
  for (let i = 1; i < n && moves >= 0; i++) {
    const own = order[i];
    const value = values[own];
    if (value <= before) {
      before = value;
      continue;
    }
    let at = i;
    for (; at > 0 && values[order[at - 1]] < value; at--, moves--) order[at] = order[at - 1];
    order[at] = own;
  }
  if (moves >= 0) return order;
  const low = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const l = values[i] === 0 ? 0 : bits[2 * i];
    low[i] = high[i] >>> 31 ? l : ~l;
  }
  pass(low, 0, 11, null, other);
  pass(low, 11, 11, other, order);
  pass(low, 22, 10, order, other);
  pass(high, 0, 11, other, order);
  pass(high, 11, 11, order, other);
  pass(high, 22, 10, other, order);
  return order;
}
