import { kindError, shapeError, valueError } from "../core/errors.ts";
import { countLayout, type MetricName } from "../plan/countLayout.ts";
import { evaluationOptions } from "../plan/optionTable.ts";
import { curveWidth } from "../plan/prepareCurve.ts";
import type { Part } from "./part.ts";

type Fields = Readonly<Record<string, unknown>>;

const domainKeys = ["score", "p", "verdict", "unexplained", "expected"];

/** Holds a document that anybody may have written to the form of a part; `name` is what errors call it. */
export function checkPart(value: unknown, caller: string, name: string): Part {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw kindError(caller, name, value, "a part, softprobe/part@3");
  const part = value as Fields;
  const own = (key: string): unknown => (Object.hasOwn(part, key) ? part[key] : undefined);
  if (own("schema") !== "softprobe/part@3") {
    const schema = own("schema");
    throw valueError(
      caller,
      name,
      typeof schema === "string" ? `is a ${schema.slice(0, 40)}` : "has no schema",
      "a part, softprobe/part@3",
    );
  }
  const whole = (key: string, least: number, most = Number.MAX_SAFE_INTEGER): number => {
    const number = own(key);
    if (typeof number !== "number" || !Number.isSafeInteger(number) || number < least || number > most)
      throw valueError(
        caller,
        name,
        `has no ${key}`,
        `a whole number of at least ${least}${most < 2 ** 53 - 1 ? `, at most ${most}` : ""}`,
      );
    return number;
  };
  const list = (key: string, of: (entry: unknown) => boolean, wanted: string): readonly unknown[] => {
    const entries = own(key);
    if (!Array.isArray(entries)) throw valueError(caller, name, `has no ${key}`, wanted);
    const wrong = entries.findIndex((entry) => !of(entry));
    if (wrong >= 0) throw kindError(caller, `${name} ${key}[${wrong}]`, entries[wrong], wanted);
    return entries;
  };
  const text = (entry: unknown): boolean => typeof entry === "string";
  const number = (entry: unknown): boolean => typeof entry === "number" && Number.isFinite(entry);
  const count = (entry: unknown): boolean => Number.isInteger(entry) && (entry as number) >= 0 && (entry as number) < 2 ** 31;
  // The halves of a double may have any sign.
  const half = (entry: unknown): boolean => Number.isInteger(entry) && (entry as number) >= -(2 ** 31) && (entry as number) < 2 ** 31;
  for (const key of ["version", "digest", "data"]) if (!text(own(key))) throw valueError(caller, name, `has no ${key}`, "a string");
  for (const key of ["config", ...(own("files") === undefined ? [] : ["files"])]) {
    const record = own(key);
    if (record === null || typeof record !== "object" || Array.isArray(record))
      throw valueError(caller, name, `has no ${key}`, "an object");
  }
  list("excludedClasses", (entry) => text(entry) || number(entry), "numbers or strings");
  const episodes = whole("episodes", 1, 2 ** 40);
  const of = whole("of", 1, 2 ** 20);
  whole("shard", 1, of);
  const from = whole("from", 0, episodes);
  const length = whole("to", from, episodes) - from;
  const width = whole("width", 1, 2 ** 40);
  for (const key of ["drawsPerTask", "mostWays"]) whole(key, 1);
  whole("seed", 0);
  if (!number(own("priorDegrees"))) throw valueError(caller, name, "has no priorDegrees", "a number");
  let wanted: number;
  const chosen = (own("config") as Fields).C === "auto";
  const kind = own("kind");
  if (kind === "evaluate") {
    const masks = list("masks", text, "strings");
    const probes = list("probes", text, "strings");
    const metricNames = evaluationOptions.metrics.choices;
    const metrics = list("metrics", (entry) => metricNames.includes(entry as MetricName), metricNames.join(" or "));
    wanted = countLayout(masks.length * probes.length, own("mostWays") as number, metrics as readonly MetricName[], chosen).width;
    const domain = own("domain") as Fields | null | undefined;
    if (
      domain === undefined ||
      (domain !== null && (typeof domain !== "object" || !domainKeys.every((key) => key === "verdict" || number(domain[key]))))
    )
      throw valueError(caller, name, "has no domain", "null, or score, p, verdict, unexplained and expected");
    if (typeof own("perEpisode") !== "boolean") throw valueError(caller, name, "has no perEpisode", "true or false");
  } else if (kind === "curve") {
    const fractions = list("fractions", number, "numbers");
    const dimensions = list("dimensions", count, "whole numbers");
    const stops = list("stops", count, "whole numbers");
    wanted = curveWidth(stops.length, chosen);
    if (
      fractions.length === 0 ||
      dimensions.length !== fractions.length ||
      stops.length - fractions.length > 1 ||
      stops.length < fractions.length
    )
      throw shapeError(caller, name, `${stops.length} stops of ${fractions.length} fractions`, "one a fraction, and all dimensions");
    for (const key of ["importance", "probe"]) if (!text(own(key))) throw valueError(caller, name, `has no ${key}`, "a string");
    const epsilon = own("epsilon") as number;
    if (!(number(epsilon) && epsilon >= 0 && epsilon < 1)) throw valueError(caller, name, "has no epsilon", "a number in [0, 1)");
    const ways = list("ways", (entry) => count(entry) && (entry as number) >= 2, "whole numbers of at least 2");
    if (ways.length !== length) throw shapeError(caller, name, `${ways.length} ways`, `${length}, one an episode`);
  } else throw valueError(caller, name, "has no kind", '"evaluate" or "curve"');
  if (width !== wanted) throw shapeError(caller, name, `width ${width}`, `${wanted} numbers an episode`);
  const totals = list("totals", (entry) => count(entry) && (entry as number) > 0, "whole numbers of at least 1");
  if (totals.length !== length) throw shapeError(caller, name, `${totals.length} totals`, `${length}, one an episode`);
  const correct = list("correct", chosen ? half : count, "whole numbers");
  if (correct.length !== length * width)
    throw shapeError(caller, name, `${correct.length} counts`, `${length} × ${width} = ${length * width}`);
  return value as unknown as Part;
}
