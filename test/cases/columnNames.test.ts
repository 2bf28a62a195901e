import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { readSklearnNpz } from "../../src/io/readSklearnNpz.ts";
import { writeSklearnNpz } from "../../src/io/writeSklearnNpz.ts";
import { readFeatures, readLabels } from "../../src/node/readFiles.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import { predict, score } from "../../src/probe/predict.ts";
import type { Probe } from "../../src/probe/probe.ts";
import { data, featuresOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`columnNames/${name}`);
const formats = ["csv", "jsonl", "parquet", "feather"];
const labels = await readLabels(file("y.csv"));

describe("columns of shards", () => {
  it.each(formats)("go by name, not by place: %s", async (format) => {
    const [shards, all] = [await readFeatures(file(`s-*.${format}`)), await readFeatures(file(`all.${format}`))];
    expect(shards.columns).toEqual(["a", "b", "c"]);
    const order = [...Array.from({ length: 20 }, (_, i) => 2 * i), ...Array.from({ length: 20 }, (_, i) => 2 * i + 1)];
    expect(Array.from(shards.data)).toEqual(order.flatMap((row) => Array.from(all.data.subarray(3 * row, 3 * row + 3))));
  });

  it.each(formats)("that one lacks or has more are refused: %s", async (format) => {
    expect(await refusal(readFeatures(file(`[ab]*.${format}`.replace("[ab]*", "?b*"))))).toBe("read");
    const less = await refusal(readFeatures(file(`*a.${format}`)));
    expect(less).toContain(`columnNames/bca.${format} has a column c, expected the columns of`);
  });
});

describe("a head that was trained on columns with names", () => {
  it.each(formats)("finds them by name: %s", async (format) => {
    const probe = fitProbe(await readFeatures(file(`abc.${format}`)), labels, { normalize: "none", C: 1 });
    expect(probe.columns).toEqual(["a", "b", "c"]);
    const own = score(probe, await readFeatures(file(`abc.${format}`)), labels);
    // 90.0 %, where columns taken by place gave 25.0 %.
    expect(own).toBe(0.9);
    expect(score(probe, await readFeatures(file(`bca.${format}`)), labels)).toBe(own);
    expect(score(probe, await readFeatures(file(`more.${format}`), { drop: ["name"] }), labels)).toBe(own);
    expect(score(probe, await readFeatures(file(`more.${format}`), { align: probe.columns }), labels)).toBe(own);
    expect(score(probe, await readFeatures(file("abc.npy")), labels)).toBe(own);
    const lacking = await readFeatures(file(`ba.${format}`));
    expect(() => predict(probe, lacking)).toThrow(
      "predict: features has no column c, expected the columns of those that the head was trained on: a, b, c",
    );
    expect(await refusal(readFeatures(file(`ba.${format}`), { align: probe.columns }))).toContain(
      `columnNames/ba.${format} has no column "c", expected those that the head was trained on: a, b, c`,
    );
  });

  it("keeps them in JSON and in scikit-learn's arrays", async () => {
    const probe = fitProbe(await readFeatures(file("abc.csv")), labels, { normalize: "none", C: 1 });
    const read = headFromJSON(JSON.stringify(headToJSON(probe))) as Probe;
    expect(read).toEqual(probe);
    const bca = await readFeatures(file("bca.csv"));
    expect(predict(read, bca)).toEqual(predict(probe, bca));
    const arrays = readSklearnNpz(writeSklearnNpz(probe)) as Probe;
    expect(arrays.columns).toEqual(["a", "b", "c"]);
    expect(predict(arrays, bca)).toEqual(predict(probe, bca));
    const { columns: _, ...nameless } = headToJSON(probe);
    expect("columns" in headFromJSON(nameless)).toBe(false);
    for (const columns of [["a", "b"], ["a", "b", "b"], [1, 2, 3], "abc"])
      expect(() => headFromJSON({ ...nameless, columns })).toThrow(/^headFromJSON: document\.columns/);
  });

  it("goes by place where one side has no names but numbers of places", () => {
    const features = { data: Float64Array.of(0, 0, 1, 5, 0, 6, 4, 4), rows: 4, cols: 2 };
    const probe = fitProbe(features, ["a", "a", "b", "b"], { normalize: "none" });
    expect("columns" in probe).toBe(false);
    const row = { data: Float64Array.of(0, 6), rows: 1, cols: 2 };
    const swapped = { data: Float64Array.of(6, 0), rows: 1, cols: 2 };
    expect(predict(probe, { ...row, columns: ["x", "y"] })).toEqual(predict(probe, row));
    expect(predict(probe, { ...swapped, columns: ["1", "0"] })).toEqual(predict(probe, row));
  });
});

it("a base set goes by name beside the features", async () => {
  const options = { ways: 2, shots: 1, queries: 5, episodes: 10, allowBaseOverlap: true, masks: ["none", "wiener@base/power:1"] };
  const [features, other] = [await readFeatures(file("abc.csv")), await readFeatures(file("bca.csv"))];
  const { results } = await evaluate(features, labels, { ...options, base: { features: other, labels } });
  expect(results).toEqual((await evaluate(features, labels, { ...options, base: { features, labels } })).results);
  const lacking = { features: await readFeatures(file("ba.csv")), labels };
  await expect(evaluate(features, labels, { ...options, base: lacking })).rejects.toThrow(
    "evaluate: base.features has no column c, expected the columns of features: a, b, c",
  );
});

it("names that come twice are told apart as pandas does, and refused where a file keeps columns by name", async () => {
  expect((await featuresOfText("a,a,b\n1,2,3\n")).columns).toEqual(["a", "a.1", "b"]);
});
