import { shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { chooseFeatures, chooseLabels } from "./chooseColumns.ts";
import { type CsvRefuse, parseCsvNumber, parseCsvRows } from "./csvRows.ts";
import { decodeText, simplestLabels } from "./featureTable.ts";
import { readCsv } from "./readCsv.ts";

interface Head {
  readonly names: readonly string[];
  /** Whether the first line names the columns. */
  readonly header: boolean;
}

/** A first line names the columns unless it holds numbers that are no 0, 1, 2, …, as pandas names columns. */
function namesColumns(cells: readonly string[], key: string): boolean {
  if (cells.includes(key)) return true;
  const numbers = cells.map(parseCsvNumber).filter((value) => !Number.isNaN(value));
  return numbers.length === 0 || (numbers.length > 1 && numbers.every((value, i) => value === i));
}

function readHead(text: string, delimiter: string, key: string | undefined, caller: string, name: string, refuse: CsvRefuse): Head {
  const first = parseCsvRows(text, delimiter, refuse).next();
  if (first.done) throw shapeError(caller, name, "0 rows", "at least 1");
  const { cells } = first.value;
  const header = namesColumns(cells, key ?? "label");
  if (header && cells[0] === "" && cells.length > 1)
    throw valueError(
      caller,
      `${name} line 1`,
      "does not name its first column",
      "a name: pandas leaves its index out with to_csv(index=False)",
    );
  return { names: header ? cells : cells.map((_, column) => String(column)), header };
}

const kindsOf = ({ names }: Head) => new Map(names.map((each) => [each, "value" as const]));

/** The features of a csv or tsv file: every column but that of the labels, which is `key` or `label`. */
export function csvMatrix(bytes: Uint8Array, delimiter: string, key: string | undefined, caller: string, name: string): Matrix {
  const text = decodeText(bytes, caller, name);
  const head = readHead(text, delimiter, key, caller, name, (line, found, wanted) =>
    valueError(caller, `${name} line ${line}`, found, wanted),
  );
  const chosen = chooseFeatures(kindsOf(head), key, caller, name);
  const label = chosen.list === null && chosen.label !== undefined ? head.names.indexOf(chosen.label) : undefined;
  return readCsv(text, name, { delimiter, header: head.header, label }).matrix;
}

/** The labels of a csv or tsv file: the column `key`, else `label`, else the only one. Other columns may hold anything. */
export function csvLabels(bytes: Uint8Array, delimiter: string, key: string | undefined, caller: string, name: string): Labels {
  const text = decodeText(bytes, caller, name);
  const refuse: CsvRefuse = (line, found, wanted) => valueError(caller, `${name} line ${line}`, found, wanted);
  const head = readHead(text, delimiter, key, caller, name, refuse);
  const column = head.names.indexOf(chooseLabels(kindsOf(head), key, caller, name));
  const labels: string[] = [];
  let skip = head.header;
  for (const { cells, line } of parseCsvRows(text, delimiter, refuse)) {
    if (skip) {
      skip = false;
      continue;
    }
    if (cells.length !== head.names.length) throw refuse(line, `has ${cells.length} cells`, `${head.names.length}, as the first line`);
    if (cells[column] === "") throw refuse(line, "has no label", `one in column "${head.names[column].slice(0, 40)}"`);
    labels.push(cells[column]);
  }
  if (labels.length === 0) throw shapeError(caller, name, "0 rows", "at least 1");
  // A list of names without a header: its first line is one of the classes, and no name of the column.
  const [first] = head.names;
  if (head.header && head.names.length === 1 && first !== (key ?? "label") && labels.includes(first)) labels.unshift(first);
  return simplestLabels(labels);
}
