import { describe, expect, it } from "vitest";
import { readFeatures, readLabels } from "../../src/node/readFiles.ts";
import { data, featuresOfText, labelsOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`headerless/${name}`);

describe("a csv file without a header", () => {
  it("keeps its first row, whichever cells look like the number of the column asked for", async () => {
    const features = await readFeatures(file("mn.csv:0"));
    const labels = await readLabels(file("mn.csv:0"));
    expect([features.rows, features.cols]).toEqual([60, 12]);
    // np.loadtxt("mn.csv", delimiter=",")[:, 0]
    expect(Array.from(labels)).toEqual(Array.from({ length: 60 }, (_, i) => (5 + i) % 6));
    expect(await readLabels(file("last.csv:3"))).toEqual([0, 1, 0, 1]);
    expect((await readFeatures(file("last.csv:3"))).data).toEqual(Float64Array.of(3, 1, 2, 0, 1, 3, 4, 0, 1, 5, 1, 1));
  });

  it.each([
    ["whole numbers", "7,1,2\n3,4,5\n", [7, 1, 2, 3, 4, 5]],
    ["fractions", "0.5,1.5\n2.5,3.5\n", [0.5, 1.5, 2.5, 3.5]],
    ["a 1 above fractions", "1.0,2.0\n2.5,3.5\n", [1, 2, 2.5, 3.5]],
    ["truth values", "True,False\nFalse,True\n", [1, 0, 0, 1]],
    ["lists", '"[1, 2]"\n"[3, 4]"\n', [1, 2, 3, 4]],
    ["0, 1, 2, 3, … above fractions: names, as pandas writes them", "0,1\n0.5,1.5\n", [0.5, 1.5]],
    ["0, 1, 2, 3, … above more of them: names", "0,1,2,3\n4,5,6,7\n", [4, 5, 6, 7]],
    ["numbers of the columns that pandas chose", "5,17\n0.5,1.5\n2.5,3.5\n", [0.5, 1.5, 2.5, 3.5]],
  ])("reads %s", async (_, text, wanted) => {
    expect((await featuresOfText(text)).data).toEqual(wanted);
  });

  it("tells names from classes by what comes again, dates and truth values from names", async () => {
    expect(await labelsOfText("pear\nfig\npear\n", "csv")).toEqual(["pear", "fig", "pear"]);
    expect(await labelsOfText("fruit\npear\nfig\n", "csv")).toEqual(["pear", "fig"]);
    expect(await labelsOfText("True\nFalse\n", "csv")).toEqual([1, 0]);
    expect(await labelsOfText("2024-01-01\n2024-01-02\n", "csv")).toEqual(["2024-01-01", "2024-01-02"]);
    expect(await labelsOfText("x\n1\n2\n", "csv")).toEqual([1, 2]);
    expect((await featuresOfText("2.5,cat\n3.5,dog\n4.5,cat\n", "csv", "1")).data).toEqual([2.5, 3.5, 4.5]);
    expect((await featuresOfText("cat,0,1\ndog,3,4\ncat,5,6\n", "csv", "0")).data).toEqual([0, 1, 3, 4, 5, 6]);
    expect((await featuresOfText("2010,2011,label\n1.5,2.5,x\n", "csv")).columns).toEqual(["2010", "2011"]);
  });

  it("is refused where nobody can tell whether 0, 1 are names or a row", async () => {
    expect(await refusal(featuresOfText("0,1\n1,0\n0,1\n"))).toBe(
      "readFeatures: F.csv line 1 is 0, 1: numbers of columns, or a row as the others, expected names of columns in the first line, such as a, b, c",
    );
  });

  it("a line of names in the middle, as of files joined, is refused", async () => {
    expect(await refusal(labelsOfText("a,label\n1,x\na,label\n2,y\n", "csv"))).toContain("L.csv line 3 is the line of names again");
  });
});
