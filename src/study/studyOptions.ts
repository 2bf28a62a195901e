import type { Option, OptionTable, Parsed } from "../core/option.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import {
  baseFiles,
  dataOptions,
  evaluationOptions,
  readingOptions,
  rowFiles,
  runOptions,
  trainingOptions,
  viewOptions,
} from "../plan/optionTable.ts";

/** Every group of which a study's file may hold options: those marked `study: true`. */
const groups = [
  rowFiles,
  viewOptions,
  baseFiles,
  dataOptions,
  readingOptions,
  evaluationOptions,
  episodeOptions,
  runOptions,
  trainingOptions,
] as const;

type Merged<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void ? All : never;
type All = Merged<(typeof groups)[number]>;
type Marked = { [Name in keyof All]: All[Name] extends { readonly study: true } ? Name : never }[keyof All];
type KeyOf<Name extends keyof All> = All[Name] extends { readonly json: infer Key extends string } ? Key : Name;
/** What a study's file may give of the table of options, by the keys that it has there. */
export type StudyOptions = { readonly [Name in Marked as KeyOf<Name>]?: Parsed<All[Name]> };

/** One option of a study's file. */
export interface StudyOption {
  /** Its key in the file. */
  readonly key: string;
  /** Its name in the library. */
  readonly name: string;
  readonly option: Option;
}

/** The options of a study's file, files first. */
export function studyOptions(): readonly StudyOption[] {
  return groups
    .flatMap((table: OptionTable) => Object.entries(table))
    .filter(([, { study }]) => study)
    .map(([name, option]) => ({ key: option.json ?? name, name, option }));
}

/** The keys that name files. */
export function fileOptions(): readonly StudyOption[] {
  return studyOptions().filter(({ option }) => option.kind === "file");
}

/** The axes of a study that are options of an episode: a list of each. */
export const axes = { ways: episodeOptions.ways, shots: episodeOptions.shots } as const;
/** The keys that a study must have. */
export const required = ["schema", "models", "datasets", "features", "labels", "ways", "shots", "masks"];
export const namePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
