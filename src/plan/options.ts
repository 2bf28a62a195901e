import type { ClassName, LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { CheckedOptions, OptionsOf } from "../core/option.ts";
import type { RowReader } from "../core/rowReader.ts";
import type { Overlaps } from "../core/sharedRows.ts";
import type { Views } from "../core/views.ts";
import type { Episode, SamplingOptions } from "../episodes/sampleEpisode.ts";
import type { MaskSpec } from "../mask/maskSpec.ts";
import type { ClassWeights } from "../probe/classWeight.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import type { CustomBasis, CustomMask } from "./given.ts";
import type { dataOptions, ProbeName, runOptions, trainingOptions, viewOptions } from "./optionTable.ts";

/** Those that are linear in the masked features, and so run in the kernels. */
export type KernelProbe = Exclude<ProbeName, "plda">;

/** Options that both an episode and a fit take: further data, and how masks and head are made from them. */
export interface DataOptions extends OptionsOf<typeof viewOptions>, OptionsOf<typeof dataOptions>, OptionsOf<typeof trainingOptions> {}

/** Options that `evaluate` and `redundancyCurve` share: the episodes, and the data beside the features. */
export interface EpisodeRunOptions extends SamplingOptions, DataOptions, OptionsOf<typeof runOptions> {}

/** Features: in memory, or read row by row as they are needed. */
export type Features = Matrix | RowReader;

/** Augmented views that are read as they are needed: row i · views + v is view v of row i. */
export interface RowViews {
  readonly reader: RowReader;
  readonly views: number;
}

/** Where rows come from that are not in memory; `features` and `augmented` of the run are then shapes without data. */
export interface RunReaders {
  readonly features: RowReader;
  readonly augmented: RowViews | null;
}

/** Options made ready: defaults filled in, everything checked once. */
export interface EpisodeRun extends CheckedOptions<typeof trainingOptions> {
  /** The function that the user called: errors name it. */
  readonly caller: string;
  /** null where all features are in memory. */
  readonly readers: RunReaders | null;
  readonly features: Matrix;
  readonly index: LabelIndex;
  readonly augmented: Views | null;
  readonly base: { readonly features: Matrix; readonly index: LabelIndex } | null;
  /** A base set known by its statistics alone; `base` is null then. */
  readonly baseStatistics: ClassStatistics | null;
  /** With `baseClasses: "all"`: the features' rows, then the base set's, with classes of their own. */
  readonly joined: { readonly features: Matrix; readonly index: LabelIndex } | null;
  readonly baseClasses: "base" | "all" | "none";
  /** Rows that stand in two places; those of the base set only where that was allowed. */
  readonly overlaps: Overlaps;
  readonly pool: Views | null;
  /** Class weights of `index.classes`, made ready. */
  readonly classWeights: ClassWeights;
  readonly seed: number;
  readonly episodes: number;
  /** How many consecutive episodes share their task (their classes); 1 where episodes are replayed. */
  readonly drawsPerTask: number;
  readonly excludedClasses: readonly ClassName[];
  readonly digest: string;
  /** Most training rows, queries and ways of any episode. */
  readonly most: { readonly support: number; readonly query: number; readonly ways: number };
  episode(e: number): Episode;
  /** The options for the result's `config`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What one thread's checks found, so that a worker that views the same arrays need not look at every number again. */
export type CheckedRun = Pick<EpisodeRun, "index" | "base" | "baseStatistics" | "joined"> & {
  readonly digest?: string;
  readonly overlaps?: Overlaps;
};

/** A mask asked for: as it was spelled, and taken apart. */
export interface NamedMask {
  readonly name: string;
  /** Of a mask of the user's own, its basis with no mask. */
  readonly spec: MaskSpec;
  readonly own?: CustomMask;
  /** The basis before it, where that is the user's own; `spec` then has none. */
  readonly ownBasis?: CustomBasis;
}
