import type { OptionValues } from "./options.ts";

/** The options that named files. */
export function filesOf(values: OptionValues): Readonly<Record<string, unknown>> {
  const names = ["features", "labels", "augmented", "base-features", "base-labels", "base-statistics", "pool-augmented", "episodes-from"];
  return Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
}
