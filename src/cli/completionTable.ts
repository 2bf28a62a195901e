import type { Option } from "../core/option.ts";
import { type Command, type CommandName, commands, flagOf, isRepeatable, optionsOfCommand } from "./commandTable.ts";

/** What a shell offers behind an option: some words, files, or nothing (`null`: a number, a spec). A flag takes no value: undefined. */
export type OptionValue = readonly string[] | "file" | null | undefined;

/** One option of a command, as a shell completes it. */
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

function offerOf(option: Option): OptionValue {
  if (option.kind === "flag") return undefined;
  if (option.kind === "file") return "file";
  const words = [...(option.kind === "choice" ? option.choices : []), ...Object.keys(option.words ?? {})];
  return words.length > 0 ? words : null;
}

/** Every command with its options, as the table of commands tells them. */
export function completionTable(): CompletedCommand[] {
  return Object.entries<Command>(commands).map(([name, { says, words }]) => ({
    name,
    says,
    words,
    options: optionsOfCommand(name as CommandName).map(([key, option]) => ({
      name: flagOf(key, option),
      value: offerOf(option),
      repeatable: isRepeatable(option),
      says: option.says.replace(/\.$/, ""),
    })),
  }));
}
