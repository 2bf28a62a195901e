import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("no reader of any format fails but by an error of its own, on thousands of broken files, in bounded memory", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/fuzz.mjs", "--files", "1500"], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    ...["npy", "npz", "safetensors", "csv", "tsv", "jsonl", "head", "episodes", "arrow", "parquet"].map((name) => `${name}: 1500 files,`),
    "fuzz: 15000 files",
  ]);
  for (const line of lines.slice(0, -1)) {
    const [, read, refused] = /; (\d+) calls read, (\d+) refused;/.exec(line)!.map(Number);
    expect(read, line).toBeGreaterThan(0);
    expect(refused, line).toBeGreaterThan(0);
  }
  expect(Number(/, (\d+) MiB at the peak/.exec(lines.at(-1)!)![1])).toBeLessThan(640);
}, 240_000);
