import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { pause, start } from "./longRun.ts";
import { softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const study = `# Two models, two data sets.
schema: softprobe/study@1
models: [small, wide]
datasets: [near, far]
features: "{model}-{dataset}.npy"
labels: "{dataset}-labels.npy"
ways: [3, 5]
shots: [1, 4]
masks: [none, pair@oracle/top:0.1]
probes: [softmax, centroid]
metrics: [macroF1]
queries: 6
episodes: 150
`;
const cells = 16;
const run = (args: readonly string[]) => softprobe(["study", ...args], { cwd: folder });
/** A study of its own on the same data. */
const place = (name: string, text = study): string => {
  writeFileSync(path(`${name}.yaml`), text);
  return `${name}.yaml`;
};
const results = (name: string) => ["csv", "ndjson"].map((kind) => readFileSync(path(`${name}-results/results.${kind}`), "utf8"));
let undisturbed: string[];

beforeAll(async () => {
  for (const [m, model] of ["small", "wide"].entries()) {
    for (const [d, dataset] of ["near", "far"].entries()) {
      const { features, labels } = syntheticFeatures({ classes: 8, rowsPerClass: 16, dims: 40 * (m + 1), seed: 1 + d + 2 * m });
      writeFileSync(path(`${model}-${dataset}.npy`), writeNpy({ data: features.data, shape: [features.rows, features.cols] }));
      writeFileSync(path(`${dataset}-labels.npy`), writeNpy({ data: Int32Array.from(labels), shape: [features.rows] }));
    }
  }
  const file = place("whole");
  expect(await run(["run", file])).toEqual({ code: 0, stdout: "16 cells made, 0 there before, 0 failed\n", stderr: "" });
  expect((await run(["merge", file])).stdout).toBe("64 rows of 16 cells: whole-results/results.csv, whole-results/results.ndjson\n");
  undisturbed = results("whole");
});

describe("softprobe study", () => {
  it("takes the combination as a mask: each cell as softprobe eval has it", async () => {
    const file = place(
      "tuned",
      study.replace("masks: [none, pair@oracle/top:0.1]", "masks: [none, tuned]").replace("[3, 5]", "[3]").replace("150", "6"),
    );
    expect((await run(["run", file])).stdout).toBe("8 cells made, 0 there before, 0 failed\n");
    await run(["merge", file]);
    const rows = results("tuned")[1]
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const own = rows.filter(({ model, dataset, shots }) => model === "small" && dataset === "near" && shots === 4);
    const files = ["--features", "small-near.npy", "--labels", "near-labels.npy"];
    const task = ["--ways", "3", "--shots", "4", "--queries", "6", "--episodes", "6", "--probe", "softmax", "--probe", "centroid"];
    const { stdout } = await softprobe(["eval", ...files, ...task, "--mask", "none", "--mask", "tuned", "--json"], { cwd: folder });
    const told = ({ mask, probe, accuracy }: Record<string, unknown>) => ({ mask, probe, accuracy });
    expect(own.map(told)).toEqual(JSON.parse(stdout).results.map(told));
    expect(own.map(({ mask }) => mask)).toEqual(["none", "none", "tuned", "tuned"]);
  });

  it("gives each cell's numbers as softprobe eval gives them", async () => {
    const rows = undisturbed[1]
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(cells * 4);
    const args = [
      "--features",
      "wide-far.npy",
      "--labels",
      "far-labels.npy",
      "--ways",
      "5",
      "--shots",
      "4",
      "--queries",
      "6",
      "--episodes",
      "150",
    ];
    const more = [
      "--mask",
      "none",
      "--mask",
      "pair@oracle/top:0.1",
      "--probe",
      "softmax",
      "--probe",
      "centroid",
      "--metric",
      "macroF1",
      "--json",
    ];
    const { stdout } = await softprobe(["eval", ...args, ...more], { cwd: folder });
    const { results: expected, digest } = JSON.parse(stdout);
    const own = rows.filter(({ model, dataset, ways, shots }) => model === "wide" && dataset === "far" && ways === 5 && shots === 4);
    expect(own).toEqual(
      expected.map(
        ({
          mask,
          probe,
          accuracy,
          ci95,
          difference,
          metrics,
        }: Record<string, never> & { difference: { mean: number; ci95: number[]; p: number } | null }) => ({
          ...{
            model: "wide",
            dataset: "far",
            ways: 5,
            shots: 4,
            mask,
            probe,
            episodes: 150,
            accuracy,
            ci95_low: ci95[0],
            ci95_high: ci95[1],
          },
          difference: difference?.mean ?? null,
          difference_low: difference?.ci95[0] ?? null,
          difference_high: difference?.ci95[1] ?? null,
          p: difference?.p ?? null,
          macroF1: (metrics as { macroF1: { mean: number } }).macroF1.mean,
          digest,
        }),
      ),
    );
    // The same table to Python's csv module.
    const script = "import csv, json, sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1])))))";
    const table = JSON.parse(execFileSync("python3", ["-c", script, path("whole-results/results.csv")], { encoding: "utf8" }));
    expect(table.map((row: Record<string, string>) => [row.model, Number(row.ways), row.mask, Number(row.accuracy)])).toEqual(
      rows.map((row) => [row.model, row.ways, row.mask, row.accuracy]),
    );
  });

  it.each([1, 3, 20])("gives the same bytes from %i jobs side by side, each its share", async (jobs) => {
    const file = place(`jobs-${jobs}`);
    const shares = Array.from({ length: jobs }, (_, i) => `${i + 1}/${jobs}`);
    // Three at a time: enough to meet, few enough for the machine.
    while (shares.length > 0)
      expect(
        (await Promise.all(shares.splice(0, 3).map((shard) => run(["run", file, "--shard", shard])))).map(({ code }) => code),
      ).not.toContain(1);
    expect((await run(["merge", file])).code).toBe(0);
    expect(results(`jobs-${jobs}`)).toEqual(undisturbed);
  });

  it("gives the same bytes from jobs without shares, which leave cells that others make to them", async () => {
    const file = place("greedy");
    for (const { code, stderr } of await Promise.all([run(["run", file]), run(["run", file])])) {
      expect(code).toBe(0);
      expect(stderr).toMatch(/^(softprobe: takeLock: greedy-results\/\S+ is being made by process \d+ .*\n)*$/);
    }
    expect(await run(["run", file])).toMatchObject({ code: 0, stdout: "0 cells made, 16 there before, 0 failed\n" });
    await run(["merge", file]);
    expect(results("greedy")).toEqual(undisturbed);
  });

  it("gives the same bytes after kill -9 at any moments, and makes no finished cell again", async () => {
    const file = place("killed");
    const times = new Map<string, number>();
    for (let round = 0; round < 6; round++) {
      const { child, ended } = start(["study", "run", file], folder);
      await pause(250 + Math.random() * 500);
      child.kill("SIGKILL");
      await ended;
      if (!existsSync(path("killed-results"))) continue;
      for (const name of readdirSync(path("killed-results")).filter((each) => each.endsWith(".json") && !each.startsWith("."))) {
        const made = statSync(path(`killed-results/${name}`)).mtimeMs;
        expect(times.get(name) ?? made).toBe(made);
        times.set(name, made);
      }
    }
    expect((await run(["run", file])).code).toBe(0);
    await run(["merge", file]);
    expect(results("killed")).toEqual(undisturbed);
    expect(readdirSync(path("killed-results")).filter((name) => /journal|lock$/.test(name))).toEqual([]);
  });

  it("tells how far it is", async () => {
    const file = place("half");
    expect((await run(["status", file])).stdout).toBe("16 cells: 0 done, 0 begun, 16 open\n");
    await run(["run", file, "--shard", "1/4"]);
    expect((await run(["status", file])).stdout).toBe("16 cells: 4 done, 0 begun, 12 open\n");
    const document = JSON.parse((await run(["status", file, "--json"])).stdout);
    expect(document).toMatchObject({ schema: "softprobe/study-status@1", folder: "half-results", done: 4 });
    expect(document.cells[0]).toEqual({ name: "small+near+3way+1shot", state: "done" });
    const missing = await run(["merge", file]);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      "softprobe: study: half-results has no cell small+far+3way+1shot and 11 more of 16, expected all; run them, or merge with --partial\n",
    ]);
    expect((await run(["merge", file, "--partial"])).stdout).toContain("16 rows of 4 cells");
  });

  it("tells of cells that fail, makes the others, and fails itself", async () => {
    const file = place("failing", study.replace("ways: [3, 5]", "ways: [3, 9]"));
    const { code, stderr } = await run(["run", file, "--shard", "1/2"]);
    expect(code).toBe(1);
    expect(stderr.split("\n")[0]).toMatch(/^softprobe: cell small\+near\+9way\+1shot: evaluate: ways is 9, /);
    expect(stderr).toMatch(/\nsoftprobe: study: 4 cells made, 0 there before, 4 failed\n$/);
  });

  it("refuses cells of another study, and files that are none, by name", async () => {
    const file = place("changed");
    await run(["run", file, "--shard", "1/16"]);
    place("changed", study.replace("episodes: 150", "episodes: 200"));
    for (const action of ["status", "merge"]) {
      const { code, stderr } = await run([action, file]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(
          "changed-results/small+near+3way+1shot.json is of another study (study.episodes 150), expected 200, as the study has",
        ),
      ]);
    }
    for (const [text, message] of [
      ["a: [", "bad.yaml: is not YAML ("],
      ["- a", "checkStudy: bad.yaml is Array, expected a study: an object of settings"],
      [study.replace("shots:", "shot:"), 'checkStudy: bad.yaml has "shot", expected "shots"?'],
      [study.replace("small", "../small"), 'checkStudy: bad.yaml models[0] is "../small", expected a name'],
      [`${study}\nseed: &a [1]\n`, "checkStudy: bad.yaml seed is Array"],
      [`${study}\nschema: softprobe/study@1\n`, "bad.yaml: is not YAML (Map keys must be unique"],
      [
        `a: &a [1,1]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c]\n`,
        "bad.yaml: is not YAML (Excessive alias count",
      ],
    ]) {
      place("bad", text);
      const { code, stderr } = await run(["run", "bad.yaml"]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
    expect(existsSync(path("bad-results"))).toBe(false);
    const usage = await run(["ruin", file]);
    expect([usage.code, usage.stderr]).toEqual([
      2,
      'softprobe: study is "ruin", expected run, status, merge or schema (see softprobe study --help)\n',
    ]);
  });

  it("takes JSON, and paths beside the study's file from anywhere", async () => {
    mkdirSync(path("sub"));
    const document = {
      schema: "softprobe/study@1",
      models: ["small"],
      datasets: ["near"],
      features: "../{model}-{dataset}.npy",
      labels: "../{dataset}-labels.npy",
    };
    writeFileSync(path("sub/one.json"), JSON.stringify({ ...document, ways: [3], shots: [1], masks: ["none"], queries: 6, episodes: 5 }));
    expect((await softprobe(["study", "run", path("sub/one.json")])).stdout).toBe("1 cell made, 0 there before, 0 failed\n");
    expect(readdirSync(path("sub/one-results"))).toEqual(["small+near+3way+1shot.json"]);
    rmSync(path("sub"), { recursive: true });
  });
});
