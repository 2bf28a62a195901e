import { stat } from "node:fs/promises";
import { kindError, shapeError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import { type EpisodeRows, replayEpisode } from "../episodes/replayEpisode.ts";
import { readClassStatistics } from "../io/readClassStatistics.ts";
import { type OpenFeatures, openFeatures } from "../node/openFeatures.ts";
import { readBytes } from "../node/readBytes.ts";
import { readFeatures, readJson, readLabels, readViews } from "../node/readFiles.ts";
import { splitPath } from "../node/splitPath.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import { runOptions, trainingOptions } from "../plan/optionTable.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import type { CommandValues } from "./commandTable.ts";
import { given } from "./given.ts";
import { UsageError } from "./usageError.ts";

/** What a command line may say of data, episodes and training. */
export type RunValues = Omit<Partial<CommandValues<"curve">>, "importance" | "fractions" | "probe" | "epsilon"> &
  Pick<CommandValues<"eval">, "stream">;

/** Features, labels and episode options of a command line. */
export interface LoadedRun {
  readonly features: Matrix;
  readonly labels: Labels;
  readonly options: EpisodeRunOptions;
  /** Features and views that are read row by row; the ones above are then shapes without data. */
  readonly streamed?: StreamedData;
}

/** Open files of features and views. */
interface StreamedData {
  readonly features: OpenFeatures;
  readonly augmented: { readonly reader: OpenFeatures; readonly views: number } | undefined;
}

/** Larger files are read row by row: two copies of them, as a run in memory has, would be more than a small machine holds. */
const wholeUpTo = 2 ** 30;

/** Whether a command line's features are to be read row by row. */
async function streams(values: RunValues, featuresPath: string, augmentedPath: string | undefined): Promise<boolean> {
  if (values.stream) return true;
  for (const path of [featuresPath, augmentedPath]) {
    const { file, extension } = splitPath(path ?? "");
    if (extension !== "npy" && extension !== "safetensors") continue;
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size > wholeUpTo) return true;
  }
  return false;
}

function openStreams(featuresPath: string, augmentedPath: string | undefined): StreamedData {
  const features = openFeatures(featuresPath);
  if (features.shape.length !== 2) throw shapeError("loadRun", featuresPath, `shape (${features.shape.join(", ")})`, "n × d");
  const reader = augmentedPath === undefined ? undefined : openFeatures(augmentedPath);
  if (reader && reader.shape.length !== 3)
    throw shapeError("loadRun", augmentedPath!, `shape (${reader.shape.join(", ")})`, "n × views × d");
  return { features, augmented: reader && { reader, views: reader.shape[1] } };
}

/** A matrix of which only the shape is there. */
const shapeOf = ({ rows, cols }: OpenFeatures): Matrix => ({ data: new Float32Array(0), rows, cols });

/** Statistics of a base set, as `softprobe stats` writes them. */
export async function readStatistics(path: string): Promise<ClassStatistics> {
  return readClassStatistics(await readBytes(path), path);
}

export async function readEpisodes(path: string): Promise<readonly EpisodeRows[]> {
  const document = await readJson(path);
  const list = Array.isArray(document) ? document : (document as { episodes?: unknown } | null)?.episodes;
  if (!Array.isArray(list))
    throw kindError("readEpisodes", path, document, 'an array of {"support": [rows], "query": [rows]}, or an object with such "episodes"');
  return list;
}

/** The options that need no file, as the library names them. */
export function plainOptions(values: RunValues): EpisodeRunOptions {
  return { ...given(values, episodeOptions), ...given(values, runOptions), ...given(values, trainingOptions) };
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

/** Reads every file that a command line names; with `mayStream`, large features and views stay where they are. */
export async function loadRun(values: RunValues, { mayStream = false } = {}): Promise<LoadedRun> {
  const { features: featuresPath, labels: labelsPath, augmented: augmentedPath, pool: poolPath, replay: replayPath } = values;
  if (featuresPath === undefined || labelsPath === undefined)
    throw new UsageError(`--${featuresPath === undefined ? "features" : "labels"} is missing`);
  const { baseFeatures, baseLabels, baseStatistics: statisticsPath } = values;
  if ((baseFeatures === undefined) !== (baseLabels === undefined)) throw new UsageError("--base-features and --base-labels go together");
  if (statisticsPath !== undefined && baseFeatures !== undefined)
    throw new UsageError("--base-statistics and --base-features are two forms of one base set: give one");
  const optional = async <T>(file: string | undefined, read: (file: string) => Promise<T>): Promise<T | undefined> =>
    file === undefined ? undefined : read(file);
  const plain = plainOptions(values);
  const streamed = mayStream && (await streams(values, featuresPath, augmentedPath)) ? openStreams(featuresPath, augmentedPath) : undefined;
  const views = streamed?.augmented;
  const [features, labels, augmented, pool, replay] = await Promise.all([
    streamed ? shapeOf(streamed.features) : readFeatures(featuresPath),
    readLabels(labelsPath),
    streamed ? views && { matrix: shapeOf(views.reader), views: views.views } : optional(augmentedPath, readViews),
    optional(poolPath, readViews),
    optional(replayPath, readEpisodes),
  ]);
  const rows =
    baseFeatures === undefined ? undefined : { features: await readFeatures(baseFeatures), labels: await readLabels(baseLabels!) };
  const base = rows ?? (await optional(statisticsPath, readStatistics));
  checkRows(labelsPath, labels.length, "labels", featuresPath, features.rows);
  if (augmented) checkRows(augmentedPath!, augmented.matrix.rows / augmented.views, "rows", featuresPath, features.rows);
  if (rows) checkRows(baseLabels!, rows.labels.length, "labels", baseFeatures!, rows.features.rows);
  for (const [path, cols] of [
    [augmentedPath, augmented?.matrix.cols],
    [poolPath, pool?.matrix.cols],
    [baseFeatures, rows?.features.cols],
    [statisticsPath, rows ? undefined : (base as ClassStatistics | undefined)?.cols],
  ] as const) {
    if (cols !== undefined && cols !== features.cols)
      throw shapeError("loadRun", path!, `${cols} dimensions`, `${features.cols}, as ${featuresPath}`);
  }
  if (replay) checkEpisodes(replayPath!, replay, labels);
  return { features, labels, options: { ...plain, augmented, pool, base, replay }, streamed };
}
