/** A row of a table of text. */
export interface CsvRow {
  readonly cells: string[];
  /** The line it begins on, from 1. */
  readonly line: number;
}

/** The error of a line. */
export type CsvRefuse = (line: number, found: string, wanted: string) => RangeError;

/** The rows of a table (RFC 4180: cells in quotes may hold delimiters, line breaks and doubled quotes), one after the other: each character is looked at once. */
export function* parseCsvRows(text: string, delimiter: string, refuse: CsvRefuse): Generator<CsvRow> {
  let at = 0;
  let line = 1;
  let length = text.length;
  // Empty lines at the end are no rows.
  while (length > 0 && (text[length - 1] === "\n" || text[length - 1] === "\r")) length--;
  while (at < length) {
    const row: CsvRow = { cells: [], line };
    for (;;) {
      let cell = "";
      if (text[at] === '"') {
        for (;;) {
          const quote = text.indexOf('"', at + 1);
          if (quote < 0) throw refuse(row.line, "has a quote that is not closed", 'a closing "');
          cell += text.slice(at + 1, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          cell += '"';
        }
        line += cell.split("\n").length - 1;
        if (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") {
          throw refuse(line, `has ${JSON.stringify(text[at])} after a closing quote`, "a delimiter or the end of the line");
        }
      } else {
        const start = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
        cell = text.slice(start, at);
      }
      row.cells.push(cell);
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    yield row;
  }
}

/** A number as people and programs write it: neither "" nor "0x10", which Number takes. */
export function parseCsvNumber(cell: string): number {
  const text = cell.trim();
  for (let i = 0; i < text.length; i++) if (!"0123456789+-.eE".includes(text[i])) return Number.NaN;
  return text === "" ? Number.NaN : Number(text);
}
