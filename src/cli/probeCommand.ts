import { linearProbe } from "../evaluate/linearProbe.ts";
import type { LinearProbeResult } from "../evaluate/linearProbeResult.ts";
import { fitOptions, linearProbeOptions, trainingOptions } from "../plan/optionTable.ts";
import { encodeClass } from "../probe/headToJSON.ts";
import { withFiles } from "./evalCommand.ts";
import { endLines, methodNames } from "./fitCommand.ts";
import { given } from "./given.ts";
import { loadMask } from "./loadOwn.ts";
import { loadRun, readBeside } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { readingOf } from "./reading.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

const percent = (share: number): string => (100 * share).toFixed(1);
const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** The result with class names as JSON can hold them. */
function document(result: LinearProbeResult) {
  const { confusion, worstPairs } = result;
  return {
    ...result,
    confusion: { ...confusion, classes: confusion.classes.map(encodeClass) },
    worstPairs: worstPairs.map(({ actual, predicted, ...each }) => ({
      actual: encodeClass(actual),
      predicted: encodeClass(predicted),
      ...each,
    })),
  };
}

/** The same for people. */
function table(result: LinearProbeResult): string {
  const { penalty, chosenBy, curve, worstPairs } = result;
  const how = {
    given: "given",
    fixed: "fixed: with one row of a class none can be held out",
    evidence: "by held-out base classes",
    heldOut: penalty ? `of ${penalty.path.length} by ${methodNames[penalty.method]} on training rows` : "by held-out training rows",
  };
  const lines = [
    `Trained on ${result.trainRows} rows of ${result.confusion.classes.length} classes, tested on ${result.testRows}.`,
    `C: ${digits(result.C)} (${how[chosenBy]}).`,
    ...endLines(penalty),
    ...(result.converged === false ? ["NOT CONVERGED: the fit did not reach its tolerance."] : []),
    `Accuracy: ${percent(result.accuracy)} % (95 % interval ${percent(result.ci[0])} to ${percent(result.ci[1])}).`,
    `Balanced accuracy: ${percent(result.balancedAccuracy)} %. Macro-F1: ${percent(result.macroF1)} %.`,
    `Log loss: ${digits(result.logLoss)}. Expected calibration error: ${digits(result.expectedCalibrationError)}.`,
  ];
  if (worstPairs.length > 0) {
    lines.push("", "Most confused (true class, taken for):");
    for (const { actual, predicted, count, share } of worstPairs)
      lines.push(`  ${String(actual)}, ${String(predicted)}: ${count} rows (${percent(share)} %)`);
  }
  if (curve.length > 0) {
    lines.push("", "Rows a class   rows   accuracy (95 % interval)   log loss");
    for (const { shots, rows, accuracy, ci, logLoss } of curve)
      lines.push(
        `${String(shots).padEnd(15)}${String(rows).padEnd(7)}${`${percent(accuracy)} % (${percent(ci[0])} to ${percent(ci[1])})`.padEnd(27)}${digits(logLoss)}`,
      );
  }
  return lines.join("\n");
}

/** `softprobe probe`. */
export async function probeCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("probe", args);
  if ((values.testFeatures === undefined) !== (values.testLabels === undefined))
    throw new UsageError("--test-features and --test-labels go together; a table that holds both is given to both");
  if (values.testFeatures !== undefined && values.split !== undefined)
    throw new UsageError("--split is for a test without files of its own");
  const outputs = await outputsOf(values, ["table", "json", "svg"]);
  const {
    C: _C,
    shots: _shots,
    split: _split,
    draws: _draws,
    mask: _mask,
    probe: _probe,
    power: _power,
    testFeatures,
    testLabels,
    ...files
  } = values;
  const run = await loadRun(files);
  const read =
    testFeatures === undefined
      ? null
      : await readBeside(testFeatures, testLabels!, readingOf(values), { features: run.features, path: values.features! });
  const test = read ? { test: read.features, testLabels: read.labels } : {};
  const { base } = run.options;
  const { mask, ...fit } = given(values, fitOptions);
  const { C: asked, ...withoutC } = given(values, linearProbeOptions);
  const onProgress = progressLine("probe", null);
  const result = await linearProbe(run.features, run.labels, {
    ...withoutC,
    ...fit,
    ...(mask === undefined ? {} : { mask: await loadMask(mask) }),
    ...given(values, trainingOptions),
    ...(asked === undefined ? {} : { C: penaltyOf(asked) }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(base ? { base } : {}),
    ...test,
    ...{ on: workersOption(values), onProgress },
  });
  await writeOutputs(outputs, {
    table: () => table(result),
    json: () => withFiles(document(result), values),
    svg: async () => {
      if (result.curve.length > 0) return (await import("../plot/learningPlot.ts")).learningPlot(result);
      const { confusionPlot } = await import("../plot/confusionPlot.ts");
      return confusionPlot({ classes: result.confusion.classes, counts: Float64Array.from(result.confusion.counts) });
    },
  });
}

/** One value, several, or auto, which stands alone. */
function penaltyOf(asked: number | "auto" | readonly (number | "auto")[]): number | readonly number[] | "auto" {
  const list = typeof asked === "object" ? asked : [asked];
  const numbers = list.filter((value) => typeof value === "number");
  if (numbers.length === list.length) return numbers;
  if (list.length > 1) throw new UsageError(`--C is "${list.join(",")}", expected numbers greater than 0, or auto alone`);
  return "auto";
}
