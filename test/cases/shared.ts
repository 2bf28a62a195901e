import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decideLabels } from "../../src/io/labelValues.ts";
import { formats } from "../../src/node/formats.ts";

/** A file of test/cases/data, by its path there. */
export const data = (path: string): string => join(import.meta.dirname, "data", path);

/** What a reader of a file throws, without its folder; "read" where it throws nothing. */
export async function refusal(read: Promise<unknown>): Promise<string> {
  try {
    await read;
    return "read";
  } catch (error) {
    return (error as Error).message.replaceAll(join(import.meta.dirname, "data/"), "");
  }
}

/** Labels of a text in memory. */
export async function labelsOfText(text: string, format: "csv" | "tsv" | "txt" | "jsonl", ignored: readonly string[] = []) {
  const file = { bytes: new TextEncoder().encode(text), key: undefined, caller: "readLabels", name: `L.${format}` };
  return decideLabels([await formats[format].labels(file)], ignored, "readLabels").labels;
}

/** Features of a text in memory. */
export async function featuresOfText(text: string, format: "csv" | "tsv" | "jsonl" = "csv", key?: string) {
  const notes: string[] = [];
  const file = {
    bytes: new TextEncoder().encode(text),
    key,
    caller: "readFeatures",
    name: `F.${format}`,
    tell: (note: string) => notes.push(note),
  };
  const { matrix, columns, named } = await formats[format].features(file);
  return { rows: matrix.rows, cols: matrix.cols, data: Array.from(matrix.data), columns: named ? columns : null, notes };
}

/** The values of a file of JSON that Python wrote. */
export const expected = (path: string): Record<string, { scores: number[]; labels: number[] }> =>
  JSON.parse(readFileSync(data(path), "utf8"));
