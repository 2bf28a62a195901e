import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkProbability } from "../core/checks.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { type ClassName, type LabelIndex, type Labels, labelIndexOf } from "../core/labels.ts";
import { log } from "../core/log.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import { studentTCdf } from "../statistics/studentT.ts";
import type { Domain } from "./fitDomain.ts";
import { unitRowInto } from "./unitRows.ts";

export interface DomainCheckOptions {
  /** How rarely tasks of the base classes' own domain should be called different (default 0.01). */
  readonly level?: number;
  readonly kernels?: KernelChoice;
}

const domainCheckOptionNames: OptionNames<DomainCheckOptions> = { level: true, kernels: true };

/** Whether a task's classes look like further classes of the base set's domain. */
export interface DomainCheck {
  /** Student's t of the support's mean log unexplained energy against that of left-out base classes: above 0, worse explained than they are. */
  readonly score: number;
  /** One-sided: the chance that classes of the base's own domain score at least this. */
  readonly p: number;
  /** `"different"` when p < level: the base classes say little about this task, so bases and priors learned from them may cost accuracy. */
  readonly verdict: "similar" | "different";
  /** Geometric mean share of the support's energy that the base rows leave unexplained, 0 … 1. */
  readonly unexplained: number;
  /** The same for left-out base classes: the value to expect for a class of this domain. */
  readonly expected: number;
  readonly perClass: readonly { readonly label: ClassName; readonly unexplained: number }[];
}

/**
 * Tests whether the base classes resemble a task. It compares how much of the support's energy (squared length) the base rows leave
 * unexplained with how much of each base class the other base classes leave unexplained. k new classes of K rows have a mean log energy
 * whose variance follows from that between base classes and
 * within them; the verdict is a one-sided prediction interval (Student's t, base classes − 1 degrees of freedom), with no constant tuned to any data.
 *
 * @param domain - from {@link fitDomain}
 * @param support - n × d support rows, normalised or not; rows of zeros are skipped
 * @param labels - n labels; the test counts classes, because rows of one class are not independent
 * @returns score, p and verdict
 * @throws RangeError when dimensions, or rows and labels, differ in number, a value is not finite, or all rows are zeros
 * @example
 * ```ts
 * import { domainCheck, fitDomain, syntheticFeatures, takeRows } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 12, rowsPerClass: 10, dims: 32, seed: 1 });
 * const domain = fitDomain(features, labels, { rows: Array.from({ length: 100 }, (_, i) => i) });
 * console.log(domainCheck(domain, takeRows(features, [100, 110]), ["new", "other"]).verdict); // → similar
 * ```
 */
export function domainCheck(domain: Domain, support: Matrix, labels: Labels | LabelIndex, options: DomainCheckOptions = {}): DomainCheck {
  const caller = "domainCheck";
  checkOptions(options, caller, domainCheckOptionNames);
  const { data, rows: n, cols } = checkFinite(support, caller, "support");
  if (cols !== domain.cols) throw shapeError(caller, "support", `${cols} columns`, `${domain.cols}, as the base classes`);
  const index = labelIndexOf(labels, caller);
  if (index.codes.length !== n) throw shapeError(caller, "labels", `${index.codes.length} rows`, `${n}, one a row of support`);
  const level = checkProbability(options.level ?? 0.01, caller, "level");
  const energies = withKernels(options.kernels, (kernels) => {
    const { memory } = kernels;
    const matrix = memory.allocate(8 * cols * cols);
    const turned = memory.allocate(8 * n * cols);
    const { f64 } = memory;
    const to = turned >>> 3;
    f64.set(domain.lower, matrix >>> 3);
    const row = new Float64Array(cols);
    for (let i = 0; i < n; i++) {
      unitRowInto(row, 0, data, i * cols, cols);
      for (let j = 0; j < cols; j++) f64[to + j * n + i] = row[j];
    }
    kernels.solveLower(cols, matrix, cols, n, turned, n, 0);
    const out = new Float64Array(n);
    for (let j = 0; j < cols; j++) for (let i = 0; i < n; i++) out[i] += f64[to + j * n + i] ** 2;
    return out;
  });

  const perClass: { label: ClassName; unexplained: number }[] = [];
  let [sum, shares] = [0, 0];
  index.classes.forEach((label, c) => {
    const logs = Array.from(index.rows.subarray(index.starts[c], index.starts[c + 1]), (i) => energies[i])
      .filter((energy) => energy > 0)
      .map(log);
    if (logs.length === 0) return;
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    perClass.push({ label, unexplained: exp(mean) });
    sum += mean;
    shares += 1 / logs.length;
  });
  const k = perClass.length;
  if (k === 0) throw valueError(caller, "support", "has zeros only", "rows that have a direction");
  const { betweenVariance, withinVariance, noise, logMean, classes } = domain;
  // A base class' mean holds withinVariance · noise of its own; the support's classes have their own share of it instead.
  const oneClass = Math.max(betweenVariance + withinVariance * (shares / k - noise), (withinVariance * shares) / k, 1e-12);
  const score = (sum / k - logMean) / Math.sqrt(oneClass / k + betweenVariance / classes);
  const p = studentTCdf(-score, classes - 1);
  const verdict = p < level ? "different" : "similar";
  return { score, p, verdict, unexplained: exp(sum / k), expected: exp(logMean), perClass };
}
