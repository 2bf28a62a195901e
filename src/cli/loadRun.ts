import { stat } from "node:fs/promises";
import { numberedNames, placesOf } from "../core/columnNames.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { firstTwins } from "../core/sharedRows.ts";
import { takeColumns } from "../core/takeColumns.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import { type EpisodeRows, replayEpisode } from "../episodes/replayEpisode.ts";
import { takeRows } from "../features/takeRows.ts";
import { takeViews } from "../features/takeViews.ts";
import { readClassStatistics } from "../io/readClassStatistics.ts";
import { type OpenFeatures, openFeatures } from "../node/openFeatures.ts";
import { readBytes } from "../node/readBytes.ts";
import { labelsOf, readJson, readViews } from "../node/readFiles.ts";
import { ignoredWords, type Labelled, type ReadLabelledOptions, readLabelled } from "../node/readLabelled.ts";
import { splitPath } from "../node/splitPath.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import { runOptions, trainingOptions } from "../plan/optionTable.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import type { CommandValues } from "./commandTable.ts";
import { given } from "./given.ts";
import { notice } from "./output.ts";
import type { OutputValues } from "./outputs.ts";
import { readingOf } from "./reading.ts";
import { UsageError } from "./usageError.ts";

/** What a command line may say of data, episodes and training. */
export type RunValues = Omit<Partial<CommandValues<"curve">>, "importance" | "fractions" | "probe" | "epsilon" | keyof OutputValues> &
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

/** Features, labels and views of a task: in memory, or read row by row. */
type LoadedTask = Labelled & { readonly streamed?: StreamedData };

/** The rows of these numbers of a reader. */
function rowsOf(reader: OpenFeatures, rows: Int32Array, views: number): OpenFeatures {
  const own = (row: number): number => rows[Math.floor(row / views)] * views + (row % views);
  return { ...reader, rows: rows.length * views, read: (list) => reader.read(Int32Array.from(list, own)) };
}

/** The labels of a task that is read row by row; rows without one are passed over. */
async function streamedTask({ features, augmented }: StreamedData, values: RunValues, reading: ReadLabelledOptions): Promise<LoadedTask> {
  const { features: featuresPath, labels: labelsPath, augmented: augmentedPath } = values;
  if (reading.columns ?? reading.drop)
    throw new UsageError(
      `--${reading.columns ? "columns" : "drop"} can't choose columns of what is read row by row (--stream, files above 1 GB)`,
    );
  const { labels, rows, count } = await labelsOf(labelsPath!, reading, ignoredWords(reading.ignoreLabels, "loadRun"), "readLabels");
  if (count !== features.rows)
    throw shapeError("loadRun", labelsPath!, `${count} labels`, `${features.rows}, one a row of ${featuresPath}`);
  if (augmented && augmented.reader.rows / augmented.views !== count)
    throw shapeError("loadRun", augmentedPath!, `${augmented.reader.rows / augmented.views} rows`, `${count}, as ${featuresPath}`);
  const kept = rows === null ? features : rowsOf(features, rows, 1);
  const views = augmented && {
    reader: rows === null ? augmented.reader : rowsOf(augmented.reader, rows, augmented.views),
    views: augmented.views,
  };
  return {
    features: shapeOf(kept),
    labels,
    ...(views ? { augmented: { matrix: shapeOf(views.reader), views: views.views } } : {}),
    rows,
    streamed: { features: kept, augmented: views },
  };
}

/** Labelled rows of another file, their columns in the order of the task's where both have names. */
export async function readBeside(
  featuresPath: string,
  labelsPath: string,
  reading: ReadLabelledOptions,
  task: { readonly features: Matrix; readonly path: string },
): Promise<Labelled> {
  const { columns, drop, ...others } = reading;
  const align = task.features.columns;
  const read = await readLabelled(featuresPath, labelsPath, align ? { ...others, align } : reading);
  const names = ({ columns: own, cols }: Matrix): readonly string[] => own ?? numberedNames(cols);
  const places = placesOf(names(task.features), names(read.features), "loadRun", featuresPath, task.path);
  return places ? { ...read, features: takeColumns(read.features, places) } : read;
}

/** A task without the rows that repeat an earlier one, value for value; `tell` says how many those were. */
function dropTwins(task: LoadedTask, path: string, tell: (text: string) => void): LoadedTask {
  if (task.streamed) throw new UsageError("--drop-duplicates can't compare rows that are read row by row (--stream, files above 1 GB)");
  const twins = firstTwins(task.features);
  if (!twins) return task;
  const { features, labels, augmented, rows } = task;
  const kept = Int32Array.from(twins.keys()).filter((row) => twins[row] === row);
  const conflicts = twins.reduce((count, first, row) => count + Number(labels[first] !== labels[row]), 0);
  tell(
    `${path}: dropped ${features.rows - kept.length} of ${features.rows} rows, which repeat an earlier row${conflicts > 0 ? `; ${conflicts} of them have another label than that row` : ""}`,
  );
  return {
    features: takeRows(features, kept),
    labels: Array.from(kept, (row) => labels[row]) as Labels,
    ...(augmented ? { augmented: takeViews(augmented, kept) } : {}),
    rows: rows ? kept.map((row) => rows[row]) : kept,
  };
}

/** Replayed episodes by the numbers that rows have once those without a label, and repeated ones, are left out. */
function renumber(path: string, replay: readonly EpisodeRows[], rows: Int32Array): readonly EpisodeRows[] {
  const places = new Map(Array.from(rows, (row, at) => [row, at]));
  const list = (numbers: ArrayLike<number>, e: number): number[] =>
    Array.from(numbers, (row) => {
      const at = places.get(row);
      if (at === undefined) throw valueError("readEpisodes", `${path} episode ${e}`, `holds row ${row}`, "rows that are kept");
      return at;
    });
  return replay.map(({ support, query }, e) => ({ support: list(support, e), query: list(query, e) }));
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
  if (featuresPath === undefined) throw new UsageError("--features is missing");
  if (labelsPath === undefined)
    throw new UsageError(
      `--labels is missing; if ${featuresPath} is a table that holds the labels too, give it again: --labels ${featuresPath}`,
    );
  const { baseFeatures, baseLabels, baseStatistics: statisticsPath } = values;
  if ((baseFeatures === undefined) !== (baseLabels === undefined)) throw new UsageError("--base-features and --base-labels go together");
  if (statisticsPath !== undefined && baseFeatures !== undefined)
    throw new UsageError("--base-statistics and --base-features are two forms of one base set: give one");
  const optional = async <T>(file: string | undefined, read: (file: string) => Promise<T>): Promise<T | undefined> =>
    file === undefined ? undefined : read(file);
  const plain = plainOptions(values);
  const reading = readingOf(values);
  const streamed = mayStream && (await streams(values, featuresPath, augmentedPath)) ? openStreams(featuresPath, augmentedPath) : undefined;
  const read: LoadedTask = streamed
    ? await streamedTask(streamed, values, reading)
    : await readLabelled(featuresPath, labelsPath, { ...reading, augmented: augmentedPath });
  const task = values.dropDuplicates ? dropTwins(read, featuresPath, notice) : read;
  const { features, labels, augmented } = task;
  const pool = await optional(poolPath, readViews);
  const replay = await optional(replayPath, readEpisodes);
  const rows =
    baseFeatures === undefined ? undefined : await readBeside(baseFeatures, baseLabels!, reading, { features, path: featuresPath });
  const base = rows ? { features: rows.features, labels: rows.labels } : await optional(statisticsPath, readStatistics);
  for (const [path, cols] of [
    [augmentedPath, augmented?.matrix.cols],
    [poolPath, pool?.matrix.cols],
    [baseFeatures, rows?.features.cols],
    [statisticsPath, rows ? undefined : (base as ClassStatistics | undefined)?.cols],
  ] as const) {
    if (cols !== undefined && cols !== features.cols)
      throw shapeError("loadRun", path!, `${cols} dimensions`, `${features.cols}, as ${featuresPath}`);
  }
  const episodes = replay && task.rows ? renumber(replayPath!, replay, task.rows) : replay;
  if (episodes) checkEpisodes(replayPath!, episodes, labels);
  return { features, labels, options: { ...plain, augmented, pool, base, replay: episodes }, streamed: task.streamed };
}
