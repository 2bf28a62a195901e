import { valueError } from "../core/errors.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";

/** Why an episode's accuracy can't be trusted. */
export interface Leaks {
  /** Rows that are in both support and query. */
  readonly shared: readonly number[];
  /** Query rows whose features equal, value for value, those of a support row with another number. */
  readonly duplicates: readonly { readonly query: number; readonly support: number }[];
}

/** A hash of one row; the sign bits fall out of the shift, so that 0 and −0, which are equal, hash alike. */
function rowHash(bits: Int32Array, start: number, words: number): number {
  let hash = 0;
  for (let j = start; j < start + words; j++) hash = (Math.imul(hash ^ bits[j], 0x9e3779b1) << 13) | (hash >>> 19);
  return hash;
}

/**
 * Finds leaks in an episode: rows that are in both support and query, and query rows that equal a support row (the same image twice in a
 * data set, for example).
 *
 * @param features - n × d
 * @param episode - support and query row numbers
 * @returns the shared rows and the pairs of duplicates, both empty when all is well; O((support + query) · d)
 * @throws TypeError when `features` is not a Matrix; RangeError when a row does not exist
 * @example
 * ```ts
 * import { findLeaks, toMatrix } from "softprobe";
 *
 * const features = toMatrix([[1, 2], [3, 4], [1, 2]]);
 * console.log(findLeaks(features, { support: [0], query: [1, 2] }).duplicates); // → [ { query: 2, support: 0 } ]
 * ```
 */
export function findLeaks(features: Matrix, episode: { readonly support: ArrayLike<number>; readonly query: ArrayLike<number> }): Leaks {
  const { data, rows, cols } = checkMatrix(features, "findLeaks", "features");
  const words = (cols * data.BYTES_PER_ELEMENT) / 4;
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length * (data.BYTES_PER_ELEMENT / 4));
  const listed = (side: "support" | "query"): number[] =>
    Array.from(episode[side], (row, i) => {
      if (!(Number.isInteger(row) && row >= 0 && row < rows))
        throw valueError("findLeaks", `${side}[${i}]`, `is ${row}`, `a row in 0…${rows - 1}`);
      return row;
    });
  const support = listed("support");
  const known = new Set(support);
  const byHash = new Map<number, number[]>();
  for (const row of support) {
    const hash = rowHash(bits, row * words, words);
    byHash.set(hash, [...(byHash.get(hash) ?? []), row]);
  }
  const shared: number[] = [];
  const duplicates: { query: number; support: number }[] = [];
  for (const query of listed("query")) {
    if (known.has(query)) {
      shared.push(query);
      continue;
    }
    const twin = byHash.get(rowHash(bits, query * words, words))?.find((row) => {
      for (let j = 0; j < cols; j++) if (data[row * cols + j] !== data[query * cols + j]) return false;
      return true;
    });
    if (twin !== undefined) duplicates.push({ query, support: twin });
  }
  return { shared, duplicates };
}
