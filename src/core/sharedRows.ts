import type { Matrix } from "./matrix.ts";
import { type RowReader, readRows } from "./rowReader.ts";

/** A hash of each row's values, whatever the storage: of their nearest 32-bit floats; the sign bits fall out of the shift, so that 0 and −0, which are equal, hash alike. */
function rowHashes({ data, rows, cols }: Matrix): Int32Array {
  const hashes = new Int32Array(rows);
  const floats = new Float32Array(cols);
  const bits = new Int32Array(floats.buffer);
  for (let i = 0; i < rows; i++) {
    floats.set(data.subarray(i * cols, (i + 1) * cols));
    let hash = 0;
    for (let j = 0; j < cols; j++) {
      hash = Math.imul(hash ^ (bits[j] << 1), 0x9e3779b1);
      hash = (hash << 13) | (hash >>> 19);
    }
    hashes[i] = hash;
  }
  return hashes;
}

/**
 * For each row the number of the first row of the same values, itself where there is none before it; null where no two rows are the same. One pass
 * over the rows.
 */
export function firstTwins(features: Matrix): Int32Array | null {
  const { data, cols } = features;
  const hashes = rowHashes(features);
  const byHash = new Map<number, number[]>();
  let repeated = false;
  const first = hashes.map((hash, row) => {
    const known = byHash.get(hash);
    if (!known) {
      byHash.set(hash, [row]);
      return row;
    }
    for (const other of known) {
      let j = 0;
      while (j < cols && data[row * cols + j] === data[other * cols + j]) j++;
      if (j < cols) continue;
      repeated = true;
      return other;
    }
    known.push(row);
    return row;
  });
  return repeated ? first : null;
}

/** Rows that stand, value for value, in two places: counts for a result's `config.data`, each there only where it is above 0. */
export interface Overlaps {
  /** Rows of the base set that are rows of the features. */
  readonly baseOverlap?: number;
  /** Augmented views that are another row's features. */
  readonly viewOverlap?: number;
  /** Views of the pool that are rows of the features. */
  readonly poolOverlap?: number;
}

/** Rows of one matrix that are, value for value, rows of another. */
export interface SharedRows {
  /** How many rows of `others` are rows of `features`. */
  readonly count: number;
  /** The first of them, and which row of `features` it is. */
  readonly other: number;
  readonly row: number;
}

/** About as many numbers are read at a time. */
const blockNumbers = 2 ** 20;

/** The rows of a matrix in one block, or those of a reader in blocks of some megabytes. */
function* blocksOf(features: Matrix | RowReader, caller: string): Generator<Matrix & { readonly start: number }> {
  if ("data" in features) {
    yield { ...features, start: 0 };
    return;
  }
  const size = Math.max(1, Math.floor(blockNumbers / features.cols));
  for (let start = 0; start < features.rows; start += size) {
    const length = Math.min(size, features.rows - start);
    const rows = Int32Array.from({ length }, (_, i) => start + i);
    yield { ...readRows(features, rows, caller, "features"), start };
  }
}

/**
 * Finds the rows of `others` that are rows of `features`, value for value; null where there are none. One pass over both; `each` is told of
 * every one, with the first row of `features` that it is. `caller` names the function in errors.
 */
export function sharedRows(
  features: Matrix | RowReader,
  others: Matrix,
  caller: string,
  each?: (row: number, other: number) => void,
): SharedRows | null {
  const { cols } = features;
  const byHash = new Map<number, number[]>();
  rowHashes(others).forEach((hash, other) => {
    const known = byHash.get(hash);
    if (known) known.push(other);
    else byHash.set(hash, [other]);
  });
  const first = new Int32Array(others.rows).fill(-1);
  for (const block of blocksOf(features, caller)) {
    const same = (at: number, other: number): boolean => {
      for (let j = 0; j < cols; j++) if (block.data[at * cols + j] !== others.data[other * cols + j]) return false;
      return true;
    };
    rowHashes(block).forEach((hash, at) => {
      for (const other of byHash.get(hash) ?? []) if (first[other] < 0 && same(at, other)) first[other] = block.start + at;
    });
  }
  let count = 0;
  first.forEach((row, other) => {
    if (row < 0) return;
    count++;
    each?.(row, other);
  });
  const other = first.findIndex((row) => row >= 0);
  return count === 0 ? null : { count, other, row: first[other] };
}
