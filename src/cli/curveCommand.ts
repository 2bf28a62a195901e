import { curvePlan } from "../evaluate/planCurve.ts";
import type { MeasuredCurve } from "../evaluate/results.ts";
import { curveOptions } from "../plan/optionTable.ts";
import { curveCsv } from "../report/curveCsv.ts";
import { curveLatex } from "../report/curveLatex.ts";
import { curveMarkdown } from "../report/curveMarkdown.ts";
import { curveTable } from "../report/curveTable.ts";
import { curveText } from "../report/curveText.ts";
import { toNdjson } from "../report/toNdjson.ts";
import { execute } from "../run/execute.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { resultFormats, withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { loadImportance } from "./loadOwn.ts";
import { loadRun } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { outputsOf, type Writers, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { workersOption } from "./workersOption.ts";

/** The knee and the index, a sentence each. */
function summary({ knee, redundancyIndex }: MeasuredCurve): string {
  const percent = (share: number): string => String(Number((100 * share).toPrecision(3)));
  const { fraction, dimensions, epsilon, ci95 } = knee;
  const [low, high] = ci95.fraction.map(percent);
  const lines = [
    `Knee: ${percent(fraction)} % of the dimensions (${dimensions}) lose at most ${percent(epsilon)} points, 95 % interval ${low}–${high} %.`,
  ];
  if (redundancyIndex) {
    const { value, ci95: ends } = redundancyIndex;
    lines.push(`Redundancy index ${value.toFixed(3)}, 95 % interval ${ends[0].toFixed(3)}–${ends[1].toFixed(3)}.`);
  }
  return lines.join("\n");
}

/** How a curve is written: for people as a table and a picture in characters. */
export function curveWriters(result: MeasuredCurve): Writers {
  return {
    table: (look) => `${curveTable(result, look)}\n\n${summary(result)}\n\n${curveText(result, look)}`,
    json: () => result,
    jsonl: () => toNdjson(result),
    csv: () => curveCsv(result),
    md: () => curveMarkdown(result),
    tex: () => curveLatex(result),
    svg: async () => (await import("../plot/curvePlot.ts")).curvePlot(result),
  };
}

/** `softprobe curve`. */
export async function curveCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("curve", args);
  const on = workersOption(values);
  const counted = isCounted(values);
  const outputs = await outputsOf(values, resultFormats);
  const { features, labels, options: loaded } = await loadRun(values);
  const { importance: ranking, ...rest } = given(values, curveOptions);
  const options = { ...loaded, ...rest, ...(ranking === undefined ? {} : { importance: await loadImportance(ranking) }) };
  const onProgress = progressLine("curve");
  const plan = () => curvePlan("redundancyCurve", features, labels, options);
  if (counted) return countedRun(values, plan, onProgress, (result) => writeOutputs(outputs, curveWriters(result)));
  await writeOutputs(outputs, curveWriters(withFiles(await execute(plan(), { on, onProgress }), values)));
}
