import type { StudyOptions } from "./studyOptions.ts";
import { fileOptions, studyOptions } from "./studyOptions.ts";

/** A study as its file tells it: models × data sets × ways × shots, with the same masks and probes. */
export interface Study extends StudyOptions {
  readonly schema: "softprobe/study@1";
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  /** Paths, relative to the study's file, in which {model} and {dataset} stand for names. */
  readonly features: string;
  readonly labels: string;
  readonly ways: readonly number[];
  readonly shots: readonly number[];
  readonly masks: readonly string[];
}

/** One cell: what is counted as a unit. */
export interface StudyCell {
  /** Safe as a file's name anywhere: `model+dataset+5way+1shot`. */
  readonly name: string;
  readonly model: string;
  readonly dataset: string;
  readonly ways: number;
  readonly shots: number;
  /** Paths by key, names put in. */
  readonly files: Readonly<Record<string, string>>;
}

/** All cells, those of one model and data set next to each other. */
export function studyCells(study: Study): readonly StudyCell[] {
  const { models, datasets, ways, shots } = study;
  return models.flatMap((model) =>
    datasets.flatMap((dataset) => {
      const put = (path: string): string => path.replaceAll("{model}", model).replaceAll("{dataset}", dataset);
      const files = Object.fromEntries(
        fileOptions().flatMap(({ key }) => {
          const path = study[key as keyof Study];
          return path === undefined ? [] : [[key, put(path as string)]];
        }),
      );
      return ways.flatMap((way) =>
        shots.map(
          (shot): StudyCell => ({ name: `${model}+${dataset}+${way}way+${shot}shot`, model, dataset, ways: way, shots: shot, files }),
        ),
      );
    }),
  );
}

/** What a study asks of every cell beside its files, as the library takes it. */
export function askedOfCells(study: Study): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    studyOptions()
      .filter(({ key, option }) => option.kind !== "file" && study[key as keyof Study] !== undefined)
      .map(({ key, name }) => [name, study[key as keyof Study]]),
  );
}

/** All that a cell's counts depend on, as its file holds it: another study's cell of the same name shows. */
export function cellSettings(study: Study, { model, dataset, ways, shots, files }: StudyCell) {
  return { model, dataset, ways, shots, files, ...askedOfCells(study) };
}
