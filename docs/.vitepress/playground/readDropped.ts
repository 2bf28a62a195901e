import type { Labels, Matrix, Views } from "../../../src/index.ts";
import { arrayToLabels, arrayToMatrix, arrayToViews, readCsv, readNpy, readNpz, type StoredArray } from "../../../src/io.ts";

/** A file that was dropped or chosen. */
interface DroppedFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** What a run works on, and how it is described above the form. */
export interface Data {
  readonly features: Matrix;
  readonly labels: Labels;
  readonly augmented?: Views;
  readonly says: string;
}

const named = (key: string, words: readonly string[]) => words.some((word) => key.toLowerCase() === word);

/** The column of labels in a table's first line: one that is called so, else the last. */
function labelColumn(text: string, delimiter: string): string | number {
  const columns = (text.split(/\r?\n/, 1)[0] ?? "").split(delimiter).map((cell) => cell.replaceAll('"', "").trim());
  const found = columns.find((name) => named(name, ["label", "labels", "class", "target", "y"]));
  return found ?? Math.max(0, columns.length - 1);
}

/**
 * Features, labels and views of the files dropped together: npy by their axes (two: features; one: labels; three: views), npz by their keys or axes, csv and tsv
 * with a column of labels (called label, class, target or y, else the last).
 *
 * @throws Error that names the file and what is wrong with it, or what is missing
 */
export function readDropped(files: readonly DroppedFile[]): Data {
  let features: { from: string; matrix: Matrix } | undefined;
  let labels: { from: string; values: Labels } | undefined;
  let augmented: { from: string; views: Views } | undefined;
  const take = (array: StoredArray, from: string): void => {
    if (array.shape.length === 3) augmented = { from, views: arrayToViews(array, from) };
    else if (array.shape.length === 2 && !Array.isArray(array.data) && array.shape[1] > 1)
      features = { from, matrix: arrayToMatrix(array, from) };
    else labels = { from, values: arrayToLabels(array, from) as Labels };
  };
  for (const { name, bytes } of files) {
    if (bytes.byteLength === 0) throw new Error(`${name} is empty`);
    if (/\.npy$/i.test(name)) take(readNpy(bytes, name), name);
    else if (/\.npz$/i.test(name)) for (const [key, array] of readNpz(bytes, name)) take(array, `${name}:${key}`);
    else if (/\.(csv|tsv)$/i.test(name)) {
      const delimiter = /\.tsv$/i.test(name) ? "\t" : ",";
      const text = new TextDecoder().decode(bytes);
      const table = readCsv(text, name, { delimiter, label: labelColumn(text, delimiter) });
      features = { from: name, matrix: table.matrix };
      if (table.labels) labels = { from: name, values: table.labels };
    } else throw new Error(`${name} is of no known kind, expected .npy, .npz, .csv or .tsv`);
  }
  if (!features) throw new Error("no features among the files, expected an array of two axes (n × d) or a table");
  if (!labels)
    throw new Error(`no labels among the files, expected an array of one axis with ${features.matrix.rows} labels beside ${features.from}`);
  const { rows, cols } = features.matrix;
  if (labels.values.length !== rows)
    throw new Error(`${labels.from} has ${labels.values.length} labels, expected ${rows}, one a row of ${features.from}`);
  if (augmented) {
    const { matrix: seen, views } = augmented.views;
    if (seen.rows !== rows * views || seen.cols !== cols)
      throw new Error(
        `${augmented.from} has views of ${seen.rows / views} rows × ${seen.cols}, expected ${rows} × ${cols}, as ${features.from}`,
      );
  }
  const classes = new Set(Array.from(labels.values as ArrayLike<unknown>, String)).size;
  const views = augmented ? `, ${augmented.views.views} views a row` : "";
  const says = `${features.from}: ${rows} rows × ${cols} dimensions, ${classes} classes${views}`;
  return { features: features.matrix, labels: labels.values, ...(augmented && { augmented: augmented.views }), says };
}
