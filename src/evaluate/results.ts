import type { ClassName } from "../core/labels.ts";
import type { DomainVerdict } from "../estimate/domainOf.ts";
import type { MetricName } from "../plan/countLayout.ts";
import type { ClassWeight } from "../probe/classWeight.ts";

/** A 95 % confidence interval, [lower, upper]. */
export type Interval = readonly [number, number];

/** A paired difference over the same episodes, in fractions of 1: its mean, 95 % interval and two-sided p (Student t, paired). */
export interface Difference {
  readonly mean: number;
  readonly ci95: Interval;
  readonly p: number;
}

/** A measure other than accuracy: its mean over tasks, and the paired difference to the first mask. */
export interface MetricResult {
  readonly mean: number;
  readonly ci95: Interval;
  readonly difference: Difference | null;
}

/** Where the variance of per-episode accuracy comes from, and how many episodes a narrow interval needs. */
export interface EvaluationVariance {
  /** Variance between tasks (which classes), in squared fractions of 1. */
  readonly between: number;
  /** Variance within a task (which support and query rows). */
  readonly within: number;
  /** between / (between + within). */
  readonly share: number;
  /** Episodes that an interval of ± `halfWidth` needs: with a new task for each episode, as usual, or with as many draws a task as in this run. */
  readonly episodesNeeded: { readonly halfWidth: number; readonly oneDraw: number; readonly sameDraws: number };
}

/** What one episode counted: `correct` of `total` queries. */
export interface EpisodeCount {
  readonly correct: number;
  readonly total: number;
}

/** The values of C that `C: "auto"` chose over the episodes. */
export interface ChosenPenalties {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One mask with one probe, over all episodes. */
export interface EvaluationResult {
  /** The mask's spec string, such as `pair@augmented/power:0.5`. */
  readonly mask: string;
  /** The probe's name: `softmax`, `centroid`, `cosine`, or that of a probe of your own. */
  readonly probe: string;
  /** Mean accuracy over episodes (over tasks, where tasks have several draws), a fraction of 1. */
  readonly accuracy: number;
  readonly ci95: Interval;
  /** The chosen C (median and range), if the softmax probe's C is chosen in each episode (`C: "auto"`). A given C is in `config`. */
  readonly C?: ChosenPenalties;
  /** Difference to the first mask with the same probe or, with `compare`, to its mask and probe; null for the reference itself. */
  readonly difference: Difference | null;
  /** The measures asked for, by name; the others are absent. */
  readonly metrics?: Readonly<Record<MetricName, MetricResult>>;
  /** Only where tasks have several draws (`drawsPerTask`). */
  readonly variance?: EvaluationVariance;
  /** One entry an episode, in order; only when asked for. */
  readonly perEpisode?: readonly EpisodeCount[];
}

/** How large the data of a run were, and what was found in them. */
export interface RunData {
  readonly rows?: number;
  readonly cols?: number;
  readonly classes?: number;
  /** Augmented views of each row; 0 without any. */
  readonly views?: number;
  readonly baseRows?: number;
  readonly poolRows?: number;
  /** Present where something was found, or where the base set was given as statistics. */
  readonly [found: string]: unknown;
}

/** The options that any run counted with. A field that does not apply is absent, as those of sampling are where episodes were replayed; others may stand beside them, such as the command's files. */
export interface SharedConfig {
  readonly data?: RunData;
  /** For every class, or one a way. */
  readonly shots?: number | readonly number[];
  readonly queries?: number | readonly number[] | "all";
  readonly drawsPerTask?: number;
  readonly episodes?: number;
  /** Number of replayed episodes. */
  readonly replayed?: number;
  readonly seed?: number;
  readonly C?: number | "auto";
  readonly classWeight?: ClassWeight;
  readonly trainOn?: "support" | "augmented";
  readonly normalize?: "l2" | "none";
  readonly baseClasses?: "base" | "all" | "none";
  readonly [other: string]: unknown;
}

/** The options that a run of one number of ways counted with. */
export interface RunConfig extends SharedConfig {
  readonly ways?: number;
}

/** The options that `evaluate` counted with. */
export interface EvaluationConfig extends RunConfig {
  /** Names of masks and probes, in the order of the results. */
  readonly masks?: readonly string[];
  readonly probes?: readonly string[];
  readonly metrics?: readonly MetricName[];
  readonly compare?: { readonly to: string };
}

/** What a curve looked at. */
interface CurveAsked {
  /** What ordered the dimensions: `importance@source`, or the name of a mask of your own. */
  readonly importance?: string;
  readonly probe?: "softmax" | "centroid";
  readonly fractions?: readonly number[];
  readonly epsilon?: number;
}

/** The options that `redundancyCurve` counted with. */
export interface CurveConfig extends RunConfig, CurveAsked {}

/** The options that `redundancyGrid` counted with: of shots and ways all that have a cell, or are skipped. */
export interface GridConfig extends SharedConfig, CurveAsked {
  readonly shots?: readonly number[];
  readonly ways?: readonly number[];
}

/** The options that `compareTheory` counted with. */
export interface TheoryConfig extends RunConfig, Omit<CurveAsked, "epsilon"> {
  readonly shots?: readonly number[];
  /** Class pairs that the theory looked at. */
  readonly pairs?: number;
}

/** The result of `evaluate`: a plain JSON document. */
export interface Evaluation {
  readonly schema: "softprobe/eval@1";
  readonly config: EvaluationConfig;
  /** Hash of the features' shape, the labels and the options that determine the episodes: equal digests, same episodes. */
  readonly digest: string;
  readonly episodes: number;
  /** Classes with fewer than shots + queries rows, left out of every episode. */
  readonly excludedClasses: readonly ClassName[];
  /** Present if a base set is given as rows, unless `domain` is false. */
  readonly domain?: DomainVerdict;
  /**
   * Number of softmax fits that did not converge, over all episodes and masks; absent if all did. Their predictions are those of
   * `fitSoftmax`, which returns its best iterate.
   */
  readonly unconverged?: number;
  readonly results: readonly EvaluationResult[];
}

/** Accuracy with the `dimensions` most important dimensions kept. */
export interface CurvePoint {
  /** Share of dimensions kept, 0 … 1. */
  readonly fraction: number;
  readonly dimensions: number;
  readonly accuracy: number;
  readonly ci95: Interval;
  /** The chosen C (median and range), if the softmax probe's C is chosen at each point of each episode (`C: "auto"`). A given C is in `config`. */
  readonly C?: ChosenPenalties;
  /** To all dimensions. */
  readonly difference: Difference;
}

/** A redundancy curve as a plain JSON document, with everything that tables and pictures need. */
export interface RedundancyCurve {
  readonly schema: "softprobe/curve@1";
  readonly config: CurveConfig;
  readonly digest: string;
  readonly episodes: number;
  readonly excludedClasses: readonly ClassName[];
  /** Number of softmax fits that did not converge, over all episodes and points; absent if all did. */
  readonly unconverged?: number;
  readonly points: readonly CurvePoint[];
}

/** The fewest dimensions not worse than all by more than ε (the paired lower bound of the difference is at least −ε). */
export interface Knee {
  /** Share of dimensions, 0 … 1: one of the fractions asked for, or 1. */
  readonly fraction: number;
  readonly dimensions: number;
  readonly epsilon: number;
  /** Where the knee falls in 95 % of bootstrap resamples of the tasks, by the same rule. */
  readonly ci95: { readonly fraction: Interval; readonly dimensions: Interval };
}

/** The result of `redundancyCurve`: the curve, its knee and its index. */
export interface MeasuredCurve extends RedundancyCurve {
  readonly knee: Knee;
  /** `redundancyIndex` of the curve and all dimensions, chance 1/ways, with its bootstrap interval over tasks; null where the curve has one size only. */
  readonly redundancyIndex: { readonly value: number; readonly ci95: Interval } | null;
}
