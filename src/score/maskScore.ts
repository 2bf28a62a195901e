import { exponentOf } from "../core/doubles.ts";
import type { Matrix } from "../core/matrix.ts";
import { viewRows } from "../core/views.ts";
import { type BasisCache, basisCache } from "../estimate/basisStage.ts";
import { customWeights } from "../estimate/customWeights.ts";
import { maskWeights } from "../estimate/maskWeights.ts";
import { rowStages } from "../estimate/rowStages.ts";
import type { Ask, StageAt } from "../estimate/stage.ts";
import { imagesOf } from "../estimate/stagedEpisode.ts";
import { stagesOf } from "../estimate/stages.ts";
import { concatRows } from "../features/concatRows.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { takeRows } from "../features/takeRows.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import { applyMask } from "../mask/applyMask.ts";
import { binsOf, putPenalty, tableOf } from "../plan/countLayout.ts";
import type { CustomProbe } from "../plan/given.ts";
import type { KernelProbe, NamedMask } from "../plan/options.ts";
import { probeNames } from "../plan/optionTable.ts";
import type { PreparedEvaluation } from "../plan/prepareEvaluation.ts";
import { addConfidences } from "./confidenceBins.ts";
import { countByHand } from "./countByHand.ts";
import { countPlda } from "./countPlda.ts";
import { customAnswers } from "./customAnswers.ts";
import { type EpisodeProbes, episodeProbes } from "./episodeProbes.ts";
import type { LoadedMask } from "./episodeTraining.ts";
import type { Score } from "./score.ts";

/** Columns kept below this share are gathered; above it, zero weights are cheaper. */
const gatherBelow = 0.3;

/**
 * The score of masks other than `tuned`, which weighs scores such as this: correct predictions of every mask × probe, mask by mask, and what metrics need. Loads the
 * features; the counting itself allocates next to nothing.
 */
export function maskScore(prepared: PreparedEvaluation, cache: BasisCache = basisCache()): Score {
  const { run, masks, asked, probes: names } = prepared;
  const { caller } = run;
  const custom = asked.filter((probe): probe is CustomProbe => typeof probe !== "string");
  const builtIn = probeNames.filter((name): name is KernelProbe => name !== "plda" && asked.includes(name));
  const plda = asked.indexOf("plda");
  const counts = new Int32Array(builtIn.length);
  const { ways } = run.most;
  const { layout } = prepared;
  const tables = layout.table > 0 ? new Int32Array(builtIn.length * layout.table) : null;
  const bins = layout.bins > 0 ? new Int32Array(builtIn.length * layout.bins) : null;

  const { kernels, end } = borrowKernels(run.kernels);
  const { C, classWeights, normalize, trainOn, most } = run;
  const ask: Ask<EpisodeProbes> = (own, space) => episodeProbes(own, space, { C, classWeights, normalize, trainOn, most });
  const spaces = run.readers ? rowStages(run, run.readers, masks, ask) : stagesOf(run, masks, caller, ask, kernels, run.kernels, cache);

  const load = ({ stage }: StageAt<EpisodeProbes>, mask: NamedMask, values: Float64Array | null): LoadedMask => {
    if (values === null) return { kind: "none" };
    const { kernels: own, weights, columns } = stage;
    const { cols } = stage.data.features;
    const { i32, f64 } = own.memory;
    if (mask.spec.kind === "importance" && mask.spec.shape.name === "top" && mask.spec.shape.value <= gatherBelow) {
      let count = 0;
      for (let j = 0; j < cols; j++) if (values[j] !== 0) i32[(columns >>> 2) + count++] = j;
      return { kind: "kept", columns, count };
    }
    // After l2 only the weights' proportions matter: the largest becomes about 1, so that squares neither overflow nor vanish.
    let largest = 0;
    for (let j = 0; j < cols; j++) largest = Math.max(largest, values[j]);
    const scale = run.normalize === "l2" && largest > 0 ? 2 ** Math.min(1023, -exponentOf(largest)) : 1;
    for (let j = 0; j < cols; j++) f64[(weights >>> 3) + j] = values[j] * scale;
    f64.fill(0, (weights >>> 3) + cols, (weights >>> 3) + paddedCols(cols));
    return { kind: "weights", weights };
  };

  /** Rows of a space as a probe sees them: masked and normalised. */
  const materialise = ({ stage }: StageAt<EpisodeProbes>, values: Float64Array | null, rows: ArrayLike<number>, source: Matrix): Matrix => {
    const taken = takeRows(source, rows);
    const mask = values ?? new Float64Array(source.cols).fill(1);
    return applyMask(stage.data.statistics === "l2" ? l2Normalize(taken) : taken, mask, { normalize: run.normalize });
  };

  const countCustom = (e: number, place: StageAt<EpisodeProbes>, values: Float64Array | null, correct: Int32Array, at: number): void => {
    const { episode } = place;
    const { features: own, augmented } = place.stage.data;
    let train = materialise(place, values, episode.support, own);
    let trainLabels = episode.supportLabels.slice();
    if (run.trainOn === "augmented" && augmented) {
      const { views, matrix } = augmented;
      const own = trainLabels;
      train = concatRows([train, materialise(place, values, viewRows(imagesOf(episode), views), matrix)]);
      trainLabels = Int32Array.from({ length: train.rows }, (_, i) => own[i < own.length ? i : Math.floor((i - own.length) / views)]);
    }
    const queries = materialise(place, values, episode.query, own);
    let c = 0;
    asked.forEach((probe, p) => {
      if (typeof probe === "string") return;
      const own = custom[c++];
      const confidence = binsOf(correct, layout, at + p);
      const { answers, probabilities } = customAnswers(
        caller,
        own,
        e,
        episode,
        { support: train, labels: trainLabels, queries },
        confidence !== null,
      );
      let right = 0;
      const table = tableOf(correct, layout, at + p)?.fill(0);
      answers.forEach((answer, i) => {
        if (answer === episode.queryLabels[i]) right++;
        if (table) table[episode.queryLabels[i] * ways + answer]++;
      });
      if (confidence) addConfidences(confidence, probabilities!, episode.classes.length, answers, episode.queryLabels);
      correct[at + p] = right;
    });
  };

  return {
    width: layout.width,
    end,
    count(e, correct) {
      const episode = run.episode(e);
      correct.fill(0, layout.unconverged);
      for (const { at: start, members } of spaces) {
        const place = start(episode);
        for (const m of members) {
          const mask = masks[m];
          const values = mask.own
            ? customWeights(caller, mask.own, place.stage.data, place.episode)
            : maskWeights({ ...place.stage, ...place }, mask.spec);
          const at = m * names.length;
          if (builtIn.length > 0) {
            const unreliable = place.stage.asked.count(load(place, mask, values), builtIn, counts, tables, bins);
            asked.forEach((probe, p) => {
              if (typeof probe !== "string" || probe === "plda") return;
              const b = builtIn.indexOf(probe as KernelProbe);
              correct[at + p] = counts[b];
              if (layout.chosen)
                putPenalty(correct, layout.unconverged + 1 + 2 * (at + p), probe === "softmax" ? place.stage.asked.penalty() : 0);
              if (tables) tableOf(correct, layout, at + p)!.set(tables.subarray(b * layout.table, (b + 1) * layout.table));
              if (bins) binsOf(correct, layout, at + p)!.set(bins.subarray(b * layout.bins, (b + 1) * layout.bins));
              if ((unreliable & (1 << b)) === 0) return;
              const own = { table: tableOf(correct, layout, at + p), bins: binsOf(correct, layout, at + p) };
              const found = countByHand(probe as KernelProbe, place, values, run, own);
              correct[at + p] = found.correct;
              if (!found.converged) correct[layout.unconverged]++;
            });
          }
          if (plda >= 0) {
            const [table, confidence] = [tableOf(correct, layout, at + plda), binsOf(correct, layout, at + plda)];
            correct[at + plda] = countPlda(place, run, table, confidence);
          }
          if (custom.length > 0) countCustom(e, place, values, correct, at);
        }
      }
      return episode.query.length;
    },
  };
}
