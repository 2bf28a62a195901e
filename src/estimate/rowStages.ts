import type { Matrix } from "../core/matrix.ts";
import { readRows } from "../core/rowReader.ts";
import { type Views, viewRows } from "../core/views.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { type Kernels, paddedCols } from "../kernels/kernels.ts";
import type { EpisodeRun, NamedMask, RunReaders } from "../plan/options.ts";
import { streamMoments } from "../statistics/streamClassStatistics.ts";
import { type LoadedMoments, loadMoments, loadScaled, loadStatistics } from "./featureSpace.ts";
import { type Ask, type Asked, createStage, startStage } from "./stage.ts";
import { groupMasks, type SharedStage, simpleSpace } from "./stages.ts";

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
export function rowStages<A extends Asked>(
  run: EpisodeRun,
  { features: reader, augmented }: RunReaders,
  masks: readonly NamedMask[],
  ask: Ask<A>,
): readonly SharedStage<A>[] {
  const { caller, normalize, kernels: choice } = run;
  const statistics = masks.some((mask) => needsMoments(mask, run)) ? streamMoments(reader, run.index, { normalize }, caller) : null;
  const gather = ({ support, query }: Episode): { features: Matrix; augmented: Views | null } => {
    const features = readRows(reader, Int32Array.of(...support, ...query), caller, "features");
    if (!augmented) return { features, augmented: null };
    const { views } = augmented;
    const rows = viewRows(support, views);
    return { features, augmented: { views, matrix: readRows(augmented.reader, rows, caller, "augmented") } };
  };
  // Several spaces of one episode read its rows once.
  let last: { readonly episode: Episode; readonly rows: ReturnType<typeof gather> } | null = null;
  return groupMasks(masks).map((members): SharedStage<A> => {
    const simple = masks[members[0]].spec.kind === "simple";
    const kernels = createKernels(choice);
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
        const data = simple ? simpleSpace(rows, normalize) : { ...rows, baseStatistics: run.baseStatistics };
        const stage = createStage(kernels, { ...data, index: run.index, statistics: normalize, known }, run, caller, ask);
        return startStage(stage, local);
      },
    };
  });
}
