import { checkChoice, checkCount, checkPositive } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import { indexLabels, type LabelIndex, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { checkViews, type Views } from "../core/views.ts";
import { episodeDigest } from "../episodes/episodeDigest.ts";
import { type EpisodeRows, replayEpisode } from "../episodes/replayEpisode.ts";
import { type Episode, type EpisodeOptions, episodeSampler } from "../episodes/sampleEpisode.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import { formatMask, type MaskSpec, parseMask } from "../mask/maskSpec.ts";
import { checkClassStatistics, checkUnitRows } from "../statistics/checkClassStatistics.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

export const probeNames = ["softmax", "centroid", "cosine", "plda"] as const;
/** The probes that come with the library; `plda` goes with `discriminant:RIDGE>none` masks only. */
export type ProbeName = (typeof probeNames)[number];
/** Those that are linear in the masked features, and so run in the kernels. */
export type KernelProbe = Exclude<ProbeName, "plda">;

/** A probe of your own: trained and asked once an episode for every mask, on features already masked and normalised. */
export interface CustomProbe<Model = unknown> {
  readonly name: string;
  /** Trains on n × d features with labels 0 … ways − 1. */
  fit(features: Matrix, labels: Int32Array, ways: number): Model;
  /** Labels 0 … ways − 1 of q × d features. */
  predict(model: Model, features: Matrix): ArrayLike<number>;
  /** Probabilities of the classes, q × ways, for `expectedCalibrationError` only. */
  predictProba?(model: Model, features: Matrix): Matrix;
}

/** A base set: labelled rows, or what masks need to know of them. */
export type BaseGiven = { readonly features: Matrix; readonly labels: Labels } | ClassStatistics;

/** What `evaluate` and `redundancyCurve` have in common: the episodes and the data beside the features. */
export interface EpisodeRunOptions extends EpisodeOptions {
  /** How many episodes (default 600), numbered from 0. */
  readonly episodes?: number;
  /** Given episodes instead of sampled ones; ways, shots, queries, seed, episodes and drawsPerTask then don't count. */
  readonly replay?: readonly EpisodeRows[];
  /** Augmented views of every row of the features, for the sources augmented, augmented+base and posterior, and for `trainOn`. */
  readonly augmented?: Views;
  /**
   * Labelled rows of other classes, for the sources base, augmented+base, prior and posterior, and for bases; without them, the classes outside each
   * episode serve. For the sources alone their statistics will do (those of l2-normalised rows, unless `normalize` is `"none"`).
   */
  readonly base?: BaseGiven;
  /**
   * What counts as base classes where a base set is given: it alone (`"base"`, the default), or it and the classes outside each episode
   * (`"all"`). Bases are then fitted anew for every set of classes left out.
   */
  readonly baseClasses?: "base" | "all";
  /** Views of an unlabelled pool of other rows, for the `views` basis; without it, the augmented rows of the classes outside each episode serve. */
  readonly pool?: Views;
  /** Train the probe on the support, or on the support and its views (default `"support"`). */
  readonly trainOn?: "support" | "augmented";
  /** `"l2"` (default): rows scaled to norm 1 before the mask and again after it; `"none"`: neither. */
  readonly normalize?: "l2" | "none";
  /** The softmax probe's C (default 1). */
  readonly C?: number;
  /** Prior degrees of freedom of the `posterior` source (default 24). */
  readonly priorDegrees?: number;
  /** Which kernels compute (default `"auto"`): the result is the same to the bit. */
  readonly kernels?: KernelChoice;
}

/** Options made ready: defaults filled in, everything checked once. */
export interface EpisodeRun {
  readonly features: Matrix;
  readonly index: LabelIndex;
  readonly augmented: Views | null;
  readonly base: { readonly features: Matrix; readonly index: LabelIndex } | null;
  /** A base set known by its statistics alone; `base` is null then. */
  readonly baseStatistics: ClassStatistics | null;
  /** With `baseClasses: "all"`: the features' rows, then the base set's, with classes of their own. */
  readonly joined: { readonly features: Matrix; readonly index: LabelIndex } | null;
  readonly baseClasses: "base" | "all";
  readonly pool: Views | null;
  readonly trainOn: "support" | "augmented";
  readonly normalize: "l2" | "none";
  readonly C: number;
  readonly priorDegrees: number;
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

/** The features' rows and the base set's in one matrix: a base class is never one of the features' classes, whatever its name. */
function joinBase(
  features: Matrix,
  index: LabelIndex,
  base: { readonly features: Matrix; readonly index: LabelIndex },
): EpisodeRun["joined"] {
  const single = features.data instanceof Float32Array && base.features.data instanceof Float32Array;
  const data = new (single ? Float32Array : Float64Array)(features.data.length + base.features.data.length);
  data.set(features.data);
  data.set(base.features.data, features.data.length);
  const classes = index.classes.length;
  const codes = Int32Array.from({ length: features.rows + base.features.rows }, (_, i) =>
    i < features.rows ? index.codes[i] : classes + base.index.codes[i - features.rows],
  );
  return { features: { data, rows: codes.length, cols: features.cols }, index: indexLabels(codes) };
}

/** What one thread's checks found, so that a worker that views the same arrays need not look at every number again. */
export type CheckedRun = Pick<EpisodeRun, "index" | "base" | "baseStatistics" | "joined"> & { readonly digest?: string };

/** Checks a base set in either form. */
export function prepareBase(
  caller: string,
  given: BaseGiven | undefined,
  cols: number,
  normalize: "l2" | "none",
): Pick<EpisodeRun, "base" | "baseStatistics"> {
  if (!given) return { base: null, baseStatistics: null };
  if (!("features" in given)) {
    checkClassStatistics(given, caller, "base");
    if (given.cols !== cols) throw shapeError(caller, "base", `${given.cols} columns`, `${cols}, as features`);
    if (normalize === "l2") checkUnitRows(given, caller, "base");
    return { base: null, baseStatistics: given };
  }
  const { features, labels } = given;
  checkFinite(features, caller, "base.features");
  if (features.cols !== cols) throw shapeError(caller, "base.features", `${features.cols} columns`, `${cols}, as features`);
  const index = indexLabels(labels);
  if (index.codes.length !== features.rows)
    throw shapeError(caller, "base.labels", `${index.codes.length} rows`, `${features.rows}, one a row of base.features`);
  return { base: { features, index }, baseStatistics: null };
}

/** Rows of the base set, in either form. */
export function countBaseRows({ base, baseStatistics }: Pick<EpisodeRun, "base" | "baseStatistics">): number {
  return base?.features.rows ?? baseStatistics?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
}

/**
 * Checks everything that episodes share, once; `caller` names the function in errors. With `checked`, arrays are trusted, and labels and base
 * set are taken from it.
 */
export function prepareRun(caller: string, features: Matrix, labels: Labels, options: EpisodeRunOptions, checked?: CheckedRun): EpisodeRun {
  if (!checked) checkFinite(features, caller, "features");
  const index = checked?.index ?? indexLabels(labels);
  if (index.codes.length !== features.rows)
    throw shapeError(caller, "labels", `${index.codes.length} rows`, `${features.rows}, one a row of features`);
  const { cols } = features;
  const viewsOf = (name: "augmented" | "pool", rows?: number): Views | null => {
    const given = options[name];
    return given ? (checked ? given : checkViews(given, caller, name, cols, rows)) : null;
  };
  const augmented = viewsOf("augmented", features.rows);
  const pool = viewsOf("pool");
  const normalize = checkChoice(options.normalize ?? "l2", caller, "normalize", ["l2", "none"]);
  const { base, baseStatistics } = checked ?? prepareBase(caller, options.base, cols, normalize);
  const baseClasses = checkChoice(options.baseClasses ?? "base", caller, "baseClasses", ["base", "all"]);
  const joined = checked ? checked.joined : base && baseClasses === "all" ? joinBase(features, index, base) : null;
  const trainOn = checkChoice(options.trainOn ?? "support", caller, "trainOn", ["support", "augmented"]);
  if (trainOn === "augmented" && !augmented) throw valueError(caller, "trainOn", 'is "augmented"', "augmented views to train on");
  const C = checkPositive(options.C ?? 1, caller, "C");
  const priorDegrees = checkPositive(options.priorDegrees ?? 24, caller, "priorDegrees");
  const seed = checkCount(options.seed ?? 0, caller, "seed", 0);
  const shared = {
    ...{ features, index, augmented, base, baseStatistics, joined, baseClasses, pool, trainOn, normalize, C, priorDegrees, seed },
  };
  const data = {
    rows: features.rows,
    cols,
    classes: index.classes.length,
    views: augmented?.views ?? 0,
    baseRows: countBaseRows({ base, baseStatistics }),
    ...(baseStatistics ? { baseStatistics: true } : {}),
    poolRows: pool ? pool.matrix.rows / pool.views : 0,
  };

  if (options.replay) {
    if (!Array.isArray(options.replay)) throw kindError(caller, "replay", options.replay, "an array of {support, query}");
    if (options.replay.length === 0) throw shapeError(caller, "replay", "0 episodes", "at least 1");
    const replayed = options.replay.map((rows, e) => replayEpisode(index, rows, e));
    const greatest = (size: (episode: Episode) => number) => replayed.reduce((most, episode) => Math.max(most, size(episode)), 0);
    return {
      ...shared,
      episodes: replayed.length,
      drawsPerTask: 1,
      excludedClasses: [],
      digest: checked?.digest ?? episodeDigest(features, index, options.replay),
      most: {
        support: greatest(({ support }) => support.length),
        query: greatest(({ query }) => query.length),
        ways: greatest(({ classes }) => classes.length),
      },
      episode: (e) => replayed[e],
      config: {
        data,
        replayed: replayed.length,
        C,
        trainOn,
        normalize,
        seed,
        ...(baseClasses === "all" && (base || baseStatistics) ? { baseClasses } : {}),
      },
    };
  }
  const episodes = checkCount(options.episodes ?? 600, caller, "episodes");
  const sampler = episodeSampler(index, options);
  const { ways = 5, shots = 1, queries = 15, classes, drawsPerTask = 1 } = options;
  return {
    ...shared,
    episodes,
    drawsPerTask,
    excludedClasses: sampler.excludedClasses,
    digest: checked?.digest ?? episodeDigest(features, index, { ways, shots, queries, seed, classes, episodes, drawsPerTask }),
    most: { ...sampler.most, ways },
    episode: sampler.sample,
    config: {
      data,
      ways,
      shots,
      queries,
      ...(classes ? { classes } : {}),
      ...(drawsPerTask > 1 ? { drawsPerTask } : {}),
      episodes,
      seed,
      C,
      trainOn,
      normalize,
      ...(baseClasses === "all" && (base || baseStatistics) ? { baseClasses } : {}),
    },
  };
}

/** A mask asked for: as it was spelled, and taken apart. */
export interface NamedMask {
  readonly name: string;
  readonly spec: MaskSpec;
}

/** Bases need rows, and so does whatever is estimated in the coordinates of one that knows no ψ. */
function checkStatisticsServe(caller: string, text: string, { kind, basis, ...rest }: MaskSpec): void {
  const name = basis?.name ?? "raw";
  const source = "source" in rest ? rest.source : null;
  const fromBase = source !== null && source !== "oracle" && source !== "support" && source !== "augmented";
  if (kind !== "tuned" && (name === "raw" || (name.startsWith("views") && !fromBase))) return;
  const wanted = `the rows themselves as base {features, labels}${kind === "tuned" || name.startsWith("views") ? "" : ", or fitProbe with a fitted basis"}`;
  throw valueError(caller, `mask "${text}"`, "needs base rows, but base is statistics", wanted);
}

/** Parses masks and checks that the data they need is there. */
export function prepareMasks(caller: string, run: EpisodeRun, masks: readonly string[]): readonly NamedMask[] {
  if (!Array.isArray(masks)) throw kindError(caller, "masks", masks, "an array of spec strings");
  if (masks.length === 0) throw shapeError(caller, "masks", "0 specs", "at least 1");
  return masks.map((text) => {
    const spec = parseMask(text);
    const name = formatMask(spec);
    if (run.baseStatistics) checkStatisticsServe(caller, text, spec);
    if (spec.kind === "tuned") {
      if (caller === "evaluate") return { name, spec };
      throw valueError(caller, `mask "${text}"`, "is not a mask yet", "a mask that tuneMask chose");
    }
    const outside = run.index.classes.length - run.most.ways;
    const basis = spec.basis?.name;
    if (basis === "views-support" && !run.augmented)
      throw valueError(caller, `mask "${text}"`, "needs augmented views", "the option augmented");
    if (basis === "views" && !run.pool && (!run.augmented || outside < 1)) {
      throw valueError(
        caller,
        `mask "${text}"`,
        "needs views of other rows",
        "the option pool, or augmented views and classes outside the episode",
      );
    }
    if ((basis === "centre" || basis === "within" || basis === "discriminant") && !run.base && outside < 2) {
      throw valueError(
        caller,
        `mask "${text}"`,
        `needs base classes, but ${outside} are outside an episode`,
        "the option base, or more classes",
      );
    }
    if (spec.kind !== "importance") return { name, spec };
    const { source } = spec;
    if ((source === "augmented" || source === "augmented+base" || source === "posterior") && !run.augmented) {
      throw valueError(caller, `mask "${text}"`, "needs augmented views", "the option augmented");
    }
    const fromBase = source === "base" || source === "augmented+base" || source === "prior" || source === "posterior";
    if (fromBase && !run.base && !run.baseStatistics && outside < 2) {
      throw valueError(
        caller,
        `mask "${text}"`,
        `needs base classes, but ${outside} are outside an episode`,
        "the option base, or more classes",
      );
    }
    return { name, spec };
  });
}
