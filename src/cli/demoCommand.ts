import { evaluate } from "../evaluate/evaluate.ts";
import { redundancyCurve } from "../evaluate/redundancyCurve.ts";
import { syntheticFeatures } from "../features/syntheticFeatures.ts";
import { evaluationOptions } from "../plan/optionTable.ts";
import type { NamedCurve } from "../report/checkResults.ts";
import { curveText } from "../report/curveText.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import type { CommandValues } from "./commandTable.ts";
import { given } from "./given.ts";
import { loadMasks, loadProbes } from "./loadOwn.ts";
import { type LoadedRun, loadRun, plainOptions } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { workersOption } from "./workersOption.ts";

const curveShots = [1, 5, 20];

function synthetic(values: CommandValues<"demo">): LoadedRun {
  const options = plainOptions(values);
  const { features, labels, augmented } = syntheticFeatures({
    classes: 20,
    rowsPerClass: 40,
    dims: 640,
    views: 8,
    seed: options.seed,
  });
  return { features, labels, options: { ...options, augmented } };
}

/** `softprobe demo`: the redundancy of features in few-shot tasks, on synthetic features or the user's. */
export async function demoCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("demo", args);
  const on = workersOption(values);
  const outputs = await outputsOf({ ...values, plot: values.plot ?? "softprobe-curve.svg" }, ["table", "json", "svg"]);
  const own = values.features !== undefined || values.labels !== undefined;
  const run = own ? await loadRun(values) : synthetic(values);
  const { features, labels, options } = run;
  const estimated = options.augmented ? ["pair@augmented/top:0.02", "pair@augmented/power:0.5"] : [];
  const masks = (await loadMasks(values.masks as readonly string[] | undefined)) ?? [
    "none",
    "pair@oracle/top:0.02",
    "pair@oracle/power:1",
    ...estimated,
  ];
  const episodes = options.episodes ?? 200;
  const result = await evaluate(features, labels, {
    on,
    ...options,
    ...given(values, evaluationOptions),
    probes: await loadProbes(values.probes),
    masks,
    episodes,
    onProgress: progressLine("masks"),
  });
  const curves: NamedCurve[] = [];
  for (const shots of options.replay ? [] : curveShots) {
    const asked = { ...options, trainOn: "support" as const, episodes, shots, onProgress: progressLine(`curve at ${shots} shots`) };
    const curve = await redundancyCurve(features, labels, { on, ...asked }).catch((error: Error) => {
      // Small data sets can't give 20 shots: the curves that they can give still tell.
      if (curves.length > 0 && error instanceof RangeError) return null;
      throw error;
    });
    if (curve) curves.push({ name: `${shots} shot${shots === 1 ? "" : "s"}`, curve });
  }
  const source = own
    ? String(values.features)
    : "synthetic features (5 % of 640 dimensions tell the classes apart; the rest are confounders)";
  const drawn = curves.length > 0 ? outputs : outputs.filter(({ format }) => format !== "svg");
  await writeOutputs(drawn, {
    table: (look) => {
      const lines = [`Few-shot probing of ${source}`, "", evaluationTable(result, look)];
      if (curves.length > 0) {
        lines.push(
          "",
          "Accuracy with only the most important dimensions kept (importance seen by an oracle):",
          "",
          curveText(curves, look),
          "",
          `The curves as a picture: ${outputs[0].path}`,
        );
      }
      return lines.join("\n");
    },
    json: () => ({ schema: "softprobe/demo@1", evaluation: result, curves }),
    svg: async () => (await import("../plot/curvePlot.ts")).curvePlot(curves, { title: "Accuracy by share of dimensions kept" }),
  });
}
