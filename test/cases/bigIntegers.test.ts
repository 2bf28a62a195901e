import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { decideLabels } from "../../src/io/labelValues.ts";
import { readJsonLines } from "../../src/io/readJsonLines.ts";
import { readFeatures, readLabels } from "../../src/node/readFiles.ts";
import { data, featuresOfText, labelsOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`bigIntegers/${name}`);
const ids = [121n, 122n, 1121n, 1122n].map((k) => 1413617112501850000n + k);

describe("whole numbers beyond 2^53", () => {
  it.each(["big.jsonl", "big.csv", "big.parquet", "big.feather", "big.npy", "decimal.parquet", "decimal.feather"])(
    "are as many classes as there are: %s",
    async (name) => {
      const labels = await readLabels(file(name));
      expect(Array.from(labels)).toEqual(Array.from({ length: 24 }, (_, i) => ids[i % 4]));
      expect(indexLabels(labels).classes).toEqual(ids);
    },
  );

  it.each(["unsigned.parquet", "unsigned.feather"])("of 64 bits without a sign too: %s", async (name) => {
    expect(indexLabels(await readLabels(file(name))).classes).toEqual(ids.map((id) => id + 2n ** 63n));
  });

  it("stay apart however they are written", async () => {
    expect(await labelsOfText("9007199254740993\n9007199254740992.0\n9.007199254740991e15\n-9007199254740993\n", "csv")).toEqual([
      9007199254740993n,
      9007199254740992n,
      9007199254740991,
      -9007199254740993n,
    ]);
    const line =
      '{"embedding":[1,2],"label":9007199254740993,"text":"#9007199254740993, 9007199254740993 \\"9007199254740993\\"","n":-9007199254740993}\n';
    expect(await labelsOfText(line, "jsonl")).toEqual([9007199254740993n]);
    expect(readJsonLines(line, "x", { features: "embedding", label: "text" }).labels).toEqual([
      '#9007199254740993, 9007199254740993 "9007199254740993"',
    ]);
    expect(readJsonLines(line, "x", { features: "embedding", label: "n" }).labels).toEqual([-9007199254740993n]);
  });

  it("are refused as floats, which have lost the digits that told them apart", async () => {
    const floats = (values: Float32Array | Float64Array) => {
      const column = { values, text: false, place: (row: number) => `L.npy row ${row}` };
      return () => decideLabels([column], [], "readLabels").labels;
    };
    expect(floats(Float64Array.of(1, Number(1413617112501850121n)))).toThrow(
      "readLabels: L.npy row 1 is 1413617112501850000, expected whole numbers as integers or as text",
    );
    expect(floats(Float32Array.of(16777218, 1))).toThrow("L.npy row 0 is 16777218, expected whole numbers as integers or as text");
    expect(floats(Float64Array.of(2 ** 53 - 1, 0.5, Number.POSITIVE_INFINITY))()).toHaveLength(3);
    expect(await refusal(labelsOfText('{"label":12345678901234567891.0}\n', "jsonl"))).toContain(
      "L.jsonl line 1 is 12345678901234567000, expected whole numbers",
    );
  });

  it("are refused as features, where no double holds them", async () => {
    for (const name of ["big.csv:label", "big.parquet", "big.feather", "big.jsonl:label"])
      expect(await refusal(readFeatures(file(name)))).toBe("read");
    const column = (name: string) => readFeatures(file(name), { columns: ["label"] });
    expect(await refusal(column("big.csv"))).toContain(
      'line 2 column "label" is "1413617112501850121", expected a finite number that a double holds; leave the column out by --drop label: an identifier is no feature',
    );
    expect(await refusal(column("big.parquet"))).toContain('row 0 column "label" is 1413617112501850121n');
    expect(await refusal(column("big.feather"))).toContain('row 0 column "label" is 1413617112501850121n');
    expect(await refusal(column("big.jsonl"))).toContain('line 1 column "label" is 1413617112501850121n');
    expect(await refusal(featuresOfText("[1,12345678901234567891]\n", "jsonl"))).toContain('column "1" is 12345678901234567891n');
    // A double that was written without a point is one.
    expect((await featuresOfText("a,b\n123456789012345680000,9007199254740994\n")).data).toEqual([123456789012345680000, 9007199254740994]);
    expect((await featuresOfText("[123456789012345680000,9007199254740994]\n", "jsonl")).data).toEqual([
      123456789012345680000, 9007199254740994,
    ]);
  });
});
