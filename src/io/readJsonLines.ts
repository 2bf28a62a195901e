import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { numberedNames } from "../core/columnNames.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { type ColumnOptions, chooseFeatures, columnOptionNames } from "./chooseColumns.ts";
import { checkIndex } from "./columnTable.ts";
import type { FeatureTable } from "./featureTable.ts";
import { decideLabels } from "./labelValues.ts";
import { openJsonLines } from "./openJsonLines.ts";

export interface ReadJsonLinesOptions extends ColumnOptions {
  /** The key of an array of features, such as `"embedding"`. Without it, every key except `label` is a feature. */
  readonly features?: string;
  /** The key of the label; without it there are no labels. */
  readonly label?: string;
}

const readJsonLinesOptionNames: OptionNames<ReadJsonLinesOptions, ColumnOptions> = { features: true, label: true };

/**
 * Reads features, and labels if asked for, from JSON lines: an object or an array of numbers a line. Empty lines are skipped.
 *
 * @param input - the text, or its bytes in UTF-8
 * @param name - what errors call it (default `"input"`)
 * @param options - the keys of features and label
 * @returns n × d doubles; labels, all numbers or all strings, whole numbers beyond 2⁵³ as bigints; names of the columns
 * @throws RangeError naming the line, and the column of a value that is not a number; also for lines of different lengths and labels of
 * both kinds
 * @see https://jsonlines.org
 * @example
 * ```ts
 * import { readJsonLines } from "softprobe/io";
 *
 * const text = '{"embedding":[1,2],"fruit":"pear"}\n{"embedding":[3,4],"fruit":"fig"}\n';
 * const { matrix, labels } = readJsonLines(text, "fruit.jsonl", { features: "embedding", label: "fruit" });
 * console.log(matrix.data, labels); // → Float64Array(4) [ 1, 2, 3, 4 ] [ 'pear', 'fig' ]
 * ```
 */
export function readJsonLines(input: string | Uint8Array | ArrayBuffer, name = "input", options: ReadJsonLinesOptions = {}): FeatureTable {
  const caller = "readJsonLines";
  checkOptions(options, caller, columnOptionNames, readJsonLinesOptionNames);
  const { features, label, columns, drop } = options;
  const table = openJsonLines(input, caller, name);
  const labels = label === undefined ? null : (decideLabels([table.labels(label)], [], caller).labels as FeatureTable["labels"]);
  if (features !== undefined && !["list", "code"].includes(table.columns.get(features) ?? "")) {
    // The error of the first line.
    table.lists(features);
    throw valueError(caller, name, `has no array as ${JSON.stringify(features)}`, "an array of numbers a line");
  }
  if (table.arrays) {
    const matrix = table.rows();
    return { matrix, labels, columns: numberedNames(matrix.cols) };
  }
  const request = {
    key: features,
    labels: label === undefined || features !== undefined ? null : { key: label, same: true },
    columns,
    drop,
  };
  const chosen = chooseFeatures(table, request, caller, name);
  if (chosen.list !== null) {
    const matrix = table.lists(chosen.list);
    return { matrix, labels, columns: numberedNames(matrix.cols) };
  }
  if (chosen.names.length === 0) throw shapeError(caller, name, "0 features", "at least 1");
  const matrix = table.numbers(chosen.names, !chosen.asked);
  if (!chosen.asked) checkIndex(matrix, chosen.names, caller, name);
  return { matrix, labels, columns: chosen.names };
}
