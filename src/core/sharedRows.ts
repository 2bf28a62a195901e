import type { Matrix } from "./matrix.ts";

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

/** Rows of one matrix that are, value for value, rows of another. */
export interface SharedRows {
  /** How many rows of `others` are rows of `features`. */
  readonly count: number;
  /** The first of them, and which row of `features` it is. */
  readonly other: number;
  readonly row: number;
}

/** Finds the rows that two matrices of d columns share; null where there are none. One pass over both. */
export function sharedRows(features: Matrix, others: Matrix): SharedRows | null {
  const { cols } = features;
  const byHash = new Map<number, number[]>();
  rowHashes(features).forEach((hash, row) => {
    const known = byHash.get(hash);
    if (known) known.push(row);
    else byHash.set(hash, [row]);
  });
  const same = (row: number, other: number): boolean => {
    for (let j = 0; j < cols; j++) if (features.data[row * cols + j] !== others.data[other * cols + j]) return false;
    return true;
  };
  let found: SharedRows | null = null;
  rowHashes(others).forEach((hash, other) => {
    const row = byHash.get(hash)?.find((each) => same(each, other));
    if (row === undefined) return;
    found = found ? { ...found, count: found.count + 1 } : { count: 1, other, row };
  });
  return found;
}
