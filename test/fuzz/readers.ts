import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as arrow from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { checkEpisodes, readEpisodes } from "../../src/cli/loadRun.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { arrayToLabels, arrayToMatrix, arrayToViews, type StoredArray } from "../../src/io/arrayFeatures.ts";
import { readCsv } from "../../src/io/readCsv.ts";
import { readNpy } from "../../src/io/readNpy.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { readSafetensors } from "../../src/io/readSafetensors.ts";
import { writeCsv } from "../../src/io/writeCsv.ts";
import { writeJsonLines } from "../../src/io/writeJsonLines.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { writeSafetensors } from "../../src/io/writeSafetensors.ts";
import { type Format, formats } from "../../src/node/formats.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";

/** A reader under test. */
export interface FuzzedReader {
  /** Sound files to begin with. */
  readonly corpus: readonly Uint8Array[];
  /** What its files are made of. */
  readonly words: readonly string[];
  /** Where alone a file may change (from, to), for what another library reads the rest of; its end may be cut off as well. */
  readonly windows?: (bytes: Uint8Array) => readonly (readonly [number, number])[];
  /** Bytes that it may ask for, for a file of `size` bytes. */
  readonly most: (size: number) => number;
  /** Reads in every way that there is; each call may throw. */
  readonly calls: (bytes: Uint8Array) => readonly (() => unknown)[];
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const json = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "null",
  "true",
  '"__proto__":',
  '"constructor":',
  '"length":',
  '{"a":',
  "[[",
  "\\u0000",
  "\n",
  "1e400",
];

/** Features, labels and views of a file, with a key and without one. */
function ofFormat(format: Format, keys: readonly string[]): FuzzedReader["calls"] {
  return (bytes) =>
    [undefined, ...keys].flatMap((key) => {
      const file = { bytes, key, caller: "readFeatures", name: "file" };
      return [() => format.features(file), () => format.labels(file), () => format.views(file)];
    });
}

const asEach = (array: StoredArray) => [() => arrayToMatrix(array), () => arrayToLabels(array), () => arrayToViews(array)];

/** The calls on what a reader of arrays gave, where it gave anything. */
function arraysOf(read: () => readonly StoredArray[]): readonly (() => unknown)[] {
  let found: readonly StoredArray[] = [];
  const first = () => {
    found = read();
  };
  const each = [0, 1, 2].map((way) => () => {
    for (const array of found) asEach(array)[way]();
  });
  return [first, ...each];
}

/** The bodies of the messages of an Arrow stream: each comes after 8 bytes of prefix and its metadata. */
function bodies(bytes: Uint8Array): (readonly [number, number])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new arrow.MessageReader(bytes);
  const found: (readonly [number, number])[] = [];
  let at = 0;
  for (let message = reader.readMessage(); message; message = reader.readMessage()) {
    const from = at + 8 + view.getInt32(at + 4, true);
    at = from + message.bodyLength;
    reader.readMessageBody(message.bodyLength);
    if (at > from) found.push([from, at]);
  }
  return found;
}

const fixtures = join(process.cwd(), "test/io/fixtures");
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, name)));

/** Every reader, by name. */
export function fuzzedReaders(): Readonly<Record<string, FuzzedReader>> {
  const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 2, dims: 4, seed: 1 });
  const names = Array.from(labels, (label) => `class "${label}", é`);
  const arrays = {
    features: { data: Float32Array.from(features.data), shape: [6, 4] },
    labels: { data: Int32Array.from(labels), shape: [6] },
  };
  const views = { data: Float64Array.from(features.data), shape: [2, 3, 4] };
  const rows = Array.from({ length: 6 }, (_, i) => Array.from(features.data.subarray(4 * i, 4 * i + 4)));
  const whole = (size: number): number => 2 ** 16 + 64 * size;

  const npyNames = [
    "f2-be.npy",
    "f8-le-fortran.npy",
    "i8-be.npy",
    "bool.npy",
    "unicode-be.npy",
    "bytes.npy",
    "four-axes-fortran.npy",
    "scalar.npy",
  ];
  const npy: FuzzedReader = {
    corpus: [...npyNames.map(fixture), writeNpy(arrays.features), writeNpy(views), writeNpy({ data: names, shape: [6] })],
    words: [
      "'descr': ",
      "'<f8'",
      "'|O'",
      "'<U9'",
      "'|S999999999'",
      "'fortran_order': True",
      "'shape': (",
      "(4294967296, 4294967296)",
      "(0,)",
      "), ",
      "{",
      "}",
    ],
    most: whole,
    calls: (bytes) => [...arraysOf(() => [readNpy(bytes)]), ...ofFormat(formats.npy, ["key"])(bytes)],
  };
  const npz: FuzzedReader = {
    corpus: [fixture("stored.npz"), fixture("deflated.npz"), fixture("streamed.npz"), writeNpz({ ...arrays, views }, { compress: true })],
    words: ["PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "PK\u0006\u0007", ".npy", "../", "__proto__"],
    // What its directory says that it inflates to is allowed for: at most 1032 times its bytes, and 1 MiB here.
    most: (size) => whole(size) + 4 * 2 ** 20,
    calls: (bytes) => arraysOf(() => [...readNpz(bytes, "file", { maxBytes: 2 ** 20 }).values()]),
  };
  const safetensors: FuzzedReader = {
    corpus: [fixture("all.safetensors"), writeSafetensors({ ...arrays, views })],
    words: [
      ...json,
      '"dtype":"F64"',
      '"dtype":"BF16"',
      '"shape":[4294967296,4294967296]',
      '"data_offsets":[0,9007199254740991]',
      '"__metadata__":{',
    ],
    most: whole,
    calls: (bytes) => [
      ...arraysOf(() => [...readSafetensors(bytes).tensors.values()]),
      ...ofFormat(formats.safetensors, ["features", "__proto__"])(bytes),
    ],
  };
  const table = (delimiter: string) => text(writeCsv(features, { labels: names, delimiter }));
  const csvWords = ["\n", "\r", '"', '""', ",", "\t", "label", "\ufeff", "1e999", "0x1", " ", "\u0000", "Infinity", ",,,,,,,,"];
  const delimited = (delimiter: string, format: Format): FuzzedReader => ({
    corpus: [
      table(delimiter),
      fixture(delimiter === "," ? "pandas.csv" : "pandas.tsv"),
      text(rows.map((row) => row.join(delimiter)).join("\r\n")),
    ],
    words: csvWords,
    most: whole,
    calls: (bytes) => [
      () => readCsv(bytes, "file", { delimiter }),
      () => readCsv(bytes, "file", { delimiter, label: "label" }),
      () => readCsv(bytes, "file", { delimiter, header: false, label: 0 }),
      ...ofFormat(format, ["label", "fruit", "__proto__"])(bytes),
    ],
  });
  const jsonl: FuzzedReader = {
    corpus: [
      text(writeJsonLines(features, { labels: names })),
      fixture("pandas.jsonl"),
      text(rows.map((row) => JSON.stringify(row)).join("\n")),
      text(rows.map((row, i) => JSON.stringify({ views: [row, row], label: i, other: {} })).join("\n")),
    ],
    words: [...json, '{"features":[1,2,3,4],"label":1}\n'],
    most: whole,
    calls: ofFormat(formats.jsonl, ["features", "label", "__proto__", "length"]),
  };
  const head: FuzzedReader = {
    corpus: ["wiener@support/power:1", "none", "simple"].flatMap((mask) =>
      (["softmax", "centroid", "cosine"] as const).map((probe) =>
        text(JSON.stringify(headToJSON(fitProbe(features, names, { mask, probe })))),
      ),
    ),
    words: [
      ...json,
      '"kind":"softmax"',
      '"kind":"probe"',
      '"bigint"',
      '"AAAAAAAA8H8="',
      '"cols":9007199254740991',
      '"temperature":0',
      '"steps":[',
    ],
    most: whole,
    calls: (bytes) => {
      const document = new TextDecoder().decode(bytes);
      return [() => headFromJSON(document)];
    },
  };

  const folder = mkdtempSync(join(tmpdir(), "softprobe-fuzz-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "episodes.json");
  const list = [0, 2].map((row) => ({ support: [row, row + 2], query: [row + 1, row + 3] }));
  const episodes: FuzzedReader = {
    corpus: [text(JSON.stringify(list)), text(JSON.stringify({ episodes: list, seed: 1 }))],
    words: [...json, '"support":', '"query":', '{"length":1000000000}', '{"length":9007199254740991,"0":1}', '{"length":-1}'],
    most: whole,
    calls: (bytes) => [
      async () => {
        writeFileSync(path, bytes);
        checkEpisodes(path, await readEpisodes(path), labels);
      },
    ],
  };

  const lists = (type: arrow.DataType) => arrow.vectorFromArray(rows, type);
  const item = new arrow.Field("item", new arrow.Float32());
  const arrowTables = [
    new arrow.Table({ features: lists(new arrow.FixedSizeList(4, item)), label: arrow.vectorFromArray(names) }),
    new arrow.Table({ features: lists(new arrow.List(item)), label: arrow.vectorFromArray([1, 2, 3, 4, 5, 6], new arrow.Int32()) }),
    arrow.tableFromArrays({ a: Float32Array.from(labels), b: Float64Array.from(labels) }),
  ];
  const arrows: FuzzedReader = {
    corpus: arrowTables.map((each) => arrow.tableToIPC(each, "stream")),
    words: [],
    // Not the metadata: apache-arrow believes every length in them, and runs out of memory before any code of ours sees the table.
    windows: bodies,
    most: (size) => whole(16 * size),
    calls: ofFormat(formats.arrow, ["features", "label"]),
  };
  const parquetOf = (codec: "SNAPPY" | "UNCOMPRESSED") =>
    new Uint8Array(
      parquetWriteBuffer({
        codec,
        columnData: [
          { name: "a", data: Float32Array.from(labels), type: "FLOAT" },
          { name: "b", data: Float64Array.from(labels), type: "DOUBLE" },
          { name: "label", data: names, type: "STRING" },
        ],
      }),
    );
  const parquet: FuzzedReader = {
    corpus: [parquetOf("SNAPPY"), parquetOf("UNCOMPRESSED")],
    words: [],
    // The footer, which says where what is; not the pages: hyparquet believes the number of values in a page's header, and counts to it.
    windows: (bytes) => [[bytes.length - 8 - new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true), bytes.length]],
    // What the peer asks for is its own: beyond what the meter refuses at once.
    most: () => Number.POSITIVE_INFINITY,
    calls: ofFormat(formats.parquet, ["a", "label"]),
  };
  return {
    npy,
    npz,
    safetensors,
    csv: delimited(",", formats.csv),
    tsv: delimited("\t", formats.tsv),
    jsonl,
    head,
    episodes,
    arrow: arrows,
    parquet,
  };
}
