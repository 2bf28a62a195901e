import { valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { arrayLabels, arrayMatrix, arrayViews, type StoredArray } from "../io/arrayFeatures.ts";
import { chooseArray } from "../io/chooseColumns.ts";
import { type ColumnTable, tableFeatures, tableLabels, tableViews } from "../io/columnTable.ts";
import { csvLabels, csvMatrix } from "../io/csvColumns.ts";
import { jsonLinesLabels, jsonMatrix, jsonViews } from "../io/jsonColumns.ts";
import { openArrow } from "../io/readArrow.ts";
import { parseNpy } from "../io/readNpy.ts";
import { listNpz, readNpz } from "../io/readNpz.ts";
import { openParquet } from "../io/readParquet.ts";
import { listSafetensors, readSafetensors } from "../io/readSafetensors.ts";
import type { extensions } from "./splitPath.ts";

/** A file in memory: the key that its path named, and what errors call function and file. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly key: string | undefined;
  readonly caller: string;
  readonly name: string;
}

/** How a format gives features, labels and views. */
export interface Format {
  features(file: FileBytes): Matrix | Promise<Matrix>;
  labels(file: FileBytes): Labels | Promise<Labels>;
  views(file: FileBytes): Views | Promise<Views>;
}

/** A format of arrays with keys; `usual` are those that are taken where a path names none. */
function arrays(open: (file: FileBytes, usual: readonly string[]) => readonly [StoredArray, string]): Format {
  return {
    features(file) {
      const [array, name] = open(file, ["features", "embeddings", "X", "x"]);
      return arrayMatrix(array, file.caller, name);
    },
    labels(file) {
      const [array, name] = open(file, ["labels", "label", "y"]);
      return arrayLabels(array, file.caller, name);
    },
    views(file) {
      const [array, name] = open(file, ["views", "augmented"]);
      return arrayViews(array, file.caller, name);
    },
  };
}

const npy = arrays(({ bytes, key, caller, name }) => {
  if (key !== undefined) throw valueError(caller, name, `has no key "${key.slice(0, 40)}"`, "no key after the name: npy holds one array");
  return [parseNpy(bytes, caller, name), name];
});

const npz = arrays(({ bytes, key, caller, name }, usual) => {
  const chosen = chooseArray(listNpz(bytes, caller, name), key, usual, caller, name);
  return [readNpz(bytes, name, { keys: [chosen] }).get(chosen)!, `${name}:${chosen}`];
});

const safetensors = arrays(({ bytes, key, caller, name }, usual) => {
  const chosen = chooseArray(listSafetensors(bytes, caller, name), key, usual, caller, name);
  return [readSafetensors(bytes, name, { keys: [chosen] }).tensors.get(chosen)!, `${name}:${chosen}`];
});

const text = (delimiter: string): Format => ({
  features: ({ bytes, key, caller, name }) => csvMatrix(bytes, delimiter, key, caller, name),
  labels: ({ bytes, key, caller, name }) => csvLabels(bytes, delimiter, key, caller, name),
  views({ caller, name }) {
    throw valueError(
      caller,
      name,
      "is a table of numbers",
      "n × views × d: npy, npz, safetensors, or lists of lists in jsonl, parquet, arrow",
    );
  },
});

const json: Format = {
  features: ({ bytes, key, caller, name }) => jsonMatrix(bytes, key, caller, name),
  labels: ({ bytes, key, caller, name }) => jsonLinesLabels(bytes, key, caller, name),
  views: ({ bytes, key, caller, name }) => jsonViews(bytes, key, caller, name),
};

const columns = (open: (bytes: Uint8Array, caller: string, name: string) => Promise<ColumnTable>): Format => ({
  async features({ bytes, key, caller, name }) {
    return (await tableFeatures(await open(bytes, caller, name), key, caller, name)).matrix;
  },
  async labels({ bytes, key, caller, name }) {
    return tableLabels(await open(bytes, caller, name), key, caller, name);
  },
  async views({ bytes, key, caller, name }) {
    return tableViews(await open(bytes, caller, name), key, caller, name);
  },
});

const arrow = columns(openArrow);

/** The formats by extension. */
export const formats: Readonly<Record<(typeof extensions)[number], Format>> = {
  npy,
  npz,
  safetensors,
  csv: text(","),
  tsv: text("\t"),
  jsonl: json,
  ndjson: json,
  parquet: columns(openParquet),
  arrow,
  feather: arrow,
};
