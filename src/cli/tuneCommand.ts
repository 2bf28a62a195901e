import { type DomainCheck, domainCheck } from "../basis/domainCheck.ts";
import { fitDomain } from "../basis/fitDomain.ts";
import { tuningPlan } from "../evaluate/planTuning.ts";
import { toCsv } from "../report/csv.ts";
import { execute } from "../run/execute.ts";
import type { TuneResult } from "../tune/tuneMask.ts";
import { type Columns, columnWriters } from "./columnFormats.ts";
import type { CommandValues } from "./commandTable.ts";
import { withFiles } from "./evalCommand.ts";
import { loadRun, readBeside } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { readingOf } from "./reading.ts";
import { tuneWithoutBase } from "./tuneWithoutBase.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

/** What `softprobe tune --json` prints. */
interface TuneDocument extends TuneResult {
  /** Whether the base classes resemble the task; null without the task's support. */
  readonly domain: DomainCheck | null;
}

function table({ choice, reason, expectedGain, evidence, domain }: TuneDocument): string {
  const points = (value: number) => (100 * value).toFixed(1);
  const width = Math.max(...evidence.map(({ mask }) => mask.length));
  const rows = [...evidence]
    .sort((a, b) => b.gain.mean - a.gain.mean)
    .map(
      ({ mask, trainOn, accuracy, gain }) =>
        `${mask.padEnd(width)}  ${trainOn.padEnd(9)}  ${points(accuracy).padStart(8)}  ${points(gain.mean).padStart(6)} ± ${points(gain.standardError)}`,
    );
  return [
    `Choice: ${choice.mask}, trained on ${choice.trainOn === "augmented" ? "the support and its views" : "the support"}`,
    `Why: ${reason}.`,
    `Expected gain of this choice: ${points(expectedGain.mean)} ± ${points(expectedGain.standardError)} points (measured on sets that did not choose).`,
    ...(domain
      ? [`Domain: the task looks ${domain.verdict === "similar" ? "like" : "UNLIKE"} the base classes (p ${domain.p.toFixed(3)}).`]
      : []),
    "",
    `${"mask".padEnd(width)}  trained    accuracy  gain ± standard error`,
    ...rows,
  ].join("\n");
}

/** The same as one table, the largest gain first. */
function columnsOf({ choice, reason, expectedGain, evidence, domain }: TuneDocument): Columns {
  const points = (value: number) => (100 * value).toFixed(1);
  return {
    ...{ titles: ["mask", "trained on", "accuracy %", "gain ± standard error"], names: 2 },
    lines: [...evidence]
      .sort((a, b) => b.gain.mean - a.gain.mean)
      .map(({ mask, trainOn, accuracy, gain }) => [
        ...[mask, trainOn, points(accuracy)],
        `${points(gain.mean)} ± ${points(gain.standardError)}`,
      ]),
    notes: [
      `Choice: ${choice.mask}, trained on ${choice.trainOn}: ${reason}.`,
      `Expected gain of this choice: ${points(expectedGain.mean)} ± ${points(expectedGain.standardError)} points, on sets that did not choose.`,
      ...(domain
        ? [`The task looks ${domain.verdict === "similar" ? "like" : "UNLIKE"} the base classes (p ${domain.p.toFixed(3)}).`]
        : []),
    ],
  };
}

async function domainOf(
  values: CommandValues<"tune">,
  features: Parameters<typeof fitDomain>[0],
  labels: Parameters<typeof fitDomain>[1],
): Promise<DomainCheck | null> {
  const { taskFeatures, taskLabels } = values;
  if ((taskFeatures === undefined) !== (taskLabels === undefined)) throw new UsageError("--task-features and --task-labels go together");
  if (taskFeatures === undefined) return null;
  const task = await readBeside(taskFeatures, taskLabels!, readingOf(values), { features, path: values.features! });
  return domainCheck(fitDomain(features, labels), task.features, task.labels);
}

/** `softprobe tune`. */
export async function tuneCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("tune", args);
  if (values.withoutBase) return tuneWithoutBase(values, await outputsOf(values, ["table", "json", "csv", "md", "tex"]));
  const outputs = await outputsOf(values, ["table", "json", "csv", "md", "tex", "svg"]);
  const { C } = values;
  if (typeof C === "object") throw new UsageError("--C has several numbers, expected one, or --without-base");
  const { features, labels, options } = await loadRun({ ...values, C });
  const { ways, shots, queries, seed, normalize, kernels, augmented, pool } = options;
  if (typeof shots === "object" || typeof queries === "object" || queries === "all")
    throw new UsageError("--shots and --queries take one number here");
  const candidates = values.candidates?.flatMap((mask) =>
    // What a combination is trained on is the support.
    augmented && mask !== "tuned"
      ? [
          { mask, trainOn: "support" as const },
          { mask, trainOn: "augmented" as const },
        ]
      : [{ mask, trainOn: "support" as const }],
  );
  const domain = await domainOf(values, features, labels);
  const asked = { ways, shots, queries, seed, C, normalize, kernels, augmented, pool, candidates };
  const result = await execute(tuningPlan("tuneMask", features, labels, asked), {
    on: workersOption(values),
    onProgress: progressLine("tune"),
  });
  const document: TuneDocument = { ...withFiles(result, values), domain };
  await writeOutputs(outputs, {
    table: () => table(document),
    json: () => document,
    ...columnWriters(() => columnsOf(document)),
    csv: () =>
      toCsv(
        ["mask", "train_on", "accuracy", "gain", "gain_standard_error", "chosen"],
        result.evidence.map(({ mask, trainOn, accuracy, gain }) => [
          ...[mask, trainOn, accuracy, gain.mean, gain.standardError],
          String(mask === result.choice.mask && trainOn === result.choice.trainOn),
        ]),
      ),
    svg: async () => (await import("../plot/forestPlot.ts")).forestPlot(result, { title: "Gain over the unmasked probe on base classes" }),
  });
}
