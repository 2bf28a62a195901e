import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { readLabels } from "../../src/node/readFiles.ts";
import { data, labelsOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`labelNumbers/${name}`);

describe("labels that are numbers", () => {
  it.each(["y.npy", "float.csv", "savetxt.csv", "savetxt.txt", "float.parquet"])(
    "are the same classes however they are written: %s",
    async (name) => {
      const { classes, codes } = indexLabels(await readLabels(file(name)));
      expect(classes).toEqual([0, 1, 2, 3]);
      expect(Array.from(codes)).toEqual(Array.from({ length: 40 }, (_, i) => Math.floor(i / 10)));
    },
  );

  it.each(["b.npy", "bool.csv", "bool.feather"])("are 0 and 1 where they are truth values: %s", async (name) => {
    const { classes, codes } = indexLabels(await readLabels(file(name)));
    expect(classes).toEqual([0, 1]);
    expect(Array.from(codes)).toEqual(Array.from({ length: 40 }, (_, i) => Number(i >= 20)));
  });

  it("stay words where a format with types says so", async () => {
    expect(indexLabels(await readLabels(file("str.npy"))).classes).toEqual(["0", "1", "2", "3"]);
  });

  it.each([
    ["+1, 1e0 and 1. are 1", "1\n+1\n1e0\n1.\n", [1, 1, 1, 1]],
    ["quotes are no type", 'label\n"1"\n2\n', [1, 2]],
    ["leading zeros are codes", "01\n02\n1\n", ["01", "02", "1"]],
    ["hexadecimal is a word", "label\n0x1\n1\n", ["0x1", "1"]],
    ["infinity is one among numbers", "inf\n1\n", [Number.POSITIVE_INFINITY, 1]],
    ["and a word among words", "inf\nfig\n", ["inf", "fig"]],
    ["truth values among numbers are 0 and 1", "label\nTrue\n0\n", [1, 0]],
    ["truth values among words are words", "label\nTrue\nfig\n", ["True", "fig"]],
    ["minus zero is zero", "-0\n0.0\n", [0, 0]],
  ])("of text: %s", async (_, text, wanted) => {
    expect(await labelsOfText(text, "csv")).toEqual(wanted);
  });

  it("come from a text of a label a line", async () => {
    expect(await labelsOfText("\ufeffcat\r\n dog \r\ncat\r\n\r\n", "txt")).toEqual(["cat", "dog", "cat"]);
    expect(await labelsOfText("1\n2.0\n1.0", "txt")).toEqual([1, 2, 1]);
    expect(await labelsOfText("label\ncat", "txt")).toEqual(["label", "cat"]);
    expect(await refusal(labelsOfText("cat\n\ndog\n", "txt"))).toContain("L.txt line 2 has no label, expected one a line");
    expect(await refusal(labelsOfText("\n", "txt"))).toContain("L.txt has no lines, expected a label a line");
    expect(await refusal(readLabels(`${file("savetxt.txt")}:y`))).toContain(
      'has no key "y", expected no key after the name: txt holds a label a line',
    );
  });
});
