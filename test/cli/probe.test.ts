import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { linearProbe } from "../../src/index.ts";
import { readNpyLabels, readNpyMatrix } from "../../src/io.ts";
import { golden, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(golden, name)));
const features = readNpyMatrix(bytes("features.npy"));
const labels = readNpyLabels(bytes("labels.npy"));
const data = ["--features", "features.npy", "--labels", "labels.npy"];

async function succeeds(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await softprobe(["probe", ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("softprobe probe", () => {
  it("tells what linearProbe tells: a sweep of C on training rows, scored on test files", async () => {
    const test = ["--test-features", "features.npy", "--test-labels", "labels.npy"];
    const shown = JSON.parse(await succeeds(...data, ...test, "--C", "1,10,100", "--normalize", "none", "--mask", "simple", "--json"));
    const { files, ...config } = shown.config;
    const wanted = await linearProbe(features, labels, {
      test: features,
      testLabels: labels,
      C: [1, 10, 100],
      normalize: "none",
      mask: "simple",
    });
    expect({ ...shown, config }).toEqual(JSON.parse(JSON.stringify(wanted)));
    expect(shown.schema).toBe("softprobe/probe@1");
    expect(files).toMatchObject({ features: "features.npy", labels: "labels.npy" });
  });

  it("loads a mask of one's own from a module", async () => {
    const path = join(folder, "falling.mjs");
    const code =
      "export default { name: 'falling', weights: ({ support }) => Float64Array.from({ length: support.cols }, (_, j) => 1 / (1 + j)) };";
    writeFileSync(path, code);
    const shown = JSON.parse(await succeeds(...data, "--mask", path, "--C", "1", "--json"));
    const { default: mask } = await import(pathToFileURL(path).href);
    const { config, ...rest } = JSON.parse(JSON.stringify(await linearProbe(features, labels, { mask, C: 1 })));
    expect(shown).toMatchObject({ ...rest, config });
    expect(config.mask).toBe("falling");
  });

  it("prints a table with the learning curve and draws the confusions", async () => {
    const picture = join(folder, "confusions.svg");
    const text = await succeeds(...data, "--split", "0.4", "--shots", "1,2,all", "--draws", "2", "--seed", "3", "--plot", picture);
    const wanted = await linearProbe(features, labels, { split: 0.4, shots: [1, 2, "all"], draws: 2, seed: 3 });
    expect(text).toContain(
      `Trained on ${wanted.trainRows} rows of ${wanted.confusion.classes.length} classes, tested on ${wanted.testRows}.`,
    );
    expect(text).toContain(`Accuracy: ${(100 * wanted.accuracy).toFixed(1)} % (95 % interval`);
    const [{ actual, predicted, count }] = wanted.worstPairs;
    expect(text).toContain(`  ${String(actual)}, ${String(predicted)}: ${count} rows`);
    for (const { shots, rows, accuracy } of wanted.curve)
      expect(text).toMatch(new RegExp(`\\n${shots} +${rows} +${(100 * accuracy).toFixed(1).replace(".", "\\.")} %`));
    expect(readFileSync(picture, "utf8")).toContain("<svg");
  });

  it("--mask tuned combines maps by evidence on base rows, and says what chose C", async () => {
    const base = { features: readNpyMatrix(bytes("base_features.npy")), labels: readNpyLabels(bytes("base_labels.npy")) };
    const options = ["--base-features", "base_features.npy", "--base-labels", "base_labels.npy", "--mask", "tuned"];
    const text = await succeeds(...data, ...options);
    const { accuracy, C } = await linearProbe(features, labels, { base, mask: "tuned" });
    expect(text).toContain(`C: ${C} (by held-out base classes).`);
    expect(text).toContain(`Accuracy: ${(100 * accuracy).toFixed(1)} %`);
    expect(await succeeds(...data, "--mask", "tuned")).toMatch(/by (?:approximate )?leave-one-out on training rows/);
  });

  it.each([
    [["--test-features", "features.npy"], "--test-features and --test-labels go together"],
    [
      ["--test-features", "features.npy", "--test-labels", "labels.npy", "--split", "0.1"],
      "--split is for a test without files of its own",
    ],
    [["--C", "1,auto"], '--C is "1,auto", expected numbers greater than 0, or auto alone'],
    [["--shots", "0"], '--shots has "0"'],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await softprobe(["probe", ...data, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("leaves nothing behind where it fails", async () => {
    const out = join(folder, "none.json");
    writeFileSync(join(folder, "bad.npy"), "no array");
    const { code } = await softprobe(["probe", "--features", join(folder, "bad.npy"), "--labels", "labels.npy", "--json", "--out", out]);
    expect([code, existsSync(out)]).toEqual([1, false]);
  });
});
