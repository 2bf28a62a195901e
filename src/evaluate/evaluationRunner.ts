import { exponentOf } from "../core/doubles.ts";
import { shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { takeRows } from "../features/takeRows.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import { applyMask } from "../mask/applyMask.ts";
import { type BasisCache, basisCache } from "./basisStage.ts";
import { countPlda } from "./countPlda.ts";
import type { LoadedMask } from "./episodeProbes.ts";
import { maskWeights } from "./maskWeights.ts";
import { tableStart } from "./metrics.ts";
import { type CheckedRun, type CustomProbe, type KernelProbe, type NamedMask, probeNames } from "./options.ts";
import { type EvaluateOptions, type PreparedEvaluation, prepareEvaluation } from "./prepareEvaluation.ts";
import type { StageAt } from "./stage.ts";
import { imagesOf } from "./stagedEpisode.ts";
import { stagesOf } from "./stages.ts";
import { tunedMask } from "./tunedMask.ts";

export type { EvaluateOptions } from "./prepareEvaluation.ts";

/** Counts correct predictions of every mask × probe, episode by episode, in any order. */
export interface EvaluationRunner extends PreparedEvaluation {
  /** Queries of episode e; `correct` gets `width` counts: masks × probes, mask by mask, and what metrics need. */
  count(e: number, correct: Int32Array): number;
}

/** Columns kept below this share are gathered; above it, zero weights are cheaper. */
const gatherBelow = 0.3;

/** Checks everything once and loads the features; the counting itself allocates next to nothing. */
export function evaluationRunner(
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions = {},
  cache: BasisCache = basisCache(),
  checked?: CheckedRun,
): EvaluationRunner {
  const caller = "evaluate";
  const prepared = prepareEvaluation(features, labels, options, checked);
  const { run, masks, asked, probes: names } = prepared;
  const custom = asked.filter((probe): probe is CustomProbe => typeof probe !== "string");
  const builtIn = probeNames.filter((name): name is KernelProbe => name !== "plda" && asked.includes(name));
  const plda = asked.indexOf("plda");
  const counts = new Int32Array(builtIn.length);
  const { ways } = run.most;
  const pairs = masks.length * names.length;
  const tables = prepared.metrics.length > 0 ? new Int32Array(builtIn.length * ways * ways) : null;
  /** Room for the confusion matrix of a mask × probe among an episode's counts; null without metrics. */
  const tableOf = (correct: Int32Array, at: number): Int32Array | null =>
    tables && correct.subarray(tableStart(pairs, at, ways), tableStart(pairs, at + 1, ways));

  const kernels = createKernels(options.kernels);
  const spaces = stagesOf(run, masks, caller, kernels, options.kernels, cache);
  const tunedAt = masks.flatMap(({ spec }, m) => (spec.kind === "tuned" ? [m] : []));
  const tuned = tunedAt.length > 0 ? tunedMask(features, labels, options, run, evaluationRunner) : null;
  const tunedCounts = new Int32Array(tuned ? tableStart(names.length, names.length, prepared.metrics.length > 0 ? ways : 0) : 0);

  const load = ({ stage }: StageAt, mask: NamedMask, values: Float64Array | null): LoadedMask => {
    if (values === null) return { kind: "none" };
    const { kernels: own, weights, columns } = stage;
    const { cols } = stage.data.features;
    const { i32, f64 } = own.memory;
    if (mask.spec.kind === "importance" && mask.spec.shape.name === "top" && mask.spec.shape.value <= gatherBelow) {
      let count = 0;
      for (let j = 0; j < cols; j++) if (values[j] !== 0) i32[(columns >> 2) + count++] = j;
      return { kind: "kept", columns, count };
    }
    // After l2 only the weights' proportions matter: the largest becomes about 1, so that squares neither overflow nor vanish.
    let largest = 0;
    for (let j = 0; j < cols; j++) largest = Math.max(largest, values[j]);
    const scale = run.normalize === "l2" && largest > 0 ? 2 ** Math.min(1023, -exponentOf(largest)) : 1;
    for (let j = 0; j < cols; j++) f64[(weights >> 3) + j] = values[j] * scale;
    f64.fill(0, (weights >> 3) + cols, (weights >> 3) + paddedCols(cols));
    return { kind: "weights", weights };
  };

  /** Rows of a space as a probe sees them: masked and normalised. */
  const materialise = ({ stage }: StageAt, values: Float64Array | null, rows: Int32Array, source: Matrix): Matrix => {
    const taken = takeRows(source, rows);
    const mask = values ?? new Float64Array(source.cols).fill(1);
    return applyMask(stage.data.statistics === "l2" ? l2Normalize(taken) : taken, mask, { normalize: run.normalize });
  };

  const countCustom = (place: StageAt, values: Float64Array | null, correct: Int32Array, at: number): void => {
    const { episode } = place;
    const { features: own, augmented } = place.stage.data;
    let train = materialise(place, values, episode.support, own);
    let trainLabels = episode.supportLabels.slice();
    if (run.trainOn === "augmented" && augmented) {
      const { views, matrix } = augmented;
      const images = imagesOf(episode);
      const rows = Int32Array.from(
        { length: episode.support.length * views },
        (_, i) => images[Math.floor(i / views)] * views + (i % views),
      );
      const more = materialise(place, values, rows, matrix);
      const data: FloatArray = new Float64Array(train.data.length + more.data.length);
      data.set(train.data);
      data.set(more.data, train.data.length);
      train = { data, rows: train.rows + more.rows, cols: train.cols };
      trainLabels = Int32Array.from({ length: train.rows }, (_, i) =>
        i < trainLabels.length ? trainLabels[i] : episode.supportLabels[Math.floor((i - trainLabels.length) / views)],
      );
    }
    const queries = materialise(place, values, episode.query, own);
    let c = 0;
    asked.forEach((probe, p) => {
      if (typeof probe === "string") return;
      const own = custom[c++];
      const predicted = own.predict(own.fit(train, trainLabels, episode.classes.length), queries);
      if (predicted?.length !== episode.query.length) {
        throw shapeError(caller, `probe ${own.name}`, `predicted ${predicted?.length} labels`, `${episode.query.length}, one a query`);
      }
      let right = 0;
      const table = tableOf(correct, at + p)?.fill(0);
      for (let i = 0; i < predicted.length; i++) {
        if (predicted[i] === episode.queryLabels[i]) right++;
        if (!table) continue;
        if (!(predicted[i] >= 0 && predicted[i] < episode.classes.length)) {
          throw valueError(
            caller,
            `probe ${own.name}`,
            `predicted ${predicted[i]} for query ${i}`,
            `a label in 0…${episode.classes.length - 1}`,
          );
        }
        table[episode.queryLabels[i] * ways + predicted[i]]++;
      }
      correct[at + p] = right;
    });
  };

  return {
    ...prepared,
    count(e, correct) {
      const episode = run.episode(e);
      for (const { at: start, members } of spaces) {
        const place = start(episode);
        for (const m of members) {
          const mask = masks[m];
          const values = maskWeights({ ...place.stage, ...place }, mask.spec);
          const at = m * names.length;
          if (builtIn.length > 0) {
            place.stage.probes.count(load(place, mask, values), builtIn, counts, tables);
            asked.forEach((probe, p) => {
              if (typeof probe !== "string" || probe === "plda") return;
              const b = builtIn.indexOf(probe as KernelProbe);
              correct[at + p] = counts[b];
              if (tables) tableOf(correct, at + p)!.set(tables.subarray(b * ways * ways, (b + 1) * ways * ways));
            });
          }
          if (plda >= 0) correct[at + plda] = countPlda(place, run, tableOf(correct, at + plda));
          if (custom.length > 0) countCustom(place, values, correct, at);
        }
      }
      if (tuned) {
        tuned.count(e, tunedCounts);
        for (const m of tunedAt) {
          for (let p = 0; p < names.length; p++) {
            const at = m * names.length + p;
            correct[at] = tunedCounts[p];
            const from = tableStart(names.length, p, ways);
            tableOf(correct, at)?.set(tunedCounts.subarray(from, from + ways * ways));
          }
        }
      }
      return episode.query.length;
    },
  };
}
