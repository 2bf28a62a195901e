import { checkChoice, checkCount } from "./checks.ts";
import { kindError, shapeError, valueError } from "./errors.ts";

/** What an option tells of itself, whatever its kind. */
interface Told {
  /** What it does, in one sentence for the command's help; kind, choices and default are added there. */
  readonly says: string;
  /** Its flag, where that is not its name with dashes; null where the command has none. */
  readonly flag?: string | null;
  /** Its name in a study, where that is not its name. */
  readonly json?: string;
  /** What stands for its value in the help, such as `F.npy`. */
  readonly value?: string;
  /** The value of an option that is not given. */
  readonly default?: unknown;
  /** It takes several: an array in the library; in the command numbers separated by commas, anything else by repeating the flag. */
  readonly many?: true;
  /** With `many`: a single value needs no array around it. */
  readonly alone?: true;
  /** Words that may stand where a value does, and what the library calls them. */
  readonly words?: Readonly<Record<string, string>>;
  /** It may stand in a study's file. */
  readonly study?: true;
  /** Marks an option whose type is told here, as `undefined as As<T>`, since the library takes more than its kind says, and checks that itself. */
  readonly of?: unknown;
}

/** A number's range; `above` and `below` exclude their bound. */
interface Range {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

/** One option: all that library, command, completion and study file know of it. */
export type Option = Told &
  (
    | { readonly kind: "integer"; readonly least: number; readonly most?: number }
    /** `ascending`: each of several more than the one before. `prefix`: what the command wants before the number. */
    | ({ readonly kind: "number"; readonly noun?: string; readonly ascending?: true; readonly prefix?: string } & Range)
    /** `module`: the command takes the path of a module in the place of a choice. */
    | { readonly kind: "choice"; readonly choices: readonly string[]; readonly module?: true }
    /** Free text; `form` throws where it is none of its kind. `within`: the library takes it as the property of this name of an object. */
    | { readonly kind: "text"; readonly form?: (text: string) => unknown; readonly within?: string; readonly module?: true }
    /** True or false; `negated`: the flag says false. */
    | { readonly kind: "flag"; readonly negated?: true }
    /** A file in the command, its content in the library. */
    | { readonly kind: "file" }
    /** What only a program can give. */
    | { readonly kind: "data"; readonly of: unknown; readonly flag: null }
  );

/** Options by their names in the library. */
export type OptionTable = Readonly<Record<string, Option>>;

/** Carries a type in a table without a value. */
export type As<T> = T | undefined;

type Words<O> = O extends { readonly words: Readonly<Record<string, infer W>> } ? W : never;
/** By kind, in a record: a union that has a name of its own, such as this type's, would stand under that name in an editor. */
interface ByKind<O> {
  readonly value:
    | Words<O>
    | (O extends { readonly kind: "integer" | "number" }
        ? number
        : O extends { readonly kind: "choice"; readonly choices: readonly (infer C)[] }
          ? C
          : O extends { readonly kind: "flag" }
            ? boolean
            : string);
}
type One<O> = ByKind<O>["value"];

/** What the command and a study's file give for an option. */
export type Parsed<O> = O extends { readonly within: infer Name extends string }
  ? { readonly [Key in Name]: string }
  : O extends { readonly many: true }
    ? O extends { readonly alone: true }
      ? One<O> | readonly One<O>[]
      : readonly One<O>[]
    : One<O>;

/** What the library takes for an option. */
type Taken<O> = O extends { readonly of: infer T } ? Exclude<T, undefined> : Parsed<O>;

/** The type of an options object, each name with the comment that it has in its table; undefined is its default, also under exactOptionalPropertyTypes. */
export type OptionsOf<Table> = { readonly [Name in keyof Table]?: Taken<Table[Name]> | undefined };

/** The same with everything checked, and defaults where nothing was given. */
export type CheckedOptions<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends { readonly default: unknown } ? Taken<Table[Name]> : Taken<Table[Name]> | undefined;
};

function range({ least, above, most, below }: Range, noun: string): string {
  const low = above ?? least;
  const high = below ?? most;
  if (high === undefined) {
    if (low === undefined) return `a finite ${noun}`;
    return above === undefined ? `a finite ${noun} of at least ${low}` : `a finite ${noun} greater than ${low}`;
  }
  if (above !== undefined && below !== undefined) return `a ${noun} between ${low} and ${high}`;
  return `a ${noun} in ${above === undefined ? "[" : "("}${low}, ${high}${below === undefined ? "]" : ")"}`;
}

/** What one value of an option has to be, in words; `words` are those that may stand for it. */
export function wanted(option: Option, words: readonly string[] = Object.values(option.words ?? {}).map((word) => `"${word}"`)): string {
  const kind = (): string => {
    switch (option.kind) {
      case "integer":
        return option.most === undefined
          ? `a whole number of at least ${option.least}`
          : `a whole number in ${option.least}…${option.most}`;
      case "number":
        return range(option, option.noun ?? "number");
      case "choice":
        return `one of ${option.choices.join(", ")}`;
      case "flag":
        return "true or false";
      default:
        return "a string";
    }
  };
  return `${kind()}${words.map((word) => `, or ${word}`).join("")}`;
}

/** Whether a number lies within an option's range. */
export function inRange(value: number, option: Option): boolean {
  if (option.kind === "integer") return Number.isSafeInteger(value) && value >= option.least && value <= (option.most ?? value);
  if (option.kind !== "number" || !Number.isFinite(value)) return false;
  const { least = value, above, most = value, below } = option;
  return value >= least && value <= most && (above === undefined || value > above) && (below === undefined || value < below);
}

function checkOne(value: unknown, option: Option, caller: string, argument: string): void {
  if (typeof value === "string" && Object.values(option.words ?? {}).includes(value)) return;
  if (option.kind === "integer" && !option.words) return void checkCount(value as number, caller, argument, option.least, option.most);
  if (option.kind === "integer" || option.kind === "number") {
    if (typeof value !== "number") throw kindError(caller, argument, value, option.words ? wanted(option) : "a number");
    if (!inRange(value, option)) throw valueError(caller, argument, `is ${value}`, wanted(option));
  } else if (option.kind === "choice") checkChoice(value as string, caller, argument, option.choices);
  else if (typeof value !== (option.kind === "flag" ? "boolean" : "string")) throw kindError(caller, argument, value, wanted(option));
}

/** Checks the value given for one option. */
export function checkOption(value: unknown, option: Option, caller: string, argument: string): void {
  if (!option.many || (option.alone && !Array.isArray(value))) {
    checkOne(value, option, caller, argument);
    return;
  }
  const noun = option.kind === "number" ? `${option.noun ?? "number"}s` : option.kind === "integer" ? "whole numbers" : "names";
  if (!Array.isArray(value)) throw kindError(caller, argument, value, `an array of ${noun}`);
  if (value.length === 0 && option.default !== undefined && (option.default as readonly unknown[]).length !== 0)
    throw shapeError(caller, argument, "0 entries", "at least 1");
  value.forEach((each, i) => {
    checkOne(each, option, caller, `${argument}[${i}]`);
    if (option.kind === "number" && option.ascending && i > 0 && !(each > value[i - 1]))
      throw valueError(caller, `${argument}[${i}]`, `is ${each}`, `more than the one before, ${value[i - 1]}`);
  });
}

/**
 * Checks what is given for the options of a table, and fills in defaults. Names that the table does not have are left alone.
 *
 * @param table - options by name
 * @param options - what is given; undefined counts as not given
 * @param caller - names the function in errors
 */
export function readOptions<const Table extends OptionTable>(table: Table, options: object, caller: string): CheckedOptions<Table> {
  const read: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    const given = (options as Readonly<Record<string, unknown>>)[name];
    if (given !== undefined && !("of" in option)) checkOption(given, option, caller, name);
    read[name] = given === undefined ? option.default : given;
  }
  return read as CheckedOptions<Table>;
}
