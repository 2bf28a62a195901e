import { kindError, shapeError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type EpisodeRows, replayEpisode } from "../episodes/replayEpisode.ts";
import type { EpisodeRunOptions } from "../evaluate/options.ts";
import { readFeatures, readJson, readLabels, readViews } from "../node/readFiles.ts";
import { countsOption } from "./numberLists.ts";
import { choiceOption, numberOption, type OptionValues } from "./options.ts";
import { UsageError } from "./usage.ts";

/** Features, labels and episode options of a command line. */
export interface LoadedRun {
  readonly features: Matrix;
  readonly labels: Labels;
  readonly options: EpisodeRunOptions;
}

export async function readEpisodes(path: string): Promise<readonly EpisodeRows[]> {
  const document = await readJson(path);
  const list = Array.isArray(document) ? document : (document as { episodes?: unknown } | null)?.episodes;
  if (!Array.isArray(list))
    throw kindError("readEpisodes", path, document, 'an array of {"support": [rows], "query": [rows]}, or an object with such "episodes"');
  return list;
}

/** The options that need no file. */
export function plainOptions(values: OptionValues): EpisodeRunOptions {
  const queries = values.queries === "all" ? "all" : numberOption(values, "queries", true, 1);
  const given = {
    ways: numberOption(values, "ways", true, 2),
    shots: String(values.shots ?? "").includes(",") ? countsOption(values, "shots", 1) : numberOption(values, "shots", true, 1),
    queries,
    episodes: numberOption(values, "episodes", true, 1),
    seed: numberOption(values, "seed", true, 0),
    drawsPerTask: numberOption(values, "draws-per-task", true, 1),
    C: numberOption(values, "C", false, 0),
    trainOn: choiceOption(values, "train-on", ["support", "augmented"]),
    normalize: choiceOption(values, "normalize", ["l2", "none"]),
    kernels: choiceOption(values, "kernels", ["auto", "wasm", "js"]),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Holds two files to each other by name, before a function could only say which argument is at fault. */
function checkRows(path: string, rows: number, what: string, otherPath: string, other: number): void {
  if (rows !== other) throw shapeError("loadRun", path, `${rows} ${what}`, `${other}, one a row of ${otherPath}`);
}

/** Holds replayed episodes to the rows that there are, in the name of their file. */
export function checkEpisodes(path: string, replay: readonly EpisodeRows[], labels: Labels): void {
  if (replay.length === 0) throw shapeError("readEpisodes", path, "0 episodes", "at least 1");
  const index = indexLabels(labels);
  try {
    replay.forEach((rows, e) => void replayEpisode(index, rows, e));
  } catch (error) {
    const { message } = error as Error;
    throw new RangeError(message.replace(/^replayEpisode: /, `replayEpisode: ${path}, `));
  }
}

/** Reads every file that a command line names. */
export async function loadRun(values: OptionValues): Promise<LoadedRun> {
  const path = (name: string): string | undefined => values[name] as string | undefined;
  const [featuresPath, labelsPath] = [path("features"), path("labels")];
  if (featuresPath === undefined || labelsPath === undefined)
    throw new UsageError(`--${featuresPath === undefined ? "features" : "labels"} is missing`);
  const [baseFeatures, baseLabels] = [path("base-features"), path("base-labels")];
  if ((baseFeatures === undefined) !== (baseLabels === undefined)) throw new UsageError("--base-features and --base-labels go together");
  const optional = async <T>(file: string | undefined, read: (file: string) => Promise<T>): Promise<T | undefined> =>
    file === undefined ? undefined : read(file);
  const plain = plainOptions(values);
  const [features, labels, augmented, pool, replay] = await Promise.all([
    readFeatures(featuresPath),
    readLabels(labelsPath),
    optional(path("augmented"), readViews),
    optional(path("pool-augmented"), readViews),
    optional(path("episodes-from"), readEpisodes),
  ]);
  const base =
    baseFeatures === undefined ? undefined : { features: await readFeatures(baseFeatures), labels: await readLabels(baseLabels!) };
  checkRows(labelsPath, labels.length, "labels", featuresPath, features.rows);
  if (augmented) checkRows(path("augmented")!, augmented.matrix.rows / augmented.views, "rows", featuresPath, features.rows);
  if (base) checkRows(baseLabels!, base.labels.length, "labels", baseFeatures!, base.features.rows);
  for (const [name, cols] of [
    ["augmented", augmented?.matrix.cols],
    ["pool-augmented", pool?.matrix.cols],
    ["base-features", base?.features.cols],
  ] as const) {
    if (cols !== undefined && cols !== features.cols)
      throw shapeError("loadRun", path(name)!, `${cols} dimensions`, `${features.cols}, as ${featuresPath}`);
  }
  if (replay) checkEpisodes(path("episodes-from")!, replay, labels);
  return { features, labels, options: { ...plain, augmented, pool, base, replay } };
}
