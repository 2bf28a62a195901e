import { kindError, shapeError, valueError } from "./errors.ts";

/** The name of a class: any number, string or bigint. */
export type ClassName = number | string | bigint;

/** One label a row: numbers of any value, strings, or any integer typed array (BigInt64Array too). */
export type Labels = ArrayLike<ClassName>;
type Plain<Label extends ClassName> = Label extends bigint ? bigint | number : Label;
/** The name of a class in results. A bigint that a number can hold becomes that number. */
export type ClassOf<Given extends Labels> = Plain<Given[number]>;

/**
 * An index of labels: the classes in the order in which results list them, each row's class by position in that list, and the rows of
 * each class.
 */
export interface LabelIndex<Label extends ClassName = ClassName> {
  /** The distinct labels, ascending (numbers before strings); an integer beyond 2⁵³ stays a bigint, any other bigint becomes a number. */
  readonly classes: readonly Label[];
  /** n: `codes[i]` is the position in `classes` of row i's label. */
  readonly codes: Int32Array;
  /** n: row numbers grouped by class, ascending within each. */
  readonly rows: Int32Array;
  /** classes + 1: the rows of class c are `rows[starts[c]] … rows[starts[c + 1] − 1]`. */
  readonly starts: Int32Array;
}

/** The name under which results list a label: a bigint as the number it equals, where there is one. */
export function plainLabel(label: ClassName): ClassName {
  return typeof label === "bigint" && label >= -9007199254740991n && label <= 9007199254740991n ? Number(label) : label;
}

/** One label a row, as an index has them. */
export function labelsOf({ classes, codes }: LabelIndex): Labels {
  return Array.from(codes, (code) => classes[code]);
}

function compare(a: ClassName, b: ClassName): number {
  const text = Number(typeof a === "string") - Number(typeof b === "string");
  if (text !== 0) return text;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Indexes labels: O(n). Classes are the distinct labels in ascending order, as scikit-learn's `classes_`.
 *
 * @param labels - n labels
 * @returns classes, codes and the rows of each class
 * @throws TypeError when a label is neither number, string nor bigint; RangeError when one is NaN or there are none
 * @example
 * ```ts
 * import { indexLabels } from "softprobe";
 *
 * const { classes, codes } = indexLabels(["pear", "apple", "pear"]);
 * console.log(classes, codes); // → [ 'apple', 'pear' ] Int32Array(3) [ 1, 0, 1 ]
 * ```
 */
export function indexLabels<Given extends Labels>(labels: Given): LabelIndex<ClassOf<Given>> {
  return indexGiven(labels, "indexLabels");
}

/** {@link indexLabels} in the name of the function that was given them, as its `argument`. */
export function indexGiven<Given extends Labels>(labels: Given, caller: string, argument = "labels"): LabelIndex<ClassOf<Given>> {
  if (labels === null || typeof labels !== "object" || typeof labels.length !== "number") {
    throw kindError(caller, argument, labels, "an array or typed array of numbers, strings or bigints");
  }
  const n = labels.length;
  if (n === 0) throw shapeError(caller, argument, "0 rows", "at least 1");
  const first = new Map<ClassName, number>();
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const label = plainLabel(labels[i]);
    const kind = typeof label;
    if (kind !== "number" && kind !== "string" && kind !== "bigint")
      throw kindError(caller, `${argument} row ${i}`, label, "a number, string or bigint");
    if (Number.isNaN(label)) throw valueError(caller, `${argument} row ${i}`, "is NaN", "a label");
    let code = first.get(label);
    if (code === undefined) {
      code = first.size;
      first.set(label, code);
    }
    codes[i] = code;
  }
  const classes = [...first.keys()].sort(compare);
  const position = new Int32Array(classes.length);
  classes.forEach((label, c) => {
    position[first.get(label)!] = c;
  });
  const starts = new Int32Array(classes.length + 1);
  for (let i = 0; i < n; i++) {
    codes[i] = position[codes[i]];
    starts[codes[i] + 1]++;
  }
  for (let c = 0; c < classes.length; c++) starts[c + 1] += starts[c];
  const rows = new Int32Array(n);
  const next = starts.slice();
  for (let i = 0; i < n; i++) rows[next[codes[i]]++] = i;
  return { classes: classes as ClassOf<Given>[], codes, rows, starts };
}

/** Labels made ready, where they are not: for functions that take either. */
export function labelIndexOf(labels: Labels | LabelIndex, caller: string): LabelIndex {
  return labels !== null && typeof labels === "object" && "codes" in labels ? labels : indexGiven(labels, caller);
}
