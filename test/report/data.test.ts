import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/evaluate/results.ts";
import { curveCsv } from "../../src/report/curveCsv.ts";
import { evaluationCsv } from "../../src/report/evaluationCsv.ts";
import { toNdjson } from "../../src/report/toNdjson.ts";
import { evaluation, named, oneShot } from "./fixtures.ts";

/** A reader of RFC 4180 of our own, a character at a time. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const row = rows[rows.length - 1];
    const character = text[i];
    if (quoted && character === '"' && text[i + 1] === '"') row[row.length - 1] += text[i++];
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ",") row.push("");
    else if (!quoted && character === "\n") rows.push([""]);
    else row[row.length - 1] += character;
  }
  return rows.slice(0, -1);
}

describe("evaluationCsv", () => {
  it("has a header and a line a result, in fractions of 1 and full precision", () => {
    const lines = evaluationCsv(evaluation).split("\n");
    expect(lines[0]).toBe("mask,probe,episodes,accuracy,ci95_low,ci95_high,difference,difference_low,difference_high,p");
    expect(lines[1]).toBe("none,softmax,600,0.8063,0.7981,0.8145,,,,");
    expect(lines[2]).toBe("pair@oracle/top:0.02,softmax,600,0.8493,0.84,0.8586,0.043,0.035,0.051,1e-9");
    expect(lines).toHaveLength(1 + evaluation.results.length + 1);
  });

  it("gives back every name and number to a reader of RFC 4180", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), number, number, (mask, probe, accuracy, low) => {
        const results = [{ mask, probe, accuracy, ci95: [low, Number.NaN] as const, difference: null }];
        const [header, row] = readCsv(evaluationCsv({ ...evaluation, results }));
        expect(row).toHaveLength(header.length);
        expect(row.slice(0, 2)).toEqual([mask, probe]);
        expect(Number(row[3])).toBe(accuracy + 0);
        expect(Number(row[4])).toBe(low + 0);
        expect(row[5]).toBe("");
      }),
    );
  });
});

describe("curveCsv", () => {
  it("has a line each curve and point", () => {
    const rows = readCsv(curveCsv(named));
    expect(rows).toHaveLength(1 + 21);
    expect(rows[0][0]).toBe("curve");
    expect(rows[1].slice(0, 6)).toEqual(["1 shot", "0.01", "13", "600", "0.782", "0.77"]);
  });

  it("calls a lone curve by its ways and shots", () => {
    expect(readCsv(curveCsv(oneShot))[1][0]).toBe("5-way 1-shot");
  });
});

describe("toNdjson", () => {
  it("has a line a result, each with what tells its run apart", () => {
    const lines = toNdjson(evaluation).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      evaluation.results.map((result) => ({
        schema: "softprobe/eval@1",
        digest: "f00d",
        episodes: 600,
        ...result,
        config: evaluation.config,
      })),
    );
  });

  it("has a line a point of a curve", () => {
    const lines = toNdjson(oneShot).trimEnd().split("\n");
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[1])).toMatchObject({ schema: "softprobe/curve@1", dimensions: 26, accuracy: 0.849, config: { shots: 1 } });
  });

  it("keeps counts per episode, and writes integers beyond 2⁵³ as strings", () => {
    const results = [{ ...evaluation.results[0], perEpisode: [{ correct: 70, total: 75 }] }];
    const line = JSON.parse(toNdjson({ ...evaluation, config: { classes: [9007199254740993n] }, results }));
    expect(line.perEpisode).toEqual([{ correct: 70, total: 75 }]);
    expect(line.config.classes).toEqual(["9007199254740993"]);
  });

  it("refuses another document by its schema", () => {
    expect(() => toNdjson({ ...evaluation, schema: "softprobe/eval@9" } as unknown as Evaluation)).toThrow(
      RangeError('toNdjson: document.schema is "softprobe/eval@9", expected "softprobe/eval@1" or "softprobe/curve@1"'),
    );
    expect(() => toNdjson("x" as unknown as Evaluation)).toThrow(TypeError);
  });
});
