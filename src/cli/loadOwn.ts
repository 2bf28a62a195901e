import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { kindError } from "../core/errors.ts";
import type { CustomMask, CustomProbe, MaskInBasis } from "../plan/given.ts";
import { type ProbeName, probeNames } from "../plan/optionTable.ts";
import { isModule } from "./readCommand.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a record has a name and these functions. */
function hasFunctions(own: unknown, ...functions: readonly string[]): boolean {
  const fields = own as Fields | null | undefined;
  return typeof fields?.name === "string" && functions.every((name) => typeof fields[name] === "function");
}

/** The same with its module's address, from which workers import it; its functions keep their `this`. */
function withModule(own: Fields, module: string): Fields {
  const parts = ["name", "basis", "mask", "weights", "fit", "predict", "predictProba"].filter((part) => own[part] !== undefined);
  const bound = parts.map((part) => [part, typeof own[part] === "function" ? own[part].bind(own) : own[part]]);
  return { ...Object.fromEntries(bound), module };
}

/** What a module of the user's own exports by default, where it is what the option takes. */
async function loadOwn<Own>({
  flag,
  path,
  fits,
  wanted,
}: {
  readonly flag: string;
  readonly path: string;
  readonly fits: (own: Fields) => boolean;
  readonly wanted: string;
}): Promise<Own> {
  const { href } = pathToFileURL(resolve(path));
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(href);
  } catch (error) {
    throw new Error(`--${flag} ${path} could not be loaded (${(error as Error).message}), expected a module`);
  }
  const own = loaded.default as Fields | undefined;
  if (own === null || typeof own !== "object" || !fits(own))
    throw kindError("loadOwn", `the default export of ${path}`, own, `${flag === "importance" ? "an" : "a"} ${flag}: ${wanted}`);
  return withModule(own, href) as Own;
}

/**
 * `--probe`: names of built-in probes as they are, and modules loaded: the default export of `./my-probe.mjs` is a probe of one's own, `{ name, fit, predict }`.
 *
 * @throws Error when the module can't be loaded or its default export is no probe
 */
export async function loadProbes(asked: readonly string[] | undefined): Promise<readonly (ProbeName | CustomProbe)[] | undefined> {
  if (asked === undefined) return undefined;
  return Promise.all(
    asked.map((path) =>
      probeNames.includes(path as ProbeName)
        ? (path as ProbeName)
        : loadOwn<CustomProbe>({
            flag: "probe",
            path,
            fits: (own) => hasFunctions(own, "fit", "predict"),
            wanted: "{ name, fit, predict }",
          }),
    ),
  );
}

/**
 * `--mask`: a spec string as it is, or a module loaded: the default export of `./my-mask.mjs` is a mask of one's own, `{ name, weights }`, or a mask in a basis of one's own,
 * `{ basis: { name, from, fit }, mask }`. Throws as {@link loadProbes}.
 */
export async function loadMask(asked: string): Promise<string | CustomMask | MaskInBasis> {
  if (!isModule(asked)) return asked;
  const fits = (own: Fields): boolean => hasFunctions(own, "weights") || hasFunctions(own.basis, "fit");
  return loadOwn({ flag: "mask", path: asked, fits, wanted: "{ name, weights } or { basis: { name, from, fit }, mask }" });
}

/** {@link loadMask} of each of several. */
export async function loadMasks(asked: readonly string[] | undefined): Promise<readonly (string | CustomMask | MaskInBasis)[] | undefined> {
  return asked && Promise.all(asked.map(loadMask));
}

/** `--importance`: a text as it is, or a module loaded whose default export is a mask of one's own. Throws as {@link loadProbes}. */
export async function loadImportance(asked: string): Promise<string | CustomMask> {
  if (!isModule(asked)) return asked;
  return loadOwn({ flag: "importance", path: asked, fits: (own) => hasFunctions(own, "weights"), wanted: "{ name, weights }" });
}
