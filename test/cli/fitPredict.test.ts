import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import {
  classify,
  fitCalibratedProbe,
  headFromJSON,
  headToJSON,
  type Labels,
  type Matrix,
  type Probe,
  predict,
  predictProba,
  score,
} from "../../src/index.ts";
import { readNpyLabels, readNpyMatrix, readNpyViews, readSklearnNpz, writeNpy, writeOnnx } from "../../src/io.ts";
import { balancedAccuracy, confusionMatrix, expectedCalibrationError, proportionInterval } from "../../src/statistics.ts";
import { fitCombination, fitSupportCombination } from "../../src/tune.ts";
import { golden, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(golden, name)));
const features: Matrix = readNpyMatrix(bytes("features.npy"));
const labels: Labels = readNpyLabels(bytes("labels.npy"));
const base = { features: readNpyMatrix(bytes("base_features.npy")), labels: readNpyLabels(bytes("base_labels.npy")) };
const augmented = readNpyViews(bytes("augmented.npy"));
const data = ["--features", "features.npy", "--labels", "labels.npy"];
const baseOptions = ["--base-features", "base_features.npy", "--base-labels", "base_labels.npy"];
const keptProbe = (name: string): Probe => headFromJSON(readFileSync(at(name), "utf8")) as Probe;

/** Runs a command that must succeed and leave stderr empty; gives stdout. */
async function succeeds(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await softprobe(args);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("softprobe fit", () => {
  it("keeps the probe that fitCalibratedProbe trains, and says how it was made", async () => {
    const asked = ["--C", "auto", "--temperature", "loo", "--reject", "coverage:0.9", "--mask", "discriminant:1>none"];
    const stdout = await succeeds("fit", ...data, ...baseOptions, ...asked, "--out", at("head.json"));
    const wanted = fitCalibratedProbe(features, labels, {
      ...{ C: "auto", temperature: "leaveOneOut", coverage: 0.9, mask: "discriminant:1>none", base },
    });
    expect(keptProbe("head.json")).toEqual(wanted.probe);
    expect(stdout).toMatch(/^Probe: softmax, mask discriminant:1>none; 112 rows of 8 classes in 24 dimensions\.$/m);
    expect(stdout).toMatch(/^C: [\d.]+, of \d+ by (?:approximate )?leave-one-out \(log loss [\d.]+, accuracy [\d.]+ %\)\.$/m);
    expect(stdout).toMatch(/^Leave-one-out: accuracy [\d.]+ %, log loss [\d.]+ at temperature [\d.]+\.$/m);
    expect(stdout).toMatch(/^Rejection: by probability, above [\d.]+ \(coverage 0\.9\)\.$/m);
    expect(stdout).toMatch(/^Domain: the support looks (like|UNLIKE) further classes of the base set \(p [\d.]+\)\.$/m);
    expect(stdout).toContain(`Written: ${at("head.json")}.`);
  });

  it("--mask tuned keeps the probe of a combination learned from the base rows, and says which part weighs what", async () => {
    const stdout = await succeeds("fit", ...data, ...baseOptions, "--mask", "tuned", "--out", at("tuned.json"));
    const combination = fitCombination(base, { ways: 8, shots: 14 });
    const { probe } = fitCalibratedProbe(features, labels, { combination });
    expect(keptProbe("tuned.json")).toEqual(probe);
    expect(stdout).toMatch(/^Probe: linear, mask tuned; 112 rows of 8 classes in 24 dimensions\.$/m);
    expect(stdout).toMatch(/^Parts: .*\d+ %\.$/m);
  });

  it("--mask tuned without base rows combines by the support and its views, and says so where there are none", async () => {
    const given = ["--mask", "tuned", "--out", at("alone.json")];
    const stdout = await succeeds("fit", ...data, "--augmented", "augmented.npy", ...given);
    const combination = fitSupportCombination(features, labels, { augmented });
    expect(keptProbe("alone.json")).toEqual(fitCalibratedProbe(features, labels, { combination }).probe);
    expect(stdout).toMatch(/^Parts: raw \d+ %, views-support:16>none \d+ %, pair@augmented\/power:0\.5 \d+ %\.$/m);
    const plain = await succeeds("fit", ...data, ...given);
    expect(plain).toMatch(/^Neither base classes nor views to combine by: no mask, at a C of its own\.$/m);
    expect(keptProbe("alone.json").head).toEqual(fitCalibratedProbe(features, labels).probe.head);
  });

  it("loads a mask of one's own, or one in a basis of one's own, from a module, as fitProbe takes it", async () => {
    const [falling, still] = [at("falling.mjs"), at("still.mjs")];
    writeFileSync(
      falling,
      "export default { name: 'falling', basis: 'within:0.2', weights: ({ support }) => Float64Array.from({ length: support.cols }, (_, j) => 1 / (1 + j)) };",
    );
    const record =
      "kind: 'custom', normalize: 'l2', ridge: 0, cols, dimensions: cols, mean: new Float64Array(cols).fill(0.01), transform: null, lower: null, lowRank: null, psi: null, within: null";
    writeFileSync(
      still,
      `export default { basis: { name: 'still', from: 'base', fit: ({ cols }) => ({ ${record} }) }, mask: 'pair@support/power:1' };`,
    );
    for (const [path, name] of [
      [falling, "falling"],
      [still, "still>pair@support/power:1"],
    ]) {
      const stdout = await succeeds("fit", ...data, ...baseOptions, "--mask", path, "--out", at("own.json"));
      expect(stdout).toContain(`Probe: softmax, mask ${name}; 112 rows`);
      const { default: mask } = await import(pathToFileURL(path).href);
      expect(keptProbe("own.json")).toEqual(fitCalibratedProbe(features, labels, { mask, base }).probe);
    }
  });

  it("takes eval's other options as fitProbe does", async () => {
    const asked = ["--mask", "pair@augmented/power:0.5", "--train-on", "augmented", "--C", "3", "--temperature", "1.5", "--kernels", "js"];
    await succeeds("fit", ...data, "--augmented", "augmented.npy", ...asked, "--out", at("views.json"));
    const options = { mask: "pair@augmented/power:0.5", trainOn: "augmented", C: 3, temperature: 1.5, augmented, kernels: "js" } as const;
    expect(keptProbe("views.json")).toEqual(fitCalibratedProbe(features, labels, options).probe);
    await succeeds("fit", ...data, "--probe", "centroid", "--normalize", "none", "--reject", "coverage:0.5", "--out", at("near.json"));
    const near = fitCalibratedProbe(features, labels, { probe: "centroid", normalize: "none", coverage: 0.5 }).probe;
    expect(keptProbe("near.json")).toEqual(near);
    expect(near.rejection?.by).toBe("score");
  });

  it("prints one JSON document, softprobe/fit@1, which holds the head where no file takes it", async () => {
    const document = JSON.parse(await succeeds("fit", ...data, ...baseOptions, "--C", "auto", "--temperature", "loo", "--json"));
    const { probe, penalty, heldOut } = fitCalibratedProbe(features, labels, { C: "auto", temperature: "leaveOneOut", base });
    expect(document).toMatchObject({
      schema: "softprobe/fit@1",
      config: {
        ...probe.provenance!.options,
        files: { features: "features.npy", labels: "labels.npy", "base-features": "base_features.npy" },
      },
      digest: probe.provenance!.digest,
      classes: [...probe.head.classes],
      ...{ dimensions: 24, steps: ["l2"], converged: true, temperature: probe.temperature, rejection: null, out: null },
      chosenBy: "heldOut",
      heldOut: { method: "leaveOneOut", rows: 112, accuracy: heldOut!.accuracy, logLoss: heldOut!.logLoss },
      domain: { verdict: "similar" },
      head: JSON.parse(JSON.stringify(headToJSON(probe))),
    });
    expect(document.penalty).toEqual(JSON.parse(JSON.stringify(penalty)));
    const filed = JSON.parse(await succeeds("fit", ...data, "--json", "--out", at("filed.json")));
    expect([filed.head, filed.out, filed.penalty.C, filed.heldOut, filed.domain]).toEqual([
      undefined,
      at("filed.json"),
      // Without --C, as with auto.
      fitCalibratedProbe(features, labels).penalty!.C,
      null,
      null,
    ]);
  });

  it("writes ONNX or scikit-learn's arrays by the extension", async () => {
    await succeeds("fit", ...data, "--mask", "pair@support/power:0.5", "--out", at("head.onnx"));
    await succeeds("fit", ...data, "--mask", "pair@support/power:0.5", "--out", at("head.npz"));
    const { probe } = fitCalibratedProbe(features, labels, { mask: "pair@support/power:0.5" });
    expect(new Uint8Array(readFileSync(at("head.onnx")))).toEqual(writeOnnx(probe));
    const back = readSklearnNpz(new Uint8Array(readFileSync(at("head.npz"))));
    expect(predict(back, features)).toEqual(predict(probe, features));
  });
});

describe("softprobe predict", () => {
  const head = at("predict.json");
  const fitted = fitCalibratedProbe(features, labels, { temperature: "leaveOneOut", coverage: 0.8, C: 10 }).probe;
  writeFileSync(head, JSON.stringify(headToJSON(fitted)));
  const asked = ["predict", "--head", head, "--features", "features.npy"];
  const { labels: named, probabilities, rejected } = classify(fitted, features);
  const rows = Array.from({ length: 112 }, (_, i) => Array.from(probabilities.data.subarray(8 * i, 8 * (i + 1))));
  const top = rows.map((row) => Math.max(...row));

  it("prints one JSON document, softprobe/predict@1: labels, probabilities, rejections and, with labels, how good they are", async () => {
    const document = JSON.parse(await succeeds(...asked, "--labels", "labels.npy", "--json"));
    const { measures, ...rest } = document;
    expect(rest).toEqual({
      schema: "softprobe/predict@1",
      config: { files: { head, features: "features.npy", labels: "labels.npy" }, probe: "softmax", rejection: fitted.rejection },
      digest: fitted.provenance!.digest,
      classes: fitted.head.classes,
      ...{ labels: named, probabilities: rows, rejected },
    });
    const truth = Array.from(labels);
    const correct = named.map((label, i) => label === truth[i]);
    const answered = correct.filter((_, i) => !rejected[i]);
    expect(measures.accuracy).toBe(score(fitted, features, labels));
    expect(measures.ci95).toEqual(proportionInterval(correct.filter(Boolean).length, 112));
    expect(measures.confusion.counts).toEqual(Array.from(confusionMatrix(labels, named).counts));
    expect(measures.balancedAccuracy).toBe(balancedAccuracy(confusionMatrix(labels, named)));
    expect(measures.expectedCalibrationError).toBe(expectedCalibrationError(top, correct));
    const own = truth.map((label, i) => rows[i][fitted.head.classes.indexOf(label)]);
    expect(measures.logLoss).toBeCloseTo(
      own.reduce((sum, p) => sum - Math.log(p) / 112, 0),
      12,
    );
    expect([measures.unknownRows, measures.coverage]).toEqual([0, answered.length / 112]);
    expect(measures.accuracyOfAnswers).toBeCloseTo(answered.filter(Boolean).length / answered.length, 12);
    expect(answered.length).toBeLessThan(112);
    expect(JSON.parse(await succeeds(...asked, "--json")).measures).toBe(null);
  });

  it("lays answers out for people, and sums them up", async () => {
    const stdout = await succeeds(...asked, "--labels", "labels.npy", "--rows");
    const lines = stdout.trimEnd().split("\n").slice(-114);
    expect(lines[0]).toMatch(/^row +label +probability +actual$/);
    expect(lines[2]).toMatch(new RegExp(`^ +0 +${named[0]} +${top[0].toFixed(3)} .*${String(labels[0])}$`));
    expect(lines.slice(2, 114).filter((line) => / rejected /.test(line)).length).toBe(rejected.filter(Boolean).length);
    expect(stdout).toMatch(/^112 rows, by predicted class: \w+: \d+,/);
    expect(stdout).toMatch(/^Accuracy [\d.]+ %, 95 % interval [\d.]+ % – [\d.]+ %\.$/m);
    expect(stdout).toMatch(/^Balanced accuracy [\d.]+ %, log loss [\d.]+, calibration error \(ECE\) [\d.]+\.$/m);
    // The confusion: a line a class, its rows in all as many as it has.
    const apple = /^apple +(.*)$/m.exec(stdout)![1].split(/ +/);
    expect(apple.reduce((sum, count) => sum + (count === "·" ? 0 : Number(count)), 0)).toBe(14);
    expect((await succeeds(...asked, "--labels", "labels.npy")).split("\n").length).toBeLessThan(25);
    expect(stdout).toMatch(/^Answered [\d.]+ % of the rows, [\d.]+ % of them right\.$/m);
    expect(await succeeds(...asked)).not.toContain("Accuracy");
  });

  it("writes csv and JSON lines, a row a line, with every probability in full", async () => {
    await succeeds(...asked, "--labels", "labels.npy", "--format", "csv", "--out", at("answers.csv"));
    const [titles, first] = readFileSync(at("answers.csv"), "utf8").split("\n");
    expect(titles).toBe(`row,label,probability,rejected,actual,${fitted.head.classes.map((name) => `p(${name})`).join(",")}`);
    expect(first).toBe([0, named[0], top[0], rejected[0], labels[0], ...rows[0]].join(","));
    const lines = (await succeeds(...asked, "--format", "jsonl")).trimEnd().split("\n");
    expect(lines.length).toBe(112);
    const last = { row: 111, label: named[111], probability: top[111], rejected: rejected[111], probabilities: rows[111] };
    expect(JSON.parse(lines[111])).toEqual(last);
  });

  it("counts rows of classes that the head does not know as wrong, and says how many", async () => {
    const args = ["predict", "--head", head, "--features", "base_features.npy", "--labels", "base_labels.npy"];
    const { measures } = JSON.parse(await succeeds(...args, "--json"));
    expect(measures).toMatchObject({ accuracy: 0, logLoss: null, unknownRows: 60 });
    expect(await succeeds(...args)).toMatch(/^60 rows have classes that the head does not know: they count as wrong\.$/m);
  });

  it("reads scikit-learn's arrays as well, and whole numbers beyond 2^53 as their digits", async () => {
    const big = BigInt64Array.from(labels, (label) => 2n ** 60n + BigInt(String(label).length));
    writeFileSync(at("big.npy"), writeNpy({ data: big, shape: [112] }));
    await succeeds("fit", "--features", "features.npy", "--labels", at("big.npy"), "--out", at("big.npz"));
    const document = JSON.parse(await succeeds("predict", "--head", at("big.npz"), "--features", "features.npy", "--json"));
    const own = fitCalibratedProbe(features, big).probe;
    expect(document.labels).toEqual(predict(own, features).map((label) => ({ bigint: String(label) })));
    const [p] = document.probabilities;
    expect(Math.abs(p[0] - predictProba(own, features).data[0])).toBeLessThan(1e-12);
  });
});

describe("fit and predict refuse", () => {
  const out = ["--out", at("refused.json")];
  const kept = at("predict.json");
  const cases: readonly [title: string, code: number, args: readonly string[], says: string][] = [
    ["no place for the head", 2, ["fit", ...data], "--out is missing: where the head goes, a name that ends in .json, .onnx or .npz"],
    ["another extension", 2, ["fit", ...data, "--out", "head.pkl"], '--out is "head.pkl", expected a name that ends in'],
    ["C by a word", 2, ["fit", ...data, ...out, "--C", "best"], '--C is "best", expected a finite number greater than 0, or auto'],
    [
      "a temperature of 0",
      2,
      ["fit", ...data, ...out, "--temperature", "0"],
      '--temperature is "0", expected a finite number greater than 0, or loo',
    ],
    ["a share above 1", 2, ["fit", ...data, ...out, "--reject", "coverage:95"], '--reject is "coverage:95", expected coverage:SHARE'],
    ["rejection by another name", 2, ["fit", ...data, ...out, "--reject", "0.9"], '--reject is "0.9", expected coverage:SHARE'],
    ["a way to reject without a share", 2, ["fit", ...data, ...out, "--reject-by", "score"], "--reject-by needs --reject"],
    [
      "C auto of a centroid",
      2,
      ["fit", ...data, ...out, "--C", "auto", "--probe", "centroid"],
      '--C auto is for --probe softmax, and --probe is "centroid"',
    ],
    ["an unknown mask", 2, ["fit", ...data, ...out, "--mask", "sharp"], '--mask: "sharp" is no mask'],
    ["an oracle", 1, ["fit", ...data, ...out, "--mask", "pair@oracle/top:0.1"], "asks an oracle"],
    ["an option of episodes", 2, ["fit", ...data, ...out, "--shots", "1"], "unknown option --shots"],
    ["a head that is not linear as arrays", 1, ["fit", ...data, "--mask", "simple", "--out", at("x.npz")], "not linear (simple)"],
    ["no head", 2, ["predict", "--features", "features.npy"], "--head is missing"],
    ["no features", 2, ["predict", "--head", kept], "--features is missing"],
    [
      "another format",
      2,
      ["predict", "--head", kept, "--features", "features.npy", "--format", "xml"],
      '--format is "xml", expected one of table, json, jsonl, csv',
    ],
    ["two formats", 2, ["predict", "--head", kept, "--features", "features.npy", "--format", "csv", "--json"], "one of them"],
    [
      "a head that is none",
      1,
      ["predict", "--head", "episodes.json", "--features", "features.npy"],
      "headFromJSON: episodes.json, document.schema is",
    ],
    ["an ONNX model for a head", 1, ["predict", "--head", "head.onnx", "--features", "features.npy"], "is an ONNX model"],
    [
      "fewer labels than rows",
      1,
      ["predict", "--head", kept, "--features", "features.npy", "--labels", "base_labels.npy"],
      "base_labels.npy has 60 labels, expected 112",
    ],
  ];
  for (const [title, code, args, says] of cases)
    it(title, async () => {
      const ran = await softprobe(args);
      expect([ran.code, ran.stdout]).toEqual([code, ""]);
      expect(ran.stderr).toContain(says);
      expect(ran.stderr).toMatch(/^softprobe: [^\n]+\n$/);
    });

  it("features of other dimensions than the head's, naming both files", async () => {
    writeFileSync(at("narrow.npy"), writeNpy({ data: new Float64Array(8), shape: [2, 4] }));
    const { code, stderr } = await softprobe(["predict", "--head", kept, "--features", at("narrow.npy")]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${at("narrow.npy")} has 4 dimensions, expected 24, as the head of ${kept}`);
  });

  it("leave-one-out at one row a class, with the reason", async () => {
    const lines = ["1,0,a", "0,1,b", "0,2,b"];
    writeFileSync(at("one.csv"), `x,y,label\n${lines.join("\n")}\n`);
    const { code, stderr } = await softprobe([
      "fit",
      "--features",
      at("one.csv"),
      "--labels",
      at("one.csv"),
      "--temperature",
      "loo",
      ...out,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("at 1 shot there is no leave-one-out");
  });
});
