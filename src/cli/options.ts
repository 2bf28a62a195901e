import { parseArgs } from "node:util";
import { nearest } from "../core/nearest.ts";
import { UsageError } from "./usage.ts";

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;

/** Options that every command with episodes takes. */
const runOptions = {
  ...{ features: text, labels: text, augmented: text, "base-features": text, "base-labels": text, "base-statistics": text },
  ...{ "pool-augmented": text },
  ...{ ways: text, shots: text, queries: text, episodes: text, seed: text, "draws-per-task": text, "episodes-from": text },
  ...{ C: text, "train-on": text, normalize: text, kernels: text, json: flag, out: text, plot: text, help: flag },
} as const;
/** Options of a run that may be cut into shards, and stopped and gone on with. */
const partOptions = { workers: text, shard: text, resume: flag } as const;
export const evalOptions = {
  ...runOptions,
  ...partOptions,
  stream: flag,
  mask: list,
  probe: list,
  metric: list,
  "per-episode": flag,
  "no-domain": flag,
} as const;
export const curveOptions = {
  ...runOptions,
  ...partOptions,
  importance: text,
  fractions: text,
  epsilon: text,
  probe: text,
} as const;
const { "episodes-from": _given, ...sampledOptions } = runOptions;
export const gridOptions = { ...sampledOptions, importance: text, fractions: text, epsilon: text, probe: text } as const;
export const tuneOptions = {
  ...{ features: text, labels: text, augmented: text, "pool-augmented": text, "task-features": text, "task-labels": text },
  ...{ ways: text, shots: text, queries: text, seed: text, C: text, normalize: text, kernels: text },
  ...{ "without-base": flag, mask: list, json: flag, out: text, plot: text, help: flag },
} as const;
export const statsOptions = {
  ...{ "base-features": text, "base-labels": text, "base-statistics": list, normalize: text, out: text, help: flag },
} as const;
export const theoryOptions = {
  ...{ features: text, labels: text, shots: text, fractions: text, pairs: text, queries: text, episodes: text, seed: text },
  ...{ normalize: text, kernels: text, json: flag, out: text, plot: text, help: flag },
} as const;
export const fitOptions = {
  ...{ features: text, labels: text, augmented: text, "base-features": text, "base-labels": text, "base-statistics": text },
  ...{ "pool-augmented": text, mask: text, probe: text, C: text, power: text, temperature: text, reject: text, "reject-by": text },
  ...{ "train-on": text, normalize: text, seed: text, kernels: text, json: flag, out: text, help: flag },
} as const;
export const predictOptions = { head: text, features: text, labels: text, format: text, json: flag, out: text, help: flag } as const;
const { shard: _shard, resume: _resume, stream: _stream, ...wholeOptions } = evalOptions;
export const demoOptions = wholeOptions;
export const studyOptions = { out: text, shard: text, workers: text, partial: flag, json: flag, help: flag } as const;
export const mergeOptions = { json: flag, out: text, plot: text, help: flag } as const;
export const completionOptions = { out: text, help: flag } as const;

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** argv with `--C -1` as `--C=-1`, which alone parseArgs takes for a value. */
function joinNegativeNumbers(args: readonly string[], options: Readonly<Record<string, { type: "string" | "boolean" }>>): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\.?\d/.test(arg) && before?.startsWith("--") && options[before.slice(2)]?.type === "string")
      joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

type KnownOptions = Readonly<Record<string, { type: "string" | "boolean"; multiple?: boolean }>>;

/** Parses argv against the options of a command; anything else is a {@link UsageError}. */
export function parseOptions(args: readonly string[], options: KnownOptions): OptionValues {
  return parseCommand(args, options, false).values;
}

/** The same for a command that takes words beside options, such as files. */
export function parseCommand(
  args: readonly string[],
  options: KnownOptions,
  allowPositionals = true,
): { readonly values: OptionValues; readonly words: readonly string[] } {
  for (const arg of args) {
    if (!arg.startsWith("--") || arg === "--") continue;
    const name = arg.slice(2).split("=")[0];
    if (name in options) continue;
    const hint = nearest(name, Object.keys(options));
    throw new UsageError(`unknown option --${name}${hint ? `, did you mean --${hint}?` : ""}`);
  }
  try {
    const { values, positionals } = parseArgs({ args: joinNegativeNumbers(args, options), options, strict: true, allowPositionals });
    return { values: values as OptionValues, words: positionals };
  } catch (error) {
    const message = (error as Error).message.split("\n")[0];
    const missing = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(message);
    if (missing) throw new UsageError(`${missing[1]} has no value, expected ${missing[1]} VALUE`);
    throw new UsageError(message.split(". To specify")[0].replace(/\.$/, ""));
  }
}

/** A number given on the command line, else undefined: a whole one of at least `bound`, or any greater than `bound`. */
export function numberOption(values: OptionValues, name: string, whole: boolean, bound = Number.NEGATIVE_INFINITY): number | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  const number = String(given).trim() === "" ? Number.NaN : Number(given);
  if (!Number.isFinite(number) || (whole ? !Number.isSafeInteger(number) || number < bound : number <= bound)) {
    const bounded = bound === Number.NEGATIVE_INFINITY ? "" : whole ? ` of at least ${bound}` : ` greater than ${bound}`;
    throw new UsageError(`--${name} is "${String(given)}", expected a ${whole ? "whole number" : "number"}${bounded}`);
  }
  return number;
}

/** A word given on the command line, one of `choices`. */
export function choiceOption<T extends string>(values: OptionValues, name: string, choices: readonly T[]): T | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  if (!choices.includes(given as T)) throw new UsageError(`--${name} is "${String(given)}", expected one of ${choices.join(", ")}`);
  return given as T;
}

/** `--shard i/n`, else undefined. */
export function shardOption(values: OptionValues): { readonly shard: number; readonly of: number } | undefined {
  const given = values.shard as string | undefined;
  if (given === undefined) return undefined;
  const [shard, of] = /^\d{1,7}\/\d{1,7}$/.test(given) ? given.split("/").map(Number) : [0, 0];
  if (!(shard >= 1 && shard <= of && of <= 2 ** 20)) throw new UsageError(`--shard is "${given}", expected i/n with i in 1…n, such as 2/3`);
  return { shard, of };
}
