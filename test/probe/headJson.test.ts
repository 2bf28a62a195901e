import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClassName } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitPlda } from "../../src/probe/fitPlda.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import { predictProba } from "../../src/probe/predict.ts";
import type { Head, Probe } from "../../src/probe/probe.ts";
import type { Step } from "../../src/probe/steps.ts";

const through = (head: Head | Probe): Head | Probe => headFromJSON(JSON.stringify(headToJSON(head)));
/** Any finite double, −0 and denormals among them. */
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const doubles = (length: number) => fc.array(double, { minLength: length, maxLength: length }).map((list) => Float64Array.from(list));
const className: fc.Arbitrary<ClassName> = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("__proto__", "constructor", "", "NaN"),
  fc.double({ noNaN: true }).map((value) => value || 0),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
  fc.bigInt({ min: -(2n ** 70n), max: -(2n ** 53n) }),
);
const classNames = fc.uniqueArray(className, { minLength: 2, maxLength: 4, comparator: "SameValueZero" });

const headOf = (classes: readonly ClassName[], cols: number): fc.Arbitrary<Head> => {
  const each = classes.length * cols;
  const of = <T extends object>(kind: string, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
    fc.record(fields).map((rest) => ({ kind, classes, cols, ...rest }) as unknown as Head);
  return fc.oneof(
    of("linear", { coef: doubles(each), intercept: doubles(classes.length) }),
    of("centroid", { centroids: doubles(each) }),
    of("cosine", { directions: doubles(each) }),
    of("plda", {
      means: doubles(each),
      variances: fc
        .array(fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }), { minLength: each, maxLength: each })
        .map((list) => Float64Array.from(list)),
    }),
    of("softmax", {
      coef: doubles(each),
      intercept: doubles(classes.length),
      C: fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }),
      nIter: fc.nat(),
      converged: fc.boolean(),
      gradientNorm: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
      objective: double.map((value) => value || 0),
    }),
  );
};
const scalar = double.map((value) => value || 0);
const stepOf = (cols: number): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.record({ kind: fc.constant("l2" as const), weights: fc.option(doubles(cols)) }),
    fc.record({ kind: fc.constant("power" as const), exponent: scalar }),
    fc.constant({ kind: "simple" } as const),
    fc.record({ kind: fc.constant("centre" as const), mean: doubles(cols) }),
    fc.record({ kind: fc.constant("mask" as const), weights: doubles(cols) }),
    fc.record({ kind: fc.constant("transform" as const), dimensions: fc.constant(cols), matrix: doubles(cols * cols) }),
    fc.record({ kind: fc.constant("solve" as const), lower: doubles(cols * cols) }),
    fc.record({ kind: fc.constant("lowRank" as const), vectors: doubles(2 * cols), gains: doubles(2), rest: scalar }),
  );
const plainJSON = fc.dictionary(
  fc.string().filter((name) => name !== "__proto__"),
  fc.oneof(fc.string(), fc.boolean(), fc.constant(null), scalar, fc.array(scalar)),
  { noNullPrototype: true },
);
const probe: fc.Arbitrary<Probe> = fc.record({ classes: classNames, cols: fc.integer({ min: 1, max: 4 }) }).chain(({ classes, cols }) =>
  fc.record({
    kind: fc.constant("probe" as const),
    cols: fc.constant(cols),
    steps: fc.array(stepOf(cols), { maxLength: 5 }),
    head: headOf(classes, cols),
    temperature: fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }),
    rejection: fc.option(
      fc.record({
        by: fc.constantFrom("probability" as const, "margin" as const, "score" as const),
        threshold: scalar,
      }),
    ),
    provenance: fc.option(fc.record({ version: fc.string(), options: plainJSON, digest: fc.option(fc.string()) })),
  }),
);

const data = syntheticFeatures({ classes: 3, rowsPerClass: 5, dims: 9, seed: 2 });
const head = fitSoftmax(data.features, data.labels);
const trained = fitProbe(data.features, data.labels, { mask: "pair@support/power:0.5" });
const document = headToJSON(trained) as unknown as Record<string, unknown>;

describe("a head or probe goes to JSON text and comes back with every bit", () => {
  it("whatever finite numbers and class names it holds", () => {
    fc.assert(
      fc.property(probe, (value) => {
        expect(through(value)).toEqual(value);
        expect(through(value.head)).toEqual(value.head);
      }),
      { numRuns: 300 },
    );
  });

  it("as every fit leaves it, and it answers the same bits", () => {
    const { features, labels } = data;
    const heads = [
      head,
      fitCentroid(features, labels),
      fitCosine(features, labels),
      fitPlda(features, labels, { psi: new Float64Array(9).fill(2) }),
      trained,
    ];
    for (const value of heads) {
      expect(through(value)).toEqual(value);
      expect(predictProba(through(value), features).data).toEqual(predictProba(value, features).data);
    }
  });

  it("takes 11 characters a number, at any length of array", () => {
    const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 3, dims: 5000, seed: 1 });
    const large = fitSoftmax(features, labels);
    const text = JSON.stringify(headToJSON(large));
    expect(text.length).toBeLessThan(11 * 4 * 5000);
    expect(headFromJSON(text)).toEqual(large);
  });
});

describe("headFromJSON refuses, with a reason", () => {
  it("text that is cut off anywhere", () => {
    const text = JSON.stringify(document);
    for (let end = 0; end < text.length; end += 7)
      expect(() => headFromJSON(text.slice(0, end))).toThrow(/^headFromJSON: document is not JSON/);
  });

  it("a __proto__ in the free part, and free parts that are too deep", () => {
    const text = JSON.stringify(document);
    expect(() => headFromJSON(text.replace('"options":{', '"options":{"__proto__":{"polluted":1},'))).toThrow(
      'provenance.options has a field "__proto__"',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    expect(() => headFromJSON(text.replace('"options":{', `"options":{"deep":${deep},`))).toThrow(
      "is nested too deep, expected at most 16 levels",
    );
  });

  it("any one value of a document put out of its place: a complaint or a head, never a crash or a NaN", () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) paths.push(path);
      if (value !== null && typeof value === "object") for (const [name, entry] of Object.entries(value)) walk(entry, [...path, name]);
    };
    walk(document, []);
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, -1, 1e308, "", "AAAA", "AAAAAAAA8H8=", [], {}, "__proto__", { kind: "l2", weights: null }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        const copy = JSON.parse(JSON.stringify(document));
        let at = copy;
        for (const name of path.slice(0, -1)) at = at[name];
        at[path[path.length - 1]] = value;
        try {
          const read = headFromJSON(copy);
          const ones: Matrix = { data: new Float64Array(read.cols).fill(1), rows: 1, cols: read.cols };
          expect(predictProba(read, ones).data.every((p) => p >= 0 && p <= 1)).toBe(true);
        } catch (error) {
          expect((error as Error).message).toMatch(/^(headFromJSON|predictProba): /);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("any text at all", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => headFromJSON(text)).toThrow(/^headFromJSON: /);
      }),
    );
  });
});
