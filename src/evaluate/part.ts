import { fingerprint } from "../core/fingerprint.ts";
import type { ClassName } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { RowReader } from "../core/rowReader.ts";
import { version } from "../core/version.ts";
import type { Views } from "../core/views.ts";
import type { DomainVerdict } from "../estimate/domainOf.ts";
import type { MetricName } from "../plan/countLayout.ts";
import type { JobPlace } from "../plan/job.ts";
import type { EpisodeRun } from "../plan/options.ts";
import type { PreparedCurve } from "../plan/prepareCurve.ts";
import type { PreparedEvaluation } from "../plan/prepareEvaluation.ts";
import type { Counts } from "../score/score.ts";

/** What a part says of its run: equal for all parts of one run, and enough to sum up their counts. */
interface RunHead {
  readonly schema: "softprobe/part@3";
  /** Of the package: parts of one run come of one version. */
  readonly version: string;
  /** Episodes of the whole run. */
  readonly episodes: number;
  /** Numbers an episode counts. */
  readonly width: number;
  /** The result's `digest`, its `config` and its excluded classes. */
  readonly digest: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly excludedClasses: readonly ClassName[];
  /** 16 hexadecimal digits of the values themselves: features, views, base set and pool. */
  readonly data: string;
  readonly drawsPerTask: number;
  readonly seed: number;
  readonly priorDegrees: number;
  readonly mostWays: number;
}

/** {@link RunHead} of `evaluate`. */
export interface EvaluationHead extends RunHead {
  readonly kind: "evaluate";
  readonly masks: readonly string[];
  readonly probes: readonly string[];
  readonly metrics: readonly MetricName[];
  readonly perEpisode: boolean;
  /** Whether the features' classes look like the base set's; null where that was not asked or can't be told. */
  readonly domain: DomainVerdict | null;
}

/** {@link RunHead} of `redundancyCurve`. */
export interface CurveHead extends RunHead {
  readonly kind: "curve";
  readonly importance: string;
  readonly probe: "softmax" | "centroid";
  readonly fractions: readonly number[];
  readonly epsilon: number;
  readonly dimensions: readonly number[];
  readonly stops: readonly number[];
}

/** One shard's counts, a plain JSON document: what `mergeShards` takes. */
interface Counted {
  /** Which shard, 1 … of. */
  readonly shard: number;
  readonly of: number;
  /** Its episodes: from … to − 1. */
  readonly from: number;
  readonly to: number;
  /** Names of the files that the data came from, where a command read them. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Queries of each episode. */
  readonly totals: readonly number[];
  /** `width` numbers an episode. */
  readonly correct: readonly number[];
}

/** A shard of an evaluation. */
export type EvaluationPart = EvaluationHead & Counted;
/** A shard of a redundancy curve; `ways` are those of each of its episodes. */
export type CurvePart = CurveHead & Counted & { readonly ways: readonly number[] };
export type PartHead = EvaluationHead | CurveHead;
export type Part = EvaluationPart | CurvePart;

function rowsOf({ data, rows, cols }: Matrix) {
  return { rows, cols, row: (i: number) => data.subarray(i * cols, (i + 1) * cols) };
}

/** {@link fingerprint} of all that a run reads besides labels, which its digest holds. */
export function runFingerprint(run: EpisodeRun): string {
  const rowsBy = (reader: RowReader) => ({ rows: reader.rows, cols: reader.cols, row: (i: number) => reader.read([i]).data });
  const views = (given: Views | null) => given && rowsOf(given.matrix);
  const { readers } = run;
  const features = readers ? rowsBy(readers.features) : rowsOf(run.features);
  const augmented = readers ? readers.augmented && rowsBy(readers.augmented.reader) : views(run.augmented);
  return fingerprint([features, augmented, ...baseOf(run), views(run.pool)]);
}

/** What a base set adds to a fingerprint, in either form. */
function baseOf({ base, baseStatistics }: Pick<EpisodeRun, "base" | "baseStatistics">) {
  const rows = baseStatistics && { data: baseStatistics.means, rows: baseStatistics.counts.length, cols: baseStatistics.cols };
  return [
    base ? rowsOf(base.features) : rows && rowsOf(rows),
    base?.index.codes ?? null,
    ...(rows ? [rowsOf({ ...rows, data: baseStatistics!.variances })] : []),
  ];
}

function runHead(run: EpisodeRun, width: number): RunHead {
  const data = runFingerprint(run);
  const { episodes, digest, config, excludedClasses, drawsPerTask, seed, priorDegrees, most } = run;
  return {
    ...{ schema: "softprobe/part@3", version, episodes, width, digest, config, excludedClasses, data },
    ...{ drawsPerTask, seed, priorDegrees, mostWays: most.ways },
  } as RunHead;
}

/** What parts of an evaluation say of it. */
export function evaluationHead(prepared: PreparedEvaluation, domain: DomainVerdict | null): EvaluationHead {
  const { run, options, masks, probes, metrics, width } = prepared;
  const { perEpisode = false } = options;
  return { kind: "evaluate", ...runHead(run, width), masks: masks.map(({ name }) => name), probes, metrics, perEpisode, domain };
}

/** What parts of a curve say of it. */
export function curveHead(prepared: PreparedCurve): CurveHead {
  const { run, width, importance, probe, fractions, epsilon, dimensions, stops } = prepared;
  return { kind: "curve", ...runHead(run, width), importance, probe, fractions, epsilon, dimensions, stops };
}

/** A shard's document. `waysOf` tells the ways of an episode: curves keep them. */
export function partOf(head: PartHead, { shard, of, from }: JobPlace, counts: Counts, waysOf: (e: number) => number): Part {
  const to = from + counts.totals.length;
  return {
    ...head,
    ...{ shard, of, from, to },
    ...(head.kind === "curve" ? { ways: Array.from({ length: to - from }, (_, i) => waysOf(from + i)) } : {}),
    totals: Array.from(counts.totals),
    correct: Array.from(counts.correct),
  } as Part;
}
