import * as tables from "./options.ts";
import { generalUsage, usage } from "./usage.ts";

/** What a shell offers behind an option: some words, files, or nothing (`null`: a number, a spec). A flag takes no value: undefined. */
export type OptionValue = readonly string[] | "file" | null | undefined;

/** One option of a command, as its help tells it. */
interface CompletedOption {
  readonly name: string;
  readonly value: OptionValue;
  readonly repeatable: boolean;
  readonly says: string;
}

/** One command, its options, and the words it takes. */
export interface CompletedCommand {
  readonly name: string;
  readonly says: string;
  readonly options: readonly CompletedOption[];
  readonly words: OptionValue;
}

type Table = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly multiple?: boolean }>>;

/** What stands for an option's value in a help text: `l2|none` are words, `F.npy` and `FILE` files. */
function offerOf(argument: string | undefined): OptionValue {
  if (argument === undefined || argument === "SPEC") return null;
  if (/^[\w-]+(?:\|[\w-]+)+$/.test(argument)) return argument.split("|");
  return /^[A-Z]/.test(argument) ? "file" : null;
}

/**
 * Every command with its options: their names from the tables that parse them (`evalOptions` for eval), their values and what they do from the help,
 * so that a new option completes as soon as it parses.
 */
export function completionTable(): CompletedCommand[] {
  const known = tables as unknown as Readonly<Record<string, Table>>;
  // Help that is shared is read from wherever it stands: demo has eval's options.
  const everyHelp = Object.values(usage).join("\n");
  return Object.entries(usage).map(([name, text]) => {
    const options = Object.entries(known[`${name}Options`] ?? {}).map(([option, { type, multiple = false }]): CompletedOption => {
      const own = new RegExp(` {2}--${option}(?![\\w-])(?: ([^\\s-]\\S*))?(?: {2,}([^\\s-].*))?`);
      const [, argument, says = ""] = own.exec(text.slice(text.indexOf("\n"))) ?? own.exec(everyHelp) ?? [];
      return { name: option, value: type === "boolean" ? undefined : offerOf(argument), repeatable: multiple, says: says.split("; ")[0] };
    });
    const [, says = ""] = new RegExp(`^ +softprobe ${name} +(.*)$`, "m").exec(generalUsage) ?? [];
    const [, word] = new RegExp(`^softprobe ${name} ([^-[\\s]\\S*)`).exec(text) ?? [];
    return { name, says, options, words: word === undefined ? undefined : offerOf(word.includes("|") ? word : "FILE") };
  });
}
