import { numberedNames } from "../core/columnNames.ts";
import { valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { takeColumns } from "../core/takeColumns.ts";
import type { Views } from "../core/views.ts";
import { arrayLabelColumn, arrayMatrix, arrayViews, type StoredArray } from "../io/arrayFeatures.ts";
import { chooseArray, columnPositions, type FeatureRequest, usualFeatures, usualLabels, usualViews } from "../io/chooseColumns.ts";
import { type ColumnTable, type NamedMatrix, tableFeatures, tableLabels, tableViews } from "../io/columnTable.ts";
import { decodeText } from "../io/featureTable.ts";
import type { LabelColumn } from "../io/labelValues.ts";
import { openArrow } from "../io/openArrow.ts";
import { openCsv } from "../io/openCsv.ts";
import { openJsonLines } from "../io/openJsonLines.ts";
import { openParquet } from "../io/openParquet.ts";
import { parseNpy } from "../io/readNpy.ts";
import { listNpz, readNpz } from "../io/readNpz.ts";
import { listSafetensors, readSafetensors } from "../io/readSafetensors.ts";
import { extensions } from "./splitPath.ts";

/** A file in memory: the key that its path named, what errors call function and file, and what is asked of it. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly key: string | undefined;
  readonly caller: string;
  readonly name: string;
  readonly request?: FeatureRequest;
  /** Between two cells of a text, as the user says. */
  readonly delimiter?: string;
  /** Is told what was found that a user may not expect. */
  readonly tell?: (text: string) => void;
}

/** How a format gives features, labels and views. */
export interface Format {
  features(file: FileBytes): NamedMatrix | Promise<NamedMatrix>;
  labels(file: FileBytes): LabelColumn | Promise<LabelColumn>;
  views(file: FileBytes): Views | Promise<Views>;
}

/** Columns of an array, or of lists, by their numbers. */
function unnamed(matrix: Matrix, { columns, drop }: FeatureRequest, caller: string, name: string): NamedMatrix {
  const names = numberedNames(matrix.cols);
  if (columns === undefined && drop === undefined) return { matrix, columns: names, named: false };
  const dropped = new Set(columnPositions(drop ?? [], names, caller, `${name}, by --drop,`));
  const places = columnPositions(columns ?? ["0:"], names, caller, `${name}, by --columns,`).filter((place) => !dropped.has(place));
  if (places.length === 0) throw valueError(caller, name, "has no column left", "at least 1");
  return { matrix: takeColumns(matrix, places), columns: numberedNames(places.length), named: false };
}

/** A format of arrays with keys; `usual` are those that are taken where a path names none. */
function arrays(open: (file: FileBytes, usual: readonly string[]) => readonly [StoredArray, string]): Format {
  return {
    features(file) {
      const [array, name] = open(file, usualFeatures);
      return unnamed(arrayMatrix(array, file.caller, name), file.request ?? {}, file.caller, name);
    },
    labels(file) {
      const [array, name] = open(file, usualLabels);
      return arrayLabelColumn(array, file.caller, name);
    },
    views(file) {
      const [array, name] = open(file, usualViews);
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

/** A format of tables. */
function tables(open: (file: FileBytes) => ColumnTable | Promise<ColumnTable>): Format {
  return {
    async features(file) {
      const { key, caller, name, request = {}, tell } = file;
      const found = await tableFeatures(await open(file), { ...request, key }, caller, name, tell);
      // Of a column of lists, numbers choose among its dimensions.
      const within = request.columns?.every((each) => /^\d*:\d*$|^\d+$/.test(each)) ? request.columns : undefined;
      return found.list && within ? unnamed(found.matrix, { columns: within }, caller, name) : found;
    },
    labels: async (file) => tableLabels(await open(file), file.key, file.caller, file.name),
    views: async (file) => tableViews(await open(file), file.key, file.caller, file.name),
  };
}

/** Names that the options ask for: a first line that holds one of them names the columns. */
function knownNames({ key, request = {} }: FileBytes): readonly string[] {
  const { columns = [], drop = [], align = [], labels } = request;
  return [key ?? "label", labels?.key ?? "label", ...columns, ...drop, ...align];
}

const text = (own: string): Format => ({
  ...tables((file) => {
    const { bytes, caller, name, delimiter, tell } = file;
    return openCsv(bytes, { own, delimiter, known: knownNames(file), tell }, caller, name);
  }),
  views({ caller, name }) {
    const wanted = "n × views × d: npy, npz, safetensors, or lists of lists in jsonl, parquet, arrow";
    throw valueError(caller, name, "is a table of numbers", wanted);
  },
});

function checkNoKey({ key, caller, name }: FileBytes, what: string): void {
  if (key !== undefined) throw valueError(caller, name, `has no key "${key.slice(0, 40)}"`, `no key after the name: ${what}`);
}

const jsonTables = tables(({ bytes, caller, name }) => openJsonLines(bytes, caller, name));
/** JSON lines: a table, or lines that are arrays. */
const json: Format = {
  features(file) {
    const table = openJsonLines(file.bytes, file.caller, file.name);
    if (!table.arrays) return jsonTables.features(file);
    checkNoKey(file, "its lines are arrays, not objects");
    return unnamed(table.rows(), file.request ?? {}, file.caller, file.name);
  },
  labels(file) {
    if (openJsonLines(file.bytes, file.caller, file.name).arrays)
      throw valueError(file.caller, file.name, "has lines that are arrays", "objects with a label each");
    return jsonTables.labels(file);
  },
  views(file) {
    const table = openJsonLines(file.bytes, file.caller, file.name);
    if (!table.arrays) return jsonTables.views(file);
    checkNoKey(file, "its lines are arrays, not objects");
    return table.rowsOfViews();
  },
};

/** Labels, a line each. */
const lines: Format = {
  features({ caller, name }) {
    const others = extensions.filter((each) => each !== "txt").join(", .");
    throw valueError(caller, name, "is of no known format", `one of .${others}; a .txt file holds labels, a line each`);
  },
  labels(file) {
    const { bytes, caller, name } = file;
    checkNoKey(file, "txt holds a label a line");
    const all = decodeText(bytes, caller, name)
      .split(/\r\n|\n|\r/)
      .map((line) => line.trim());
    while (all.at(-1) === "") all.pop();
    if (all.length === 0) throw valueError(caller, name, "has no lines", "a label a line");
    return { values: all, text: true, place: (row) => `${name} line ${row + 1}`, missing: () => ["has no label", "one a line"] };
  },
  views({ caller, name }) {
    throw valueError(caller, name, "is text", "n × views × d: npy, npz, safetensors, or lists of lists in jsonl, parquet, arrow");
  },
};

const arrow = tables(({ bytes, caller, name }) => openArrow(bytes, caller, name));

/** The formats by extension. */
export const formats: Readonly<Record<(typeof extensions)[number], Format>> = {
  npy,
  npz,
  safetensors,
  csv: text(","),
  tsv: text("\t"),
  txt: lines,
  jsonl: json,
  ndjson: json,
  parquet: tables(({ bytes, caller, name }) => openParquet(bytes, caller, name)),
  arrow,
  feather: arrow,
};
