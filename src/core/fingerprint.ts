import type { FloatArray } from "./matrix.ts";

/** Rows that can be had by number: of a matrix, or of a file. */
export interface FingerprintRows {
  readonly rows: number;
  readonly cols: number;
  row(i: number): FloatArray;
}

/** Up to so many values of a source are all looked at; of more, evenly spaced rows. */
const mostValues = 2 ** 26;

/** Two lanes of 32 bits that every word goes into. */
interface Lanes {
  a: number;
  b: number;
}

function mixWords(lanes: Lanes, words: ArrayLike<number>): void {
  let { a, b } = lanes;
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 0x85ebca6b);
    a = (a << 13) | (a >>> 19);
    b = Math.imul((b << 7) | (b >>> 25), 0x9e3779b1) ^ words[i];
  }
  lanes.a = a;
  lanes.b = b;
}

/** Scrambles the last bits in (the finaliser of MurmurHash3). */
function settle(bits: number): string {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0).toString(16).padStart(8, "0");
}

/**
 * 16 hexadecimal digits of what data hold: tells data apart that were mixed up by mistake, not by malice. Of sources of more than 2²⁶ values it reads evenly spaced
 * rows, so that each shard of a run over a huge file need not read all of it.
 *
 * @param sources - rows of numbers, or lists of whole numbers; null for what is not there
 */
export function fingerprint(sources: readonly (FingerprintRows | ArrayLike<number> | null)[]): string {
  const lanes: Lanes = { a: 0x2545f491, b: 0x27d4eb2f };
  for (const source of sources) {
    if (source === null) mixWords(lanes, [-1]);
    else if ("length" in source) {
      mixWords(lanes, [source.length]);
      mixWords(lanes, source);
    } else {
      const { rows, cols } = source;
      const step = Math.max(1, Math.ceil((rows * cols) / mostValues));
      mixWords(lanes, [rows, cols]);
      for (let i = 0; i < rows; i += step) {
        const row = source.row(i);
        mixWords(lanes, new Int32Array(row.buffer, row.byteOffset, row.byteLength / 4));
      }
    }
  }
  return settle(lanes.a) + settle(lanes.b ^ Math.imul(lanes.a, 0x165667b1));
}
