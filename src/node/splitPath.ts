/** What a path names: a file, its format by its extension, and an array or column in it. */
export interface SplitPath {
  readonly file: string;
  /** The extension in lower case, without its dot; undefined where it is none that is known. */
  readonly extension: string | undefined;
  readonly key: string | undefined;
}

/** The extensions that the readers know. */
export const extensions = ["npy", "npz", "safetensors", "csv", "tsv", "txt", "jsonl", "ndjson", "parquet", "arrow", "feather"] as const;

/**
 * Splits `file.npz:key`. A colon counts only right after a known extension, the first such one: those of drive letters (`C:\data\x.npz:key`) and of names do not, and a key
 * may hold colons.
 */
export function splitPath(path: string): SplitPath {
  const split = new RegExp(`^(.*?\\.(${extensions.join("|")}))(?::(.*))?$`, "is").exec(path);
  return split === null
    ? { file: path, extension: undefined, key: undefined }
    : { file: split[1], extension: split[2].toLowerCase(), key: split[3] };
}
