import type { OptionTable } from "../core/option.ts";
import { baseFiles, dataOptions, rowFiles, runOptions, viewOptions } from "../plan/optionTable.ts";
import { flagOf } from "./commandTable.ts";

/** The files that a run's options named, by flag. */
export function filesOf(values: object): Readonly<Record<string, unknown>> {
  const given = values as Readonly<Record<string, unknown>>;
  const inputs = [rowFiles, viewOptions, baseFiles, dataOptions, runOptions].flatMap((table: OptionTable) => Object.entries(table));
  return Object.fromEntries(
    inputs
      .filter(([name, { kind }]) => kind === "file" && given[name] !== undefined)
      .map(([name, option]) => [flagOf(name, option), given[name]]),
  );
}
