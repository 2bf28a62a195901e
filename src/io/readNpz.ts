import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError, valueError } from "../core/errors.ts";
import { type NpyArray, parseNpy } from "./readNpy.ts";
import { listZip, readZipEntry, refusal, type ZipEntry } from "./readZip.ts";

export interface ReadNpzOptions {
  /** Read these arrays only (default: all). */
  readonly keys?: readonly string[];
  /** Largest total size of the arrays, in bytes after inflating (default 2³¹). */
  readonly maxBytes?: number;
}

const readNpzOptionNames: OptionNames<ReadNpzOptions> = { keys: true, maxBytes: true };

/** Whether an entry that is not called .npy is an npy file all the same, as other programs write them and numpy reads them. */
function isArray(whole: Uint8Array, entry: ZipEntry, refuse: ReturnType<typeof refusal>): boolean {
  if (entry.name.endsWith("/") || entry.size < 10) return false;
  // Stored, its first bytes are there to be seen.
  if (entry.method !== 0) return !/\.[a-z]{2,4}$/i.test(entry.name);
  const content = readZipEntry(whole, entry, refuse);
  return content[0] === 0x93 && content[1] === 0x4e && content[2] === 0x55;
}

/** The bytes of an npz file, and its entries by key. What is no npy file has no place among arrays; numpy gives its bytes. */
function listArrays(bytes: Uint8Array | ArrayBuffer, caller: string, name: string) {
  const whole = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(whole instanceof Uint8Array)) throw kindError(caller, name, bytes, "a Uint8Array or ArrayBuffer");
  const refuse = refusal(caller, name);
  const listed = new Map<string, ZipEntry>();
  for (const entry of listZip(whole, refuse)) {
    const named = entry.name.endsWith(".npy");
    const key = named ? entry.name.slice(0, -4) : entry.name;
    if (listed.has(key)) throw refuse(`has two arrays "${key.slice(0, 40)}"`, "every name once");
    if (named || isArray(whole, entry, refuse)) listed.set(key, entry);
  }
  return { whole, listed };
}

/** The keys of an npz file, in the file's order; nothing is inflated. */
export function listNpz(bytes: Uint8Array | ArrayBuffer, caller: string, name: string): string[] {
  return [...listArrays(bytes, caller, name).listed.keys()];
}

/**
 * Reads an npz file: numpy's zip archive of npy files, stored or deflated. Sizes are checked before anything is inflated, so that no small file becomes a huge array.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`); an array in it is called `name:key`
 * @param options - which arrays to read, and how many bytes they may take
 * @returns the arrays by their keys, in the file's order
 * @throws RangeError naming the file and the reason when it is truncated, damaged, encrypted or too large, or has no such key
 * @example
 * ```ts
 * import { readNpz, writeNpz } from "softprobe/io";
 *
 * const bytes = writeNpz({ features: { data: Float32Array.of(1, 2), shape: [1, 2] }, labels: { data: ["pear"], shape: [1] } });
 * console.log([...readNpz(bytes).keys()]); // → [ 'features', 'labels' ]
 * console.log(readNpz(bytes, "fruit.npz", { keys: ["labels"] }).get("labels")?.data); // → [ 'pear' ]
 * ```
 */
export function readNpz(bytes: Uint8Array | ArrayBuffer, name = "bytes", options: ReadNpzOptions = {}): ReadonlyMap<string, NpyArray> {
  checkOptions(options, "readNpz", readNpzOptionNames);
  const maxBytes = checkCount(options.maxBytes ?? 2 ** 31, "readNpz", "options.maxBytes", 0);
  const refuse = refusal("readNpz", name);
  const { whole, listed } = listArrays(bytes, "readNpz", name);
  for (const key of options.keys ?? []) {
    if (!listed.has(key))
      throw valueError("readNpz", name, `has no array "${key}"`, `one of ${[...listed.keys()].slice(0, 20).join(", ") || "none"}`);
  }
  const wanted = [...listed].filter(([key]) => options.keys?.includes(key) ?? true);
  const total = wanted.reduce((sum, [, { size }]) => sum + size, 0);
  if (total > maxBytes) throw refuse(`has arrays of ${total} bytes`, `at most ${maxBytes} (options.maxBytes)`);
  return new Map(wanted.map(([key, entry]) => [key, parseNpy(readZipEntry(whole, entry, refuse), "readNpz", `${name}:${key}`)]));
}
