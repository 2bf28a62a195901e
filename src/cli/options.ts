import { parseArgs } from "node:util";
import { UsageError } from "./usage.ts";

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;

/** Options that every command with episodes takes. */
const runOptions = {
  ...{ features: text, labels: text, augmented: text, "base-features": text, "base-labels": text, "pool-augmented": text },
  ...{ ways: text, shots: text, queries: text, episodes: text, seed: text, "draws-per-task": text, "episodes-from": text },
  ...{ C: text, "train-on": text, normalize: text, kernels: text, json: flag, out: text, help: flag },
} as const;
export const evalOptions = { ...runOptions, workers: text, mask: list, probe: list, metric: list, "per-episode": flag } as const;
export const curveOptions = {
  ...runOptions,
  workers: text,
  importance: text,
  fractions: text,
  epsilon: text,
  probe: text,
  svg: text,
} as const;
const { "episodes-from": _given, ...sampledOptions } = runOptions;
export const gridOptions = { ...sampledOptions, importance: text, fractions: text, epsilon: text, probe: text } as const;
export const tuneOptions = {
  ...{ features: text, labels: text, augmented: text, "pool-augmented": text, "task-features": text, "task-labels": text },
  ...{ ways: text, shots: text, queries: text, seed: text, C: text, normalize: text, kernels: text },
  ...{ mask: list, json: flag, out: text, help: flag },
} as const;
export const theoryOptions = {
  ...{ features: text, labels: text, shots: text, fractions: text, pairs: text, queries: text, episodes: text, seed: text },
  ...{ normalize: text, kernels: text, json: flag, out: text, svg: text, help: flag },
} as const;
export const demoOptions = { ...evalOptions, svg: text } as const;
export const completionOptions = { out: text, help: flag } as const;

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The nearest of `names` by edit distance, when it is near enough to be a typing error. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
      row = next;
    }
    return row[b.length];
  };
  const [best] = names.map((name) => ({ name, cost: distance(word, name) })).sort((a, b) => a.cost - b.cost);
  return best && best.cost <= Math.max(2, word.length / 3) ? best.name : undefined;
}

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

/** Parses argv against the options of a command; anything else is a {@link UsageError}. */
export function parseOptions(
  args: readonly string[],
  options: Readonly<Record<string, { type: "string" | "boolean"; multiple?: boolean }>>,
): OptionValues {
  for (const arg of args) {
    if (!arg.startsWith("--") || arg === "--") continue;
    const name = arg.slice(2).split("=")[0];
    if (name in options) continue;
    const hint = nearest(name, Object.keys(options));
    throw new UsageError(`unknown option --${name}${hint ? `, did you mean --${hint}?` : ""}`);
  }
  try {
    return parseArgs({ args: joinNegativeNumbers(args, options), options, strict: true, allowPositionals: false }).values as OptionValues;
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
