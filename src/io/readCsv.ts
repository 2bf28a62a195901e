import { shapeError, valueError } from "../core/errors.ts";
import { type CsvRefuse, parseCsvNumber, parseCsvRows } from "./csvRows.ts";
import { decodeText, type FeatureTable, growingNumbers, simplestLabels } from "./featureTable.ts";

export interface ReadCsvOptions {
  /** Between two cells (default `","`; `"\t"` for tsv). */
  readonly delimiter?: string;
  /** Whether the first line names the columns (default `true`). */
  readonly header?: boolean;
  /** The column of labels, by name or by number from 0; without it every column is a feature. */
  readonly label?: string | number;
}

function labelColumn(label: string | number | undefined, columns: readonly string[], named: boolean, name: string): number {
  if (label === undefined) return -1;
  if (typeof label === "number") {
    if (!Number.isInteger(label) || label < 0 || label >= columns.length) {
      throw valueError("readCsv", "options.label", `is ${label}`, `a column of ${name}, 0…${columns.length - 1}`);
    }
    return label;
  }
  const found = columns.indexOf(label);
  if (!named || found < 0) {
    const wanted = named ? `one of ${columns.slice(0, 20).join(", ")}` : "a column's number, as there is no header";
    throw valueError("readCsv", "options.label", `is ${JSON.stringify(label.slice(0, 40))}`, wanted);
  }
  return found;
}

/**
 * Reads features, and labels if asked for, from a table of text: csv, tsv. Cells may stand in quotes; lines end in LF, CRLF or CR.
 *
 * @param input - the text, or its bytes in UTF-8
 * @param name - what errors call it (default `"input"`)
 * @param options - delimiter, header and the column of labels
 * @returns n × d doubles; labels, as numbers where all are; names of the columns (their numbers, from 0, where there is no header)
 * @throws RangeError naming the line and the column of a cell that is no finite number, a line with more or fewer cells, a quote that is not closed, an unknown label column
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
  const { delimiter = ",", header = true } = options;
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw valueError("readCsv", "options.delimiter", `is ${JSON.stringify(delimiter)}`, "one character, neither a quote nor a line break");
  }
  const text = decodeText(input, "readCsv", name);
  const refuse: CsvRefuse = (line, found, wanted) => valueError("readCsv", `${name} line ${line}`, found, wanted);
  const numbers = growingNumbers();
  const labels: string[] = [];
  let columns: string[] | undefined;
  let label = -1;
  let rows = 0;
  for (const { cells, line } of parseCsvRows(text, delimiter, refuse)) {
    if (columns === undefined) {
      columns = header ? cells : cells.map((_, column) => String(column));
      label = labelColumn(options.label, columns, header, name);
      if (columns.length - (label < 0 ? 0 : 1) === 0) throw shapeError("readCsv", name, "no column of features", "at least 1");
      if (header) continue;
    }
    if (cells.length !== columns.length) throw refuse(line, `has ${cells.length} cells`, `${columns.length}, as the first line`);
    for (let column = 0; column < cells.length; column++) {
      if (column === label) continue;
      const value = parseCsvNumber(cells[column]);
      // x − x is 0 for finite numbers and NaN for the rest.
      if (value - value !== 0)
        throw refuse(
          line,
          `column ${JSON.stringify(columns[column].slice(0, 40))} is ${JSON.stringify(cells[column].slice(0, 40))}`,
          "a finite number",
        );
      numbers.push(value);
    }
    if (label >= 0) {
      if (cells[label] === "") throw refuse(line, "has no label", `one in column ${JSON.stringify(columns[label].slice(0, 40))}`);
      labels.push(cells[label]);
    }
    rows++;
  }
  if (columns === undefined || rows === 0) throw shapeError("readCsv", name, "0 rows", "at least 1");
  const names = columns.filter((_, column) => column !== label);
  return { matrix: { data: numbers.whole(), rows, cols: names.length }, labels: label < 0 ? null : simplestLabels(labels), columns: names };
}
