import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { DomainVerdict } from "../estimate/domainOf.ts";
import { checkDomain, domainOf } from "../estimate/domainOf.ts";
import { waysIn } from "../evaluate/redundancyCurve.ts";
import { type CurveOptions, type PreparedCurve, prepareCurve } from "../plan/prepareCurve.ts";
import { type EvaluateOptions, type PreparedEvaluation, prepareEvaluation } from "../plan/prepareEvaluation.ts";
import { countByCrew } from "../run/countByCrew.ts";
import { type Counting, countInSlices, startCounting } from "../run/counting.ts";
import { curveHead, evaluationHead, type Part, type PartHead, partOf, type ShardOptions, shardRange } from "../run/part.ts";
import type { ProgressOptions } from "../run/slices.ts";
import { curveRunner } from "../score/curveRunner.ts";
import type { Score } from "../score/score.ts";
import { evaluationScore } from "../tune/evaluationScore.ts";
import { type Journal, openJournal } from "./journal.ts";
import { threadCrew } from "./threadCrew.ts";

/** A run to count a part of. */
export type PartRun = { readonly features: Matrix; readonly labels: Labels } & (
  | { readonly kind: "evaluate"; readonly options: EvaluateOptions }
  | { readonly kind: "curve"; readonly options: CurveOptions }
);

export interface CountPartOptions extends ShardOptions, ProgressOptions {
  /** Threads (default 1). */
  readonly workers?: number;
  /** Where to keep what is counted, to go on from after any end; undefined to keep nothing. */
  readonly journal?: string;
  /** Hears what people should know, such as damage in the journal. */
  readonly onNotice?: (text: string) => void;
  /** Counts in this thread by this runner instead of one that holds all features. */
  readonly loaded?: {
    readonly prepared: PreparedEvaluation & Score;
    readonly data: string;
    readonly domain: DomainVerdict | null;
  };
}

/** Counts a shard of a run, or all of it, on as many threads as asked, from where its journal ends. */
export async function countPart(run: PartRun, options: CountPartOptions): Promise<Part> {
  const { features, labels } = run;
  const { workers = 1, journal: path, onNotice, loaded, onProgress, signal } = options;
  let journal: Journal | undefined;
  let head: PartHead | undefined;
  let place: ReturnType<typeof shardRange> | undefined;
  let waysOf = (_: number): number => 0;
  const domainFor = (prepared: PreparedEvaluation): DomainVerdict | null => {
    if (loaded) return loaded.domain;
    const { domain, kernels } = run.options as EvaluateOptions;
    return checkDomain({ domain }, "evaluate") ? domainOf(prepared.run, kernels) : null;
  };
  /** Everything that hangs on a run's being checked: which episodes, by what head, and what of them is known. */
  const begin = (prepared: PreparedEvaluation | PreparedCurve): Counting => {
    place = shardRange(options, prepared.run.episodes, "countPart");
    waysOf = waysIn(prepared);
    head =
      "stops" in prepared
        ? curveHead(prepared)
        : evaluationHead(prepared, (run.options as EvaluateOptions).perEpisode ?? false, domainFor(prepared), loaded?.data);
    const counting = startCounting(place.from, place.to, prepared.width);
    if (path === undefined) return counting;
    journal = openJournal(path, { ...head, ...place }, counting);
    const { append, damaged } = journal;
    if (damaged > 0) onNotice?.(`${path} has ${damaged} damaged line${damaged > 1 ? "s: their" : ": its"} episodes are counted again`);
    return { ...counting, onCounted: append };
  };
  try {
    let counting: Counting;
    if (workers > 1 && !loaded) {
      const crew = threadCrew("countPart", { workers });
      const prepare = () =>
        run.kind === "curve" ? prepareCurve(features, labels, run.options) : prepareEvaluation(features, labels, run.options);
      let begun: Counting | undefined;
      await countByCrew(crew, run.kind, { ...run.options, onProgress, signal }, prepare, (prepared) => {
        begun = begin(prepared);
        return begun;
      });
      counting = begun!;
    } else {
      const runner =
        loaded?.prepared ??
        (run.kind === "curve" ? curveRunner(features, labels, run.options) : evaluationScore(features, labels, run.options));
      counting = begin(runner);
      await countInSlices(runner, counting, { onProgress, signal });
    }
    return partOf(head!, place!, counting, waysOf);
  } finally {
    journal?.close();
  }
}
