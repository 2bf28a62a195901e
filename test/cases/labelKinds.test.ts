import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { readLabels } from "../../src/node/readFiles.ts";
import { data, labelsOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`labelKinds/${name}`);

describe("labels of several files", () => {
  it("are numbers or words over all of them: 1 is one class whichever file names it", async () => {
    expect(await readLabels(file("l-*.csv"))).toEqual(await readLabels(file("all.csv")));
    expect(indexLabels(await readLabels(file("l-*.csv"))).classes).toEqual(["1", "2", "x"]);
    expect(await readLabels(file("f-*.csv"))).toEqual([1, 2, 1, 1, 2, 1]);
  });

  it("are refused where files with types have both kinds, with both shown", async () => {
    expect(await refusal(readLabels(file("l-*.npy")))).toBe(
      'readLabels: labelKinds/l-2.npy row 0 has the label "1", expected a number, as labelKinds/l-1.npy row 0 (1): labels of one kind',
    );
    expect(await refusal(labelsOfText('{"label":"1"}\n{"label":1}\n', "jsonl"))).toContain(
      'line 2 has the label 1, expected a string, as L.jsonl line 1 ("1")',
    );
  });
});
