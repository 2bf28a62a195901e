import { keptNames } from "../core/columnNames.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, plainLabel } from "../core/labels.ts";
import type { LinearHead, Probe } from "../probe/probe.ts";
import { arrayLabels, arrayMatrix, type StoredArray } from "./arrayFeatures.ts";
import { listNpz, readNpz } from "./readNpz.ts";

const caller = "readSklearnNpz";
const needed = ["coef_", "intercept_", "classes_"];

/** An array of one axis, or a single number, as finite doubles. */
function vector(array: StoredArray, name: string): Float64Array {
  if (array.shape.length > 1) throw shapeError(caller, name, `shape (${array.shape.join(", ")})`, "one axis");
  return Float64Array.from(arrayMatrix({ data: array.data, shape: [1, array.data.length] }, caller, name).data);
}

/** An intercept a row of `coef_`; a single number, as models fitted without one have it, stands for every row. */
function interceptsOf(array: StoredArray, rows: number, name: string): Float64Array {
  const found = vector(array, name);
  return array.shape.length === 0 ? new Float64Array(rows).fill(found[0]) : found;
}

/** The names of the columns that a model was fitted to. */
function namesOf({ data, shape }: StoredArray, cols: number, name: string): { readonly columns?: readonly string[] } {
  if (!Array.isArray(data)) throw kindError(caller, name, data, "strings");
  if (shape.length !== 1 || data.length !== cols)
    throw shapeError(caller, name, `shape (${shape.join(", ")})`, `(${cols}), a name a column`);
  return keptNames(data);
}

function classesOf(array: StoredArray, name: string): readonly ClassName[] {
  const classes = Array.from<ClassName>(arrayLabels(array, caller, name)).map(plainLabel);
  if (classes.length < 2) throw shapeError(caller, name, `${classes.length} classes`, "at least 2");
  const seen = new Set<ClassName>();
  for (const label of classes) {
    if (seen.has(label))
      throw valueError(caller, name, `names ${typeof label === "string" ? JSON.stringify(label) : label} twice`, "every class once");
    seen.add(label);
  }
  return classes;
}

/**
 * Reads the arrays of a scikit-learn linear classifier, `coef_`, `intercept_` and `classes_` in an npz file, as a head:
 *
 *     np.savez("head.npz", coef_=model.coef_, intercept_=model.intercept_, classes_=model.classes_)
 *
 * Its probabilities are those of `LogisticRegression`, For two classes the single row of `coef_` is the logit of the second class; it is
 * split between the two, as −½ and +½. One-vs-rest models (`OneVsRestClassifier`, liblinear) of three classes or more give the same
 * labels but not the same probabilities, since theirs are not a softmax.
 *
 * If `intercept_` is a single number, as in a model fitted without an intercept, it holds for every class. With `feature_names_in_` (as
 * strings: `.astype(str)`) rows to predict are put
 * into the order of these columns.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @returns a linear head; or a probe, if the file has column names or the `scale_` of `writeSklearnNpz` (then with an l2 step first)
 * @throws RangeError or TypeError naming the file, the array and the reason
 * @example
 * ```ts
 * import { predictProba, toMatrix } from "softprobe";
 * import { readSklearnNpz, writeNpz } from "softprobe/io";
 *
 * const bytes = writeNpz({
 *   coef_: { data: Float64Array.of(2, 0), shape: [1, 2] },
 *   intercept_: { data: Float64Array.of(-1), shape: [1] },
 *   classes_: { data: ["fig", "pear"], shape: [2] },
 * });
 * const head = readSklearnNpz(bytes);
 * console.log(predictProba(head, toMatrix([[0.5, 7]])).data); // → Float64Array(2) [ 0.5, 0.5 ]
 * ```
 */
export function readSklearnNpz(bytes: Uint8Array | ArrayBuffer, name = "bytes"): LinearHead | Probe {
  const there = listNpz(bytes, caller, name);
  for (const key of needed) {
    if (!there.includes(key))
      throw valueError(caller, name, `has no array ${key}`, `${needed.join(", ")}; there is ${there.slice(0, 20).join(", ") || "none"}`);
  }
  const arrays = readNpz(bytes, name, { keys: [...needed, "scale_", "feature_names_in_"].filter((key) => there.includes(key)) });
  const array = (key: string): StoredArray => arrays.get(key)!;
  const { data, rows, cols } = arrayMatrix(array("coef_"), caller, `${name}:coef_`);
  const intercepts = interceptsOf(array("intercept_"), rows, `${name}:intercept_`);
  const classes = classesOf(array("classes_"), `${name}:classes_`);
  const k = classes.length;
  const wanted = k === 2 ? "1 or 2, for 2 classes" : `${k}, one a class`;
  if (rows !== k && !(k === 2 && rows === 1)) throw shapeError(caller, `${name}:coef_`, `${rows} rows`, wanted);
  if (intercepts.length !== rows)
    throw shapeError(caller, `${name}:intercept_`, `${intercepts.length} values`, `${rows}, one a row of coef_`);
  const shared = (values: ArrayLike<number>): Float64Array => {
    if (rows === k) return Float64Array.from(values);
    return Float64Array.from({ length: 2 * values.length }, (_, at) =>
      at < values.length ? -values[at] / 2 : values[at - values.length] / 2,
    );
  };
  const head: LinearHead = { kind: "linear", classes, cols, coef: shared(data), intercept: shared(intercepts) };
  const named = there.includes("feature_names_in_") ? namesOf(array("feature_names_in_"), cols, `${name}:feature_names_in_`) : {};
  const plain: Probe = { kind: "probe", cols, ...named, steps: [], head, temperature: 1, rejection: null, provenance: null };
  if (!there.includes("scale_")) return "columns" in named ? plain : head;
  const scale = vector(array("scale_"), `${name}:scale_`);
  if (scale.length !== cols) throw shapeError(caller, `${name}:scale_`, `${scale.length} values`, `${cols}, one a column of coef_`);
  const weights = scale.every((value) => value === 1) ? null : scale;
  return { ...plain, steps: [{ kind: "l2", weights }] };
}
