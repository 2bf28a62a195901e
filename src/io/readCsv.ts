import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { type ColumnOptions, chooseFeatures, columnOptionNames } from "./chooseColumns.ts";
import { checkIndex } from "./columnTable.ts";
import type { FeatureTable } from "./featureTable.ts";
import { decideLabels } from "./labelValues.ts";
import { openCsv } from "./openCsv.ts";

export interface ReadCsvOptions extends ColumnOptions {
  /** Between two cells (default `","`; `"\t"` for tsv). */
  readonly delimiter?: string;
  /** Whether the first line names the columns (default `true`). */
  readonly header?: boolean;
  /** The column of labels, by name or by number from 0; without it every column is a feature. */
  readonly label?: string | number;
}

const readCsvOptionNames: OptionNames<ReadCsvOptions, ColumnOptions> = { delimiter: true, header: true, label: true };

/** Checks that `delimiter` is one character that can part cells. */
export function checkDelimiter(delimiter: string, caller: string, argument: string): string {
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter))
    throw valueError(caller, argument, `is ${JSON.stringify(delimiter)}`, "one character, neither a quote nor a line break");
  return delimiter;
}

function labelColumn(label: string | number | undefined, columns: readonly string[], named: boolean, name: string): string | undefined {
  if (label === undefined) return undefined;
  if (typeof label === "number") {
    if (!Number.isInteger(label) || label < 0 || label >= columns.length) {
      throw valueError("readCsv", "options.label", `is ${label}`, `a column of ${name}, 0…${columns.length - 1}`);
    }
    return columns[label];
  }
  if (!named || !columns.includes(label)) {
    const wanted = named ? `one of ${columns.slice(0, 20).join(", ")}` : "a column's number, as there is no header";
    throw valueError("readCsv", "options.label", `is ${JSON.stringify(label.slice(0, 40))}`, wanted);
  }
  return label;
}

/**
 * Reads features, and labels if asked for, from a table of text: csv, tsv. Cells may stand in quotes; lines end in LF, CRLF or CR. Features are columns of numbers, or of truth
 * values, or one column of lists such as `"[0.1, -0.2]"`.
 *
 * @param input - the text, or its bytes in UTF-8
 * @param name - what errors call it (default `"input"`)
 * @param options - delimiter, header, the column of labels, and which columns are features
 * @returns n × d doubles; labels, as numbers where all are; names of the columns (their numbers, from 0, where there is no header)
 * @throws RangeError naming the line and the column of a cell that is not a finite number; also for a line with more or fewer cells, an
 * unclosed quote, an unknown column, or an index among the features
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @example
 * ```ts
 * import { readCsv } from "softprobe/io";
 *
 * const { matrix, labels } = readCsv("a,b,fruit\n1,2,pear\n3,4,fig\n", "fruit.csv", { label: "fruit" });
 * console.log(matrix.data, labels); // → Float64Array(4) [ 1, 2, 3, 4 ] [ 'pear', 'fig' ]
 * ```
 */
export function readCsv(input: string | Uint8Array | ArrayBuffer, name = "input", options: ReadCsvOptions = {}): FeatureTable {
  const caller = "readCsv";
  checkOptions(options, caller, columnOptionNames, readCsvOptionNames);
  const { header = true, columns, drop } = options;
  const delimiter = checkDelimiter(options.delimiter ?? ",", caller, "options.delimiter");
  const table = openCsv(input, { own: delimiter, delimiter, header, known: [] }, caller, name);
  const label = labelColumn(options.label, [...table.columns.keys()], header, name);
  const chosen = chooseFeatures(table, { labels: label === undefined ? null : { key: label, same: true }, columns, drop }, caller, name);
  const labels = label === undefined ? null : (decideLabels([table.labels(label)], [], caller).labels as FeatureTable["labels"]);
  if (chosen.list !== null) {
    const matrix = table.lists(chosen.list);
    return { matrix, labels, columns: Array.from({ length: matrix.cols }, (_, column) => String(column)) };
  }
  if (chosen.names.length === 0) throw shapeError(caller, name, "no column of features", "at least 1");
  const matrix = table.numbers(chosen.names, !chosen.asked);
  if (!chosen.asked) checkIndex(matrix, chosen.names, caller, name);
  return { matrix, labels, columns: chosen.names };
}
