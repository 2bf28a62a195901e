import { bashCompletion } from "./bashCompletion.ts";
import { type CompletedCommand, completionTable } from "./completionTable.ts";
import { fishCompletion } from "./fishCompletion.ts";
import { deliver } from "./output.ts";
import { readCommand } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";
import { zshCompletion } from "./zshCompletion.ts";

const shells: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `softprobe completion SHELL`: a script that completes commands, options and their values. */
export async function completionCommand([shell, ...args]: readonly string[]): Promise<void> {
  const script = Object.hasOwn(shells, shell ?? "") ? shells[shell] : undefined;
  if (!script) throw new UsageError(`shell is "${shell ?? ""}", expected one of ${Object.keys(shells).join(", ")}`);
  const { out } = readCommand("completion", args);
  await deliver(script(completionTable()), out);
}
