import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { indexLabels, type LabelIndex } from "../src/core/labels.ts";
import type { Matrix } from "../src/core/matrix.ts";
import type { Views } from "../src/core/views.ts";
import { type Episode, episodeSampler } from "../src/episodes/sampleEpisode.ts";
import { l2Normalize } from "../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../src/features/syntheticFeatures.ts";
import { writeNpy } from "../src/io/writeNpy.ts";

/** L2-normalised Float32 features of labelled classes, rows grouped by class. */
export interface BenchFeatures {
  readonly features: Matrix;
  readonly labels: Int32Array;
  readonly index: LabelIndex;
  readonly augmented: Views | undefined;
}

/** Seeded features: the same numbers on every machine and in every run. */
export function benchFeatures(shape: {
  readonly dims: number;
  readonly classes?: number;
  readonly rowsPerClass?: number;
  readonly views?: number;
}): BenchFeatures {
  const { dims, classes = 20, rowsPerClass = 40, views = 0 } = shape;
  const made = syntheticFeatures({ dims, classes, rowsPerClass, views, seed: 1 });
  return {
    features: l2Normalize(made.features),
    labels: made.labels,
    index: indexLabels(made.labels),
    augmented: made.augmented ? { matrix: l2Normalize(made.augmented.matrix), views } : undefined,
  };
}

export function sampleEpisodes(index: LabelIndex, options: Parameters<typeof episodeSampler>[1], count: number): readonly Episode[] {
  const { sample } = episodeSampler(index, options);
  return Array.from({ length: count }, (_, e) => sample(e));
}

/** Writes what a peer reads: features.npy, augmented.npy, labels.npy and, one row an episode, classes.npy, support.npy and query.npy. */
export function writeTask(folder: string, data: BenchFeatures, episodes: readonly Episode[]): string {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, values: Float32Array | Float64Array | Int32Array, shape: readonly number[]) =>
    writeFileSync(join(folder, `${name}.npy`), writeNpy({ data: values, shape }));
  const matrix = (name: string, { data, rows, cols }: Matrix) => write(name, data, [rows, cols]);
  const lists = (name: string, rows: readonly Int32Array[]) => write(name, joined(rows), [rows.length, rows[0].length]);
  matrix("features", data.features);
  if (data.augmented) matrix("augmented", data.augmented.matrix);
  write("labels", data.labels, [data.labels.length]);
  if (episodes.length === 0) return folder;
  lists(
    "classes",
    episodes.map(({ classes }) => classes),
  );
  lists(
    "support",
    episodes.map(({ support }) => support),
  );
  lists(
    "query",
    episodes.map(({ query }) => query),
  );
  return folder;
}

/** Rows one after another. */
export function joined(rows: readonly Int32Array[]): Int32Array {
  const out = new Int32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    out.set(row, at);
    at += row.length;
  }
  return out;
}
