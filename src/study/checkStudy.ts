import { describe, kindError, valueError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { parseMask } from "../mask/maskSpec.ts";
import { metricNames } from "../plan/countLayout.ts";
import { probeNames } from "../plan/options.ts";
import { fileKeys, type Study } from "./study.ts";

const caller = "checkStudy";
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const required = ["schema", "models", "datasets", "features", "labels", "ways", "shots", "masks"];
const optional = ["probes", "metrics", "queries", "episodes", "seed", "drawsPerTask", "C", "trainOn", "normalize"];
const keys = [...new Set([...required, ...fileKeys, ...optional])];
/** More cells than this are a mistake. */
const mostCells = 1_000_000;

/**
 * Checks the document of a study file, which anybody may have written; docs/study.schema.json says the same to editors.
 *
 * @param value - the document, from YAML or JSON
 * @param file - what errors call it
 * @throws TypeError or RangeError naming the file and the path in it, what came and what was expected
 */
export function checkStudy(value: unknown, file: string): Study {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw kindError(caller, file, value, "a study: an object of settings");
  const study = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(study)) {
    if (keys.includes(key)) continue;
    const hint = nearest(key, keys);
    throw valueError(caller, file, `has ${describe(key)}`, hint ? `"${hint}"?` : `keys among ${keys.join(", ")}`);
  }
  for (const key of required) if (study[key] === undefined) throw valueError(caller, file, `has no ${key}`, "one");
  if (study.schema !== "softprobe/study@1")
    throw valueError(caller, `${file} schema`, `is ${describe(study.schema)}`, '"softprobe/study@1"');

  const list = (key: string, wanted: string, check: (entry: unknown) => boolean): void => {
    const entries = study[key];
    if (entries === undefined) return;
    if (!Array.isArray(entries)) throw kindError(caller, `${file} ${key}`, entries, `a list of ${wanted}`);
    if (entries.length === 0) throw valueError(caller, `${file} ${key}`, "is empty", `at least one of ${wanted}`);
    const seen = new Map<unknown, number>();
    entries.forEach((entry, i) => {
      if (!check(entry)) throw valueError(caller, `${file} ${key}[${i}]`, `is ${describe(entry)}`, wanted);
      // File systems may not tell a from A.
      const same = typeof entry === "string" && (key === "models" || key === "datasets") ? entry.toLowerCase() : entry;
      if (seen.has(same))
        throw valueError(caller, `${file} ${key}[${i}]`, `is ${describe(entry)}, as ${key}[${seen.get(same)}]`, "each once");
      seen.set(same, i);
    });
  };
  const whole =
    (least: number) =>
    (entry: unknown): boolean =>
      Number.isSafeInteger(entry) && (entry as number) >= least;
  const one = (key: string, wanted: string, check: (entry: unknown) => boolean): void => {
    if (study[key] !== undefined && !check(study[key])) throw valueError(caller, `${file} ${key}`, `is ${describe(study[key])}`, wanted);
  };
  const amongst =
    (choices: readonly string[]) =>
    (entry: unknown): boolean =>
      choices.includes(entry as string);

  const names = "names of letters, digits and ._- (a letter or digit first, at most 64)";
  const isName = (entry: unknown): boolean => typeof entry === "string" && nameForm.test(entry);
  list("models", names, isName);
  list("datasets", names, isName);
  for (const key of fileKeys) {
    const path = study[key];
    if (path === undefined) continue;
    if (typeof path !== "string" || path === "" || path.includes("\0") || /[{}]/.test(path.replaceAll(/\{model\}|\{dataset\}/g, "")))
      throw valueError(caller, `${file} ${key}`, `is ${describe(path)}`, "a path, in which {model} and {dataset} may stand for names");
  }
  if ((study.baseFeatures === undefined) !== (study.baseLabels === undefined))
    throw valueError(
      caller,
      file,
      `has no ${study.baseLabels === undefined ? "baseLabels" : "baseFeatures"}`,
      "baseFeatures and baseLabels together",
    );
  list("ways", "whole numbers of at least 2", whole(2));
  list("shots", "whole numbers of at least 1", whole(1));
  list("masks", "masks' spec strings", (entry) => typeof entry === "string");
  (study.masks as readonly string[]).forEach((mask, i) => {
    try {
      parseMask(mask);
    } catch (error) {
      throw new RangeError(`${caller}: ${file} masks[${i}]: ${(error as Error).message.replace("parseMask: ", "")}`);
    }
  });
  list("probes", `${probeNames.join(", ")}`, amongst(probeNames));
  list("metrics", metricNames.join(" or "), amongst(metricNames));
  one("queries", 'a whole number of at least 1, or "all"', (entry) => entry === "all" || whole(1)(entry));
  one("episodes", "a whole number of at least 1", whole(1));
  one("seed", "a whole number of at least 0", whole(0));
  one("drawsPerTask", "a whole number of at least 1", whole(1));
  one("C", "a finite number greater than 0", (entry) => typeof entry === "number" && entry > 0 && Number.isFinite(entry));
  one("trainOn", '"support" or "augmented"', amongst(["support", "augmented"]));
  one("normalize", '"l2" or "none"', amongst(["l2", "none"]));
  if (study.trainOn === "augmented" && study.augmented === undefined)
    throw valueError(caller, `${file} trainOn`, 'is "augmented"', "augmented views to train on");
  const cells = ["models", "datasets", "ways", "shots"].reduce((product, key) => product * (study[key] as readonly unknown[]).length, 1);
  if (cells > mostCells) throw valueError(caller, file, `has ${cells} cells`, `at most ${mostCells}`);
  return value as Study;
}
