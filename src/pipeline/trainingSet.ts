import { shapeError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { concatRows } from "../features/concatRows.ts";
import type { EpisodeRun } from "../plan/options.ts";
import { type ClassWeights, weighClasses } from "../probe/classWeight.ts";

/** Rows to train on, their labels and weights: the features' own, and their views where asked for. */
export function trainingSet(caller: string, run: EpisodeRun, given: ArrayLike<number> | undefined, classWeights: ClassWeights) {
  const { features, index, augmented } = run;
  const n = features.rows;
  if (given !== undefined && given.length !== n)
    throw shapeError(caller, "sampleWeight", `${given.length} values`, `${n}, one a row of features`);
  const views = run.trainOn === "augmented" ? augmented!.views : 0;
  const plain = ({ data, rows, cols }: Matrix): Matrix => ({ data, rows, cols });
  const matrix = views > 0 ? concatRows([plain(features), plain(augmented!.matrix)]) : plain(features);
  const { rows } = matrix;
  const sources = Int32Array.from({ length: rows }, (_, i) => (i < n ? i : Math.floor((i - n) / views)));
  const labels = Array.from(sources, (own) => index.classes[index.codes[own]]);
  const weighted = given !== undefined || views > 0 || classWeights !== null;
  const sampleWeight = weighted ? Float64Array.from(sources, (own, i) => (given?.[own] ?? 1) / (i < n ? 1 : views)) : undefined;
  const codes = sources.map((own) => index.codes[own]);
  if (sampleWeight) weighClasses(classWeights, { codes, k: index.classes.length }, sampleWeight);
  return { matrix, labels, sampleWeight, sources };
}
