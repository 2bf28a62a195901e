import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { randomBelow } from "../../src/core/random.ts";

/** A file made of another by a few changes. */
export interface Mutant {
  readonly bytes: Uint8Array;
  /** Bytes that were set or written; a part that is cut, doubled or taken from another file counts as one. */
  readonly changed: number;
}

/** Whole numbers at the edges of what formats count with, low byte first. */
const edges = [0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0xffffffffn, 0x100000000n, 0x1fffffffffffffn, 0x7fffffffffffffffn, -1n];

const digits = ["0", "-1", "1e999", "-0", "NaN", "9007199254740993", "4294967296", "99999999999999999999", "1e-400", "0x10", "1e15"];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function replaced(bytes: Uint8Array, from: number, to: number, middle: Uint8Array, changed = middle.length): Mutant {
  return { bytes: joined(bytes.subarray(0, from), middle, bytes.subarray(to)), changed };
}

const encoder = new TextEncoder();

/** One change that leaves the length as it is: a bit, some bytes, or a whole number at the edge of its size. */
function changeInPlace(random: RandomGenerator, bytes: Uint8Array, kind: number): Mutant {
  const below = (bound: number): number => randomBelow(random, Math.max(1, bound));
  const out = bytes.slice();
  const at = below(bytes.length);
  if (kind === 0) {
    if (out.length > 0) out[at] ^= 1 << below(8);
    return { bytes: out, changed: 1 };
  }
  if (kind === 1) {
    const few = Math.min(bytes.length - at, 1 + below(below(2) ? 8 : 200));
    for (let i = at; i < at + few; i++) out[i] = below(256);
    return { bytes: out, changed: few };
  }
  const size = [1, 2, 4, 8][below(4)];
  if (bytes.length < size) return { bytes, changed: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt.asIntN(64, edges[below(edges.length)]), true);
  const from = below(bytes.length - size + 1);
  const reverse = below(4) === 0;
  for (let i = 0; i < size; i++) out[from + i] = view.getUint8(reverse ? size - 1 - i : i);
  return { bytes: out, changed: size };
}

/** One change of one kind. `words` are what the format is made of. */
function changeOnce(random: RandomGenerator, bytes: Uint8Array, others: readonly Uint8Array[], words: readonly string[]): Mutant {
  const below = (bound: number): number => randomBelow(random, Math.max(1, bound));
  const at = below(bytes.length);
  const few = Math.min(bytes.length - at, 1 + below(below(2) ? 8 : 200));
  const kind = below(9);
  switch (kind) {
    case 0:
    case 1:
    case 2:
      return changeInPlace(random, bytes, kind);
    case 3:
      return replaced(bytes, at, at + few, new Uint8Array(0), 1);
    case 4: {
      const from = below(bytes.length);
      return replaced(bytes, at, at, bytes.slice(from, from + few), 1);
    }
    case 5:
      return { bytes: bytes.slice(0, at), changed: 1 };
    case 6: {
      const other = others[below(others.length)];
      const from = below(other.length);
      return replaced(bytes, at, bytes.length, other.slice(from), 1);
    }
    case 7: {
      const word = encoder.encode(words[below(words.length)]);
      return replaced(bytes, at, at + below(2) * Math.min(few, word.length), word);
    }
    default: {
      // A whole number in the text becomes another.
      let [from, to] = [at, at];
      while (from < bytes.length && !(bytes[from] >= 48 && bytes[from] <= 57)) from++;
      for (to = from; to < bytes.length && bytes[to] >= 48 && bytes[to] <= 57; to++);
      return replaced(bytes, from, to, encoder.encode(digits[below(digits.length)]));
    }
  }
}

/** A file with one to six changes to bytes within its `windows` (from, to), and now and then its end cut off. */
export function mutateWithin(random: RandomGenerator, bytes: Uint8Array, windows: readonly (readonly [number, number])[]): Mutant {
  const out = bytes.slice();
  let changed = 0;
  for (let left = 1 + randomBelow(random, 6); left > 0; left--) {
    const [from, to] = windows[randomBelow(random, windows.length)];
    const next = changeInPlace(random, out.subarray(from, to), randomBelow(random, 3));
    out.set(next.bytes, from);
    changed += next.changed;
  }
  return { bytes: randomBelow(random, 20) === 0 ? out.subarray(0, randomBelow(random, out.length)) : out, changed };
}

/** A file of `corpus` after one to six changes. */
export function mutate(random: RandomGenerator, corpus: readonly Uint8Array[], words: readonly string[]): Mutant {
  let bytes = corpus[randomBelow(random, corpus.length)];
  let changed = 0;
  for (let left = 1 + randomBelow(random, 6); left > 0; left--) {
    const next = changeOnce(random, bytes, corpus, words);
    changed += next.changed;
    bytes = next.bytes;
  }
  return { bytes, changed };
}
