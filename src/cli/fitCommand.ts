import { type DomainCheck, domainCheck } from "../basis/domainCheck.ts";
import { fitDomain } from "../basis/fitDomain.ts";
import { indexLabels } from "../core/labels.ts";
import type { PenaltyChoice } from "../heldout/choosePenalty.ts";
import type { PlacedOptions } from "../heldout/heldOutCrew.ts";
import { headExtension, writeHead } from "../node/writeHead.ts";
import { type CalibratedOptions, type CalibratedProbe, fitCalibratedProbeAsync } from "../pipeline/fitCalibratedProbe.ts";
import { calibrationOptions, fitOptions } from "../plan/optionTable.ts";
import { encodeClass, headToJSON } from "../probe/headToJSON.ts";
import { tunedCombination } from "../tune/tunedCombination.ts";
import type { CommandValues } from "./commandTable.ts";
import { withFiles } from "./evalCommand.ts";
import { given } from "./given.ts";
import { loadMask } from "./loadOwn.ts";
import { type LoadedRun, loadRun } from "./loadRun.ts";
import { checkFolders, deliver, progressLine } from "./output.ts";
import { readCommand } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

/** Refuses options that do not go together. */
function checkTogether({ C, probe, rejectBy, coverage }: CommandValues<"fit">): void {
  if (rejectBy !== undefined && coverage === undefined) throw new UsageError("--reject-by needs --reject coverage:SHARE");
  if (C === "auto" && (probe ?? "softmax") !== "softmax")
    throw new UsageError(`--C auto is for --probe softmax, and --probe is "${probe}"`);
}

/** Whether the base classes resemble the support; null without at least three of them. */
function domainOf({ features, labels, options: { base, kernels } }: LoadedRun): DomainCheck | null {
  if (!base || !("features" in base) || indexLabels(base.labels).classes.length < 3) return null;
  return domainCheck(fitDomain(base.features, base.labels, { kernels }), features, labels, { kernels });
}

/** What `softprobe fit --json` prints; the head itself only where no file takes it. */
function fitDocument({ probe, chosenBy, penalty, heldOut }: CalibratedProbe, domain: DomainCheck | null, values: CommandValues<"fit">) {
  const { temperature, rejection, provenance, cols, head } = probe;
  return withFiles(
    {
      schema: "softprobe/fit@1",
      config: provenance?.options ?? {},
      version: provenance?.version,
      digest: provenance?.digest,
      classes: head.classes.map(encodeClass),
      ...{ dimensions: cols, steps: probe.steps.map(({ kind }) => kind) },
      converged: head.kind === "softmax" ? head.converged : null,
      ...{ temperature, rejection, chosenBy, penalty },
      heldOut: heldOut && { method: heldOut.method, rows: heldOut.codes.length, accuracy: heldOut.accuracy, logLoss: heldOut.logLoss },
      domain: domain && { ...domain, perClass: domain.perClass.map(({ label, ...each }) => ({ label: encodeClass(label), ...each })) },
      ...(values.out === undefined ? { out: null, head: headToJSON(probe) } : { out: values.out }),
    },
    values,
  );
}

/** What to say of a choice whose best C is the smallest or largest that was looked at. */
export const endLines = (penalty: PenaltyChoice | null): readonly string[] =>
  penalty?.atEnd ? ["The best C is at the end of those looked at: one beyond it may be better."] : [];

/** How rows were held out, in words. */
export const methodNames = { leaveOneOut: "leave-one-out", approximate: "approximate leave-one-out", folds: "folds" } as const;

/** The same for people. */
function summary({ probe, chosenBy, penalty, heldOut }: CalibratedProbe, domain: DomainCheck | null, values: CommandValues<"fit">): string {
  const { cols, head, temperature, rejection, provenance } = probe;
  const used = provenance?.options as {
    rows: number;
    mask: string;
    C: number;
    parts?: Readonly<Record<string, number>>;
  };
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  const lines = [`Probe: ${head.kind}, mask ${used.mask}; ${used.rows} rows of ${head.classes.length} classes in ${cols} dimensions.`];
  if (penalty) {
    const { accuracy, logLoss } = penalty.path.find(({ C }) => C === penalty.C)!;
    lines.push(
      `C: ${digits(penalty.C)}, of ${penalty.path.length} by ${methodNames[penalty.method]} (log loss ${digits(logLoss)}, accuracy ${(100 * accuracy).toFixed(1)} %).`,
    );
    lines.push(...endLines(penalty));
  } else if (head.kind === "softmax")
    lines.push(`C: ${digits(used.C)}${chosenBy === "fixed" ? ", fixed: with one row of a class none can be held out" : ""}.`);
  if (head.kind === "softmax" && !head.converged) lines.push(`NOT CONVERGED: the gradient is ${head.gradientNorm.toExponential(1)}.`);
  if (heldOut)
    lines.push(
      `${heldOut.method === "folds" ? "Ten folds" : "Leave-one-out"}: accuracy ${(100 * heldOut.accuracy).toFixed(1)} %, log loss ${digits(heldOut.logLoss)} at temperature ${digits(temperature)}.`,
    );
  else if (temperature !== 1) lines.push(`Temperature: ${digits(temperature)}.`);
  if (rejection) lines.push(`Rejection: by ${rejection.by}, above ${digits(rejection.threshold)} (coverage ${values.coverage}).`);
  if (used.parts) {
    const sum = Object.values(used.parts).reduce((all, weight) => all + weight, 0);
    const shares = Object.entries(used.parts).filter(([, weight]) => weight > 0.005 * sum);
    if (Object.keys(used.parts).length === 1) lines.push("Neither base classes nor views to combine by: no mask, at a C of its own.");
    else lines.push(`Parts: ${shares.map(([name, weight]) => `${name} ${((100 * weight) / sum).toFixed(0)} %`).join(", ")}.`);
  }
  if (domain)
    lines.push(
      `Domain: the support looks ${domain.verdict === "similar" ? "like" : "UNLIKE"} further classes of the base set (p ${domain.p.toFixed(3)}).`,
    );
  lines.push(`Written: ${String(values.out)}.`);
  return lines.join("\n");
}

/** `--mask tuned`: a combination learned from the base rows, or, without any, from the support, its views and the pool; and a probe trained on it. */
async function fitTuned(
  { features, labels, options }: LoadedRun,
  asked: CalibratedOptions & Pick<PlacedOptions, "on" | "onProgress">,
): Promise<CalibratedProbe> {
  const { base, augmented, pool, seed, kernels } = options;
  const combination = tunedCombination("fitProbe", { base, augmented, pool, seed, kernels })(features, labels);
  return fitCalibratedProbeAsync(features, labels, { ...asked, seed, kernels, combination });
}

/** `softprobe fit`. */
export async function fitCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("fit", args);
  const { out } = values;
  if (out === undefined && !values.json)
    throw new UsageError("--out is missing: where the head goes, a name that ends in .json, .onnx or .npz");
  if (out !== undefined && headExtension(out) === undefined)
    throw new UsageError(`--out is "${out}", expected a name that ends in .json, .onnx or .npz`);
  checkTogether(values);
  await checkFolders(out === undefined ? [] : [out]);
  const run = await loadRun({ ...values, C: undefined });
  const { replay: _, ...loaded } = run.options;
  const { mask: asked, ...rest } = given(values, fitOptions);
  const mask = asked && (await loadMask(asked));
  const onProgress = progressLine("fit", null);
  const calibration = given(values, calibrationOptions);
  const on = workersOption(values);
  const fitted =
    mask === "tuned"
      ? await fitTuned(run, { ...rest, ...calibration, on, onProgress })
      : await fitCalibratedProbeAsync(run.features, run.labels, {
          ...{ ...loaded, mask, ...rest, ...calibration },
          ...{ on, onProgress },
        });
  const domain = domainOf(run);
  if (out !== undefined) await writeHead(out, fitted.probe);
  await deliver(values.json ? JSON.stringify(fitDocument(fitted, domain, values)) : summary(fitted, domain, values), undefined);
}
