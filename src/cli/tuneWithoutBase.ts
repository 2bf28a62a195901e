import { supportPlan } from "../evaluate/planTuning.ts";
import { toCsv } from "../report/csv.ts";
import { execute } from "../run/execute.ts";
import type { SupportTuneResult } from "../tune/supportResult.ts";
import { type Columns, columnWriters } from "./columnFormats.ts";
import { type CommandValues, flagOf, optionsOfCommand } from "./commandTable.ts";
import { withFiles } from "./evalCommand.ts";
import { loadRun } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { writeOutputs } from "./outputs.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

/** Options that speak of tasks on base classes, and mean nothing without them. */
const ofTasks = ["ways", "shots", "queries", "taskFeatures", "taskLabels"] as const;

function table({ choice, reason, expectedGain, evidence, unknown }: SupportTuneResult): string {
  const points = (value: number): string => (100 * value).toFixed(1);
  const digits = (C: number): string => String(Number(C.toPrecision(3)));
  const width = Math.max(4, ...evidence.map(({ mask }) => mask.length));
  const rows = evidence.map(
    ({ mask, trainOn, C, accuracy, logLoss, logLossGain }) =>
      `${mask.padEnd(width)}  ${trainOn.padEnd(9)}  ${digits(C).padStart(8)}  ${points(accuracy).padStart(8)}  ${logLoss.toFixed(3).padStart(8)}  ${logLossGain.mean.toFixed(3)} ± ${logLossGain.standardError.toFixed(3)}`,
  );
  return [
    `Choice: ${choice.mask} at C = ${digits(choice.C)}, trained on ${choice.trainOn === "augmented" ? "the support and its views" : "the support"}`,
    `Why: ${reason}.`,
    ...(expectedGain
      ? [
          `Expected gain of this choice: ${points(expectedGain.mean)} ± ${points(expectedGain.standardError)} points (measured on rows that took no part in the choice).`,
        ]
      : []),
    ...unknown.map(
      ({ mask, trainOn, why }) => `Not known: ${mask}, trained on ${trainOn === "augmented" ? "views" : "the support"}: ${why}.`,
    ),
    ...(rows.length > 0 ? ["", `${"mask".padEnd(width)}  trained           C  accuracy  log loss  lower than unmasked by`, ...rows] : []),
  ].join("\n");
}

/** The same as one table. */
function columnsOf({ choice, reason, evidence, unknown }: SupportTuneResult): Columns {
  const digits = (C: number): string => String(Number(C.toPrecision(3)));
  return {
    ...{ titles: ["mask", "trained on", "C", "accuracy %", "log loss", "lower than unmasked by"], names: 2 },
    lines: evidence.map(({ mask, trainOn, C, accuracy, logLoss, logLossGain }) => [
      ...[mask, trainOn, digits(C), (100 * accuracy).toFixed(1), logLoss.toFixed(3)],
      `${logLossGain.mean.toFixed(3)} ± ${logLossGain.standardError.toFixed(3)}`,
    ]),
    notes: [
      `Choice: ${choice.mask} at C = ${digits(choice.C)}, trained on ${choice.trainOn}: ${reason}.`,
      ...unknown.map(({ mask, trainOn, why }) => `Not known: ${mask}, trained on ${trainOn}: ${why}.`),
    ],
  };
}

/** `softprobe tune --without-base`: leave-one-out on a support alone. */
export async function tuneWithoutBase(values: CommandValues<"tune">, outputs: Parameters<typeof writeOutputs>[0]): Promise<void> {
  const given = ofTasks.find((name) => values[name] !== undefined);
  if (given) {
    const [, option] = optionsOfCommand("tune").find(([name]) => name === given)!;
    throw new UsageError(`--${flagOf(given, option)} needs base classes, and --without-base has none`);
  }
  const { C } = values;
  const { features, labels, options } = await loadRun({ ...values, C: undefined });
  const { seed, normalize, kernels, augmented, pool } = options;
  const candidates = values.candidates?.flatMap((mask) => [
    { mask, trainOn: "support" as const },
    ...(augmented && mask !== "tuned" ? [{ mask, trainOn: "augmented" as const }] : []),
  ]);
  const plan = supportPlan("tuneSupport", features, labels, { C, seed, normalize, kernels, augmented, pool, candidates });
  const result = await execute(plan, { on: workersOption(values), onProgress: progressLine("tune", "units") });
  await writeOutputs(outputs, {
    table: () => table(result),
    json: () => withFiles(result, values),
    ...columnWriters(() => columnsOf(result)),
    csv: () =>
      toCsv(
        ["mask", "train_on", "C", "accuracy", "log_loss", "log_loss_gain", "log_loss_gain_standard_error"],
        result.evidence.map(({ mask, trainOn, C, accuracy, logLoss, logLossGain }) => [
          ...[mask, trainOn, C, accuracy, logLoss, logLossGain.mean, logLossGain.standardError],
        ]),
      ),
  });
}
