import {
  accessSync,
  closeSync,
  constants,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const masks = ["none", "pair@oracle/top:0.25", "wiener@posterior/power:1", "simple"].flatMap((mask) => ["--mask", mask]);
const golden = ["eval", ...small, "--augmented", "augmented.npy", "--json", "--per-episode", ...masks];

/** Where files with holes cost nothing: a file system in memory keeps no holes, and reads them without a disk, which elsewhere may fill them. */
function folderForHoles(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
  } catch {
    return folder;
  }
  const inMemory = mkdtempSync("/dev/shm/softprobe-test-");
  afterAll(() => rmSync(inMemory, { recursive: true, force: true }));
  return inMemory;
}

describe("softprobe eval --stream", () => {
  it("gives the bytes of a run in memory, also by shards and resumed", async () => {
    const whole = await softprobe(golden);
    expect([whole.code, whole.stderr]).toEqual([0, ""]);
    expect(await softprobe([...golden, "--stream"])).toEqual(whole);
    const out = join(folder, "resumed.json");
    expect((await softprobe([...golden, "--stream", "--resume", "--out", out])).code).toBe(0);
    expect(readFileSync(out, "utf8")).toBe(whole.stdout);
    // One part counted in memory and one by rows are of one run.
    const parts = ["1/2", "2/2"].map((shard) => ({ shard, file: join(folder, `part-${shard[0]}.json`) }));
    for (const { shard, file } of parts)
      expect((await softprobe([...golden, "--shard", shard, "--out", file, ...(shard === "1/2" ? ["--stream"] : [])])).code).toBe(0);
    expect(await softprobe(["merge", ...parts.map(({ file }) => file), "--json"])).toEqual(whole);
  });

  it("refuses by name what can't be read row by row", async () => {
    const fails = async (more: readonly string[], code: number, message: string) => {
      const ran = await softprobe(["eval", ...small, "--stream", ...more]);
      expect([ran.code, ran.stdout]).toEqual([code, ""]);
      expect(ran.stderr).toContain(message);
    };
    await fails(["--mask", "centre>none"], 1, 'mask "centre>none" needs all rows in memory');
    await fails(["--workers", "2"], 2, "--workers can't share what is read row by row");
    await fails(["--augmented", "features.npy"], 1, "features.npy has shape (112, 24), expected n × views × d");
  });

  it("evaluates a file much larger than its memory: peak under 400 MB for a file of 2 GB, all of it read, and of 20 GB", async () => {
    const [classes, each, cols] = [12, 30, 1280];
    const { features, labels } = syntheticFeatures({ classes, rowsPerClass: each, dims: cols, seed: 3 });
    // Rows without a class of their own lie between; episodes are given, and use the others.
    const replay = (place: (row: number) => number) =>
      Array.from({ length: 20 }, (_, e) => {
        const own = [0, 1, 2, 3, 4].map((way) => (e + 2 * way) % classes);
        const rows = (from: number, to: number) =>
          own.flatMap((c) => Array.from({ length: to - from }, (_, i) => place(c * each + ((e + from + i) % each))));
        return { support: rows(0, 2), query: rows(2, 12) };
      });
    const holes = folderForHoles();
    const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
    writeFileSync(join(folder, "small.npy"), writeNpy({ data: features.data, shape: [features.rows, cols] }));
    writeFileSync(join(folder, "small-l.npy"), writeNpy({ data: Int32Array.from(labels), shape: [features.rows] }));
    write(
      "small-e.json",
      replay((row) => row),
    );
    const results = async (name: string, args: readonly string[], env = {}) => {
      const features = join(name === "large" ? holes : folder, `${name}.npy`);
      const files = ["--features", features, "--labels", `${name}-l.npy`, "--episodes-from", `${name}-e.json`];
      const { code, stdout, stderr } = await softprobe(["eval", ...files, "--per-episode", "--json", ...args], { cwd: folder, env });
      expect([code, stderr]).toEqual([0, ""]);
      return JSON.parse(stdout).results;
    };
    const hook = join(folder, "peak.cjs");
    writeFileSync(
      hook,
      `process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`,
    );
    for (const [rows, args] of [
      [400_000, ["--mask", "none", "--mask", "pair@oracle/top:0.05"]],
      [4_000_000, ["--mask", "none"]],
    ] as const) {
      const apart = Math.floor(rows / features.rows);
      const place = (row: number) => row * apart + 5;
      const header = Buffer.from(writeNpy({ data: new Float32Array(0), shape: [0, cols] }));
      const text = header.toString("latin1").replace(/\(0, 1280\), \} {7}/, `(${rows}, 1280), }`.padEnd(19));
      const file = openSync(join(holes, "large.npy"), "w");
      writeSync(file, Buffer.from(text, "latin1"));
      ftruncateSync(file, header.length + rows * cols * 4);
      const own = new Int32Array(rows).fill(-1);
      for (let row = 0; row < features.rows; row++) {
        const values = features.data.slice(row * cols, (row + 1) * cols);
        writeSync(file, Buffer.from(values.buffer), 0, values.byteLength, header.length + place(row) * cols * 4);
        own[place(row)] = labels[row] as number;
      }
      closeSync(file);
      writeFileSync(join(folder, "large-l.npy"), writeNpy({ data: own, shape: [rows] }));
      write("large-e.json", replay(place));
      const peak = join(folder, "peak");
      expect(await results("large", args, { NODE_OPTIONS: `--require ${hook}`, PEAK: peak })).toEqual(await results("small", args));
      const megabytes = Number(readFileSync(peak, "utf8")) / 1024;
      console.log(`a file of ${((rows * cols * 4) / 1e9).toFixed(1)} GB: peak memory ${megabytes.toFixed(0)} MB`);
      expect(megabytes).toBeLessThan(400);
    }
  });
});
