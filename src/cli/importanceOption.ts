import { parseMask } from "../mask/maskSpec.ts";
import type { OptionValues } from "./options.ts";
import { UsageError } from "./usage.ts";

/** What orders the dimensions, checked as spelled; else undefined. */
export function importanceOption(values: OptionValues): string | undefined {
  const importance = values.importance as string | undefined;
  if (importance === undefined) return undefined;
  try {
    parseMask(`${importance}/power:1`);
  } catch (error) {
    throw new UsageError(`--importance: ${(error as Error).message.replace("parseMask: ", "").replace("/power:1", "")}`);
  }
  return importance;
}
