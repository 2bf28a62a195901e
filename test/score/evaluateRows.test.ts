import { describe, expect, it } from "vitest";
import { evaluate, type Matrix, type RowReader, redundancyCurve, syntheticFeatures, takeRows } from "../../src/index.ts";
import { threads } from "../../src/node/threads.ts";
import { streamClassStatistics } from "../../src/statistics.ts";
import { refuses } from "../properties/refuses.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 9, rowsPerClass: 14, dims: 30, views: 3, seed: 6 });
const other = syntheticFeatures({ classes: 6, rowsPerClass: 10, dims: 30, seed: 7 });
const readerOf = (matrix: Matrix): RowReader => ({ rows: matrix.rows, cols: matrix.cols, read: (rows) => takeRows(matrix, rows) });
const views = { reader: readerOf(augmented!.matrix), views: augmented!.views };
const wide = { ...features, data: Float64Array.from(features.data) };
const task = { ways: 4, shots: 2, queries: 6, episodes: 25, perEpisode: true };
const masks = [
  ...["none", "simple", "random/top:0.2", "pair@oracle/top:0.1", "pair@oracle/power:0.5", "fisher@oracle/top:0.3", "wiener@oracle/power:1"],
  ...["variance@support/power:1", "wiener@base/power:1", "wiener@prior/power:1", "pair@support/magnitude"],
  ...["pair@augmented/power:0.5", "wiener@augmented+base/power:1", "wiener@posterior/power:1"],
];
const text = (value: unknown) => JSON.stringify(value);

describe("evaluate by rows that are read", () => {
  it.each([
    ["every mask without a basis", features, {}],
    ["features in double precision", wide, {}],
    ["features as they are", features, { normalize: "none" }],
    ["a base set", features, { base: other }],
    ["training on views", features, { trainOn: "augmented" }],
    ["unequal shots, several draws and metrics", features, { shots: [2, 2, 3, 5], drawsPerTask: 5, metrics: ["balancedAccuracy"] }],
    ["kernels in TypeScript", features, { kernels: "js" }],
  ] as const)("gives the bytes of evaluate: %s", async (_, matrix, more) => {
    const options = { ...task, masks, probes: ["softmax", "centroid", "cosine"], ...more } as const;
    const inMemory = await evaluate(matrix, labels, { ...options, augmented });
    expect(text(await evaluate(readerOf(matrix), labels, { ...options, augmented: views }))).toBe(text(inMemory));
  });

  it("gives them for replayed episodes and probes of one's own", async () => {
    const probe = {
      name: "first",
      fit: (rows: Matrix) => rows.data[0],
      predict: (value: number, rows: Matrix) => Array.from({ length: rows.rows }, (_, i) => Number(rows.data[i * rows.cols] > value)),
    };
    const replay = [
      { support: [0, 14, 1, 15], query: [2, 16, 3] },
      { support: [30, 5, 60], query: [61, 31] },
    ];
    const options = { replay, probes: ["softmax", probe] as const, masks: ["none", "pair@oracle/top:0.5"], perEpisode: true };
    expect(text(await evaluate(readerOf(features), labels, options))).toBe(text(await evaluate(features, labels, options)));
  });

  it("reads an episode's rows only, where no mask needs more", async () => {
    let read = 0;
    const reader = {
      ...readerOf(features),
      read: (rows: ArrayLike<number>) => {
        read += rows.length;
        return takeRows(features, rows);
      },
    };
    await evaluate(reader, labels, { ...task, masks: ["none", "simple", "random/top:0.2"] });
    expect(read).toBe(25 * 4 * (2 + 6));
    read = 0;
    await evaluate(reader, labels, { ...task, masks: ["pair@oracle/top:0.1"] });
    expect(read).toBe(25 * 4 * (2 + 6) + features.rows);
  });

  it("refuses by name what needs all rows in memory, and readers that do not fit", async () => {
    const reader = readerOf(features);
    const fails = (options: object, message: string) => expect(evaluate(reader, labels, { ...task, ...options })).rejects.toThrow(message);
    for (const mask of ["centre>none", "discriminant:1>bayes@prior/power:1", "views-support:16>none", "tuned"])
      await fails(
        { masks: [mask], augmented: views },
        `evaluate: mask "${mask}" needs all rows in memory, expected a mask without a basis, or features as a Matrix`,
      );
    await fails(
      { base: other, baseClasses: "all" },
      'evaluate: baseClasses is "all", expected "base", for the others are not in memory; or features as a Matrix',
    );
    await fails(
      { augmented: { reader, views: 3 } },
      "evaluate: augmented.reader has 126 × 30 values, expected 126 × 3 rows of 30, as features",
    );
    await fails({ base: { ...other, labels: [1] } }, "evaluate: base.labels has 1 rows, expected 60, one a row of base.features");
    await expect(evaluate(reader, [1, 2], task)).rejects.toThrow("evaluate: labels has 2 rows, expected 126, one a row of features");
    await expect(evaluate({ ...reader, rows: 0 }, labels, task)).rejects.toThrow(
      "evaluate: features has shape 0 × 30, expected whole numbers of at least 1",
    );
    await fails({ augmented }, "evaluate: augmented is Object, expected { reader, views }, read by rows as the features are");
    await expect(evaluate(features, labels, { ...task, augmented: views })).rejects.toThrow("evaluate: augmented");
    await expect(redundancyCurve(reader as never, labels, { episodes: 2 })).rejects.toThrow(
      "redundancyCurve: features is Object, expected a Matrix: a curve looks at every dimension of every row",
    );
    await expect(evaluate(reader, labels, { ...task, on: threads(2) })).rejects.toThrow(
      "evaluate: features is Object, expected a Matrix to share with workers: rows that are read are counted here, or by shards",
    );
  });

  it("names the row and column of a value that is not finite", async () => {
    const data = features.data.slice();
    data[125 * 30 + 7] = Number.NaN;
    const broken = readerOf({ ...features, data });
    await expect(evaluate(broken, labels, { ...task, masks: ["pair@oracle/top:0.1"] })).rejects.toThrow(
      "evaluate: features row 125, column 7 is NaN, expected finite numbers",
    );
    await expect(evaluate(broken, labels, { ...task, episodes: 400 })).rejects.toThrow("features row 125, column 7 is NaN");
    refuses(
      () => streamClassStatistics(broken, labels),
      RangeError,
      "streamClassStatistics: features row 125, column 7 is NaN, expected finite numbers",
    );
  });
});
