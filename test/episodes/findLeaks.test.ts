import fc from "fast-check";
import { expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { findLeaks } from "../../src/episodes/findLeaks.ts";
import { matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const few = fc.integer({ min: -1, max: 1 }).map((value) => (value === 0 ? 0 : value));

it("a row on both sides is shared; another row of the same features on the other side is a duplicate", () => {
  const features = matrix([
    [1, 2],
    [3, 4],
    [1, 2],
    [3, 4.5],
  ]);
  expect(findLeaks(features, { support: [0, 1], query: [1, 2, 3] })).toEqual({ shared: [1], duplicates: [{ query: 2, support: 0 }] });
  expect(findLeaks(features, { support: [0, 1], query: [3] })).toEqual({ shared: [], duplicates: [] });
});

it("it finds exactly what comparing every row with every other finds", () => {
  fc.assert(
    fc.property(
      matrices({ maxRows: 12, maxCols: 3, element: few }),
      fc.array(fc.nat(), { minLength: 2, maxLength: 12 }),
      (features, picks) => {
        const list = picks.map((pick) => pick % features.rows);
        const [support, query] = [list.slice(0, list.length >> 1), list.slice(list.length >> 1)];
        const rows = rowsOf(features);
        const equal = (a: number, b: number) => rows[a].every((value, j) => value === rows[b][j]);
        const others = query.filter((row) => !support.includes(row));
        const { shared, duplicates } = leavesAlone([features, support, query], () => findLeaks(features, { support, query }));
        expect(shared).toEqual(query.filter((row) => support.includes(row)));
        expect(duplicates).toEqual(
          others.flatMap((row) => {
            const twin = support.find((other) => equal(row, other));
            return twin === undefined ? [] : [{ query: row, support: twin }];
          }),
        );
      },
    ),
    { numRuns: 300 },
  );
});

it("0 and −0 are the same value", () => {
  for (const kind of [Float32Array, Float64Array]) {
    const features = { data: kind.of(0, 1, -0, 1), rows: 2, cols: 2 };
    expect(findLeaks(features, { support: [0], query: [1] }).duplicates).toEqual([{ query: 1, support: 0 }]);
  }
});

it("features that start in the middle of their memory are read where they are", () => {
  for (const kind of [Float32Array, Float64Array]) {
    const features = { data: kind.of(9, 1, 2, 3, 4, 1, 2).subarray(1), rows: 3, cols: 2 };
    expect(findLeaks(features, { support: [0, 1], query: [2] }).duplicates).toEqual([{ query: 2, support: 0 }]);
  }
});

it("rows that do not exist and features that are no matrix are refused", () => {
  const features = matrix([[1], [2]]);
  refuses(() => findLeaks(features, { support: [2], query: [1] }), RangeError, "findLeaks: support[0] is 2, expected a row in 0…1");
  refuses(() => findLeaks(features, { support: [0], query: [1, -1] }), RangeError, "findLeaks: query[1] is -1, expected a row in 0…1");
  refuses(
    () => findLeaks([[1]] as unknown as Matrix, { support: [0], query: [1] }),
    TypeError,
    /^findLeaks: features is Array, expected a Matrix/,
  );
});
