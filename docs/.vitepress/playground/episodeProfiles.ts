import { pairImportance } from "../../../src/importance.ts";
import { indexLabels, type Labels, type Matrix, sampleEpisode, takeRows, type Views } from "../../../src/index.ts";
import { classStatistics } from "../../../src/statistics.ts";
import type { ImportanceProfile } from "./messages.ts";
import type { Settings } from "./settings.ts";

/** Rows of `augmented` that belong to the rows given, beneath them. */
function withViews(features: Matrix, augmented: Views, rows: Int32Array): Matrix {
  const { views } = augmented;
  const { cols, data: seen } = augmented.matrix;
  const data = new Float64Array(rows.length * (views + 1) * cols);
  rows.forEach((row, i) => {
    data.set(features.data.subarray(row * cols, (row + 1) * cols), i * (views + 1) * cols);
    data.set(seen.subarray(row * views * cols, (row + 1) * views * cols), (i * (views + 1) + 1) * cols);
  });
  return { data, rows: rows.length * (views + 1), cols };
}

/**
 * The importance of each dimension in the first episode: by the oracle, all rows of the episode's classes, and by the estimate that its support allows, with its views
 * where there are some. One shot without views allows none.
 */
export function episodeProfiles(features: Matrix, labels: Labels, augmented: Views | undefined, settings: Settings): ImportanceProfile[] {
  const { ways, shots, queries, seed } = settings;
  const { support, supportLabels, classes } = sampleEpisode(indexLabels(labels), { ways, shots, queries, seed }, 0);
  const names = Array.from(support, (row) => labels[row]);
  const wanted = new Set(names);
  const all = Int32Array.from(Array.from({ length: features.rows }, (_, row) => row).filter((row) => wanted.has(labels[row])));
  const oracle = pairImportance(classStatistics(takeRows(features, all), Array.from(all, (row) => labels[row]) as Labels));
  const profiles = [{ name: "oracle: all rows of the classes", values: oracle }];
  if (augmented) {
    const seen = withViews(features, augmented, support);
    const seenLabels = Int32Array.from({ length: seen.rows }, (_, i) => supportLabels[Math.floor(i / (augmented.views + 1))]);
    profiles.push({ name: "estimate: support and its views", values: pairImportance(classStatistics(seen, seenLabels)) });
  } else if (shots > 1) {
    profiles.push({ name: "estimate: support", values: pairImportance(classStatistics(takeRows(features, support), supportLabels)) });
  }
  return classes.length > 1 ? profiles : [];
}
