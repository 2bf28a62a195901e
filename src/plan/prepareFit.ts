import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { shapeError, valueError } from "../core/errors.ts";
import { indexGiven, type LabelIndex, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { checkViews, checkViewsShape, type Views } from "../core/views.ts";
import { doWork } from "../core/work.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { tukeyPower } from "../features/tukeyPower.ts";
import { parseMask, readsViews } from "../mask/maskSpec.ts";
import { checkClassWeight } from "../solve/classWeight.ts";
import type { CustomMask, MaskInBasis } from "./given.ts";
import type { DataOptions, EpisodeRun, EpisodeRunOptions, NamedMask } from "./options.ts";
import { type fitOptions, trainingOptions } from "./optionTable.ts";
import { prepareMasks } from "./prepareMasks.ts";
import { prepareBase } from "./prepareRun.ts";

export interface ProbeOptions extends OptionsOf<typeof fitOptions>, DataOptions, Pick<EpisodeRunOptions, "seed"> {}

/** Values hashed at a time. */
const hashedAtOnce = 2 ** 17;

/** Hash of what a probe was trained on: shape, storage, every value and every label. */
function* hashing(features: Matrix, { classes, codes }: LabelIndex): Generator<void, string, void> {
  const hash = sha256.create();
  const names = classes.map((name) => [typeof name, String(name)]);
  const single = features.data instanceof Float32Array;
  hash.update(utf8ToBytes(JSON.stringify(["softprobe/features@1", features.rows, features.cols, single ? "f4" : "f8", names])));
  const { data } = features;
  const size = data.BYTES_PER_ELEMENT;
  const view = new DataView(new ArrayBuffer(size * features.cols + 4));
  // Low byte first, whatever the platform's order.
  for (let i = 0, at = 0, hashed = 0; i < features.rows; i++) {
    for (let j = 0; j < features.cols; j++, at++)
      single ? view.setFloat32(j * size, data[at], true) : view.setFloat64(j * size, data[at], true);
    view.setInt32(features.cols * size, codes[i], true);
    hash.update(new Uint8Array(view.buffer));
    hashed += features.cols;
    if (hashed < hashedAtOnce) continue;
    hashed = 0;
    yield;
  }
  return bytesToHex(hash.digest());
}

/** Values up to which a digest waits until somebody reads it: a probe that is fitted in a loop and thrown away need not pay for it. Of more, no copy is kept. */
const waitUpTo = 2 ** 18;

/** A digest of features as they are now: `read` it at any time where they are few, for a copy is kept; of more, after `making` it, before they may change. */
interface Digest {
  read(): string;
  making(): Generator<void, void, void>;
}

function digestOf(features: Matrix, index: LabelIndex): Digest {
  const few = features.data.length <= waitUpTo;
  let known: string | null = null;
  let source: Matrix | null = few ? { ...features, data: features.data.slice() } : features;
  const make = function* (): Generator<void, string, void> {
    known ??= yield* hashing(source!, index);
    source = null;
    return known;
  };
  return {
    read: () => known ?? doWork(make()),
    *making() {
      if (!few) yield* make();
    },
  };
}

/** A fit made ready. */
export interface FitRun extends EpisodeRun {
  /** Makes the digest of many values, a step at a time: before whoever gave them may change them. */
  digesting(): Generator<void, void, void>;
}

/** All rows as one episode: every row is support, grouped by class, and nothing is asked. */
function wholeEpisode({ classes, codes, rows }: LabelIndex): Episode {
  return {
    episode: 0,
    classes: Int32Array.from(classes, (_, c) => c),
    support: rows,
    supportLabels: rows.map((row) => codes[row]),
    query: new Int32Array(0),
    queryLabels: new Int32Array(0),
  };
}

/**
 * Whether nothing but the statistics of a mask on the rows as they are takes the views: those read them where they are, and their norms tell what is not finite.
 */
function onlyMeasured({ mask, basis, power, trainOn }: ProbeOptions): boolean {
  if (typeof mask !== "string" || basis !== undefined || power !== undefined || trainOn === "augmented") return false;
  const spec = parseMask(mask);
  return spec.kind === "importance" && (spec.basis?.name ?? "raw") === "raw" && readsViews(spec.source);
}

/** Checks everything once, and gives what bases and masks of an evaluation take. */
export function prepareFit(caller: string, given: Matrix, labels: Labels, options: ProbeOptions): FitRun {
  checkFinite(given, caller, "features");
  const raise = (matrix: Matrix): Matrix => (options.power === undefined ? matrix : tukeyPower(matrix, options.power));
  const raiseViews = (views: Views): Views => ({ ...views, matrix: raise(views.matrix) });
  const index = indexGiven(labels, caller);
  if (index.codes.length !== given.rows)
    throw shapeError(caller, "labels", `${index.codes.length} rows`, `${given.rows}, one a row of features`);
  const ways = index.classes.length;
  if (ways < 2) throw shapeError(caller, "labels", `one class, ${String(index.classes[0])}`, "at least 2");
  const { cols } = given;
  const { augmented = null } = options;
  const training = readOptions(trainingOptions, options, caller);
  const { trainOn, normalize } = training;
  const { seed } = readOptions({ seed: episodeOptions.seed }, options, caller);
  const { base: rows, baseStatistics } = prepareBase(caller, options.base, given, normalize);
  if (baseStatistics && options.power !== undefined)
    throw valueError(caller, "power", "is given beside base statistics", "base rows, whose power can still be taken");
  const base = rows && { ...rows, features: raise(rows.features) };
  if (trainOn === "augmented" && !augmented) throw valueError(caller, "trainOn", 'is "augmented"', "augmented views to train on");
  const episode = wholeEpisode(index);
  const digest = digestOf(given, index);
  return {
    ...{ caller, readers: null },
    features: raise(given),
    index,
    augmented:
      augmented && raiseViews((onlyMeasured(options) ? checkViewsShape : checkViews)(augmented, caller, "augmented", cols, given.rows)),
    ...{ base, baseStatistics, baseClasses: "base", overlaps: {} },
    joined: null,
    pool: options.pool ? raiseViews(checkViews(options.pool, caller, "pool", cols)) : null,
    ...training,
    C: options.C ?? "auto",
    classWeights: checkClassWeight(training.classWeight, index.classes, caller),
    seed,
    episodes: 1,
    drawsPerTask: 1,
    excludedClasses: [],
    get digest() {
      return digest.read();
    },
    digesting: digest.making,
    most: { support: given.rows, query: 0, ways },
    episode: () => episode,
    config: {},
  };
}

/** A mask that a fit can follow: one that does not need to know the answers. */
export function checkSpec(caller: string, run: EpisodeRun, asked: string | CustomMask | MaskInBasis): NamedMask {
  const [mask] = prepareMasks(caller, run, [asked]);
  const { spec, name: text } = mask;
  if (spec.kind === "importance" && spec.source === "oracle")
    throw valueError(
      caller,
      `mask "${text}"`,
      "asks an oracle",
      "support or another source: an oracle sees the queries, and is for analysis",
    );
  if (spec.basis?.name === "views" && !run.pool)
    throw valueError(caller, `mask "${text}"`, "needs views of an unlabelled pool", "the option pool, or views-support");
  return mask;
}
