import { shapeError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { nestedRows } from "../features/nestedRows.ts";
import { asOption, type ColumnKinds } from "./chooseColumns.ts";
import { columnNumber, type TextTable } from "./columnTable.ts";
import { type CsvRefuse, type CsvRow, parseCsvNumber, parseCsvRows } from "./csvRows.ts";
import { csvShape } from "./csvShape.ts";
import { decodeText, growingNumbers } from "./featureTable.ts";
import type { LabelColumn } from "./labelValues.ts";
import { parseLists, textKind } from "./listText.ts";

/** How a table of text is to be read. */
export interface CsvAsked {
  /** Of the format, unless the text shows another. */
  readonly own: string;
  /** As the user says. */
  readonly delimiter?: string;
  readonly header?: boolean;
  /** Names of the columns asked for: a first line that has one of them is a header. */
  readonly known: readonly string[];
  readonly tell?: (text: string) => void;
}

/** Names of columns, each once, as in pandas: a name that comes again becomes `a.1`, one that is empty `Unnamed: 0`. */
function distinctNames(cells: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, at) => {
    if (cell === "") return `Unnamed: ${at}`;
    const count = seen.get(cell) ?? 0;
    seen.set(cell, count + 1);
    return count === 0 ? cell : `${cell}.${count}`;
  });
}

/** The number of a cell: truth values as 1 and 0; NaN for what is none, or is a whole number that no double holds. */
function cellNumber(cell: string): number {
  const value = parseCsvNumber(cell);
  if (value - value !== 0) return /^\s*true\s*$/i.test(cell) ? 1 : /^\s*false\s*$/i.test(cell) ? 0 : Number.NaN;
  const long = Math.abs(value) > Number.MAX_SAFE_INTEGER && /^\s*[+-]?\d{16,400}\s*$/.test(cell);
  return long ? columnNumber(BigInt(cell.trim().replace("+", ""))) : value;
}

/** What a cell that is not a number wants. */
function cellAdvice(cell: string, column: string, delimiter: string): string {
  const drop = `the column out by --drop ${asOption(column)}`;
  if (delimiter !== "," && /^\s*[+-]?\d+,\d+\s*$/.test(cell))
    return `a finite number with a point, ${JSON.stringify(cell.trim().replace(",", "."))} (columns are parted by ${JSON.stringify(delimiter)})`;
  const other = [";", "\t", "|"].find((each) => each !== delimiter && cell.includes(each));
  if (other !== undefined) return `a finite number; are columns parted by ${JSON.stringify(other)}? say so by --delimiter`;
  if (/^\s*[+-]?\d{16,}\s*$/.test(cell)) return `a finite number that a double holds; leave ${drop}: an identifier is no feature`;
  const missing = /^\s*(?:|nan|na|n\/a|null|none|<na>|\?)\s*$/i.test(cell);
  return missing ? `a finite number; fill it, or leave its row out, or ${drop}` : `a finite number; leave ${drop}`;
}

/** A table of text: csv, tsv. Its cells are parsed anew for each column that is read, and none kept. */
export function openCsv(input: string | Uint8Array | ArrayBuffer, asked: CsvAsked, caller: string, name: string): TextTable {
  const text = decodeText(input, caller, name);
  const refuse: CsvRefuse = (line, found, wanted) => valueError(caller, `${name} line ${line}`, found, wanted);
  const { delimiter, start, header } = csvShape(text, asked.own, asked, asked.known, caller, name, asked.tell);
  const table = start > 0 ? text.slice(start) : text;
  const first = parseCsvRows(table, delimiter, refuse).next();
  if (first.done) throw shapeError(caller, name, "0 rows", "at least 1");
  const cells = [...first.value.cells];
  // numpy.savetxt writes names behind a #.
  if (header) cells[0] = cells[0].replace(/^#\s?/, "");
  const names = header ? distinctNames(cells) : cells.map((_, column) => String(column));
  const shift = start > 0 ? 1 : 0;

  function* rows(): Generator<CsvRow> {
    let skip = header;
    let count = 0;
    for (const row of parseCsvRows(table, delimiter, (line, found, wanted) => refuse(line + shift, found, wanted))) {
      if (skip) {
        skip = false;
        continue;
      }
      const line = row.line + shift;
      if (row.cells.length !== names.length) throw refuse(line, `has ${row.cells.length} cells`, `${names.length}, as the first line`);
      // Of one column only the name may be a value too.
      if (header && names.length > 1 && row.cells.every((cell, at) => cell === first.value!.cells[at]))
        throw refuse(line, "is the line of names again", "rows of data: were files joined with their headers?");
      count++;
      yield shift > 0 ? { cells: row.cells, line } : row;
    }
    if (count === 0) throw shapeError(caller, name, "0 rows", "at least 1");
  }
  const position = new Map(names.map((column, at) => [column, at]));
  /** A column of cells, and the line of each. */
  const cellsOf = (column: string): { readonly cells: string[]; readonly lines: readonly number[] } => {
    const at = position.get(column)!;
    const found = { cells: [] as string[], lines: [] as number[] };
    for (const row of rows()) {
      found.cells.push(row.cells[at]);
      found.lines.push(row.line);
    }
    return found;
  };

  let columns: ColumnKinds | null = null;
  return {
    // Told by the first cells below the names that are not empty.
    get columns() {
      if (columns === null) {
        const samples = new Array<string>(names.length).fill("");
        let seen = 0;
        for (const { cells: row } of rows()) {
          for (let j = 0; j < samples.length; j++) if (samples[j] === "") samples[j] = row[j].trim();
          if (++seen === 100 || !samples.includes("")) break;
        }
        const kinds = samples.map((sample) => (Number.isNaN(parseCsvNumber(sample)) ? textKind(sample) : "words"));
        columns = new Map(names.map((column, at) => [column, kinds[at] === "words" ? "value" : kinds[at]]));
      }
      return columns;
    },
    index: new Set(names.filter((column) => /^__index_level_\d+__$/.test(column))),
    named: header,
    numbers(chosen): Matrix {
      const at = Int32Array.from(chosen, (column) => position.get(column)!);
      const numbers = growingNumbers();
      let count = 0;
      for (const { cells: row, line } of rows()) {
        for (let j = 0; j < at.length; j++) {
          const value = cellNumber(row[at[j]]);
          if (Number.isNaN(value)) {
            const cell = row[at[j]];
            throw refuse(
              line,
              `column ${JSON.stringify(chosen[j].slice(0, 40))} is ${JSON.stringify(cell.slice(0, 40))}`,
              cellAdvice(cell, chosen[j], delimiter),
            );
          }
          numbers.push(value);
        }
        count++;
      }
      return { data: numbers.whole(), rows: count, cols: at.length };
    },
    lists(column): Matrix {
      const { cells: found, lines } = cellsOf(column);
      const place = (row: number): string => `${name} line ${lines[row]} column ${JSON.stringify(column.slice(0, 40))}`;
      const lists = parseLists(found, (row, what, wanted) => valueError(caller, place(row), what, wanted));
      return nestedRows(lists, undefined, caller, place);
    },
    labels(column): LabelColumn {
      const { cells: found, lines } = cellsOf(column);
      return {
        values: found,
        text: true,
        place: (row) => `${name} line ${lines[row]}`,
        missing: () => ["has no label", `one in column ${JSON.stringify(column.slice(0, 40))}`],
      };
    },
  };
}
