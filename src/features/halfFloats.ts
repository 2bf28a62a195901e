/**
 * Half-precision numbers (IEEE 754 binary16) given as their 16 bits each, exactly, as 32-bit floats.
 *
 * @param bits - n halves
 * @returns n
 */
export function decodeHalves(bits: Uint16Array): Float32Array {
  const n = bits.length;
  const words = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const half = bits[i];
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 31;
    const fraction = half & 0x3ff;
    if (exponent === 0) {
      // Zero and the subnormals: fraction · 2⁻²⁴, which a 32-bit float holds as a normal number.
      const shift = fraction === 0 ? 0 : Math.clz32(fraction) - 21;
      words[i] = fraction === 0 ? sign : sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
    } else {
      words[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
    }
  }
  return new Float32Array(words.buffer);
}

/**
 * Brain floats (the upper 16 bits of a 32-bit float), exactly, as 32-bit floats.
 *
 * @param bits - n brain floats
 * @returns n
 */
export function decodeBrainFloats(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
  return new Float32Array(words.buffer);
}

/** A whole number over 2^shift, rounded to the nearest, ties to even. */
function roundOff(value: number, shift: number): number {
  const half = 2 ** (shift - 1);
  const kept = Math.floor(value / 2 ** shift);
  const rest = value - kept * 2 ** shift;
  return kept + (rest > half || (rest === half && kept & 1) ? 1 : 0);
}

/**
 * 32-bit floats as half-precision numbers by their bits, rounded to the nearest, ties to even. What is beyond ±65504 becomes infinite.
 *
 * @param values - n
 * @returns n halves
 */
export function encodeHalves(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(words, (word) => {
    const sign = (word >>> 16) & 0x8000;
    const exponent = ((word >>> 23) & 255) - 112;
    const fraction = word & 0x7fffff;
    if (exponent === 143) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200 | (fraction >>> 13));
    if (exponent > 30) return sign | 0x7c00;
    // Rounding up may carry into the exponent, which is what it should do.
    if (exponent > 0) return sign | Math.min(roundOff(exponent * 2 ** 23 + fraction, 13), 0x7c00);
    return exponent < -10 ? sign : sign | roundOff(fraction + 2 ** 23, 14 - exponent);
  });
}

/**
 * 32-bit floats as brain floats by their bits, rounded to the nearest, ties to even.
 *
 * @param values - n
 * @returns n brain floats
 */
export function encodeBrainFloats(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(words, (word) => {
    const notNumber = (word & 0x7fffffff) > 0x7f800000;
    return notNumber ? (word >>> 16) | 0x40 : roundOff(word, 16);
  });
}
