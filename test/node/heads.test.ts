import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { readSklearnNpz } from "../../src/io/readSklearnNpz.ts";
import { writeOnnx } from "../../src/io/writeOnnx.ts";
import { readHead } from "../../src/node/readHead.ts";
import { writeHead } from "../../src/node/writeHead.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";

const folder = mkdtempSync(join(tmpdir(), "softprobe-heads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 5, dims: 8, seed: 1 });
const probe = fitProbe(features, labels, { mask: "pair@support/power:0.5" });

it("a probe goes to a file by its extension, and comes back from JSON and npz, whatever the file is called", async () => {
  await writeHead(at("head.json"), probe);
  expect(await readHead(at("head.json"))).toEqual(probe);
  await writeHead(at("HEAD.NPZ"), probe);
  expect(await readHead(at("HEAD.NPZ"))).toEqual(readSklearnNpz(new Uint8Array(readFileSync(at("HEAD.NPZ")))));
  await writeHead(at("head.onnx"), probe);
  expect(new Uint8Array(readFileSync(at("head.onnx")))).toEqual(writeOnnx(probe));
  writeFileSync(at("kept"), readFileSync(at("head.json")));
  expect(await readHead(at("kept"))).toEqual(probe);
});

it("what is no head is refused in the name of its file", async () => {
  writeFileSync(at("cut.json"), readFileSync(at("head.json")).subarray(0, 300));
  writeFileSync(at("other.json"), '{"schema":"softprobe/eval@1"}');
  writeFileSync(at("cut.npz"), readFileSync(at("HEAD.NPZ")).subarray(0, 300));
  await expect(readHead(at("cut.json"))).rejects.toThrow(`headFromJSON: ${at("cut.json")}, document is not JSON`);
  await expect(readHead(at("other.json"))).rejects.toThrow(`headFromJSON: ${at("other.json")}, document.schema is "softprobe/eval@1"`);
  await expect(readHead(at("cut.npz"))).rejects.toThrow(at("cut.npz"));
  await expect(readHead(at("head.onnx"))).rejects.toThrow("is an ONNX model, which is for other runtimes, expected the head's JSON");
  await expect(readHead(at("absent.json"))).rejects.toThrow("ENOENT");
  await expect(writeHead(at("head.pkl"), probe)).rejects.toThrow("expected a name that ends in .json, .onnx or .npz");
});

it("arguments in the other order are refused by name", async () => {
  await expect(writeHead(probe as never, at("head.json") as never)).rejects.toThrow(
    "writeHead: path is Object, expected the name of a file; the head comes second",
  );
});
