import { describe, kindError, valueError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { inRange, type Option, wanted } from "../core/option.ts";
import type { Study } from "./study.ts";
import { axes, fileOptions, namePattern, required, studyOptions } from "./studyOptions.ts";

const caller = "checkStudy";
const nameForm = new RegExp(namePattern);
/** More cells than this are a mistake. */
const mostCells = 1_000_000;

/** Whether a value is one of an option's. */
function isOne(value: unknown, option: Option): boolean {
  if (typeof value === "string" && Object.values(option.words ?? {}).includes(value)) return true;
  switch (option.kind) {
    case "integer":
    case "number":
      return typeof value === "number" && inRange(value, option);
    case "choice":
      return option.choices.includes(value as string);
    default:
      return typeof value === (option.kind === "flag" ? "boolean" : "string");
  }
}

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
  const keys = [...new Set([...required, ...studyOptions().map(({ key }) => key)])];
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
    if (!Array.isArray(entries)) throw kindError(caller, `${file} ${key}`, entries, `a list, each ${wanted}`);
    if (entries.length === 0) throw valueError(caller, `${file} ${key}`, "is empty", `at least one, ${wanted}`);
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
  const names = "a name of letters, digits and ._- (a letter or digit first, at most 64)";
  const isName = (entry: unknown): boolean => typeof entry === "string" && nameForm.test(entry);
  list("models", names, isName);
  list("datasets", names, isName);
  for (const { key } of fileOptions()) {
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
  for (const [key, option] of Object.entries(axes)) list(key, wanted(option), (entry) => isOne(entry, option));
  for (const { key, option } of studyOptions()) {
    if (option.kind === "file") continue;
    const given = study[key];
    if (option.many) list(key, wanted(option), (entry) => isOne(entry, option));
    else if (given !== undefined && !isOne(given, option))
      throw valueError(caller, `${file} ${key}`, `is ${describe(given)}`, wanted(option));
    if (option.kind === "text" && option.form && given !== undefined)
      (option.many ? (given as readonly string[]) : [given as string]).forEach((text, i) => {
        try {
          option.form!(text);
        } catch (error) {
          throw new RangeError(
            `${caller}: ${file} ${key}${option.many ? `[${i}]` : ""}: ${(error as Error).message.replace(/^\w+: /, "")}`,
          );
        }
      });
  }
  if (study.trainOn === "augmented" && study.augmented === undefined)
    throw valueError(caller, `${file} trainOn`, 'is "augmented"', "augmented views to train on");
  const cells = ["models", "datasets", "ways", "shots"].reduce((product, key) => product * (study[key] as readonly unknown[]).length, 1);
  if (cells > mostCells) throw valueError(caller, file, `has ${cells} cells`, `at most ${mostCells}`);
  return value as Study;
}
