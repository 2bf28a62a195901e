import { describe, expect, it } from "vitest";
import { readFeatures } from "../../src/node/readFiles.ts";
import { readLabelled } from "../../src/node/readLabelled.ts";
import { data, featuresOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`textCells/${name}`);
const exact = await readFeatures(file("lists.jsonl:embedding"));
const singles = { ...exact, data: Float32Array.from(exact.data) };

describe("lists of numbers in cells of text", () => {
  it.each([
    "list.csv",
    "tuple.csv",
    "braces.csv",
    "spaces.csv",
    "commas.csv",
    "numpyScalars.csv",
    "text.parquet",
    "text.feather",
    "text.jsonl",
  ])("are the numbers that they spell: %s", async (name) => {
    expect(await readFeatures(`${file(name)}:embedding`)).toEqual(exact);
    // The column has a usual name, and is the only one of lists.
    expect(await readFeatures(file(name))).toEqual(exact);
    const { features, labels } = await readLabelled(file(name), `${file(name)}:label`);
    expect(features).toEqual(exact);
    expect(Array.from(labels, Number)).toEqual(Array.from({ length: 40 }, (_, i) => Math.floor(i / 10)));
  });

  it.each(["numpy.csv", "repr.csv"])("as numpy prints them, to eight digits: %s", async (name) => {
    const { data: found, rows, cols } = await readFeatures(`${file(name)}:embedding`);
    expect([rows, cols]).toEqual([40, 8]);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(exact.data[i], 7);
    });
  });

  it("as numpy prints longer ones, over several lines of a cell", async () => {
    const { data: found, cols } = await readFeatures(file("numpyLong.csv:embedding"));
    expect(cols).toBe(80);
    expect(found[80 * 39 + 79]).toBeCloseTo(exact.data[8 * 39 + 7], 7);
  });

  it.each(["base64.jsonl", "base64.csv", "base64.parquet", "base64.feather"])("as base64 of 32-bit floats: %s", async (name) => {
    expect(await readFeatures(`${file(name)}:embedding`)).toEqual(singles);
    expect(await readFeatures(file(name))).toEqual(singles);
  });

  it("as base64 of 64-bit floats, few digits or many", async () => {
    expect(await readFeatures(file("base64Doubles.csv:embedding"))).toEqual(exact);
    const whole = await readFeatures(file("base64Whole.csv:embedding"));
    expect(Array.from(whole.data, (value) => value + 0)).toEqual(Array.from(exact.data, (value) => Math.round(value) + 0));
  });

  it.each([
    [
      "numpyShortened.csv",
      'textCells/numpyShortened.csv line 2 column "embedding" was shortened by numpy (…), expected all of its numbers',
    ],
    ["nan.csv", 'textCells/nan.csv line 2 column "embedding" has "nan" as value 0, expected finite numbers'],
    ["missing.csv", 'textCells/missing.csv line 2 column "embedding" is "", expected a list of numbers'],
    ["ragged.csv", 'textCells/ragged.csv line 41 column "embedding" has 1 values, expected 8'],
    ["nested.csv", 'textCells/nested.csv line 2 column "embedding" holds lists within a list'],
    [
      "base64Halves.csv",
      'textCells/base64Halves.csv line 2 column "embedding" is base64 of what does not look like floats of 32 or 64 bits',
    ],
    ["base64Bytes.csv", "textCells/base64Bytes.csv:embedding holds no lists of numbers, expected lists such as [0.1, -0.2]"],
    ["words.csv", "textCells/words.csv:embedding holds no lists of numbers"],
  ])("are refused where they are not whole: %s", async (name, message) => {
    expect(await refusal(readFeatures(`${file(name)}:embedding`))).toContain(message);
  });

  it("a column that is named for features is no label: its words are refused", async () => {
    const text = "vector,a,label\nfoo bar,1,x\nbaz,2,y\n";
    await expect(readLabelled(`${file("words.csv")}:id`, `${file("words.csv")}:label`)).rejects.toThrow(
      /words\.csv:id holds a value a row and is not the column of labels, expected a column of lists; to leave it out give --drop id/,
    );
    // Nothing else is known here than that the path names it: it is the label, and left out.
    expect((await featuresOfText(text, "csv", "vector")).columns).toEqual(["a"]);
  });

  it("labels in brackets, or words that could be base64, stay labels", async () => {
    expect(await featuresOfText("a,label\n1,(unknown)\n2,[CLS] x\n")).toMatchObject({ cols: 1, data: [1, 2] });
    expect(await featuresOfText("a,word\n1,abcdefghabcdefgh\n2,abcdefghabcdefgh\n", "csv", "word")).toMatchObject({
      cols: 1,
      data: [1, 2],
    });
  });
});
