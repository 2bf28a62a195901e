import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const masks = ["--mask", "none", "--mask", "pair@oracle/top:0.2"];
const read = (name: string): string => readFileSync(at(name), "utf8");
const looks: Readonly<Record<string, RegExp>> = {
  json: /^\{"schema":"softprobe\//,
  jsonl: /^\{"schema":"softprobe\/[^\n]*\}\n\{/,
  csv: /^(?:mask|curve),/,
  md: /^\| .* \|\n\|:?---/,
  tex: /\\begin\{tabular\}.*\\toprule.*\\end\{tabular\}/s,
  txt: /^(?:mask|kept %| ).*\n─/,
  svg: /^<svg /,
};

describe("--out", () => {
  it.each([
    ["eval", masks],
    ["curve", []],
  ])("of %s goes by the file's ending, several at once, and prints nothing", async (command, more) => {
    const outs = Object.keys(looks).flatMap((ending) => ["--out", at(`${command}.${ending}`)]);
    expect(await softprobe([command, ...small, ...more, ...outs])).toEqual({ code: 0, stdout: "", stderr: "" });
    for (const [ending, look] of Object.entries(looks)) expect(read(`${command}.${ending}`), ending).toMatch(look);
  });

  it("takes --format where the ending says nothing, and for what is printed", async () => {
    expect((await softprobe(["eval", ...small, "--format", "csv", "--out", at("plain")])).code).toBe(0);
    expect(read("plain")).toMatch(looks.csv);
    for (const format of ["md", "tex", "json", "csv", "jsonl"])
      expect((await softprobe(["eval", ...small, ...masks, "--format", format])).stdout).toMatch(looks[format]);
  });

  it.each([
    [["eval", ...small, "--json", "--out", "t.csv"], '--out is "t.csv", expected a name that fits --json, or neither of the two'],
    [
      ["eval", ...small, "--format", "tex", "--out", "t.json"],
      '--out is "t.json", expected a name that fits --format tex, or neither of the two',
    ],
    [["grid", ...small, "--out", "t.jsonl"], '--out is "t.jsonl", expected a name that ends in one of .txt, .json, .csv, .md, .tex, .svg'],
    [["eval", ...small, "--json", "--format", "csv"], "--format and --json are two ways to say it"],
    [["eval", ...small, "--out", "gain.svg"], "expected at least two"],
    [["eval", ...small, "--shard", "1/2", "--out", "a.json", "--out", "b.json"], "--out is given twice"],
    [["predict", "--head", "h.json", "--features", "features.npy", "--plot", "c.svg"], "--labels is missing"],
  ])("%j is refused before the work", async (args, says) => {
    const { code, stdout, stderr } = await softprobe(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
    expect(existsSync("t.json")).toBe(false);
  });
});
