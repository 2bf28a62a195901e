import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";

/** Features at the edges of what doubles hold, and of what a matrix may look like. */
export const extremeKinds = [
  "plain",
  "huge",
  "tiny",
  "denormal",
  "constant",
  "zero",
  "duplicated",
  "collinear",
  "opposed",
  "mixed",
  "onehot",
  "offset",
  "unit",
] as const;
export type ExtremeKind = (typeof extremeKinds)[number];

/** n × d features of a kind, by a seed. */
export function extremeFeatures(kind: ExtremeKind, rows: number, cols: number, seed: number): Matrix {
  const random = randomStream(seed, "synthetic");
  const data = Float64Array.from({ length: rows * cols }, () => randomNormal(random));
  const each = (change: (value: number, i: number, j: number) => number): void => {
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = change(data[i * cols + j], i, j);
  };
  if (kind === "huge") each((value) => value * 1e100);
  if (kind === "tiny") each((value) => value * 1e-100);
  if (kind === "denormal") each((value) => value * 1e-310);
  if (kind === "constant") each((value, _, j) => (j % 3 === 0 ? value : 7));
  if (kind === "zero") each(() => 0);
  if (kind === "duplicated") each((_, i, j) => data[(i >> 2) * cols + j]);
  if (kind === "collinear") each((_, i, j) => data[i * cols] * (j + 1));
  if (kind === "opposed") each((value, i, j) => (i % 2 === 0 ? value : -data[(i - 1) * cols + j]));
  if (kind === "mixed") each((value, _, j) => value * 10 ** ((j % 13) - 6));
  if (kind === "onehot") each((_, i, j) => Number(j === i % cols));
  if (kind === "offset") each((value) => 1e6 + value);
  if (kind === "unit") {
    for (let i = 0; i < rows; i++) {
      const row = data.subarray(i * cols, (i + 1) * cols);
      const norm = Math.hypot(...row);
      row.forEach((value, j) => {
        row[j] = value / norm;
      });
    }
  }
  return { data, rows, cols };
}
