import { type DomainCheck, domainCheck } from "../basis/domainCheck.ts";
import { fitDomain } from "../basis/fitDomain.ts";
import { indexLabels } from "../core/labels.ts";
import { headExtension, writeHead } from "../node/writeHead.ts";
import { type CalibratedOptions, type CalibratedProbe, fitCalibratedProbe } from "../pipeline/fitCalibratedProbe.ts";
import { encodeClass, headToJSON } from "../probe/headToJSON.ts";
import { masksAndProbes, withFiles } from "./evalCommand.ts";
import { type LoadedRun, loadRun } from "./loadRun.ts";
import { choiceOption, fitOptions, numberOption, type OptionValues, parseOptions } from "./options.ts";
import { checkOut, deliver } from "./output.ts";
import { UsageError } from "./usage.ts";

/** A number above 0, or `loo`. */
function numberOrLoo(values: OptionValues, name: string): number | "leaveOneOut" | undefined {
  if (values[name] === "loo") return "leaveOneOut";
  try {
    return numberOption(values, name, false, 0);
  } catch {
    throw new UsageError(`--${name} is "${String(values[name])}", expected a number greater than 0, or loo`);
  }
}

/** `--reject coverage:0.95`, else undefined. */
function coverageOption(values: OptionValues): number | undefined {
  if (values.reject === undefined) return undefined;
  const [, text] = /^coverage:(.+)$/.exec(String(values.reject)) ?? [];
  const coverage = Number(text);
  if (!(coverage > 0 && coverage < 1))
    throw new UsageError(
      `--reject is "${String(values.reject)}", expected coverage:SHARE with a share between 0 and 1, such as coverage:0.95`,
    );
  return coverage;
}

/** The options that need no file. */
function plainFitOptions(values: OptionValues): CalibratedOptions {
  const list = (name: string): readonly string[] | undefined => (values[name] === undefined ? undefined : [values[name] as string]);
  const { masks, probes } = masksAndProbes({ mask: list("mask"), probe: list("probe") });
  const given = {
    C: numberOrLoo(values, "C"),
    temperature: numberOrLoo(values, "temperature"),
    coverage: coverageOption(values),
    rejectBy: choiceOption(values, "reject-by", ["probability", "margin", "score"]),
    power: numberOption(values, "power", false),
  };
  if (given.rejectBy !== undefined && given.coverage === undefined) throw new UsageError("--reject-by needs --reject coverage:SHARE");
  if (given.C === "leaveOneOut" && probes[0] !== "softmax")
    throw new UsageError(`--C loo is for --probe softmax, and --probe is "${probes[0]}"`);
  return { mask: masks[0], probe: probes[0], ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** Whether the base classes resemble the support; null without at least three of them. */
function domainOf({ features, labels, options: { base, kernels } }: LoadedRun): DomainCheck | null {
  if (!base || !("features" in base) || indexLabels(base.labels).classes.length < 3) return null;
  return domainCheck(fitDomain(base.features, base.labels, { kernels }), features, labels, { kernels });
}

/** What `softprobe fit --json` prints; the head itself only where no file takes it. */
function fitDocument({ probe, penalty, heldOut }: CalibratedProbe, domain: DomainCheck | null, values: OptionValues) {
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
      ...{ temperature, rejection, penalty },
      leaveOneOut: heldOut && { rows: heldOut.codes.length, accuracy: heldOut.accuracy, logLoss: heldOut.logLoss },
      domain: domain && { ...domain, perClass: domain.perClass.map(({ label, ...each }) => ({ label: encodeClass(label), ...each })) },
      ...(values.out === undefined ? { out: null, head: headToJSON(probe) } : { out: values.out }),
    },
    values,
  );
}

/** The same for people. */
function summary({ probe, penalty, heldOut }: CalibratedProbe, domain: DomainCheck | null, values: OptionValues): string {
  const { cols, head, temperature, rejection, provenance } = probe;
  const used = provenance?.options as { rows: number; mask: string; C: number };
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  const lines = [`Probe: ${head.kind}, mask ${used.mask}; ${used.rows} rows of ${head.classes.length} classes in ${cols} dimensions.`];
  if (penalty) {
    const { accuracy, logLoss } = penalty.path.find(({ C }) => C === penalty.C)!;
    lines.push(
      `C: ${digits(penalty.C)}, of ${penalty.path.length} by leave-one-out (log loss ${digits(logLoss)}, accuracy ${(100 * accuracy).toFixed(1)} %).`,
    );
  } else if (head.kind === "softmax") lines.push(`C: ${digits(used.C)}.`);
  if (head.kind === "softmax" && !head.converged) lines.push(`NOT CONVERGED: the gradient is ${head.gradientNorm.toExponential(1)}.`);
  if (heldOut)
    lines.push(
      `Leave-one-out: accuracy ${(100 * heldOut.accuracy).toFixed(1)} %, log loss ${digits(heldOut.logLoss)} at temperature ${digits(temperature)}.`,
    );
  else if (temperature !== 1) lines.push(`Temperature: ${digits(temperature)}.`);
  if (rejection) lines.push(`Rejection: by ${rejection.by}, above ${digits(rejection.threshold)} (${String(values.reject)}).`);
  if (domain)
    lines.push(
      `Domain: the support looks ${domain.verdict === "similar" ? "like" : "UNLIKE"} further classes of the base set (p ${domain.p.toFixed(3)}).`,
    );
  lines.push(`Written: ${String(values.out)}.`);
  return lines.join("\n");
}

/** `softprobe fit`. */
export async function fitCommand(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, fitOptions);
  const out = values.out as string | undefined;
  if (out === undefined && !values.json)
    throw new UsageError("--out is missing: where the head goes, a name that ends in .json, .onnx or .npz");
  if (out !== undefined && headExtension(out) === undefined)
    throw new UsageError(`--out is "${out}", expected a name that ends in .json, .onnx or .npz`);
  const plain = plainFitOptions(values);
  await checkOut(values);
  const run = await loadRun({ ...values, C: undefined });
  const { augmented, base, pool, trainOn, normalize, seed, kernels } = run.options;
  const fitted = fitCalibratedProbe(run.features, run.labels, { augmented, base, pool, trainOn, normalize, seed, kernels, ...plain });
  const domain = domainOf(run);
  if (out !== undefined) await writeHead(out, fitted.probe);
  await deliver(values.json ? JSON.stringify(fitDocument(fitted, domain, values)) : summary(fitted, domain, values), undefined);
}
