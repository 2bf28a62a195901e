import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";

export interface WriteCsvOptions {
  /** n labels, as the last column. */
  readonly labels?: Labels;
  /** The name of the column of labels (default `"label"`). */
  readonly label?: string;
  /** d names of columns (default `"0"` … `"d − 1"`). */
  readonly columns?: readonly string[];
  /** Between two cells (default `","`; `"\t"` for tsv). */
  readonly delimiter?: string;
}

const writeCsvOptionNames: OptionNames<WriteCsvOptions> = { labels: true, label: true, columns: true, delimiter: true };

/**
 * Writes features, and labels if given, as a table of text that `readCsv` reads back exactly: a header, then a line a row.
 *
 * @param features - n × d
 * @param options - labels, names of columns, delimiter
 * @returns the text, lines ending in LF
 * @throws RangeError when labels or columns are not as many as rows or columns, or a value is not finite
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @example
 * ```ts
 * import { writeCsv } from "softprobe/io";
 *
 * const features = { data: Float64Array.of(1, 2.5), rows: 1, cols: 2 };
 * console.log(writeCsv(features, { labels: ["pear"] }).split("\n")); // → [ '0,1,label', '1,2.5,pear', '' ]
 * ```
 */
export function writeCsv(features: Matrix, options: WriteCsvOptions = {}): string {
  checkOptions(options, "writeCsv", writeCsvOptionNames);
  const { data, rows, cols } = checkFinite(features, "writeCsv", "features");
  const { labels, label = "label", delimiter = "," } = options;
  const columns = options.columns ?? Array.from({ length: cols }, (_, column) => String(column));
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw valueError("writeCsv", "options.delimiter", `is ${JSON.stringify(delimiter)}`, "one character, neither a quote nor a line break");
  }
  if (columns.length !== cols) throw shapeError("writeCsv", "options.columns", `${columns.length} names`, `${cols}, one a column`);
  if (labels && labels.length !== rows) throw shapeError("writeCsv", "options.labels", `${labels.length} rows`, `${rows}, as features`);
  const quoted = (text: string): string => {
    const plain = !text.includes(delimiter) && !/["\r\n]/.test(text) && text.trim() === text;
    return plain ? text : `"${text.replaceAll('"', '""')}"`;
  };
  const lines = [[...columns, ...(labels ? [label] : [])].map(quoted).join(delimiter)];
  for (let i = 0; i < rows; i++) {
    const line = data.subarray(i * cols, (i + 1) * cols).join(delimiter);
    lines.push(labels ? `${line}${delimiter}${quoted(String(labels[i]))}` : line);
  }
  return `${lines.join("\n")}\n`;
}
