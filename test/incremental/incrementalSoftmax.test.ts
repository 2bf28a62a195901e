import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClassName, indexLabels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { addExamples } from "../../src/incremental/addExamples.ts";
import { incrementalHead } from "../../src/incremental/incrementalHead.ts";
import { type IncrementalSoftmax, incrementalSoftmax } from "../../src/incremental/incrementalSoftmax.ts";
import { removeExamples } from "../../src/incremental/removeExamples.ts";
import { fitSoftmax, type SoftmaxHead } from "../../src/probe/fitSoftmax.ts";
import { gridNumber, matrix } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { newtonStep, parameters } from "../properties/softmaxReference.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const norm = (values: Float64Array): number => Math.hypot(...values);

/**
 * How far two heads are apart. `coef`: ‖W − W′‖ as a share of ‖W′‖, or of a millionth of C times the number of rows, which W can be at most (where the
 * rows' pulls cancel out, W is what rounding leaves of their sum). `intercept`: ‖b − b′‖ as a share of ‖b′‖, or of 1, the unit of log odds.
 */
function apart(a: SoftmaxHead, b: SoftmaxHead, rows: number): { readonly coef: number; readonly intercept: number } {
  const gap = (own: Float64Array, other: Float64Array): number => norm(own.map((value, i) => value - other[i]));
  return {
    coef: gap(a.coef, b.coef) / Math.max(norm(b.coef), 1e-6 * b.C * rows),
    intercept: gap(a.intercept, b.intercept) / Math.max(norm(b.intercept), 1),
  };
}
const farthest = (a: SoftmaxHead, b: SoftmaxHead, rows: number): number => Math.max(...Object.values(apart(a, b, rows)));

/** The probe's rows in one matrix. */
const rowsOf = ({ rows, cols }: IncrementalSoftmax): Matrix => ({
  data: Float64Array.from(rows.flatMap((row) => Array.from(row))),
  rows: rows.length,
  cols,
});
const fresh = (state: IncrementalSoftmax): SoftmaxHead =>
  fitSoftmax(rowsOf(state), state.labels, { C: state.C, fitIntercept: state.fitIntercept, kernels: state.kernels });

/** `fitSoftmax`'s answer after one more full Newton step in d dimensions: what its tolerance (3e-10 on the gradient) leaves of the intercepts is gone. */
function sharper(state: IncrementalSoftmax, head: SoftmaxHead): SoftmaxHead {
  const { C, fitIntercept, cols } = state;
  const labels = Array.from(indexLabels(state.labels).codes);
  const theta = parameters(head.coef, head.intercept);
  const step = newtonStep({ features: rowsOf(state), labels, k: head.classes.length, C, fitIntercept }, theta);
  const moved = theta.map((value, p) => value + step[p]);
  const isIntercept = (p: number): boolean => p % (cols + 1) === cols;
  return {
    ...head,
    coef: Float64Array.from(moved.filter((_, p) => !isIntercept(p))),
    intercept: Float64Array.from(moved.filter((_, p) => isIntercept(p))),
  };
}

/** Holds a state to a fit from scratch on its rows: W to `tolerance`, intercepts too where the fit is made sharper. */
function expectFresh(state: IncrementalSoftmax, { tolerance = 1e-9, sharpen = false } = {}): void {
  const classes = new Set(state.labels).size;
  if (classes < 2) {
    expect(state.fit).toBe(null);
    refuses(() => incrementalHead(state), RangeError, `incrementalHead: state has ${classes} classes, expected at least 2`);
    return;
  }
  const [head, wanted] = [incrementalHead(state), fresh(state)];
  expect(head.classes).toEqual(wanted.classes);
  expect([head.kind, head.cols, head.C, head.converged]).toEqual(["softmax", wanted.cols, wanted.C, wanted.converged]);
  expect(Math.abs(head.objective - wanted.objective)).toBeLessThanOrEqual(1e-12 * (1 + wanted.objective));
  const { coef, intercept } = apart(head, wanted, state.rows.length);
  expect(coef).toBeLessThanOrEqual(tolerance);
  expect(intercept).toBeLessThanOrEqual(10 * tolerance);
  if (sharpen) expect(farthest(head, sharper(state, wanted), state.rows.length)).toBeLessThanOrEqual(tolerance);
}

type Change = { readonly add: readonly number[]; readonly label: ClassName } | { readonly remove: number };
const changes = (cols: number): fc.Arbitrary<Change[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          add: fc.array(gridNumber, { minLength: cols, maxLength: cols }),
          label: fc.constantFrom<ClassName>("a", "b", "c", 4, 2n ** 60n),
        }),
      },
      { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
    ),
    { minLength: 1, maxLength: 18 },
  );
const apply = (state: IncrementalSoftmax, change: Change): IncrementalSoftmax => {
  if ("add" in change) return addExamples(state, l2Normalize(matrix([change.add])), [change.label]);
  return state.rows.length === 0 ? state : removeExamples(state, [change.remove % state.rows.length]);
};

describe("after any adds and removes the head is that of fitSoftmax on the rows that there are", () => {
  it("to 1e-9, classes appearing and disappearing, rows repeated, with and without intercepts, by either kernels", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }).chain((cols) =>
          fc.record({
            cols: fc.constant(cols),
            list: changes(cols),
            C: fc.constantFrom(0.1, 1, 10),
            fitIntercept: fc.boolean(),
            kernels: fc.constantFrom("js" as const, "wasm" as const),
          }),
        ),
        ({ cols, list, ...options }) => {
          let state = incrementalSoftmax(cols, options);
          for (const change of list) {
            state = apply(state, change);
            expectFresh(state, { sharpen: true });
            compared += Number(state.fit !== null);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it("for features of real size, one row after another, and back again", () => {
    const { features, labels } = syntheticFeatures({ classes: 5, rowsPerClass: 4, dims: 401, seed: 3 });
    const rows = l2Normalize(features);
    const order = Array.from({ length: 20 }, (_, i) => (7 * i) % 20);
    let state = incrementalSoftmax(401, { C: 3 });
    for (const i of order) {
      state = addExamples(state, takeRows(rows, [i]), [labels[i]]);
      expectFresh(state);
      // By the last answer and the Gram matrix, not by a fit from scratch.
      expect(state.fit?.refined ?? null).toBe(null);
    }
    expect(state.labels).toEqual(order.map((i) => labels[i]));
    while (state.rows.length > 0) {
      state = removeExamples(state, [(7 * state.rows.length + 3) % state.rows.length]);
      expectFresh(state);
      expect(state.fit?.refined ?? null).toBe(null);
    }
  });

  it("for many rows at once, which give what they give one by one", () => {
    const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 8, dims: 30, seed: 4 });
    const once = addExamples(incrementalSoftmax(30), features, labels);
    expectFresh(once);
    const fewer = removeExamples(once, [23, 0, 7, 8]);
    expectFresh(fewer);
    let state = incrementalSoftmax(30);
    for (let i = 0; i < 24; i++)
      if (![0, 7, 8, 23].includes(i)) state = addExamples(state, takeRows(features, [i]), labels.subarray(i, i + 1));
    expect(state.labels).toEqual(fewer.labels);
    expect(farthest(incrementalHead(state), incrementalHead(fewer), 20)).toBeLessThan(1e-10);
  });

  it("where the Gram matrix is singular and C large, by a fit in d dimensions, and goes on from there", () => {
    const rows = l2Normalize(matrix(Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i), 0.1 * (i % 3)])));
    const labels = Array.from({ length: 30 }, (_, i) => (i * 7) % 3);
    let state = addExamples(incrementalSoftmax(3, { C: 1e5 }), rows, labels);
    for (let i = 0; i < 3; i++) {
      expect(incrementalHead(state).converged).toBe(true);
      expectFresh(state, { tolerance: 1e-6 });
      state = addExamples(state, takeRows(rows, [i]), [i]);
    }
  });
});

describe("a state", () => {
  const start = addExamples(
    incrementalSoftmax(2),
    matrix([
      [0, 1],
      [1, 0],
      [1, 1],
    ]),
    ["a", "b", "b"],
  );

  it("is left alone by what makes the next, and shares its rows", () => {
    const next = leavesAlone(start, () => addExamples(start, matrix([[3, 4]]), ["c"]));
    expect(next.rows[0]).toBe(start.rows[0]);
    expect(leavesAlone(start, () => removeExamples(start, [1])).rows[1]).toBe(start.rows[2]);
    leavesAlone(start, () => incrementalHead(start));
  });

  it("keeps copies of rows: whoever changes theirs afterwards changes nothing", () => {
    const mine = matrix([[5, 6]]);
    const next = addExamples(start, mine, ["a"]);
    mine.data[0] = 99;
    expect(next.rows[3]).toEqual(Float64Array.of(5, 6));
  });

  it("comes back to what it was when what was added is taken away", () => {
    const back = removeExamples(addExamples(start, matrix([[3, 4]]), ["c"]), [3]);
    expect([back.labels, back.rows, back.gram]).toEqual([start.labels, start.rows, start.gram]);
    expect(farthest(incrementalHead(back), incrementalHead(start), 3)).toBeLessThan(1e-11);
  });

  it("holds every product of two rows", () => {
    expect(Array.from(start.gram)).toEqual([1, 0, 1, 0, 1, 1, 1, 1, 2]);
  });

  it("takes no rows away where none are named", () => {
    expectFresh(removeExamples(start, []));
  });
});
