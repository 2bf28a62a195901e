import { valueError } from "../core/errors.ts";
import { readSklearnNpz } from "../io/readSklearnNpz.ts";
import { loadKernels } from "../kernels/createKernels.ts";
import { headFromJSON } from "../probe/headFromJSON.ts";
import type { Head, Probe } from "../probe/probe.ts";
import { readBytes } from "./readBytes.ts";

/**
 * Reads a head or a probe from a file: JSON as `headToJSON` writes it, or scikit-learn's arrays in an npz file. Its first bytes decide
 * which it is.
 *
 * @param path - the file, or `-` for standard input
 * @returns a head, or a probe
 * @throws RangeError or TypeError naming the file and the reason; Error when it can't be read
 * @example
 * ```ts
 * import { fitCentroid, toMatrix } from "softprobe";
 * import { readHead, writeHead } from "softprobe/node";
 *
 * await writeHead("/tmp/softprobe-head.json", fitCentroid(toMatrix([[0], [4]]), ["low", "high"]));
 * console.log((await readHead("/tmp/softprobe-head.json")).kind); // → centroid
 * ```
 */
export async function readHead(path: string): Promise<Head | Probe> {
  if (/\.onnx$/i.test(path))
    throw valueError("readHead", path, "is an ONNX model, which is for other runtimes", "the head's JSON, or npz of scikit-learn's arrays");
  const bytes = await readBytes(path);
  loadKernels();
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readSklearnNpz(bytes, path);
  try {
    return headFromJSON(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/^headFromJSON: /, `headFromJSON: ${path}, `);
    throw error;
  }
}
