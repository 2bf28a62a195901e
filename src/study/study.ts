import type { MetricName } from "../plan/countLayout.ts";
import type { ProbeName } from "../plan/options.ts";

/** A study as its file tells it: models × data sets × ways × shots, with the same masks and probes. */
export interface Study {
  readonly schema: "softprobe/study@1";
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  /** Paths, relative to the study's file, in which {model} and {dataset} stand for names. */
  readonly features: string;
  readonly labels: string;
  readonly augmented?: string;
  readonly baseFeatures?: string;
  readonly baseLabels?: string;
  readonly poolAugmented?: string;
  readonly ways: readonly number[];
  readonly shots: readonly number[];
  readonly masks: readonly string[];
  readonly probes?: readonly ProbeName[];
  readonly metrics?: readonly MetricName[];
  readonly queries?: number | "all";
  readonly episodes?: number;
  readonly seed?: number;
  readonly drawsPerTask?: number;
  readonly C?: number;
  readonly trainOn?: "support" | "augmented";
  readonly normalize?: "l2" | "none";
}

/** The keys that name files. */
export const fileKeys = ["features", "labels", "augmented", "baseFeatures", "baseLabels", "poolAugmented"] as const;

/** One cell: what is counted as a unit. */
export interface StudyCell {
  /** Safe as a file's name anywhere: `model+dataset+5way+1shot`. */
  readonly name: string;
  readonly model: string;
  readonly dataset: string;
  readonly ways: number;
  readonly shots: number;
  /** Paths by key, names put in. */
  readonly files: Readonly<Partial<Record<(typeof fileKeys)[number], string>>>;
}

/** All cells, those of one model and data set next to each other. */
export function studyCells(study: Study): readonly StudyCell[] {
  const { models, datasets, ways, shots } = study;
  return models.flatMap((model) =>
    datasets.flatMap((dataset) => {
      const put = (path: string): string => path.replaceAll("{model}", model).replaceAll("{dataset}", dataset);
      const files = Object.fromEntries(fileKeys.flatMap((key) => (study[key] === undefined ? [] : [[key, put(study[key])]])));
      return ways.flatMap((way) =>
        shots.map(
          (shot): StudyCell => ({ name: `${model}+${dataset}+${way}way+${shot}shot`, model, dataset, ways: way, shots: shot, files }),
        ),
      );
    }),
  );
}

/** All that a cell's counts depend on, as its file holds it: another study's cell of the same name shows. */
export function cellSettings(
  { masks, probes, metrics, queries, episodes, seed, drawsPerTask, C, trainOn, normalize }: Study,
  cell: StudyCell,
) {
  const { model, dataset, ways, shots, files } = cell;
  const given = { masks, probes, metrics, queries, episodes, seed, drawsPerTask, C, trainOn, normalize };
  return { model, dataset, ways, shots, files, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
