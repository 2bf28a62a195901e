import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/evaluate/results.ts";
import { curveMarkdown } from "../../src/report/curveMarkdown.ts";
import { curveTable } from "../../src/report/curveTable.ts";
import { evaluationMarkdown } from "../../src/report/evaluationMarkdown.ts";
import { evaluationTable } from "../../src/report/evaluationTable.ts";
import { displayWidth } from "../../src/report/terminal.ts";
import { evaluation, named, oneShot } from "./fixtures.ts";

const withMask = (mask: string): Evaluation => ({ ...evaluation, results: [{ ...evaluation.results[0], mask }] });
describe("evaluationTable", () => {
  it("shows accuracy in percent with half the interval, and the paired difference in points with its interval, p and mark", () => {
    expect(evaluationTable(evaluation).split("\n").slice(0, 6)).toEqual([
      "mask                     probe     accuracy %  difference  95 % interval       p",
      "───────────────────────  ────────  ──────────  ──────────  ─────────────  ──────  ─",
      "none                     softmax   80.6 ± 0.8",
      "pair@oracle/top:0.02     softmax   84.9 ± 0.9        +4.3   [+3.5, +5.1]  <0.001  *",
      "pair@augmented/top:0.02  softmax   76.9 ± 0.9        −3.7   [−4.5, −2.9]   0.004  *",
      "simple                   softmax   80.7 ± 0.8        +0.1   [−0.4, +0.6]   0.690",
    ]);
  });

  it("says below what was compared, that oracles see the queries, and which classes were left out", () => {
    const text = evaluationTable(evaluation).replaceAll("\n", " ");
    expect(text).toContain("600 episodes, 5-way 1-shot;");
    expect(text).toContain("to none with the same probe");
    expect(text).toContain("not corrected for the number of comparisons");
    expect(text).toContain("An oracle mask sees the queries");
    expect(text).toContain("3 classes (pear, 7, 9007199254740993)");
  });

  it.each<["auto" | number, string]>([
    ["auto", "softmax with C chosen by held-out support rows"],
    [100, "softmax at C = 100"],
  ])("says below which C the softmax probe had: %s", (C, says) => {
    expect(evaluationTable({ ...evaluation, config: { ...evaluation.config, C } }).replaceAll("\n", " ")).toContain(says);
  });

  it("has no mark, and no sentence on it, where nothing is significant", () => {
    const results = [evaluation.results[0], evaluation.results[3]];
    expect(evaluationTable({ ...evaluation, results })).not.toContain("*");
  });

  it("tells which masks learned from labels of other classes of the features, and of none where base rows were given", () => {
    const results = ["none", "tuned", "wiener@prior/power:1", "discriminant:1>none", "views:1>none"].map((mask) => ({
      ...evaluation.results[0],
      mask,
    }));
    const notes = (more: object, baseRows = 0, classes = 24) =>
      evaluationTable(
        { ...evaluation, results, config: { ...evaluation.config, ways: 5, ...more, data: { baseRows, classes } } },
        { width: 1000 },
      );
    const said = "tuned, wiener@prior/power:1, discriminant:1>none learned from labelled rows of the classes outside each episode.";
    expect(notes({})).toContain(said);
    expect(notes({}, 60)).not.toContain("learned from labelled");
    expect(notes({ baseClasses: "none" })).not.toContain("learned from labelled");
    expect(notes({}, 0, 8)).toContain("wiener@prior/power:1, discriminant:1>none learned");
    expect(notes({}, 0, 8)).not.toContain("tuned, ");
  });

  it("prints the same text with colour as without, and no escape without", () => {
    const plain = evaluationTable(evaluation);
    const colour = evaluationTable(evaluation, { colour: true });
    expect(plain).not.toContain("\u001b");
    expect(colour).toContain("\u001b[32m+4.3\u001b[0m");
    expect(colour).toContain("\u001b[31m−3.7\u001b[0m");
    expect(stripVTControlCharacters(colour).replaceAll(/\s+/g, " ")).toBe(plain.replaceAll(/\s+/g, " "));
  });

  it("keeps to the width, from leaving out the interval down to cutting names in their middle", () => {
    for (const width of [56, 60, 80, 84, 120]) {
      const lines = evaluationTable(evaluation, { width }).split("\n");
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
    }
    expect(evaluationTable(evaluation, { width: 80 })).not.toContain("95 % interval  ");
    expect(evaluationTable(evaluation, { width: 80 })).toContain("pair@augmented/top:0.02");
    expect(evaluationTable(evaluation, { width: 60 })).toContain("pair@or…op:0.02");
  });

  it("aligns columns under names of wide, combining and plain characters", () => {
    const results = ["漢字", "e\u0301te\u0301", "🐈", "plain"].map((mask) => ({ ...evaluation.results[0], mask }));
    const lines = evaluationTable({ ...evaluation, results })
      .split("\n")
      .slice(2, 6);
    expect(new Set(lines.map((line) => displayWidth(line.slice(0, line.indexOf("softmax"))))).size).toBe(1);
  });

  it("lets no name move the cursor or break a line", () => {
    const text = evaluationTable(withMask("a\u001b[2Jb\nc\u202ed"));
    expect(text).toContain("a�[2Jb�c�d");
    expect(text).not.toContain("\u001b");
  });

  it("shows n/a for what is not finite, as after JSON, and marks nothing by it", () => {
    const difference = { mean: 0.1, ci95: [Number.NaN, Number.NaN], p: Number.NaN } as const;
    const results = [evaluation.results[0], { ...evaluation.results[1], ci95: [Number.NaN, Number.NaN] as const, difference }];
    const strange = { ...evaluation, episodes: 1, results };
    const line = evaluationTable(strange).split("\n")[3];
    expect(line).toMatch(/84\.9 ± n\/a\s+\+10\.0\s+\[n\/a, n\/a\]\s+n\/a$/);
    expect(evaluationTable(JSON.parse(JSON.stringify({ ...strange, excludedClasses: [] }))).split("\n")[3]).toBe(line);
    expect(evaluationTable(strange)).toContain("1 episode,");
  });

  it("has one line a result whatever masks are called, and as many columns", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }), (masks) => {
        const results = masks.map((mask) => ({ ...evaluation.results[1], mask }));
        const lines = evaluationTable({ ...evaluation, results }).split("\n");
        expect(lines.slice(2, 2 + masks.length).every((line) => line.endsWith("84.9 ± 0.9        +4.3   [+3.5, +5.1]  <0.001  *"))).toBe(
          true,
        );
      }),
    );
  });

  it("refuses what is no evaluation, by name", () => {
    const cast = (value: unknown) => value as Evaluation;
    expect(() => evaluationTable(cast(null))).toThrow(
      TypeError("evaluationTable: evaluation is null, expected a softprobe/eval@1 document"),
    );
    expect(() => evaluationTable(cast(oneShot))).toThrow(
      RangeError('evaluationTable: evaluation.schema is "softprobe/curve@1", expected "softprobe/eval@1"'),
    );
    expect(() => evaluationTable({ ...evaluation, results: [] })).toThrow(
      RangeError("evaluationTable: evaluation.results has no entries, expected at least 1"),
    );
    expect(() => evaluationTable(cast({ schema: "softprobe/eval@1" }))).toThrow(TypeError);
    expect(() => evaluationTable(evaluation, { width: 3 })).toThrow(
      "evaluationTable: options.width is 3, expected a whole number of at least 20",
    );
  });
});

describe("evaluationMarkdown", () => {
  it("is a table of the same figures", () => {
    const lines = evaluationMarkdown(evaluation).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "| mask | probe | accuracy % | difference | 95 % interval | p |  |",
      "|:---|:---|---:|---:|---:|---:|:---|",
      "| none | softmax | 80.6 ± 0.8 |  |  |  |  |",
      "| pair@oracle/top:0.02 | softmax | 84.9 ± 0.9 | +4.3 | [+3.5, +5.1] | <0.001 | * |",
    ]);
  });

  it("escapes names: no cell, link or tag comes of them, and every line has the same number of cells", () => {
    expect(evaluationMarkdown(withMask("a|b<img>[x](y)`c`\nd"))).toContain("| a\\|b\\<img>[x\\](y)\\`c\\` d | softmax |");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (mask) => {
        const [header, , row, blank] = evaluationMarkdown(withMask(mask)).split("\n");
        const cells = (line: string) => line.replaceAll(/\\./gu, "").split("|").length;
        expect(cells(row)).toBe(cells(header));
        expect(blank).toBe("");
      }),
    );
  });
});

describe("curveTable", () => {
  it("shows a line each share of dimensions, compared to all of them", () => {
    expect(curveTable(oneShot).split("\n").slice(0, 9)).toEqual([
      "kept %  dimensions  accuracy %  difference  95 % interval       p",
      "──────  ──────────  ──────────  ──────────  ─────────────  ──────  ─",
      "     1          13  78.2 ± 1.2        −2.4   [−3.0, −1.8]  <0.001  *",
      "     2          26  84.9 ± 1.2        +4.3   [+3.7, +4.9]  <0.001  *",
      "     5          64  86.9 ± 1.2        +6.3   [+5.7, +6.9]  <0.001  *",
      "    10         128  87.4 ± 1.2        +6.8   [+6.2, +7.4]  <0.001  *",
      "    20         256  86.1 ± 1.2        +5.5   [+4.9, +6.1]  <0.001  *",
      "    50         640  83.6 ± 1.2        +3.0   [+2.4, +3.6]  <0.001  *",
      "   100        1280  80.6 ± 1.2",
    ]);
    expect(curveTable(oneShot)).toContain("kept by\npair@oracle;");
    expect(curveTable({ ...oneShot, episodes: 1 })).toContain("\n1 episode, 5-way 1-shot;");
  });

  it("lists points in ascending order of their share, whatever order they come in", () => {
    expect(curveTable({ ...oneShot, points: [...oneShot.points].reverse() })).toBe(curveTable(oneShot));
  });

  it("names each of several curves in a first column", () => {
    const lines = curveTable(named).split("\n");
    expect(lines).toHaveLength(2 + 21 + 3);
    expect(lines[9]).toMatch(/^5 shots\s+1\s+13\s+87\.8 ± 0\.7\s+−5\.1/);
  });

  it("refuses what is no curve, by name and place", () => {
    const bad = { ...oneShot, points: [{ ...oneShot.points[0], fraction: 0 }] };
    expect(() => curveTable(bad)).toThrow(RangeError("curveTable: curve.points[0].fraction is 0, expected a share above 0 and at most 1"));
    expect(() => curveTable([{ name: "a", curve: bad }])).toThrow("curveTable: curves[0].curve.points[0].fraction is 0");
    expect(() => curveTable([])).toThrow(RangeError("curveTable: curves has no entries, expected at least 1"));
    expect(() => curveTable([oneShot] as never)).toThrow(TypeError("curveTable: curves[0].name is undefined, expected a string"));
    expect(() => curveTable({ ...oneShot, points: [] })).toThrow("curveTable: curve.points has no entries, expected at least 1");
    expect(() => curveTable({ ...oneShot, points: [{ ...oneShot.points[0], accuracy: Number.NaN }] })).toThrow(
      "accuracy is NaN, expected a finite number",
    );
  });
});

describe("curveMarkdown", () => {
  it("is a table of the same figures", () => {
    const lines = curveMarkdown(oneShot).split("\n");
    expect(lines[0]).toBe("| kept % | dimensions | accuracy % | difference | 95 % interval | p |  |");
    expect(lines[3]).toBe("| 2 | 26 | 84.9 ± 1.2 | +4.3 | [+3.7, +4.9] | <0.001 | * |");
    expect(curveMarkdown([{ name: "a|b", curve: oneShot }, named[1]]).split("\n")[2]).toMatch(/^\| a\\\|b \| 1 \| 13 \|/);
  });
});
