import { describe, expect, it } from "vitest";
import { readFeatures } from "../../src/node/readFiles.ts";
import { data, refusal } from "./shared.ts";

const file = (name: string): string => data(`arrowLists/${name}`);
const values: Record<string, readonly number[]> = {
  "fixed-decimal": [1, 2, 3, 4, 5, 6],
  "list-decimal": [1, 2, 3, 4, 5, 6],
  "fixed-fractions": [0.1, -2.25, 1.1, 0.7, 123456.1, 3],
  "list-fractions": [0.1, -2.25, 1.1, 0.7, 123456.1, 3],
  "fixed-dictionary": [10, 20, 10, 30, 20, 10],
  "list-dictionary": [10, 20, 10, 30, 20, 10],
  "fixed-bool": [1, 0, 1, 0, 1, 0],
  "list-bool": [1, 0, 1, 0, 1, 0],
};

describe("lists of parquet and Arrow", () => {
  it.each(Object.entries(values))("are their values, not what is stored: %s", async (name, wanted) => {
    for (const extension of ["arrow", "parquet"]) {
      const { data: found, rows, cols } = await readFeatures(file(`${name}.${extension}`));
      expect([rows, cols]).toEqual([3, 2]);
      expect(Array.from(found)).toEqual(wanted);
    }
  });

  it.each([
    ["fixed-string.arrow", "embedding row 0, column 0 is of type Utf8, expected numbers or booleans"],
    ["list-string.arrow", "embedding row 0, column 0 is of type Utf8, expected numbers or booleans"],
    ["fixed-binary.arrow", "embedding row 0, column 0 is of type Binary, expected numbers or booleans"],
    ["fixed-date.arrow", "embedding row 0, column 0 is of type Date32<DAY>, expected numbers or booleans"],
    ["fixed-string.parquet", "embedding holds lists of STRING, expected lists of numbers"],
    ["fixed-binary.parquet", "embedding holds lists of BYTE_ARRAY, expected lists of numbers"],
    ["fixed-date.parquet", "embedding holds lists of DATE, expected lists of numbers"],
    ["list-null.arrow", "embedding row 0, column 1 is null"],
    ["list-null.parquet", "embedding row 0, column 1 is null"],
    ["fixed-null.arrow", "embedding has 1 null values"],
    ["fixed-null.parquet", "embedding row 0, column 1 is null"],
    ["null-list.arrow", "embedding row 1 is null"],
    ["null-list.parquet", "embedding row 1 is null"],
  ])("are refused where they hold no numbers: %s", async (name, message) => {
    expect(await refusal(readFeatures(file(name)))).toContain(message);
  });
});
