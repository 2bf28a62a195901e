import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClassName } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { fitProbe } from "../../src/evaluate/fitProbe.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitPlda } from "../../src/probe/fitPlda.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import { predictProba } from "../../src/probe/predict.ts";
import type { Head, LinearHead, Probe } from "../../src/probe/probe.ts";
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

  it("−0 is an array's −0, and classes are listed as they were", () => {
    const linear: LinearHead = {
      kind: "linear",
      classes: ["b", 2n ** 60n, Number.NEGATIVE_INFINITY],
      cols: 1,
      coef: Float64Array.of(-0, 5e-324, 1),
      intercept: Float64Array.of(0, -0, 0),
    };
    const back = through(linear) as LinearHead;
    expect(Object.is(back.coef[0], -0) && Object.is(back.intercept[1], -0)).toBe(true);
    expect(back.classes).toEqual(linear.classes);
  });

  it("arrays are what numpy reads as base64 of '<f8'", () => {
    const { coef } = headToJSON({
      kind: "linear",
      classes: ["a", "b"],
      cols: 1,
      coef: Float64Array.of(1, -2),
      intercept: new Float64Array(2),
    });
    expect(coef).toBe("AAAAAAAA8D8AAAAAAAAAwA==");
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
  const change = (patch: Record<string, unknown>) => () => headFromJSON(JSON.parse(JSON.stringify({ ...document, ...patch })));
  const headPatch = (patch: Record<string, unknown>) => change({ head: { ...(document.head as object), ...patch } });

  it("text that is cut off anywhere", () => {
    const text = JSON.stringify(document);
    for (let end = 0; end < text.length; end += 7)
      expect(() => headFromJSON(text.slice(0, end))).toThrow(/^headFromJSON: document is not JSON/);
  });

  it("another schema or version, saying so", () => {
    expect(change({ schema: "softprobe/head@2" })).toThrow(
      'document.schema is "softprobe/head@2", expected "softprobe/head@1": a newer softprobe reads it',
    );
    expect(change({ schema: "softprobe/eval@1" })).toThrow('is "softprobe/eval@1", expected "softprobe/head@1"');
    expect(() => headFromJSON({ kind: "probe" })).toThrow("document.schema is undefined");
    for (const wrong of [null, undefined, 3, [], "null", "[]", "7", () => 1])
      expect(() => headFromJSON(wrong)).toThrow(/^headFromJSON: document is/);
  });

  it("fields that are missing, unknown or inherited", () => {
    for (const name of Object.keys(document)) {
      const rest = { ...document };
      delete rest[name];
      expect(() => headFromJSON(rest), name).toThrow(RangeError);
    }
    expect(change({ extra: 1 })).toThrow('document has an unknown field "extra"');
    expect(() => headFromJSON(Object.create(document))).toThrow("document.schema is undefined");
    expect(() => headFromJSON(JSON.stringify(document).replace('"kind":"probe"', '"kind":"probe","__proto__":{"polluted":1}'))).toThrow(
      'unknown field "__proto__"',
    );
    expect(headPatch({ constructor: 1 })).toThrow('head has an unknown field "constructor"');
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

  it("lengths that do not fit, without allocating what they claim", () => {
    expect(headPatch({ cols: 10 })).toThrow("head.coef has 27 values, expected 3 × 10 = 30");
    expect(headPatch({ cols: Number.MAX_SAFE_INTEGER })).toThrow("head.coef has 27 values");
    expect(headPatch({ classes: [0, 1] })).toThrow("head.coef has 27 values, expected 2 × 9 = 18");
    expect(headPatch({ intercept: "AAAAAAAA8D8=" })).toThrow("head.intercept has 1 values, expected 3, one a class");
    expect(change({ cols: 12 })).toThrow("steps[1] has 9 weights, expected 12");
    expect(change({ steps: [], cols: 4 })).toThrow("head has 9 columns, expected 4, as its steps leave");
    expect(change({ steps: new Array(65).fill({ kind: "simple" }) })).toThrow("steps has 65 steps, expected at most 64");
    expect(change({ steps: [{ kind: "transform", dimensions: 1e15, matrix: "" }] })).toThrow(
      "steps[0] has 0 values, expected 9000000000000000",
    );
  });

  it("numbers that are none, out of range or of the wrong kind", () => {
    const nan = btoa(String.fromCharCode(...new Uint8Array(Float64Array.of(1, Number.NaN, 3).buffer)));
    expect(headPatch({ intercept: nan })).toThrow("head.intercept[1] is NaN, expected finite numbers");
    expect(headPatch({ intercept: [0, 0, 0] })).toThrow("head.intercept is Array, expected a string");
    expect(headPatch({ intercept: "AAAAAAAA8D8" })).toThrow("expected base64 of whole doubles");
    expect(headPatch({ intercept: "AAAA" })).toThrow("expected base64 of whole doubles");
    expect(headPatch({ intercept: "AAAAAAAA8D8 AAAA" })).toThrow("expected base64");
    expect(headPatch({ C: 0 })).toThrow("head.C is 0, expected a number above 0");
    expect(headPatch({ C: null })).toThrow(TypeError);
    expect(headPatch({ nIter: 1.5 })).toThrow("head.nIter is 1.5");
    expect(headPatch({ converged: 1 })).toThrow("head.converged is 1, expected true or false");
    expect(headPatch({ kind: "constructor" })).toThrow(
      'head.kind is "constructor", expected one of softmax, linear, centroid, cosine, plda',
    );
    expect(headPatch({ kind: "probe" })).toThrow('head.kind is "probe"');
    expect(change({ temperature: 0 })).toThrow("temperature is 0");
    expect(change({ cols: 0 })).toThrow("cols is 0, expected a whole number of at least 1");
    expect(change({ rejection: { by: "margin", threshold: "2" } })).toThrow('rejection.threshold is "2", expected a number');
    expect(change({ rejection: { by: "odds", threshold: 0.5 } })).toThrow("rejection.by");
    expect(change({ provenance: { version: 1, options: {}, digest: null } })).toThrow("provenance.version is 1, expected a string");
    expect(change({ steps: [{ kind: "l2" }] })).toThrow("steps[0] has no weights");
    expect(change({ steps: [{ kind: "__proto__" }] })).toThrow("steps[0].kind");
  });

  it("classes that are none or come twice", () => {
    expect(headPatch({ classes: ["a", "b", "a"] })).toThrow('head.classes names "a" twice');
    expect(headPatch({ classes: ["a"] })).toThrow("head.classes has 1 classes, expected at least 2");
    for (const wrong of [
      null,
      true,
      [],
      {},
      { bigint: "1" },
      { bigint: "x" },
      { bigint: "9".repeat(2000) },
      { number: "NaN" },
      { number: "Infinity", more: 1 },
    ])
      expect(headPatch({ classes: [wrong, "b", "c"] }), JSON.stringify(wrong)).toThrow(/head\.classes\[0\]/);
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

it("headToJSON refuses what is not finite, and what is no head", () => {
  expect(() => headToJSON({ ...head, coef: head.coef.map((value, i) => (i === 4 ? Number.NaN : value)) })).toThrow(
    "headToJSON: head.coef[4] is NaN, expected finite numbers",
  );
  expect(() => headToJSON({ ...trained, temperature: Number.NaN })).toThrow("headToJSON: temperature is NaN");
  expect(() => headToJSON(null as unknown as Head)).toThrow(TypeError);
  expect(() => headToJSON({ kind: "forest" } as unknown as Head)).toThrow("headToJSON: head is Object, expected a trained head or probe");
});
