#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { nearest } from "../core/nearest.ts";
import { untilQuiet } from "../node/untilQuiet.ts";
import type { CommandName } from "./commandTable.ts";
import { completionCommand } from "./completionCommand.ts";
import { curveCommand } from "./curveCommand.ts";
import { demoCommand } from "./demoCommand.ts";
import { evalCommand } from "./evalCommand.ts";
import { fitCommand } from "./fitCommand.ts";
import { gridCommand } from "./gridCommand.ts";
import { commandHelp, generalHelp } from "./helpText.ts";
import { mergeCommand } from "./mergeCommand.ts";
import { nameFlags } from "./nameFlags.ts";
import { predictCommand } from "./predictCommand.ts";
import { probeCommand } from "./probeCommand.ts";
import { statsCommand } from "./statsCommand.ts";
import { studyCommand } from "./studyCommand.ts";
import { tableCommand } from "./tableCommand.ts";
import { theoryCommand } from "./theoryCommand.ts";
import { tuneCommand } from "./tuneCommand.ts";
import { Stopped } from "./untilStopped.ts";
import { UsageError } from "./usageError.ts";

const commands: Readonly<Record<CommandName, (args: readonly string[]) => Promise<void>>> = {
  eval: evalCommand,
  curve: curveCommand,
  grid: gridCommand,
  theory: theoryCommand,
  tune: tuneCommand,
  stats: statsCommand,
  fit: fitCommand,
  probe: probeCommand,
  predict: predictCommand,
  merge: mergeCommand,
  table: tableCommand,
  study: studyCommand,
  demo: demoCommand,
  completion: completionCommand,
};

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(commands, name);
}

/** Runs a command line and returns its exit code: 0 done, 1 bad data, 2 wrong command line, 128 + n stopped by signal n. */
async function main([name, ...args]: readonly string[]): Promise<number> {
  try {
    if (name === "--version" || name === "-v") {
      process.stdout.write(`${JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version}\n`);
      return 0;
    }
    if (name === "--help" || name === "-h" || name === "help") {
      process.stdout.write(`${isCommand(args[0]) ? commandHelp(args[0]) : generalHelp()}\n`);
      return 0;
    }
    if (name === undefined) throw new UsageError(`no command; one of ${Object.keys(commands).join(", ")}`);
    if (!isCommand(name)) {
      const hint = nearest(name, Object.keys(commands));
      throw new UsageError(
        `unknown command "${name}"${hint ? `, did you mean ${hint}?` : `, expected one of ${Object.keys(commands).join(", ")}`}`,
      );
    }
    if (args.includes("--help") || args.includes("-h")) {
      process.stdout.write(`${commandHelp(name)}\n`);
      return 0;
    }
    await commands[name](args);
    return 0;
  } catch (error) {
    const known = isCommand(name);
    const told = error instanceof Error ? error.message : String(error);
    const message = known ? nameFlags(told, name) : told;
    process.stderr.write(
      `softprobe: ${message.replaceAll("\n", " ")}${error instanceof UsageError ? ` (see softprobe ${known ? `${name} ` : ""}--help)` : ""}\n`,
    );
    if (error instanceof Stopped) return error.exitCode;
    return error instanceof UsageError ? 2 : 1;
  }
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe may leave early: `softprobe eval … | head`.
  process.exit(error.code === "EPIPE" ? 0 : 1);
});
process.exitCode = await main(process.argv.slice(2));
await untilQuiet();
