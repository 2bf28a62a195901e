import { type CommandName, flagOf, optionsOfCommand } from "./commandTable.ts";

/**
 * An error of the library in the words of a command line: `evaluate: trainOn is …` as `--train-on is …`, and `the option augmented` as `--augmented`. Whoever typed a
 * command knows flags, not the functions and options behind them.
 */
export function nameFlags(message: string, command: CommandName): string {
  const flags = new Map<string, string>();
  for (const [name, option] of optionsOfCommand(command)) {
    const flag = flagOf(name, option);
    flags.set(flag, flag).set(name, flag);
  }
  const flagged = (word: string): string | undefined => (flags.has(word) ? `--${flags.get(word)}` : undefined);
  return message
    .replace(/^\w+: (\w+)(?=[ [])/, (whole, word: string) => flagged(word) ?? whole)
    .replaceAll(/\bthe option (\w+)/g, (whole, word: string) => (word === "base" ? "--base-features" : (flagged(word) ?? whole)));
}
