import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decideLabels } from "../../src/io/labelValues.ts";
import { writeSafetensors } from "../../src/io/writeSafetensors.ts";
import { type Format, formats } from "../../src/node/formats.ts";
import { data } from "./shared.ts";

// Holds the table of docs/data.md, "Every kind of column in every format", to the readers.

type Way = "features" | "labels" | "views";
/** What a cell's file gives: numbers or labels, or a part of the sentence that refuses it. */
type Outcome = readonly (number | string | bigint)[] | RegExp;
interface Kind {
  readonly way: Way;
  /** The name of its files in data/kinds. */
  readonly file: string;
  readonly outcome: Outcome;
  /** Formats in which it comes out otherwise; null where the format has no such column. */
  readonly but?: Readonly<Record<string, Outcome | null>>;
}

const columns = ["npy", "npz", "safetensors", "csv", "jsonl", "parquet", "feather"];
const floats = [1.5, -2, 3, 4, 5, 6];
const noLists = { npy: null, npz: null, safetensors: null };
const kinds: Readonly<Record<string, Kind>> = {
  "a column a feature": { way: "features", file: "features", outcome: floats },
  "one column of lists": { way: "features", file: "list", outcome: floats, but: { ...noLists, csv: null } },
  "lists as text": { way: "features", file: "coded", outcome: floats, but: noLists },
  "views: lists of lists": { way: "views", file: "views", outcome: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], but: { csv: null } },
  "whole numbers (int64)": { way: "features", file: "int64", outcome: [1, -2, 3, 4, 5, 6] },
  "whole numbers no double holds": { way: "features", file: "beyond", outcome: /9007199254740993/ },
  booleans: { way: "features", file: "booleans", outcome: [1, 0, 0, 1, 1, 1] },
  "halves (float16)": { way: "features", file: "halves", outcome: floats },
  bfloat16: {
    way: "features",
    file: "brain",
    outcome: /bfloat16/,
    but: { safetensors: floats, csv: null, jsonl: null, parquet: null, feather: null },
  },
  "null, NaN, an empty cell": { way: "features", file: "missing", outcome: /is (NaN|null|"")/ },
  decimals: { way: "features", file: "decimals", outcome: [1.1, 1, -2.25, 2, 0.7, 3], but: { ...noLists, jsonl: null } },
  "a dictionary of numbers": {
    way: "features",
    file: "dictionary",
    outcome: [1.5, 1, 3, 2, 1.5, 3],
    but: { ...noLists, csv: null, jsonl: null },
  },
  "dates, times, durations": {
    way: "features",
    file: "dates",
    outcome: /dtype "<M8|"2020-01-01|of type TIMESTAMP|of type Timestamp/,
    but: { safetensors: null },
  },
  words: { way: "features", file: "words", outcome: /strings|is "x"/, but: { safetensors: null } },
  "a pandas index": { way: "features", file: "index", outcome: floats, but: { ...noLists, csv: /looks like an index/, jsonl: null } },
  "labels: numbers": { way: "labels", file: "label-numbers", outcome: [2, 0, 2] },
  "labels: words": { way: "labels", file: "label-text", outcome: ["pear", "fig", "pear"], but: { safetensors: null } },
  "labels: booleans": { way: "labels", file: "label-truth", outcome: [1, 0, 1] },
  "labels: whole numbers beyond 2^53": {
    way: "labels",
    file: "label-wide",
    outcome: [9007199254740993n, 9007199254740995n, 9007199254740993n],
  },
  "labels: missing": { way: "labels", file: "label-gaps", outcome: /(NaN|null|"nan").*--ignore-label nan/ },
  "labels: a dictionary": {
    way: "labels",
    file: "label-dictionary",
    outcome: ["pear", "fig", "pear"],
    but: { ...noLists, csv: null, jsonl: null },
  },
};

/** The safetensors file of a kind: numpy has no writer of them. */
function tensors(file: string): Uint8Array {
  const of = (values: ArrayLike<number>, shape = [3, 2]) => ({ features: { data: Float64Array.from(values), shape } });
  const whole = (values: readonly bigint[], shape: readonly number[], key: string) => ({
    [key]: { data: BigInt64Array.from(values), shape },
  });
  if (file === "int64") return writeSafetensors(whole([1n, -2n, 3n, 4n, 5n, 6n], [3, 2], "features"));
  if (file === "beyond") return writeSafetensors(whole([2n ** 53n + 1n, 1n], [1, 2], "features"));
  if (file === "booleans") return writeSafetensors({ features: { data: Uint8Array.of(1, 0, 0, 1, 1, 1), shape: [3, 2] } });
  if (file === "halves" || file === "brain")
    return writeSafetensors({ features: { data: Float32Array.from(floats), shape: [3, 2], dtype: file === "brain" ? "BF16" : "F16" } });
  if (file === "missing") return writeSafetensors(of([1.5, Number.NaN, 3, 4, 5, 6]));
  if (file === "views") return writeSafetensors({ views: { data: Float64Array.from({ length: 12 }, (_, i) => i), shape: [3, 2, 2] } });
  if (file === "label-numbers") return writeSafetensors(whole([2n, 0n, 2n], [3], "labels"));
  if (file === "label-truth") return writeSafetensors({ labels: { data: Uint8Array.of(1, 0, 1), shape: [3] } });
  if (file === "label-wide") return writeSafetensors(whole([2n ** 53n + 1n, 2n ** 53n + 3n, 2n ** 53n + 1n], [3], "labels"));
  if (file === "label-gaps") return writeSafetensors({ labels: { data: Float64Array.of(1, Number.NaN, 1), shape: [3] } });
  return writeSafetensors(of(floats));
}

/** What a file gives, one way. */
async function outcome(format: Format, way: Way, bytes: Uint8Array, name: string): Promise<unknown> {
  const file = { bytes, key: undefined, caller: "readFeatures", name };
  try {
    if (way === "labels")
      return Array.from(decideLabels([await format.labels(file)], [], "readLabels").labels, (label) =>
        typeof label === "bigint" && label < 2n ** 53n ? Number(label) : label,
      );
    if (way === "views") return Array.from((await format.views(file)).matrix.data);
    return Array.from((await format.features(file)).matrix.data);
  } catch (error) {
    return (error as Error).message;
  }
}

const page = readFileSync(join(import.meta.dirname, "../../docs/data.md"), "utf8");
const rows = page
  .slice(page.indexOf("## Every kind of column in every format"))
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe("docs/data.md says of each kind of column in each format what the readers do", () => {
  it("has a row for each kind and a column for each format, and no others", () => {
    expect(rows[0].slice(1, 8)).toEqual(["npy", "npz", "safetensors", "csv, tsv", "JSON lines", "parquet", "Arrow, Feather"]);
    expect(rows.slice(2).map(([kind]) => kind)).toEqual(Object.keys(kinds));
  });

  it.each(Object.entries(kinds).flatMap(([kind, found]) => columns.map((format, at) => [kind, format, found, at] as const)))(
    "%s in %s",
    async (kind, format, { way, file, outcome: usual, but }, at) => {
      const wanted = but && format in but ? but[format] : usual;
      const said = rows.find(([name]) => name === kind)![at + 1];
      if (wanted === null) return expect(said).toBe("–");
      const bytes = format === "safetensors" ? tensors(file) : new Uint8Array(readFileSync(data(`kinds/${file}.${format}`)));
      const found = await outcome(formats[format as keyof typeof formats], way, bytes, `F.${format}`);
      if (wanted instanceof RegExp) {
        expect(found).toMatch(wanted);
        expect(said).toBe("refused");
      } else {
        expect(found).toEqual(wanted);
        expect(said).toBe("read");
      }
    },
  );
});
