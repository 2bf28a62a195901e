import { describe, kindError, valueError } from "../core/errors.ts";
import { writeOnnx } from "../io/writeOnnx.ts";
import { writeSklearnNpz } from "../io/writeSklearnNpz.ts";
import { headToJSON } from "../probe/headToJSON.ts";
import type { Head, Probe } from "../probe/probe.ts";
import { writeWhole } from "./writeWhole.ts";

/** How a head is written, by the extension of the file. */
const writers: Readonly<Record<string, (head: Head | Probe) => string | Uint8Array>> = {
  ".json": (head) => `${JSON.stringify(headToJSON(head))}\n`,
  ".onnx": (head) => writeOnnx(head),
  ".npz": (head) => writeSklearnNpz(head),
};

/** The extension of a file for heads, in lower case; undefined where it is none of them. */
export function headExtension(path: string): string | undefined {
  return Object.keys(writers).find((extension) => path.toLowerCase().endsWith(extension));
}

/**
 * Writes a head or a probe, whole or not at all, as the file's extension says: `.json` by `headToJSON`, `.onnx` by `writeOnnx` (float32), `.npz` by
 * `writeSklearnNpz`.
 *
 * @param path - the file
 * @param head - a trained head, or a probe
 * @throws RangeError when the extension is unknown, or the head cannot be written in that format; Error when the file cannot be written
 * @example
 * ```ts
 * import { fitSoftmax, toMatrix } from "softprobe";
 * import { writeHead } from "softprobe/node";
 *
 * await writeHead("/tmp/softprobe-head.onnx", fitSoftmax(toMatrix([[0], [4]]), ["low", "high"]));
 * ```
 */
export async function writeHead(path: string, head: Head | Probe): Promise<void> {
  if (typeof path !== "string") throw kindError("writeHead", "path", path, "the name of a file; the head comes second");
  const extension = headExtension(path);
  if (extension === undefined) throw valueError("writeHead", "path", `is ${describe(path)}`, "a name that ends in .json, .onnx or .npz");
  await writeWhole(path, writers[extension](head));
}
