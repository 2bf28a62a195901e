import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { kindError } from "../core/errors.ts";
import type { CustomMask, CustomProbe, MaskInBasis } from "../plan/given.ts";
import { type ProbeName, probeNames } from "../plan/optionTable.ts";
import { isModule } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a record has a name and these functions. */
function hasFunctions(own: unknown, ...functions: readonly string[]): boolean {
  const fields = own as Fields | null | undefined;
  return typeof fields?.name === "string" && functions.every((name) => typeof fields[name] === "function");
}

/** What a module of the user's own exports by default, where it is what the option takes. */
async function loadOwn<Own>(
  {
    flag,
    path,
    fits,
    wanted,
  }: { readonly flag: string; readonly path: string; readonly fits: (own: Fields) => boolean; readonly wanted: string },
  workers: number | undefined,
): Promise<Own> {
  if ((workers ?? 1) > 1)
    throw new UsageError(`--workers can't take --${flag} ${path}, a function of your own: use --shard i/n, a process each`);
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new Error(`--${flag} ${path} could not be loaded (${(error as Error).message}), expected a module`);
  }
  const own = loaded.default as Fields | undefined;
  if (own === null || typeof own !== "object" || !fits(own))
    throw kindError("loadOwn", `the default export of ${path}`, own, `a ${flag}: ${wanted}`);
  return own as Own;
}

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
    asked.map((path) =>
      probeNames.includes(path as ProbeName)
        ? (path as ProbeName)
        : loadOwn<CustomProbe>(
            { flag: "probe", path, fits: (own) => hasFunctions(own, "fit", "predict"), wanted: "{ name, fit, predict }" },
            workers,
          ),
    ),
  );
}

/**
 * `--mask`: spec strings as they are, and modules loaded: the default export of `./my-mask.mjs` is a mask of one's own, `{ name, weights }`, or a mask in a basis of one's own,
 * `{ basis: { name, from, fit }, mask }`. Throws as {@link loadProbes}.
 */
export async function loadMasks(
  asked: readonly string[] | undefined,
  workers: number | undefined,
): Promise<readonly (string | CustomMask | MaskInBasis)[] | undefined> {
  if (asked === undefined) return undefined;
  const fits = (own: Fields): boolean => hasFunctions(own, "weights") || hasFunctions(own.basis, "fit");
  const wanted = "{ name, weights } or { basis: { name, from, fit }, mask }";
  return Promise.all(
    asked.map((path) => (isModule(path) ? loadOwn<CustomMask | MaskInBasis>({ flag: "mask", path, fits, wanted }, workers) : path)),
  );
}
