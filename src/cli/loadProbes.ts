import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { kindError } from "../core/errors.ts";
import type { CustomProbe } from "../plan/given.ts";
import { type ProbeName, probeNames } from "../plan/optionTable.ts";
import { UsageError } from "./usageError.ts";

/**
 * `--probe`: names of built-in probes as they are, and modules loaded: the default export of `./my-probe.mjs` is a probe of one's own, `{ name, fit, predict }`.
 *
 * @throws UsageError when worker threads are asked for, which can't take functions; Error when the module can't be loaded or its default export is no probe
 */
export async function loadProbes(
  asked: readonly string[] | undefined,
  workers: number | undefined,
): Promise<readonly (ProbeName | CustomProbe)[] | undefined> {
  if (asked === undefined) return undefined;
  return Promise.all(
    asked.map(async (name) => {
      if (probeNames.includes(name as ProbeName)) return name as ProbeName;
      if ((workers ?? 1) > 1)
        throw new UsageError(`--workers can't take --probe ${name}, a function of your own: use --shard i/n, a process each`);
      let loaded: { readonly default?: unknown };
      try {
        loaded = await import(pathToFileURL(resolve(name)).href);
      } catch (error) {
        throw new Error(`--probe ${name} could not be loaded (${(error as Error).message}), expected a module`);
      }
      const probe = loaded.default as CustomProbe | undefined;
      if (typeof probe?.fit !== "function" || typeof probe.predict !== "function" || typeof probe.name !== "string")
        throw kindError("loadProbes", `the default export of ${name}`, probe, "a probe: { name, fit, predict }");
      return probe;
    }),
  );
}
