import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { firstTwins, sharedRows } from "../../src/core/sharedRows.ts";
import { findLeaks } from "../../src/episodes/findLeaks.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { curveTable } from "../../src/report/curveTable.ts";
import { evaluationTable } from "../../src/report/evaluationTable.ts";
import { softprobe } from "./softprobe.ts";

// Pure noise of 6 classes, 32 dimensions: chance of 3 ways is 33.3 %. A base set of these very rows gave 74.0 %, "p < 0.001", and a note that endorsed it.
const random = randomStream(9, "synthetic");
const noise = (): Float32Array => Float32Array.from({ length: 60 * 32 }, () => randomNormal(random));
const features = { data: noise(), rows: 60, cols: 32 };
const labels = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 10));
const other = { features: { data: noise(), rows: 60, cols: 32 }, labels: labels.map((label) => label + 10) };
const run = { ways: 3, shots: 1, queries: 5, episodes: 40, masks: ["none", "discriminant:1>bayes@prior/power:1"] } as const;
const folder = mkdtempSync(join(tmpdir(), "softprobe-leaks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a base set that holds rows of the task", () => {
  const all = "base.features row 0 is row 0 of features, as 60 of its rows are rows of features, expected rows of other examples: ";
  it("is refused, whatever its labels, storage and order", async () => {
    await expect(evaluate(features, labels, { ...run, base: { features, labels } })).rejects.toThrow(`evaluate: ${all}`);
    const reversed = { data: Float64Array.from(features.data).reverse(), rows: 60, cols: 32 };
    const turned = toMatrix(Array.from({ length: 60 }, (_, i) => Array.from(features.data.subarray((59 - i) * 32, (60 - i) * 32))));
    await expect(evaluate(features, labels, { ...run, base: { features: turned, labels } })).rejects.toThrow("row 0 is row 59 of features");
    await expect(evaluate(features, labels, { ...run, base: { features: reversed, labels } })).resolves.toBeDefined();
    const one = { ...other.features, data: other.features.data.slice() };
    one.data.set(features.data.subarray(7 * 32, 8 * 32), 20 * 32);
    await expect(evaluate(features, labels, { ...run, base: { ...other, features: one } })).rejects.toThrow(
      "evaluate: base.features row 20 is row 7 of features, as 1 of its rows",
    );
    const reader = { rows: 60, cols: 32, read: (rows: ArrayLike<number>) => takeRows(features, rows) };
    await expect(evaluate(reader, labels, { ...run, masks: ["none"], base: { ...other, features: one } })).rejects.toThrow(
      "evaluate: base.features row 20 is row 7 of features, as 1 of its rows",
    );
    await expect(redundancyCurve(features, labels, { ways: 3, queries: 5, episodes: 5, base: { features, labels } })).rejects.toThrow(all);
    expect((await evaluate(features, labels, { ...run, base: other })).config.data).not.toHaveProperty("baseOverlap");
  });

  it("is taken where that is asked for, and then the result says what it is worth", async () => {
    const result = await evaluate(features, labels, { ...run, base: { features, labels }, allowBaseOverlap: true });
    expect(result.results[1].accuracy).toBeGreaterThan(0.6);
    expect(result.config.data).toMatchObject({ baseOverlap: 60 });
    expect(evaluationTable(result, { width: 1000 })).toContain(
      "60 rows of the base set are rows of the features: what learns from it has seen the queries' labels; for analysis, never for a claim.",
    );
  });

  it("is refused by the command, which names its flag", async () => {
    const [x, y] = ["x.npy", "y.npy"].map((name) => join(folder, name));
    writeFileSync(x, writeNpy({ data: features.data, shape: [60, 32] }));
    writeFileSync(y, writeNpy({ data: labels, shape: [60] }));
    const asked = ["eval", "--features", x, "--labels", y, "--base-features", x, "--base-labels", y];
    const rest = ["--ways", "3", "--queries", "5", "--episodes", "9", "--mask", "none"];
    const refused = await softprobe(...asked, ...rest);
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toContain("rows are rows of features");
    expect((await softprobe(...asked, ...rest, "--allow-base-overlap")).stdout.replace(/\s+/g, " ")).toContain(
      "60 rows of the base set are rows",
    );
  });
});

describe("views and a pool", () => {
  const views = (shift: number) => ({
    // View 0 is noise, view 1 the row that stands `shift` rows further on.
    matrix: {
      data: Float32Array.from({ length: 120 * 32 }, (_, at) => {
        const [view, column] = [Math.floor(at / 32), at % 32];
        return view % 2 === 0
          ? other.features.data[(view / 2) * 32 + column]
          : features.data[(((view - 1) / 2 + shift) % 60) * 32 + column];
      }),
      rows: 120,
      cols: 32,
    },
    views: 2,
  });
  const plain = { ways: 3, queries: 5, episodes: 5, masks: ["none"] };

  it("are told of where they hold other rows' features: views in another order, queries in the pool", async () => {
    const shifted = await evaluate(features, labels, { ...plain, augmented: views(1) });
    expect(shifted.config.data).toMatchObject({ viewOverlap: 60 });
    expect(evaluationTable(shifted, { width: 1000 })).toContain(
      "60 augmented views are the features of another row than their own: check that the views are in the features' order.",
    );
    expect((await evaluate(features, labels, { ...plain, augmented: views(0) })).config.data).not.toHaveProperty("viewOverlap");
    const pooled = await redundancyCurve(features, labels, {
      ...{ ways: 3, queries: 5, episodes: 5, importance: "pair@augmented" },
      ...{ augmented: views(0), pool: views(0) },
    });
    expect(pooled.config.data).toMatchObject({ poolOverlap: 60 });
    expect(curveTable(pooled, { width: 1000 })).toContain(
      "60 views of the pool are rows of the features: what learns from the pool has seen queries, without their labels.",
    );
  });

  it("of the task's rows are no base rows", async () => {
    const base = { features: views(0).matrix, labels: Int32Array.from({ length: 120 }, (_, i) => i % 4) };
    const augmented = { matrix: { ...base.features, data: base.features.data.slice().fill(0.5, 0, 32) }, views: 2 };
    const unlike = { ...features, data: features.data.map((value) => value + 1) };
    await expect(evaluate(unlike, labels, { ...plain, augmented, base })).rejects.toThrow(
      "evaluate: base.features row 1 is view 1 of row 0, as 119 of its rows are views of the features' rows, expected rows of other examples",
    );
  });
});

describe("sharedRows", () => {
  it("finds equal rows whatever their storage, 0 and −0 alike, and tells apart what 32 bits cannot", () => {
    const doubles = toMatrix([
      [0, 1],
      [1 + 1e-12, 2],
    ]);
    expect(sharedRows(doubles, { data: Float32Array.of(-0, 1, 1, 2), rows: 2, cols: 2 }, "f")).toEqual({ count: 1, other: 0, row: 0 });
    expect(sharedRows(doubles, toMatrix([[1, 2]]), "f")).toBe(null);
  });
});

describe("rows that stand twice in the features", () => {
  const twice = { ...features, data: features.data.slice() };
  for (let i = 0; i < 10; i++) twice.data.copyWithin((2 * i + 1) * 32, 2 * i * 32, (2 * i + 1) * 32);

  it("are told of: how many episodes have a query that equals a support row, as findLeaks finds them", async () => {
    const plain = { ...run, masks: ["none"] };
    const result = await evaluate(twice, labels, plain);
    const leaky = Array.from(
      { length: 40 },
      (_, e) => findLeaks(twice, sampleEpisode(labels, { ways: 3, shots: 1, queries: 5 }, e)).duplicates.length > 0,
    ).filter(Boolean).length;
    expect(leaky).toBeGreaterThan(0);
    expect(result.config.data).toMatchObject({ leakyEpisodes: leaky });
    expect(evaluationTable(result).replace(/\s+/g, " ")).toContain(`${leaky} of 40 episodes have a query whose features equal`);
    expect((await evaluate(features, labels, plain)).config.data).not.toHaveProperty("leakyEpisodes");
  });

  it("are dropped by the command with --drop-duplicates, which says how many", async () => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at("twice.npy"), writeNpy({ data: twice.data, shape: [60, 32] }));
    writeFileSync(at("twice-labels.npy"), writeNpy({ data: labels, shape: [60] }));
    const asked = [
      "eval",
      "--features",
      at("twice.npy"),
      "--labels",
      at("twice-labels.npy"),
      "--ways",
      "3",
      "--queries",
      "4",
      "--episodes",
      "20",
    ];
    const told = await softprobe(...asked, "--json");
    expect(JSON.parse(told.stdout).config.data).toMatchObject({ rows: 60, leakyEpisodes: expect.any(Number) });
    const { stdout, stderr } = await softprobe(...asked, "--json", "--drop-duplicates");
    expect(stderr).toContain("dropped 10 of 60 rows, which repeat an earlier row");
    const { data } = JSON.parse(stdout).config;
    expect(data.rows).toBe(50);
    expect(data).not.toHaveProperty("leakyEpisodes");
  });

  it("are found by value: 0 is −0, and rows of equal hash are compared", () => {
    expect(
      firstTwins(
        toMatrix([
          [0, 1],
          [2, 3],
          [-0, 1],
          [2, 3.0000000001],
        ]),
      ),
    ).toEqual(Int32Array.of(0, 1, 0, 3));
    expect(
      firstTwins(
        toMatrix([
          [0, 1],
          [1, 0],
        ]),
      ),
    ).toBe(null);
  });
});
