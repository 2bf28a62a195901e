import { checkOptions } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import { foldHead } from "../probe/foldHead.ts";
import type { Head, Probe } from "../probe/probe.ts";
import type { NpyInput } from "./writeNpy.ts";
import { type WriteNpzOptions, writeNpz, writeNpzOptionNames } from "./writeNpz.ts";

const caller = "writeSklearnNpz";

/** Class names as one of numpy's arrays: whole numbers as int64, other numbers as float64, strings as U. */
function classArray(classes: readonly ClassName[]): NpyInput {
  const shape = [classes.length];
  if (classes.every((name) => typeof name === "string")) {
    const wrong = classes.find((name) => name.endsWith("\0"));
    // numpy pads with zero characters: what ends in one comes back shorter.
    if (wrong !== undefined)
      throw valueError(caller, `class ${JSON.stringify(wrong)}`, "ends in a zero character", "names that numpy keeps");
    return { data: classes as readonly string[], shape };
  }
  if (classes.some((name) => typeof name === "string"))
    throw valueError(caller, "classes", "are numbers and strings", "one kind, as an array of numpy has");
  if (classes.every((name) => typeof name === "bigint" || Number.isSafeInteger(name))) {
    const whole = classes.map((name) => BigInt(name));
    const beyond = whole.find((name) => BigInt.asIntN(64, name) !== name);
    if (beyond !== undefined) throw valueError(caller, `class ${beyond}`, "is beyond 64 bits", "whole numbers of int64");
    return { data: BigInt64Array.from(whole), shape };
  }
  if (classes.some((name) => typeof name === "bigint"))
    throw valueError(caller, "classes", "are fractions and whole numbers beyond 2^53", "one kind, as an array of numpy has");
  return { data: Float64Array.from(classes as readonly number[]), shape };
}

/**
 * Writes a head or a probe as the plain arrays of a scikit-learn linear classifier: an npz file of `coef_`, `intercept_` and `classes_`,
 * all in double precision, which become the attributes of a `LogisticRegression`. For two classes `coef_` has one row, the second class's
 * minus the first's, as in scikit-learn.
 *
 * The probe is folded first (`foldHead`). If rows still need an l2, as by default, the file also holds `scale_` (d numbers): divide each
 * row x by the norm of the elementwise product scale_ · x before `predict`. If columns have names, `feature_names_in_` holds them. Steps
 * that are not linear (a basis' centre, a power, `simple`) are refused. A rejection threshold is not written.
 *
 *     z = np.load("head.npz")
 *     model = LogisticRegression()
 *     model.coef_, model.intercept_, model.classes_ = z["coef_"], z["intercept_"], z["classes_"]
 *     if "scale_" in z: X = X / np.linalg.norm(X * z["scale_"], axis=1, keepdims=True)
 *     model.predict_proba(X)
 *
 * @param head - a trained head, or a probe with its steps and temperature
 * @param options - whether to deflate
 * @returns the file's bytes; `readSklearnNpz` reads them
 * @throws RangeError when the head or a step can't be folded, or numpy has no array for the class names
 * @example
 * ```ts
 * import { fitSoftmax, toMatrix } from "softprobe";
 * import { readNpz, writeSklearnNpz } from "softprobe/io";
 *
 * const head = fitSoftmax(toMatrix([[0, 1], [1, 0], [1, 1]]), ["fig", "kiwi", "pear"]);
 * const arrays = readNpz(writeSklearnNpz(head));
 * console.log(arrays.get("coef_")?.shape, arrays.get("classes_")?.data); // → [ 3, 2 ] [ 'fig', 'kiwi', 'pear' ]
 * ```
 */
export function writeSklearnNpz(head: Head | Probe, options: WriteNpzOptions = {}): Uint8Array {
  checkOptions(options, caller, writeNpzOptionNames);
  const { steps, head: linear, cols, columns } = foldHead(head);
  const { classes, coef, intercept } = linear;
  const [first] = steps;
  const other = steps.find(({ kind }) => kind !== "l2");
  if (other || steps.length > 1)
    throw valueError(caller, "head", `has a step left that is not linear (${(other ?? first).kind})`, "masks and l2 alone; or writeOnnx");
  const two = classes.length === 2;
  const arrays: Record<string, NpyInput> = {
    coef_: two
      ? { data: coef.slice(cols).map((value, j) => value - coef[j]), shape: [1, cols] }
      : { data: coef, shape: [classes.length, cols] },
    intercept_: two ? { data: Float64Array.of(intercept[1] - intercept[0]), shape: [1] } : { data: intercept, shape: [classes.length] },
    classes_: classArray(classes),
  };
  if (first?.kind === "l2") arrays.scale_ = { data: first.weights ?? new Float64Array(cols).fill(1), shape: [cols] };
  if (columns) arrays.feature_names_in_ = { data: columns, shape: [cols] };
  return writeNpz(arrays, options);
}
