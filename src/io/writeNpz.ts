import { type Zippable, zipSync } from "fflate";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import { type NpyInput, writeNpy } from "./writeNpy.ts";

export interface WriteNpzOptions {
  /** Deflate the arrays, as `numpy.savez_compressed` (default `false`: as they are, as `numpy.savez`). */
  readonly compress?: boolean;
}

export const writeNpzOptionNames: OptionNames<WriteNpzOptions> = { compress: true };

/** What may not stand in the name of a file that other programs unpack. */
const unsafe = /[\0/\\]/;

/**
 * Writes arrays as an npz file that numpy.load reads. The same arrays give the same bytes, because entries carry no time.
 *
 * @param arrays - key and array, as a record or as pairs
 * @param options - whether to deflate
 * @returns the file's bytes
 * @throws RangeError when a key is empty, comes twice or has a slash, or data and shape do not fit
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "softprobe/io";
 *
 * const bytes = writeNpz({ coef: { data: Float64Array.of(1, 2), shape: [1, 2] } }, { compress: true });
 * console.log(readNpz(bytes).get("coef")?.shape); // → [ 1, 2 ]
 * ```
 */
export function writeNpz(
  arrays: Readonly<Record<string, NpyInput>> | Iterable<readonly [string, NpyInput]>,
  options: WriteNpzOptions = {},
): Uint8Array {
  checkOptions(options, "writeNpz", writeNpzOptionNames);
  const pairs = Symbol.iterator in arrays ? (arrays as Iterable<readonly [string, NpyInput]>) : Object.entries(arrays);
  const files: Zippable = Object.create(null);
  for (const [key, array] of pairs) {
    const file = `${key}.npy`;
    if (key === "" || unsafe.test(key))
      throw valueError("writeNpz", `key "${key.slice(0, 40)}"`, "cannot name a file", "characters, none of them a slash");
    if (file in files) throw valueError("writeNpz", `key "${key.slice(0, 40)}"`, "comes twice", "every key once");
    files[file] = writeNpy(array);
  }
  return zipSync(files, { level: options.compress ? 6 : 0, mtime: new Date(1980, 0, 1) });
}
