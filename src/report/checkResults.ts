import { checkOptions } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Evaluation, RedundancyCurve } from "../evaluate/results.ts";
import { type TableOptions, tableOptionNames } from "./columns.ts";

/** A curve with a name: `1 shot`, `5 shots`. */
export interface NamedCurve {
  readonly name: string;
  readonly curve: RedundancyCurve;
}

/** One curve, or several with names. */
export type Curves = RedundancyCurve | readonly NamedCurve[];

function checkDocument(value: unknown, schema: string, list: "results" | "points", caller: string, argument: string): void {
  if (value === null || typeof value !== "object") throw kindError(caller, argument, value, `a ${schema} document`);
  const document = value as Readonly<Record<string, unknown>>;
  if (document.schema !== schema) throw valueError(caller, `${argument}.schema`, `is ${JSON.stringify(document.schema)}`, `"${schema}"`);
  const rows = document[list];
  if (!Array.isArray(rows)) throw kindError(caller, `${argument}.${list}`, rows, "an array");
  if (rows.length === 0) throw shapeError(caller, `${argument}.${list}`, "no entries", "at least 1");
}

/** Checks that `evaluation` is what `evaluate` returned, or its JSON read back. */
export function checkEvaluation(evaluation: Evaluation, caller: string, argument = "evaluation"): Evaluation {
  checkDocument(evaluation, "softprobe/eval@1", "results", caller, argument);
  return evaluation;
}

/** Makes one curve or several into a list of named ones, points ascending; the name of a lone curve tells its ways and shots. */
export function checkCurves(curves: Curves, caller: string): readonly NamedCurve[] {
  const named = Array.isArray(curves) ? (curves as readonly NamedCurve[]) : [{ name: "", curve: curves as RedundancyCurve }];
  if (named.length === 0) throw shapeError(caller, "curves", "no entries", "at least 1");
  return named.map((entry, i) => {
    const argument = Array.isArray(curves) ? `curves[${i}].curve` : "curve";
    if (entry === null || typeof entry !== "object") throw kindError(caller, `curves[${i}]`, entry, "{ name, curve }");
    if (typeof entry.name !== "string") throw kindError(caller, `curves[${i}].name`, entry.name, "a string");
    checkDocument(entry.curve, "softprobe/curve@1", "points", caller, argument);
    entry.curve.points.forEach(({ fraction, accuracy }, j) => {
      if (!(fraction > 0 && fraction <= 1))
        throw valueError(caller, `${argument}.points[${j}].fraction`, `is ${fraction}`, "a share above 0 and at most 1");
      if (!Number.isFinite(accuracy)) throw valueError(caller, `${argument}.points[${j}].accuracy`, `is ${accuracy}`, "a finite number");
    });
    const points = [...entry.curve.points].sort((a, b) => a.fraction - b.fraction);
    return { name: entry.name || settings(entry.curve), curve: { ...entry.curve, points } };
  });
}

/** Checks what a table may be asked for. */
export function checkTableOptions(options: TableOptions, caller: string): TableOptions {
  checkOptions(options, caller, tableOptionNames);
  if (options.width !== undefined) checkCount(options.width, caller, "options.width", 20);
  return options;
}

/** `5-way 1-shot`, as far as the configuration of a run tells. */
export function settings({ config }: { readonly config: Readonly<Record<string, unknown>> }): string {
  const words = [];
  if (typeof config?.ways === "number") words.push(`${config.ways}-way`);
  if (typeof config?.shots === "number") words.push(`${config.shots}-shot`);
  return words.join(" ");
}

/** Accuracy with all dimensions: the point that keeps all, or what the last point's difference leaves. */
export function fullAccuracy({ points }: RedundancyCurve): number {
  const last = points[points.length - 1];
  if (last.fraction === 1) return last.accuracy;
  return Number.isFinite(last.difference?.mean) ? last.accuracy - last.difference.mean : Number.NaN;
}

/** d, where a point keeps all dimensions. */
export function allDimensions({ points }: RedundancyCurve): number | undefined {
  const last = points[points.length - 1];
  return last.fraction === 1 ? last.dimensions : undefined;
}
