import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Field, FixedSizeList, Float32, Table, tableToIPC, vectorFromArray } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNpyLabels, readNpyMatrix, readNpyViews } from "../../src/io/npyFeatures.ts";
import { writeCsv } from "../../src/io/writeCsv.ts";
import { writeJsonLines } from "../../src/io/writeJsonLines.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { writeSafetensors } from "../../src/io/writeSafetensors.ts";

const root = join(import.meta.dirname, "../..");
const golden = join(root, "test/golden/command");
const options = ["--ways", "3", "--queries", "8", "--episodes", "6", "--mask", "none", "--mask", "pair@augmented/power:0.5"];
const command = ["--probe", "centroid", "--per-episode", "--json", ...options];
let folder: string;
const at = (name: string) => join(folder, name);

/** Runs the built command's eval; its exit code and what it wrote. */
function run(args: readonly string[], input?: Uint8Array, cli = join(root, "dist/cli.js")) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "eval", ...command, ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** The results of a run, without what it was told. */
function results(args: readonly string[], input?: Uint8Array): unknown {
  const { status, stdout, stderr } = run(args, input);
  expect(stderr.replaceAll(/^eval.*$/gm, "").trim(), args.join(" ")).toBe("");
  expect(status).toBe(0);
  const { config: _config, ...rest } = JSON.parse(stdout);
  return rest;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "softprobe-"));
  const [features, labels, views] = ["features", "labels", "augmented"].map((name) => readFileSync(join(golden, `${name}.npy`)));
  for (const name of ["features", "labels", "augmented"]) cpSync(join(golden, `${name}.npy`), at(`${name}.npy`));
  const matrix = readNpyMatrix(features);
  const names = Array.from(readNpyLabels(labels), String);
  const augmented = readNpyViews(views);
  const stored = { data: matrix.data, shape: [matrix.rows, matrix.cols] };
  const storedViews = { data: augmented.matrix.data, shape: [matrix.rows, augmented.views, matrix.cols] };
  const classes = [...new Set(names)].sort();
  const codes = { data: Int32Array.from(names, (name) => classes.indexOf(name)), shape: [matrix.rows] };
  writeFileSync(
    at("all.npz"),
    writeNpz({ z: stored, labels: { data: names, shape: [matrix.rows] }, aug: storedViews }, { compress: true }),
  );
  writeFileSync(at("all.safetensors"), writeSafetensors({ features: stored, labels: codes, views: storedViews }));
  writeFileSync(at("all.csv"), writeCsv(matrix, { labels: names }));
  writeFileSync(at("fruit.tsv"), writeCsv(matrix, { labels: names, label: "fruit", delimiter: "\t" }));
  writeFileSync(at("all.jsonl"), writeJsonLines(matrix, { labels: names }));
  const row = (i: number) => Array.from(matrix.data.subarray(i * matrix.cols, (i + 1) * matrix.cols));
  const rows = Array.from({ length: matrix.rows }, (_, i) => row(i));
  const lists = new FixedSizeList(matrix.cols, new Field("item", new Float32()));
  writeFileSync(at("all.arrow"), tableToIPC(new Table({ e: vectorFromArray(rows, lists), label: vectorFromArray(names) }), "file"));
  const columns = Array.from({ length: matrix.cols }, (_, j) => ({
    name: `f${j}`,
    data: Float32Array.from(rows, (each) => each[j]),
    type: "FLOAT" as const,
  }));
  const columnData = [...columns, { name: "label", data: names, type: "STRING" as const }];
  writeFileSync(at("all.parquet"), new Uint8Array(parquetWriteBuffer({ columnData })));
  for (const [shard, [from, to]] of [
    [0, 40],
    [40, matrix.rows],
  ].entries()) {
    const part = { data: matrix.data.slice(from * matrix.cols, to * matrix.cols), shape: [to - from, matrix.cols] };
    writeFileSync(at(`shard-${shard + 9}.npz`), writeNpz({ features: part, labels: { data: names.slice(from, to), shape: [to - from] } }));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the command's inputs", () => {
  const npy = () => results(["--features", "features.npy", "--labels", "labels.npy", "--augmented", "augmented.npy"]);
  let wanted: unknown;
  beforeAll(() => {
    wanted = npy();
  });

  it.each<[string, string, string, string]>([
    ["npz by key", "all.npz:z", "all.npz:labels", "all.npz:aug"],
    ["csv", "all.csv", "all.csv", "all.npz:aug"],
    ["tsv by the column of labels", "fruit.tsv:fruit", "fruit.tsv:fruit", "all.npz:aug"],
    ["JSON lines", "all.jsonl", "all.jsonl", "all.npz:aug"],
    ["parquet", "all.parquet", "all.parquet", "augmented.npy"],
    ["Arrow", "all.arrow", "all.arrow:label", "augmented.npy"],
    ["files that a pattern fits", "shard-*.npz", "shard-*.npz", "augmented.npy"],
  ])("give the results of npy from %s", (_, features, labels, augmented) => {
    expect(results(["--features", features, "--labels", labels, "--augmented", augmented])).toEqual(wanted);
  });

  it("give the results of npy from safetensors, but for the classes' names", () => {
    const found = JSON.stringify(
      results(["--features", "all.safetensors", "--labels", "all.safetensors", "--augmented", "all.safetensors"]),
    );
    const codes = JSON.stringify(
      results(["--features", "features.npy", "--labels", "all.safetensors:labels", "--augmented", "augmented.npy"]),
    );
    expect(found).toBe(codes);
  });

  it("take features from standard input, once", () => {
    const bytes = readFileSync(at("features.npy"));
    expect(results(["--features", "-", "--labels", "labels.npy", "--augmented", "augmented.npy"], bytes)).toEqual(wanted);
    const twice = run(["--features", "-", "--labels", "-"], bytes);
    expect(twice.status).toBe(1);
    expect(twice.stderr).toContain("standard input has been read already, expected one - at most");
    const none = run(["--features", "-", "--labels", "labels.npy"], new Uint8Array(0));
    expect(none.stderr).toContain("standard input is empty, expected an npy file");
    expect(none.status).toBe(1);
  });

  it.each([
    ["an unknown key", "all.npz:X", 'readFeatures: all.npz has no array "X", expected one of z, labels, aug'],
    ["an unknown column", "all.csv:species", 'readFeatures: all.csv has no column "species", expected one of 0, 1,'],
    ["a file that is not there", "none.npz:z", "none.npz: could not be read (ENOENT), expected a readable file"],
    ["an unknown extension", "notes.txt", "notes.txt is of no known format, expected one of .npy, .npz"],
  ])("are refused in one line with exit code 1: %s", (_, features, message) => {
    writeFileSync(at("notes.txt"), "1 2 3\n");
    const { status, stdout, stderr } = run(["--features", features, "--labels", "labels.npy"]);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([status, stdout]).toEqual([1, ""]);
  });

  it("say what to install, where parquet or Arrow is given and its package is not there", () => {
    // The package as npm installs it without its optional peers.
    const modules = at("elsewhere/node_modules");
    mkdirSync(join(modules, "softprobe"), { recursive: true });
    cpSync(join(root, "dist"), join(modules, "softprobe/dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(modules, "softprobe/package.json"));
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      mkdirSync(join(modules, name, ".."), { recursive: true });
      symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
    }
    const cli = join(modules, "softprobe/dist/cli.js");
    const refused = (features: string) => run(["--features", features, "--labels", "labels.npy"], undefined, cli);
    expect(refused("all.parquet").stderr).toContain(
      "all.parquet could not be read without the package hyparquet, expected it beside softprobe: npm i hyparquet\n",
    );
    expect(refused("all.arrow").stderr).toContain("npm i apache-arrow\n");
    const npyArgs = ["--features", "features.npy", "--labels", "labels.npy", "--augmented", "augmented.npy"];
    expect(run(npyArgs, undefined, cli).status).toBe(0);
    const script = 'import("softprobe/io").then(({ readNpy }) => console.log(typeof readNpy))';
    writeFileSync(at("elsewhere/load.mjs"), script);
    expect(execFileSync(process.execPath, [at("elsewhere/load.mjs")], { encoding: "utf8" })).toBe("function\n");
  });
});
