import { readFileSync } from "node:fs";
import type { Matrix } from "../../src/core/matrix.ts";

const stored = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8"));

/** What scipy and numpy wrote: make-reference.py. */
export const reference: {
  readonly features: Matrix;
  readonly labels: readonly number[];
  readonly welch: readonly number[];
  readonly mutualInformation: readonly number[];
} = {
  features: { data: Float64Array.from(stored.X), rows: stored.rows, cols: stored.cols },
  labels: stored.y,
  welch: stored.welch,
  mutualInformation: stored.mutualInformation,
};
