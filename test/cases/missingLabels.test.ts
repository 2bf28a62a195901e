import { describe, expect, it } from "vitest";
import { readLabels } from "../../src/node/readFiles.ts";
import { readLabelled } from "../../src/node/readLabelled.ts";
import { data, labelsOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`missingLabels/${name}`);

describe("missing labels", () => {
  it.each([
    ["nan.csv", 'line 3 has the label "nan" among numbers, expected a label; --ignore-label nan leaves out rows without one'],
    ["na.csv", 'line 3 has the label "NA" among numbers'],
    ["empty.csv", 'line 3 has no label, expected one in column "label"; --ignore-label nan'],
    ["float.parquet", "label row 1 is null"],
    ["float.feather", "label row 1 is null"],
    ["integer.parquet", "label row 1 is null"],
    ["text.feather", "label row 1 is null"],
    ["null.jsonl", "line 2 has the label null"],
    ["y.npy", "row 1 is NaN, expected a label; --ignore-label nan"],
  ])("are refused: %s", async (name, message) => {
    expect(await refusal(readLabels(file(name)))).toContain(message);
  });

  it.each(["?", "-", "--", ".", "n/a"])("are marks of older data sets among numbers: %s", async (mark) => {
    await expect(labelsOfText(`label\n0\n${mark}\n1\n`, "csv")).rejects.toThrow(`line 3 has the label "${mark}" among numbers`);
    expect(await labelsOfText(`label\nno\n${mark}\nyes\n`, "csv")).toEqual(["no", mark, "yes"]);
  });

  it("are a class where words alone are", async () => {
    expect(await readLabels(file("words.csv"))).toEqual(["fig", "nan", "pear", "fig", "nan", "pear"]);
  });

  it.each([
    "nan.csv",
    "na.csv",
    "empty.csv",
    "minus.csv",
    "float.parquet",
    "float.feather",
    "integer.parquet",
    "integer.feather",
    "null.jsonl",
  ])("are left out, with their rows, where they are to be ignored: %s", async (name) => {
    const ignoreLabels = [name === "minus.csv" ? -1 : "nan"];
    const { features, labels, rows } = await readLabelled(file(name), file(name), { ignoreLabels });
    expect(Array.from(labels, Number)).toEqual([0, 1, 0, 1]);
    expect(Array.from(features.data)).toEqual([1, 2, 5, 6, 7, 8, 2, 2]);
    expect(rows).toEqual(Int32Array.of(0, 2, 3, 5));
  });

  it("are left out of features and views of other files", async () => {
    for (const [labels, ignoreLabels] of [
      ["y.npy", ["NaN"]],
      ["minus.npy", ["-1"]],
      ["minus.npy", [-1.0]],
      ["minus.npy", [-1n]],
    ] as const) {
      const found = await readLabelled(file("x.npy"), file(labels), { ignoreLabels, augmented: file("views.npy") });
      expect(found.features.data).toEqual(Float32Array.of(1, 2, 5, 6, 7, 8, 2, 2));
      expect(Array.from(found.augmented!.matrix.data)).toEqual([0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]);
      expect(found.augmented!.views).toBe(2);
    }
    const text = await readLabelled(file("x.npy"), file("text.parquet"), { ignoreLabels: ["nan"] });
    expect(text.labels).toEqual(["fig", "pear", "fig", "pear"]);
    expect((await readLabelled(file("x.npy"), file("words.csv"), { ignoreLabels: ["fig", "nan"] })).labels).toEqual(["pear", "pear"]);
    expect((await readLabelled(file("x.npy"), file("minus.npy"), { ignoreLabels: [7] })).rows).toBe(null);
    expect(await refusal(readLabelled(file("x.npy"), file("minus.npy"), { ignoreLabels: [0, 1, -1] }))).toContain(
      "at least one that --ignore-label leaves",
    );
  });
});
