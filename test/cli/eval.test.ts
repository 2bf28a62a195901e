import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/evaluate/results.ts";
import { golden, small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const json = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await softprobe([...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.endsWith("}\n")).toBe(true);
  return JSON.parse(stdout);
};
const counts = [{ correct: expect.any(Number), total: 40 }];

describe("softprobe eval --json", () => {
  it("prints one document with the schema's keys and nothing else", async () => {
    const document = await json(["eval", ...small]);
    expect(Object.keys(document).sort()).toEqual(["config", "digest", "episodes", "excludedClasses", "results", "schema"]);
    expect(document.schema).toBe("softprobe/eval@1");
    expect(document.digest).toMatch(/^[0-9a-f]{16,}$/);
    expect(document.episodes).toBe(12);
    expect(document.excludedClasses).toEqual([]);
    expect(document.results).toEqual([
      {
        mask: "none",
        probe: "softmax",
        accuracy: expect.any(Number),
        ci95: [expect.any(Number), expect.any(Number)],
        difference: null,
      },
    ]);
  });

  it("gives accuracies as fractions of 1 inside their intervals", async () => {
    const [{ accuracy, ci95 }] = (await json(["eval", ...small])).results;
    expect(accuracy).toBeGreaterThan(0.2);
    expect(accuracy).toBeLessThan(1);
    expect(ci95[0]).toBeLessThan(accuracy);
    expect(ci95[1]).toBeGreaterThan(accuracy);
  });

  it("says in config what was asked, what was assumed and which files it read", async () => {
    const { config } = await json(["eval", ...small, "--seed", "7", "--C", "0.5", "--shots", "2"]);
    expect(config).toMatchObject({
      ways: 5,
      shots: 2,
      queries: 8,
      seed: 7,
      C: 0.5,
      trainOn: "support",
      normalize: "l2",
      masks: ["none"],
      probes: ["softmax"],
      files: { features: "features.npy", labels: "labels.npy" },
    });
  });

  it("defaults to 600 episodes, 5-way 1-shot with 15 queries, seed 0 and C 1", async () => {
    const demo = ["--features", "base_features.npy", "--labels", "base_labels.npy", "--queries", "9"];
    const document = await json(["eval", ...demo]);
    expect(document.episodes).toBe(600);
    expect(document.config).toMatchObject({ ways: 5, shots: 1, seed: 0, C: 1 });
    const { code, stderr } = await softprobe(["eval", ...demo.slice(0, 4)]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("shots + queries = 16")]);
  });

  it("keeps the order asked: mask by mask, each with every probe, differences against the first mask", async () => {
    const masks = ["pair@oracle/power:1", "none", "pair@oracle/top:0.25"];
    const { results } = await json([
      ...["eval", ...small, ...masks.flatMap((mask) => ["--mask", mask])],
      ...["--probe", "centroid", "--probe", "softmax", "--probe", "cosine"],
    ]);
    expect(results.map(({ mask, probe }: { mask: string; probe: string }) => `${mask} ${probe}`)).toEqual(
      masks.flatMap((mask) => ["centroid", "softmax", "cosine"].map((probe) => `${mask} ${probe}`)),
    );
    results.forEach((result: { accuracy: number; difference: { mean: number; ci95: number[]; p: number } | null }, i: number) => {
      if (i < 3) {
        expect(result.difference).toBeNull();
        return;
      }
      const { mean, ci95, p } = result.difference!;
      expect(mean).toBeCloseTo(result.accuracy - results[i % 3].accuracy, 12);
      expect(ci95[0]).toBeLessThanOrEqual(mean);
      expect(ci95[1]).toBeGreaterThanOrEqual(mean);
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
    });
  });

  it("adds each episode's counts with --per-episode alone, and their mean is the accuracy", async () => {
    const { results } = await json(["eval", ...small, "--per-episode"]);
    const { perEpisode, accuracy } = results[0];
    expect(perEpisode).toEqual(Array(12).fill(counts[0]));
    const mean = perEpisode.reduce((sum: number, { correct, total }: { correct: number; total: number }) => sum + correct / total, 0) / 12;
    expect(accuracy).toBeCloseTo(mean, 12);
    expect((await json(["eval", ...small])).results[0].perEpisode).toBeUndefined();
  });

  it("is the same to the byte when run again, and other episodes with another seed", async () => {
    const [first, again, other] = await Promise.all(
      [[], [], ["--seed", "1"]].map((more) => softprobe(["eval", ...small, ...more, "--per-episode", "--json"])),
    );
    expect(again.stdout).toBe(first.stdout);
    expect(JSON.parse(other.stdout).digest).not.toBe(JSON.parse(first.stdout).digest);
    expect(JSON.parse(other.stdout).results).not.toEqual(JSON.parse(first.stdout).results);
  });

  it("names the classes that have too few rows in excludedClasses", async () => {
    const path = join(folder, "pruned.npy");
    // The labels file holds <U6 strings: two bytes in every row become another fruit's, until quince has three rows.
    const bytes = readFileSync(join(golden, "labels.npy"));
    const start = 10 + bytes.readUInt16LE(8);
    const word = (row: number) =>
      Array.from({ length: 6 }, (_, i) => String.fromCodePoint(bytes.readUInt32LE(start + 24 * row + 4 * i)))
        .join("")
        .replaceAll("\0", "");
    const apple = Array.from({ length: 112 }, (_, row) => row).find((row) => word(row) === "apple")!;
    let left = 11;
    for (let row = 0; row < 112 && left > 0; row++) {
      if (word(row) !== "quince") continue;
      bytes.copyWithin(start + 24 * row, start + 24 * apple, start + 24 * apple + 24);
      left--;
    }
    writeFileSync(path, bytes);
    const document = await json(["eval", ...small, "--labels", path]);
    expect(document.excludedClasses).toEqual(["quince"]);
  });

  it("trains on views with --train-on augmented, and takes features as they are with --normalize none", async () => {
    const [plain, augmented, raw] = await Promise.all([
      json(["eval", ...small, "--per-episode"]),
      json(["eval", ...small, "--per-episode", "--augmented", "augmented.npy", "--train-on", "augmented"]),
      json(["eval", ...small, "--per-episode", "--normalize", "none"]),
    ]);
    expect(augmented.results).not.toEqual(plain.results);
    expect(raw.results).not.toEqual(plain.results);
    expect(augmented.digest).toBe(plain.digest);
  });

  it("counts the same in TypeScript and in WebAssembly", async () => {
    const masks = ["--mask", "none", "--mask", "pair@oracle/top:0.25", "--mask", "pair@oracle/power:1"];
    const [js, wasm] = await Promise.all(
      ["js", "wasm"].map((kernels) => json(["eval", ...small, ...masks, "--per-episode", "--kernels", kernels])),
    );
    expect(js.results).toEqual(wasm.results);
  });
});

describe("softprobe eval --episodes-from", () => {
  const document = JSON.parse(readFileSync(join(golden, "episodes.json"), "utf8"));
  const data = ["--features", "features.npy", "--labels", "labels.npy", "--per-episode"];

  it("takes an array of episodes as it takes an object with such an array", async () => {
    const path = join(folder, "array.json");
    writeFileSync(
      path,
      JSON.stringify(document.episodes.map(({ support, query }: { support: number[]; query: number[] }) => ({ support, query }))),
    );
    const [array, object] = await Promise.all([path, "episodes.json"].map((file) => json(["eval", ...data, "--episodes-from", file])));
    expect(array.results).toEqual(object.results);
    expect(array.digest).toBe(object.digest);
    expect(array.episodes).toBe(24);
  });

  it("takes ways, shots and queries from the rows, whatever else is asked", async () => {
    const path = join(folder, "uneven.json");
    const { support, query } = document.episodes[1];
    writeFileSync(path, JSON.stringify([{ support: support.slice(0, 6), query: query.slice(0, 3) }]));
    const { results, episodes } = await json(["eval", ...data, "--ways", "7", "--episodes", "9", "--episodes-from", path]);
    expect(episodes).toBe(1);
    expect(results[0].perEpisode).toEqual([{ correct: expect.any(Number), total: 3 }]);
  });
});

describe("softprobe eval", () => {
  it("prints an aligned table without --json", async () => {
    const { code, stdout, stderr } = await softprobe(["eval", ...small, "--mask", "none", "--mask", "pair@oracle/top:0.25"]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^mask +probe +accuracy % +difference +95 % interval +p$/);
    expect(lines[2]).toMatch(/^none +softmax +\d+\.\d ± \d+\.\d/);
    expect(lines[3]).toMatch(/^pair@oracle\/top:0\.25 +softmax +\d+\.\d ± \d+\.\d +[+−]\d/);
  });
});

describe("probes of one's own and compared with each other", () => {
  const own = join(folder, "my-probe.mjs");
  // The nearest centroid, written as a user would.
  writeFileSync(
    own,
    `const fit = ({ data, cols, rows }, labels, ways) => {
  const [sums, counts] = [new Float64Array(ways * cols), new Float64Array(ways)];
  for (let i = 0; i < rows; i++) {
    counts[labels[i]]++;
    for (let j = 0; j < cols; j++) sums[labels[i] * cols + j] += data[i * cols + j];
  }
  return { ways, cols, means: sums.map((sum, at) => sum / counts[Math.floor(at / cols)]) };
};
const predict = ({ ways, cols, means }, { data, rows }) =>
  Array.from({ length: rows }, (_, i) => {
    const distance = (way) => Array.from({ length: cols }, (_, j) => (data[i * cols + j] - means[way * cols + j]) ** 2).reduce((a, b) => a + b);
    const all = Array.from({ length: ways }, (_, way) => distance(way));
    return all.indexOf(Math.min(...all));
  });
export default { name: "mine", fit, predict };
`,
  );

  it("loads a module's probe by --probe, and compares by --compare-to", async () => {
    const args = ["eval", ...small, "--mask", "none", "--probe", "centroid", "--probe", own, "--compare-to", "none/centroid", "--json"];
    const { code, stdout, stderr } = await softprobe(args);
    expect([code, stderr]).toEqual([0, ""]);
    const { results } = JSON.parse(stdout) as Evaluation;
    expect(results.map(({ probe }) => probe)).toEqual(["centroid", "mine"]);
    expect(results[1].accuracy).toBe(results[0].accuracy);
    expect(results[1].difference?.mean).toBe(0);
  });

  it("loads a module's mask by --mask, and says what is wrong with one", async () => {
    const [even, bad] = [join(folder, "my-mask.mjs"), join(folder, "bad-mask.mjs")];
    writeFileSync(even, "export default { name: 'even', weights: ({ support }) => new Float64Array(support.cols).fill(3) };");
    writeFileSync(bad, "export default { weights() {} };");
    const { code, stdout, stderr } = await softprobe(["eval", ...small, "--mask", "none", "--mask", even, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { results } = JSON.parse(stdout) as Evaluation;
    expect(results.map(({ mask, accuracy }) => [mask, accuracy])).toEqual([
      ["none", results[0].accuracy],
      ["even", results[0].accuracy],
    ]);
    const turned = join(folder, "my-basis.mjs");
    const record =
      "kind: 'custom', normalize: 'l2', ridge: 0, cols, dimensions: cols, mean: new Float64Array(cols), transform: null, lower: null, lowRank: null, psi: null, within: null";
    writeFileSync(
      turned,
      `export default { basis: { name: 'still', from: 'base', fit: ({ cols }) => ({ ${record} }) }, mask: 'random/top:0.3' };`,
    );
    const based = await softprobe(["eval", ...small, "--mask", "random/top:0.3", "--mask", turned, "--json"]);
    expect([based.code, based.stderr]).toEqual([0, ""]);
    const own = (JSON.parse(based.stdout) as Evaluation).results;
    expect(own.map(({ mask }) => mask)).toEqual(["random/top:0.3", "still>random/top:0.3"]);
    expect(own[1].accuracy).toBe(own[0].accuracy);
    const refused = await softprobe(["eval", ...small, "--mask", bad]);
    const says = "expected a mask: { name, weights } or { basis: { name, from, fit }, mask }";
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(says)]);
  });

  it("gives the same bytes with them on workers, of a class or frozen or not", async () => {
    const [classy, based] = [join(folder, "classy.mjs"), join(folder, "based.mjs")];
    const ranked =
      "constructor(power) { this.power = power; } weights({ support: { cols } }) { return Float64Array.from({ length: cols }, (_, j) => this.#of(j)); }";
    writeFileSync(
      classy,
      `class Ranked { name = 'ranked'; #of(j) { return (1 + j) ** this.power; } ${ranked} }\nexport default Object.freeze(new Ranked(-1));`,
    );
    const record =
      "kind: 'custom', normalize: 'l2', ridge: 0, cols, dimensions: cols, mean: new Float64Array(cols).fill(0.01), transform: null, lower: null, lowRank: null, psi: null, within: null";
    writeFileSync(
      based,
      `export default { basis: { name: 'still', from: 'base', fit: ({ cols }) => ({ ${record} }) }, mask: 'random/top:0.3' };`,
    );
    for (const args of [
      [
        "eval",
        ...small,
        "--mask",
        "none",
        "--mask",
        classy,
        "--mask",
        based,
        "--probe",
        "softmax",
        "--probe",
        own,
        "--per-episode",
        "--json",
      ],
      ["curve", ...small, "--importance", classy, "--fractions", "0.1,0.5,1", "--json"],
      [
        "grid",
        ...small.slice(0, 4),
        "--importance",
        classy,
        "--shots",
        "1,2",
        "--ways",
        "2,3",
        "--queries",
        "2",
        "--episodes",
        "6",
        "--json",
      ],
    ]) {
      const one = await softprobe(args);
      expect([one.code, one.stderr]).toEqual([0, ""]);
      expect(one.stdout).toContain(args[0] === "eval" ? '"still>random/top:0.3"' : '"importance":"ranked"');
      expect(await softprobe([...args, "--workers", "2"])).toEqual(one);
    }
  });

  it("ranks the dimensions of a curve by a module's mask, and says what is none", async () => {
    const basis = join(folder, "ranking-in-basis.mjs");
    writeFileSync(basis, "export default { name: 'b', basis: 'centre', weights: ({ support }) => new Float64Array(support.cols) };");
    for (const [path, says] of [
      [basis, '--importance has basis "centre", expected no basis: a curve keeps the features\' own dimensions'],
      [own, "expected an importance: { name, weights }"],
    ] as const) {
      const { code, stderr } = await softprobe(["curve", ...small, "--importance", path]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(says)]);
    }
  });

  it("says what is wrong with one", async () => {
    const bad = join(folder, "bad.mjs");
    writeFileSync(bad, "export default { name: 'bad' };");
    for (const [path, exit, says] of [
      [bad, 1, "expected a probe: { name, fit, predict }"],
      [join(folder, "absent.mjs"), 1, "could not be loaded"],
      ["svm", 2, "expected one of softmax, centroid, cosine, plda, or a module such as ./my-probe.mjs"],
    ] as const) {
      const { code, stderr } = await softprobe(["eval", ...small, "--probe", path]);
      expect([code, stderr]).toEqual([exit, expect.stringContaining(says)]);
    }
  });
});
