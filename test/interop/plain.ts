/** What every library is asked to hold: 3 × 2 numbers that 16 bits hold exactly, and 2 × 3 × 2 views. */
export const rows = [
  [1, -2],
  [3.5, 4],
  [5, 0.25],
];
export const transposed = [
  [1, 3.5, 5],
  [-2, 4, 0.25],
];
export const views = [
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [
    [7, 8],
    [9, 10],
    [11, 12],
  ],
];

/** Rows as a Matrix of 32-bit floats. */
export function single(nested: readonly (readonly number[])[]) {
  return { data: Float32Array.from(nested.flat()), rows: nested.length, cols: nested[0].length };
}

/** Rows as a Matrix of doubles. */
export function double(nested: readonly (readonly number[])[]) {
  return { ...single(nested), data: Float64Array.from(nested.flat()) };
}
