import { parseArgs } from "node:util";
import { nearest } from "../core/nearest.ts";
import { inRange, type Option, wanted } from "../core/option.ts";
import { type CommandName, type CommandValues, flagOf, isRepeatable, optionsOfCommand } from "./commandTable.ts";
import { UsageError } from "./usageError.ts";

/** argv with `--C -1` as `--C=-1`, which alone parseArgs takes for a value. */
function joinNegativeNumbers(args: readonly string[], takesValue: (flag: string) => boolean): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\.?\d/.test(arg) && before?.startsWith("--") && takesValue(before.slice(2))) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** Whether a text names a module, such as one that holds a probe or a mask of the user's own. */
export const isModule = (text: string): boolean => /\.[cm]?[jt]s$/i.test(text);

/** One value of an option, as the library takes it. */
function readOne(flag: string, option: Option, text: string, verb: "is" | "has"): unknown {
  const { words = {} } = option;
  if (Object.hasOwn(words, text)) return words[text];
  const refuse = (expected: string): never => {
    throw new UsageError(`--${flag} ${verb} "${text}", expected ${expected}`);
  };
  switch (option.kind) {
    case "integer":
    case "number": {
      const prefix = (option.kind === "number" && option.prefix) || "";
      const digits = text.startsWith(prefix) ? text.slice(prefix.length).trim() : "";
      const number = digits === "" ? Number.NaN : Number(digits);
      if (inRange(number, option)) return number;
      const expected = wanted(option, Object.keys(words));
      return refuse(prefix ? `${prefix}SHARE with ${expected}, such as ${option.value}` : expected);
    }
    case "choice":
      if (option.choices.includes(text) || (option.module && isModule(text))) return text;
      return refuse(`${wanted(option)}${option.module ? ", or a module such as ./my-probe.mjs" : ""}`);
    case "text":
      if (option.module && isModule(text)) return text;
      try {
        option.form?.(text);
      } catch (error) {
        throw new UsageError(`--${flag}: ${(error as Error).message.replace(/^\w+: /, "").replace("/power:1", "")}`);
      }
      return option.within === undefined ? text : { [option.within]: text };
    default:
      return text;
  }
}

/** All that a flag was given, as the library takes it. */
function readValue(flag: string, option: Option, given: string | boolean | readonly string[]): unknown {
  if (option.kind === "flag") return !option.negated;
  if (typeof given === "object") return given.map((text) => readOne(flag, option, text, "is"));
  const text = String(given);
  if (!option.many || (option.alone && !text.includes(","))) return readOne(flag, option, text, "is");
  const numbers = text.split(",").map((each) => readOne(flag, option, each, "has")) as number[];
  if (option.kind === "number" && option.ascending)
    numbers.forEach((number, i) => {
      if (i > 0 && !(number > numbers[i - 1]))
        throw new UsageError(`--${flag} has ${number} after ${numbers[i - 1]}, expected each more than the one before`);
    });
  return numbers;
}

/** Parses the command line of a command that takes words beside options, such as files; anything else is a {@link UsageError}. */
export function readWords<Name extends CommandName>(
  name: Name,
  args: readonly string[],
  allowPositionals = true,
): { readonly values: CommandValues<Name>; readonly words: readonly string[] } {
  const table = new Map(optionsOfCommand(name).map(([key, option]) => [flagOf(key, option), { key, option }]));
  for (const arg of args) {
    if (!arg.startsWith("--") || arg === "--") continue;
    const flag = arg.slice(2).split("=")[0];
    if (table.has(flag)) continue;
    const hint = nearest(flag, Array.from(table.keys()));
    throw new UsageError(`unknown option --${flag}${hint ? `, did you mean --${hint}?` : ""}`);
  }
  const takesValue = (flag: string): boolean => table.has(flag) && table.get(flag)!.option.kind !== "flag";
  const options = Object.fromEntries(
    Array.from(table, ([flag, { option }]) => [
      flag,
      { type: takesValue(flag) ? ("string" as const) : ("boolean" as const), multiple: isRepeatable(option) },
    ]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: joinNegativeNumbers(args, takesValue), options, strict: true, allowPositionals });
  } catch (error) {
    const message = (error as Error).message.split("\n")[0];
    const missing = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(message);
    if (missing) throw new UsageError(`${missing[1]} has no value, expected ${missing[1]} VALUE`);
    throw new UsageError(message.split(". To specify")[0].replace(/\.$/, ""));
  }
  const values = Object.fromEntries(
    Object.entries(parsed.values).map(([flag, given]) => {
      const { key, option } = table.get(flag)!;
      return [key, readValue(flag, option, given as string | boolean | readonly string[])];
    }),
  );
  return { values: values as CommandValues<Name>, words: parsed.positionals };
}

/** Parses the command line of a command that takes nothing but options. */
export function readCommand<Name extends CommandName>(name: Name, args: readonly string[]): CommandValues<Name> {
  return readWords(name, args, false).values;
}
