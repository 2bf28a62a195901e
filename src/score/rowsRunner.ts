import { shapeError, valueError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { checkReader, type RowReader, readRows } from "../core/rowReader.ts";
import type { Views } from "../core/views.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { checkDomain, type DomainVerdict, domainOf } from "../estimate/domainOf.ts";
import { type LoadedMoments, loadMoments, loadScaled, loadStatistics } from "../estimate/featureSpace.ts";
import { type Ask, createStage, startStage } from "../estimate/stage.ts";
import { groupMasks, type SharedStage, simpleSpace } from "../estimate/stages.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { type Kernels, paddedCols } from "../kernels/kernels.ts";
import type { EpisodeRun, NamedMask } from "../plan/options.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";
import { prepareBase } from "../plan/prepareRun.ts";
import { streamMoments } from "../statistics/streamClassStatistics.ts";
import type { EpisodeProbes } from "./episodeProbes.ts";
import { type EvaluationRunner, evaluationRunner } from "./evaluationRunner.ts";

/** Options of `evaluate` over rows that are read as they are needed. */
export interface RowsOptions extends Omit<EvaluateOptions, "augmented" | "baseClasses"> {
  /** Augmented views of every row: row i · views + v is view v of row i. */
  readonly augmented?: { readonly reader: RowReader; readonly views: number };
}

const caller = "evaluateRows";

/** A matrix of which only the shape is there. */
const shapeOf = ({ rows, cols }: RowReader): Matrix => ({ data: new Float32Array(0), rows, cols });

/** Refuses masks that look at more rows than an episode's and the classes' statistics. */
function checkStreams(masks: readonly NamedMask[]): void {
  for (const { name, spec } of masks) {
    if (spec.kind === "tuned" || (spec.basis && spec.basis.name !== "raw"))
      throw valueError(caller, `mask "${name}"`, "needs all rows in memory", "a mask without a basis, or evaluate");
  }
}

/** Whether a mask needs to know the features' classes beyond the episode's rows. */
function needsMoments({ spec }: NamedMask, run: EpisodeRun): boolean {
  if (spec.kind !== "importance" || spec.source === null) return false;
  const { source } = spec;
  return source === "oracle" || (run.base === null && run.baseStatistics === null && source !== "support" && source !== "augmented");
}

/** Moments of the base set, in either form; undefined without one. */
function loadBase(kernels: Kernels, { base, baseStatistics, normalize }: EpisodeRun): LoadedMoments | undefined {
  if (baseStatistics) return loadStatistics(kernels, baseStatistics, paddedCols(baseStatistics.cols));
  return base ? loadMoments(kernels, loadScaled(kernels, base.features, normalize), base.index) : undefined;
}

/** One space a group of masks, which holds an episode's rows alone: those of the episode before make room for them. */
function rowStages(
  reader: RowReader,
  options: RowsOptions,
  run: EpisodeRun,
  masks: readonly NamedMask[],
  ask: Ask<EpisodeProbes>,
): readonly SharedStage<EpisodeProbes>[] {
  checkStreams(masks);
  const statistics = masks.some((mask) => needsMoments(mask, run))
    ? streamMoments(reader, run.index, { normalize: run.normalize }, caller)
    : null;
  const gather = ({ support, query }: Episode): { features: Matrix; augmented: Views | null } => {
    const features = readRows(reader, Int32Array.of(...support, ...query), caller, "features");
    if (!options.augmented) return { features, augmented: null };
    const { views } = options.augmented;
    const rows = Float64Array.from({ length: support.length * views }, (_, i) => support[Math.floor(i / views)] * views + (i % views));
    return { features, augmented: { views, matrix: readRows(options.augmented.reader, rows, caller, "augmented") } };
  };
  // Several spaces of one episode read its rows once.
  let last: { readonly episode: Episode; readonly rows: ReturnType<typeof gather> } | null = null;
  return groupMasks(masks).map((members): SharedStage<EpisodeProbes> => {
    const simple = masks[members[0]].spec.kind === "simple";
    const kernels = createKernels(options.kernels);
    const base = simple ? undefined : loadBase(kernels, run);
    const known = simple ? {} : { base, own: statistics ? loadStatistics(kernels, statistics, paddedCols(statistics.cols)) : undefined };
    const mark = kernels.memory.mark();
    return {
      members,
      at(episode) {
        if (last?.episode !== episode) last = { episode, rows: gather(episode) };
        kernels.memory.release(mark);
        const { support, query } = episode;
        const places = support.map((_, i) => i);
        const local = { ...episode, support: places, query: query.map((_, i) => support.length + i), images: places };
        const rows = { ...last.rows, base: run.base };
        const data = simple ? simpleSpace(rows, run.normalize) : { ...rows, baseStatistics: run.baseStatistics };
        const stage = createStage(kernels, { ...data, index: run.index, statistics: run.normalize, known }, run, caller, ask);
        return startStage(stage, local);
      },
    };
  });
}

/** A runner over rows that are read as they are needed. */
export function rowsRunner(reader: RowReader, labels: Labels, { augmented, ...options }: RowsOptions): EvaluationRunner {
  const { rows, cols } = checkReader(reader, caller, "reader");
  const index = indexLabels(labels);
  if (index.codes.length !== rows) throw shapeError(caller, "labels", `${index.codes.length} rows`, `${rows}, one a row of features`);
  if ((options as EvaluateOptions).baseClasses === "all")
    throw valueError(caller, "baseClasses", 'is "all"', '"base": the others would have to be in memory, as evaluate has them');
  let views: Views | undefined;
  if (augmented) {
    checkReader(augmented.reader, caller, "augmented.reader");
    if (augmented.reader.cols !== cols || augmented.reader.rows !== rows * augmented.views)
      throw shapeError(
        caller,
        "augmented.reader",
        `${augmented.reader.rows} × ${augmented.reader.cols} values`,
        `${rows} × ${augmented.views} rows of ${cols}, as features`,
      );
    views = { matrix: shapeOf(augmented.reader), views: augmented.views };
  }
  const checked = { index, joined: null, ...prepareBase(caller, options.base, cols, options.normalize ?? "l2") };
  return evaluationRunner(shapeOf(reader), labels, { ...options, augmented: views }, undefined, checked, (run, masks, ask) =>
    rowStages(reader, { ...options, augmented }, run, masks, ask),
  );
}

/** The domain check of such a run: reads the few rows that it looks at. */
export function rowsDomain({ run }: EvaluationRunner, reader: RowReader, { domain, kernels }: RowsOptions): DomainVerdict | null {
  return checkDomain({ domain }, caller) ? domainOf(run, kernels, (rows) => readRows(reader, rows, caller, "features")) : null;
}
