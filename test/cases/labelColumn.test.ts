import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLabelled } from "../../src/node/readLabelled.ts";
import { data, featuresOfText, labelsOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`labelColumn/${name}`);

describe("the column that labels are read from", () => {
  it.each([
    ["target.csv", "target"],
    ["target.tsv", "target"],
    ["target.jsonl", "target"],
    ["target.parquet", "target"],
    ["target.feather", "target"],
    ["capital.csv", "Label"],
    ["space.csv", " label"],
  ])("is no feature of the same file: %s", async (name, key) => {
    for (const features of [file(name), `${file(name)}:${key}`]) {
      const found = await readLabelled(features, `${file(name)}:${key}`);
      expect(found.features.columns).toEqual(["a", "b", "c"]);
      expect(Array.from(found.labels, Number)).toEqual(Array.from({ length: 40 }, (_, i) => Math.floor(i / 10)));
    }
  });

  it("is found through another way to the same file, and over a pattern", async () => {
    const other = file("target.csv").replace("labelColumn/", "labelColumn/../labelColumn/");
    expect((await readLabelled(other, file("target.csv:target"))).features.columns).toEqual(["a", "b", "c"]);
    expect((await readLabelled(file("target*.csv"), file("target*.csv:target"))).features.columns).toEqual(["a", "b", "c"]);
  });

  it("is not chosen by name, and a column of that name of another file is refused", async () => {
    expect(await refusal(readLabelled(file("target.csv"), file("target.csv:target"), { columns: ["a", "target"] }))).toContain(
      'by --columns, has "target" among the features, expected columns other than that of the labels',
    );
    expect(await refusal(readLabelled(file("target.csv"), file("target.parquet:target")))).toContain(
      'labelColumn/target.csv has a column "target", as the labels are called in their file, expected features; leave it out by --drop target',
    );
    const { features } = await readLabelled(file("target.csv"), file("target.parquet:target"), { drop: ["target"] });
    expect(features.cols).toBe(3);
  });

  it("is found beside names of several levels, as pandas keeps them", async () => {
    const text = "\"('f', 'a')\",\"('f', 'b')\",\"('label', '')\"\n1,2,7\n3,4,8\n";
    expect(await featuresOfText(text)).toMatchObject({ data: [1, 2, 3, 4], columns: ["('f', 'a')", "('f', 'b')"] });
    expect(await labelsOfText(text, "csv")).toEqual([7, 8]);
  });

  it("among columns without names is told of by its number", async () => {
    const folder = mkdtempSync(join(tmpdir(), "softprobe-label-column-"));
    const [x, y] = ["x.csv", "y.csv"].map((name) => join(folder, name));
    const labels = [0, 1, 0, 1, 0, 1, 0, 1];
    writeFileSync(x, labels.map((label, i) => `${i * i}.5,${label},${i}.25\n`).join(""));
    writeFileSync(y, `label\n${labels.join("\n")}\n`);
    const notes: string[] = [];
    await readLabelled(x, y, { onNotice: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringContaining('column "1" is one number for each class')]);
    expect((await readLabelled(x, y, { drop: ["1"] })).features.cols).toBe(2);
    rmSync(folder, { recursive: true });
  });

  it("labels under another name are told of", async () => {
    const notes: string[] = [];
    await readLabelled(file("target.csv"), data("columnNames/y.csv"), { onNotice: (note) => notes.push(note) });
    expect(notes).toEqual([
      expect.stringContaining('column "target" is one number for each class; if it is another label, leave it out by --drop target'),
    ]);
  });
});
