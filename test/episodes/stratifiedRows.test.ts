import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { drawRows, splitRows } from "../../src/episodes/stratifiedRows.ts";
import { expectUniform } from "../properties/chiSquare.ts";

const labelLists = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 40 });
const seeds = fc.integer({ min: 0, max: 1e6 });
const countOf = (labels: readonly number[], rows: readonly number[], name: number): number =>
  rows.filter((row) => labels[row] === name).length;
const ascending = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);

describe("splitting rows", () => {
  it("gives every row to one side, ascending, the share of each class to the test, rounded, and at least one row of each class to both", () => {
    fc.assert(
      fc.property(labelLists, fc.double({ min: 0.01, max: 0.99, noNaN: true }), seeds, (labels, share, seed) => {
        const index = indexLabels(labels);
        const { train, test } = splitRows(index, share, seed);
        expect(ascending([...train, ...test])).toEqual(Array.from(labels.keys()));
        expect([train, test]).toEqual([ascending(train), ascending(test)]);
        for (const name of index.classes as number[]) {
          const count = countOf(labels, Array.from(labels.keys()), name);
          // A lone row is one to train on.
          const wanted = count === 1 ? 0 : Math.min(count - 1, Math.max(1, Math.round(share * count)));
          expect(countOf(labels, test, name)).toBe(wanted);
        }
        expect(splitRows(index, share, seed)).toEqual({ train, test });
      }),
    );
  });

  it("holds out each row of a class equally often over seeds", () => {
    const index = indexLabels([0, 1, 0, 1, 0, 1, 0, 0]);
    const held = new Int32Array(8);
    const rows = Array.from(index.rows.subarray(0, 5));
    for (let seed = 0; seed < 2000; seed++) for (const row of splitRows(index, 0.2, seed).test) held[row]++;
    expectUniform(Int32Array.from(rows, (row) => held[row]));
  });
});

describe("drawing rows", () => {
  it("takes so many of each class without return, or all of a class that has no more", () => {
    fc.assert(
      fc.property(labelLists, fc.integer({ min: 1, max: 12 }), seeds, fc.nat(9), (labels, shots, seed, draw) => {
        const index = indexLabels(labels);
        const drawn = drawRows(index, shots, seed, draw);
        expect(drawn).toEqual(ascending([...new Set(drawn)]));
        for (const name of index.classes as number[])
          expect(countOf(labels, drawn, name)).toBe(Math.min(shots, countOf(labels, Array.from(labels.keys()), name)));
      }),
    );
  });

  it("is another draw for another number, and the same for the same; fewer shots are part of more", () => {
    const index = indexLabels(Array.from({ length: 60 }, (_, i) => i % 3));
    const [first, second] = [drawRows(index, 5, 1, 0), drawRows(index, 5, 1, 1)];
    expect(first).not.toEqual(second);
    expect(drawRows(index, 5, 1, 0)).toEqual(first);
    const more = new Set(drawRows(index, 9, 1, 0));
    expect(first.every((row) => more.has(row))).toBe(true);
  });
});
