// Every option of the library's runs and fits, once. To add one:
// 1. Write its descriptor into the group whose functions and commands shall take it, with a comment for the library's documentation and `says` for the help.
// 2. Use it: `readOptions(group, options, caller)` has checked it and filled in its default (prepareRun.ts, prepareFit.ts …); to keep it, name it in that record.
// Types, checks, the refusal of unknown names (checkOptions), flags, help, completion and, with `study: true`, study files and their schema follow from the descriptor.
// An option that only the command has (a file, an output) goes into src/cli/commandTable.ts instead, as does the list of groups that a command takes.
// The schema on disk is written anew by `softprobe study schema --out docs/study.schema.json`. Groups are plain literals: calls and spreads would stay in bundles.
import type { Basis } from "../basis/basis.ts";
import type { As, OptionTable } from "../core/option.ts";
import type { Views } from "../core/views.ts";
import type { EpisodeRows } from "../episodes/replayEpisode.ts";
import { type MaskString, parseMask } from "../mask/maskSpec.ts";
import type { ClassWeight } from "../probe/classWeight.ts";
import type { BaseGiven, CustomBasis, CustomMask, CustomProbe, MaskInBasis } from "./given.ts";

export const probeNames = ["softmax", "centroid", "cosine", "plda"] as const;
/** The probes that come with the library; `plda` goes with `discriminant:RIDGE>none` masks only. */
export type ProbeName = (typeof probeNames)[number];

/** Files of the rows themselves, which the library takes as arguments. */
export const rowFiles = {
  features: {
    kind: "file",
    value: "F.npy",
    study: true,
    says: "Features, n × d: npy, npz, safetensors, csv, jsonl, parquet or arrow.",
  },
  labels: {
    kind: "file",
    value: "L.npy",
    study: true,
    says: "Their n labels, numbers or strings, in any of these formats, or one a line in a .txt file.",
  },
} as const satisfies OptionTable;

/** How tables are read: which of their columns are features, and which rows have labels. */
export const readingOptions = {
  columns: {
    kind: "text",
    many: true,
    value: "A,B|1:",
    study: true,
    says: "Columns that hold features: names, numbers from 0, ranges (default: all but the labels and, in parquet and arrow, a pandas index).",
  },
  drop: { kind: "text", many: true, value: "A,B", study: true, says: "Columns that hold no features, such as id,filename." },
  delimiter: {
    kind: "text",
    value: "CHAR",
    words: { tab: "\t" },
    form: (text: string) => {
      if (text.length !== 1 || '"\r\n'.includes(text))
        throw new RangeError(`readingOptions: is ${JSON.stringify(text)}, expected one character, or tab`);
    },
    study: true,
    says: "Separator of the columns of csv and tsv files (default: found from their first lines, and reported).",
  },
  ignoreLabels: {
    kind: "text",
    many: true,
    flag: "ignore-label",
    value: "LABEL",
    study: true,
    says: "Label that marks rows without one, which are skipped: -1, or nan for empty cells and null too.",
  },
} as const satisfies OptionTable;

/** Other views of the rows. */
export const viewOptions = {
  /** Augmented views of every row of the features, for the sources augmented, augmented+base and posterior, and for `trainOn`. */
  augmented: {
    kind: "file",
    of: undefined as As<Views>,
    value: "A.npy",
    study: true,
    says: "Augmented views of the rows, n × views × d.",
  },
} as const satisfies OptionTable;

/** Files of a base set: other classes whose labels are known. */
export const baseFiles = {
  baseFeatures: {
    kind: "file",
    value: "B.npy",
    study: true,
    says: "Features of base classes: labelled classes other than the task's …",
  },
  baseLabels: { kind: "file", value: "BL.npy", study: true, says: "… and their labels." },
  baseStatistics: {
    kind: "file",
    value: "S.npz",
    says: "Statistics of the base classes by softprobe stats, instead of their features. Enough for masks; a basis needs the rows.",
  },
} as const satisfies OptionTable;

/** Data beside the features. */
export const dataOptions = {
  /**
   * Labelled rows of other classes, for the sources base, augmented+base, prior and posterior, and for bases; without them, the classes outside each
   * episode serve. For the sources alone their statistics will do (those of l2-normalised rows, unless `normalize` is `"none"`).
   */
  base: { kind: "data", flag: null, of: undefined as As<BaseGiven>, says: "The base set." },
  /** Views of an unlabelled pool of other rows, for the `views` basis; without it, the augmented rows of the classes outside each episode serve. */
  pool: {
    kind: "file",
    flag: "pool-augmented",
    json: "poolAugmented",
    of: undefined as As<Views>,
    value: "P.npy",
    study: true,
    says: "Augmented views of an unlabelled pool of other rows, rows × views × d.",
  },
} as const satisfies OptionTable;

/** How many episodes, or which. */
export const runOptions = {
  /** How many episodes (default 600), numbered from 0. */
  episodes: { kind: "integer", least: 1, default: 600, study: true, says: "Number of episodes." },
  /** Given episodes instead of sampled ones; ways, shots, queries, seed, episodes and drawsPerTask then don't count. */
  replay: {
    kind: "file",
    flag: "episodes-from",
    of: undefined as As<readonly EpisodeRows[]>,
    value: "E.json",
    says: 'Replay these episodes instead of sampling: [{"support": [rows], "query": [rows]}, …].',
  },
  /**
   * Whether to accept a base set that holds rows of the features (default: refused). It reveals the queries' labels to whatever learns
   * from it, so it is for analysis only, and the result says so.
   */
  allowBaseOverlap: {
    kind: "flag",
    default: false,
    says: "Accept a base set that holds rows of the features. What is learned from it has seen the queries' labels: for analysis only.",
  },
  /**
   * What counts as base classes where a base set is given: it alone (`"base"`, the default), or it and the classes outside each episode
   * (`"all"`). Bases are then fitted anew for every set of classes left out. `"none"`: no class at all, as on a task for which there is nothing but its support,
   * its views and a pool; masks that need base classes are refused.
   */
  baseClasses: {
    kind: "choice",
    choices: ["base", "all", "none"],
    default: "base",
    flag: "base-classes",
    says: "base: the base set, or without one the classes outside each episode; all: both; none: nothing but the support, its views and a pool.",
  },
} as const satisfies OptionTable;

/** How a probe is trained. */
export const trainingOptions = {
  /** The softmax probe's C (default 1), or `"auto"`: chosen in each episode, for each mask or point of a curve, by held-out rows of the support; at one row a class, 100 over the rows' mean squared distance from their mean. */
  C: {
    kind: "number",
    above: 0,
    default: 1,
    words: { auto: "auto" },
    study: true,
    says: "Inverse strength of the softmax probe's penalty, as in scikit-learn (but half of its C for two classes): larger fits the support closer. auto chooses it by held-out rows of each support.",
  },
  /**
   * Weights of classes in the softmax probe's loss (default 1 each): `"balanced"`, by the rows trained on; by class name; or one a class in ascending order. Other probes don't
   * depend on them: a class's mean is the same at any weight of the class.
   */
  classWeight: {
    kind: "choice",
    choices: ["balanced"],
    of: undefined as As<ClassWeight>,
    study: true,
    says: "Give all classes the same weight in the softmax probe's loss, however many rows each has, as scikit-learn's class_weight does.",
  },
  /** Train the probe on the support, or on the support and its views (default `"support"`). */
  trainOn: {
    kind: "choice",
    choices: ["support", "augmented"],
    default: "support",
    study: true,
    says: "Train on the support alone, or on its augmented views as well.",
  },
  /** `"l2"` (default): rows scaled to norm 1 before the mask and again after it; `"none"`: neither. */
  normalize: {
    kind: "choice",
    choices: ["l2", "none"],
    default: "l2",
    study: true,
    says: "Scale rows to norm 1 before the mask and after it, or take them as they are.",
  },
  /** Prior degrees of freedom of the `posterior` source (default 24). */
  priorDegrees: { kind: "number", above: 0, default: 24, flag: null, says: "Prior degrees of freedom of the posterior source." },
  /** Which kernels compute (default `"auto"`): the result is the same to the bit. */
  kernels: {
    kind: "choice",
    choices: ["auto", "wasm", "js"],
    default: "auto",
    says: "Compute in WebAssembly or JavaScript; results are equal to the last bit.",
  },
} as const satisfies OptionTable;

/** What an evaluation compares and measures. */
export const evaluationOptions = {
  /** Spec strings, masks of your own, or masks in a basis of your own (default `["none"]`); differences are taken to the first. */
  masks: {
    kind: "text",
    many: true,
    flag: "mask",
    value: "SPEC",
    form: parseMask,
    default: ["none"],
    of: undefined as As<readonly (MaskString | CustomMask | MaskInBasis)[]>,
    module: true,
    study: true,
    says: "Mask to compare: none, simple or importance@source/shape, with or without a basis before it, or a module whose default export is a mask of your own, { name, weights }, or a basis of your own, { basis, mask }. The first is the reference.",
  },
  /** `softmax`, `centroid`, `cosine` or probes of your own (default `["softmax"]`). */
  probes: {
    kind: "choice",
    choices: probeNames,
    many: true,
    flag: "probe",
    default: ["softmax"],
    of: undefined as As<readonly (ProbeName | CustomProbe)[]>,
    module: true,
    study: true,
    says: "Probe to compare, or a module whose default export is a probe of your own, { name, fit, predict }.",
  },
  /**
   * What all results are compared with, paired: a mask and a probe of this run, such as `{ to: "none/centroid" }`. Default: each probe's results with its own at the first
   * mask.
   */
  compare: {
    kind: "text",
    flag: "compare-to",
    within: "to",
    value: "MASK/PROBE",
    of: undefined as As<{ readonly to: string }>,
    says: "Compare all results, paired, with this mask and probe, such as none/centroid (default: each probe with itself at the first mask).",
  },
  /**
   * Measures beside accuracy (default none): `balancedAccuracy` and `macroF1`, for episodes with unequal classes; `expectedCalibrationError`, whether
   * probabilities keep their word, over the answers of all episodes together; `logLoss`, the mean −ln p(true class), at most 690 a query.
   */
  metrics: {
    kind: "choice",
    choices: ["balancedAccuracy", "macroF1", "expectedCalibrationError", "logLoss"],
    many: true,
    flag: "metric",
    default: [],
    study: true,
    says: "Further metric to measure (shown with --json).",
  },
  /** Whether the result says if the features' classes look like those of a base set given as rows (default true). Costs time by d², once. */
  domain: {
    kind: "flag",
    negated: true,
    flag: "no-domain",
    default: true,
    says: "Skip the check whether the base classes resemble the task's.",
  },
  /** Keep every episode's count in the result (default false). */
  perEpisode: { kind: "flag", default: false, says: "Keep the counts of every episode (shown with --json)." },
} as const satisfies OptionTable;

/** What a redundancy curve looks at. */
export const curveOptions = {
  /** What orders the dimensions: `importance@source` (default `pair@oracle`), `random`, or a mask of your own without a basis, whose weights do. */
  importance: {
    kind: "text",
    value: "SPEC",
    form: (text: string) => parseMask(`${text}/power:1`),
    default: "pair@oracle",
    of: undefined as As<string | CustomMask>,
    module: true,
    says: "Importance that orders the dimensions: importance@source, random, or a module whose default export is a mask of your own, { name, weights }.",
  },
  /** Shares of the dimensions to keep, ascending, in (0, 1] (default 0.01 … 1). */
  fractions: {
    kind: "number",
    noun: "share",
    above: 0,
    most: 1,
    many: true,
    ascending: true,
    default: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
    says: "Shares of the dimensions to keep, ascending.",
  },
  /** Which probe (default `"softmax"`). */
  probe: { kind: "choice", choices: ["softmax", "centroid"], default: "softmax", says: "Probe to train." },
  /** ε of the knee: the loss in accuracy that counts as none, a fraction of 1 (default 0.01). */
  epsilon: {
    kind: "number",
    noun: "loss",
    least: 0,
    below: 1,
    default: 0.01,
    says: "The knee is the fewest dimensions that lose at most this much accuracy.",
  },
} as const satisfies OptionTable;

/** The sizes of a grid. */
export const gridOptions = {
  /** Support rows a class, one a column of the grid (default 1, 5, 20). */
  shots: {
    kind: "integer",
    least: 1,
    many: true,
    default: [1, 5, 20],
    says: "Support rows of each class; each number is a column of the grid.",
  },
  /** Classes an episode, one a row of the grid (default 2, 5, 10, 20). */
  ways: {
    kind: "integer",
    least: 2,
    many: true,
    default: [2, 5, 10, 20],
    says: "Classes in an episode; each number is a row of the grid.",
  },
} as const satisfies OptionTable;

/** What theory is compared at. */
export const theoryOptions = {
  /** Support rows a class, one number or several (default 1, 5, 20). */
  shots: {
    kind: "integer",
    least: 1,
    many: true,
    alone: true,
    default: [1, 5, 20],
    says: "Support rows of each class; each number has its own table.",
  },
  /** Most class pairs that the theory looks at, drawn by the seed where there are more (default 100). */
  pairs: { kind: "integer", least: 1, default: 100, says: "Largest number of class pairs that the theory uses." },
} as const satisfies OptionTable;

/** What one probe is made of. */
export const fitOptions = {
  /** A spec string, with a basis before it or not; a mask, or a mask in a basis, of your own; or weights ≥ 0, one a column after the basis (default `"none"`). */
  mask: {
    kind: "text",
    value: "SPEC",
    form: parseMask,
    default: "none",
    of: undefined as As<MaskString | ArrayLike<number> | CustomMask | MaskInBasis>,
    module: true,
    says: "none, simple or importance@source/shape, with or without a basis before it; tuned combines maps by evidence on base features, or, without any, on the support and its views; or a module whose default export is a mask of your own, { name, weights }, or { basis, mask }. An oracle is rejected.",
  },
  /** A basis already fitted, or one of your own to fit, instead of one named in the spec string. */
  basis: { kind: "data", flag: null, of: undefined as As<Basis | CustomBasis>, says: "A basis already fitted, or one of your own to fit." },
  /** Which head (default `"softmax"`). */
  probe: { kind: "choice", choices: probeNames, default: "softmax", says: "Probe to train." },
  /** Tukey's power, taken of every value before all else (default: none). */
  power: { kind: "number", says: "Raise every value to this power first, such as 0.5 (Tukey)." },
  /** n weights ≥ 0 for the head's training (default 1 each; a view weighs its row's share by the number of views). The mask does not look at them. */
  sampleWeight: { kind: "data", flag: null, of: undefined as As<ArrayLike<number>>, says: "A weight for each row." },
} as const satisfies OptionTable;

/** What a fit chooses by leave-one-out. */
export const calibrationOptions = {
  /** The softmax probe's C, or `"auto"` (default): chosen by held-out rows (`choosePenalty`); at one row a class, 100 over the rows' mean squared distance from their mean. */
  C: {
    kind: "number",
    above: 0,
    default: "auto",
    words: { auto: "auto" },
    says: "Inverse strength of the softmax probe's penalty; auto chooses it by held-out rows.",
  },
  /** The temperature, or `"leaveOneOut"` to fit it by `fitTemperature` (default 1). */
  temperature: {
    kind: "number",
    above: 0,
    default: 1,
    words: { loo: "leaveOneOut" },
    says: "Divides the scores; loo calibrates it by leave-one-out.",
  },
  /** The least share, between 0 and 1, of rows of known classes that get an answer; the others are rejected (default: every row gets one). */
  coverage: {
    kind: "number",
    noun: "share",
    above: 0,
    below: 1,
    flag: "reject",
    prefix: "coverage:",
    value: "coverage:0.95",
    says: "Decline to answer for rows that resemble no class, so that this share of rows of known classes still gets an answer.",
  },
  /** What rows are rejected by (default `"probability"` for the softmax probe, `"score"` for the others): see `rejectionScore`. */
  rejectBy: {
    kind: "choice",
    choices: ["probability", "margin", "score"],
    says: "Score that decides on declining (default probability for softmax, score for the others).",
  },
} as const satisfies OptionTable;

/** The ordinary linear probe: how it is tested, and its learning curve. */
export const linearProbeOptions = {
  /** The share of each class's rows that is taken for the test where none is given, between 0 and 1 (default 0.2). */
  split: {
    kind: "number",
    noun: "share",
    above: 0,
    below: 1,
    default: 0.2,
    says: "Share of each class's rows to test on, where no test files are given.",
  },
  /** The softmax probe's C, several to choose from, or `"auto"` (default): chosen by held-out training rows, never by the test. */
  C: {
    kind: "number",
    above: 0,
    many: true,
    alone: true,
    words: { auto: "auto" },
    default: "auto",
    of: undefined as As<number | ArrayLike<number> | "auto">,
    value: "auto|1,10,100",
    says: "Inverse strength of the penalty, or several to choose from by held-out training rows; auto looks for it.",
  },
  /** The learning curve's numbers of training rows a class, or `"all"` (default: no curve). A class that has fewer gives all it has. */
  shots: {
    kind: "integer",
    least: 1,
    many: true,
    words: { all: "all" },
    of: undefined as As<ArrayLike<number | "all">>,
    value: "1,2,4,8,16,all",
    says: "Training rows a class, for a learning curve.",
  },
  /** How often rows are drawn at each number of shots (default 5). */
  draws: { kind: "integer", least: 1, default: 5, says: "How often rows are drawn at each number of shots." },
} as const satisfies OptionTable;

/** What is chosen from on a support alone. */
export const tuneOptions = {
  /** C, or several to choose from (default: 1, and 0.1 … 1000 by decades over the rows' mean squared distance from their mean). */
  C: {
    kind: "number",
    above: 0,
    many: true,
    alone: true,
    of: undefined as As<number | ArrayLike<number>>,
    value: "0.1,1,10",
    says: "Inverse strength of the softmax probe's penalty; with --without-base several to choose from.",
  },
  /** One-sided level at which a candidate must beat the unmasked probe, shared by all that are tried (default 0.05). */
  level: {
    kind: "number",
    above: 0,
    below: 1,
    default: 0.05,
    flag: null,
    says: "Level at which a candidate must beat the unmasked probe.",
  },
} as const satisfies OptionTable;
