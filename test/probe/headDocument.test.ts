import { describe, expect, it, vi } from "vitest";
import type { ClassName } from "../../src/core/labels.ts";
import { decodeDoubles, encodeDoubles } from "../../src/probe/base64.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import type { Head, LinearHead, Probe } from "../../src/probe/probe.ts";
import type { Step } from "../../src/probe/steps.ts";
import { refuses } from "../properties/refuses.ts";

type Fields = Record<string, unknown>;
const of = (...values: number[]): Float64Array => Float64Array.from(values);
/** Base64 of little-endian doubles, by Node's own encoder. */
const text = (...values: number[]): string => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => {
    bytes.writeDoubleLE(value, 8 * i);
  });
  return bytes.toString("base64");
};
const schema = "softprobe/head@1";
const classes = ["a", "b"];

/** One head of each kind and its fields as a document, written out. */
const heads: { readonly [Kind in Head["kind"]]: readonly [Extract<Head, { kind: Kind }>, Fields] } = {
  softmax: [
    {
      ...{ kind: "softmax", classes, cols: 2, coef: of(1, 2, 3, -0), intercept: of(0.5, -0.5) },
      ...{ C: 3, nIter: 4, converged: false, gradientNorm: 0.25, objective: -7 },
    },
    {
      ...{ kind: "softmax", classes, cols: 2, coef: text(1, 2, 3, -0), intercept: text(0.5, -0.5) },
      ...{ C: 3, nIter: 4, converged: false, gradientNorm: 0.25, objective: -7 },
    },
  ],
  linear: [
    { kind: "linear", classes, cols: 1, coef: of(1, 2), intercept: of(3, 4) },
    { kind: "linear", classes, cols: 1, coef: text(1, 2), intercept: text(3, 4) },
  ],
  centroid: [
    { kind: "centroid", classes, cols: 2, centroids: of(1, 2, 3, 4) },
    { kind: "centroid", classes, cols: 2, centroids: text(1, 2, 3, 4) },
  ],
  cosine: [
    { kind: "cosine", classes, cols: 2, directions: of(1, 0, 0, 1) },
    { kind: "cosine", classes, cols: 2, directions: text(1, 0, 0, 1) },
  ],
  plda: [
    { kind: "plda", classes, cols: 1, means: of(1, 2), variances: of(5e-324, 2) },
    { kind: "plda", classes, cols: 1, means: text(1, 2), variances: text(5e-324, 2) },
  ],
};
const fieldsOf: { readonly [Kind in Head["kind"]]: string } = {
  softmax: "classes, cols, coef, intercept, C, nIter, converged, gradientNorm, objective",
  linear: "classes, cols, coef, intercept",
  centroid: "classes, cols, centroids",
  cosine: "classes, cols, directions",
  plda: "classes, cols, means, variances",
};
const kinds = Object.keys(heads) as Head["kind"][];

/** One step of each kind, of two columns, and its document. */
const steps: readonly (readonly [Step, Fields])[] = [
  [
    { kind: "l2", weights: null },
    { kind: "l2", weights: null },
  ],
  [
    { kind: "l2", weights: of(1, 2) },
    { kind: "l2", weights: text(1, 2) },
  ],
  [
    { kind: "power", exponent: -0.5 },
    { kind: "power", exponent: -0.5 },
  ],
  [{ kind: "simple" }, { kind: "simple" }],
  [
    { kind: "centre", mean: of(3, 4) },
    { kind: "centre", mean: text(3, 4) },
  ],
  [
    { kind: "mask", weights: of(0, 1) },
    { kind: "mask", weights: text(0, 1) },
  ],
  [
    { kind: "solve", lower: of(1, 0, 2, 3) },
    { kind: "solve", lower: text(1, 0, 2, 3) },
  ],
  [
    { kind: "lowRank", vectors: of(1, 2), gains: of(3), rest: -1.5 },
    { kind: "lowRank", vectors: text(1, 2), gains: text(3), rest: -1.5 },
  ],
  [
    { kind: "transform", dimensions: 1, matrix: of(5, 6) },
    { kind: "transform", dimensions: 1, matrix: text(5, 6) },
  ],
];
const probe: Probe = {
  ...{ kind: "probe", cols: 2, steps: steps.map(([step]) => step), head: heads.linear[0], temperature: 0.5 },
  ...{ rejection: { by: "score", threshold: -1.5 }, provenance: { version: "1.2.3", options: { C: 1 }, digest: "ab" } },
};
const probeDocument: Fields = {
  ...{ schema, kind: "probe", cols: 2, steps: steps.map(([, step]) => step), head: heads.linear[1], temperature: 0.5 },
  ...{ rejection: { by: "score", threshold: -1.5 }, provenance: { version: "1.2.3", options: { C: 1 }, digest: "ab" } },
};
/** A probe of no steps: everything that can be left out is. */
const bare: Probe = { ...probe, cols: 1, steps: [], rejection: null, provenance: null };
const bareDocument: Fields = { ...probeDocument, cols: 1, steps: [], rejection: null, provenance: null };

describe("a document is written as it says", () => {
  it.each(kinds)("%s", (kind) => {
    const [head, fields] = heads[kind];
    expect(headToJSON(head)).toStrictEqual({ schema, ...fields });
    expect(Object.keys(headToJSON(head))).toEqual(["schema", "kind", ...fieldsOf[kind].split(", ")]);
    expect(headFromJSON({ schema, ...fields })).toStrictEqual(head);
    expect(headFromJSON(JSON.stringify({ schema, ...fields }))).toStrictEqual(head);
  });

  it("probe, with every kind of step, with and without rejection and provenance", () => {
    const unknown = { ...probe, provenance: { ...probe.provenance!, digest: null } };
    const unknownDocument = { ...probeDocument, provenance: { ...(probeDocument.provenance as Fields), digest: null } };
    for (const [value, document] of [
      [probe, probeDocument],
      [bare, bareDocument],
      [unknown, unknownDocument],
    ] as const) {
      expect(headToJSON(value)).toStrictEqual(document);
      expect(headFromJSON(document)).toStrictEqual(value);
    }
    for (const by of ["probability", "margin", "score"] as const) {
      const rejecting = { ...bare, rejection: { by, threshold: 0 } };
      expect(headFromJSON(headToJSON(rejecting))).toStrictEqual(rejecting);
    }
  });

  it("classes: text and finite numbers as they are, bigints by digits, infinite numbers by name", () => {
    const cases: [ClassName, unknown][] = [
      ["", ""],
      ["Infinity", "Infinity"],
      [-1.5, -1.5],
      [2 ** 53, 2 ** 53],
      [2n ** 53n, { bigint: "9007199254740992" }],
      [-(2n ** 53n), { bigint: "-9007199254740992" }],
      [10n ** 999n, { bigint: `1${"0".repeat(999)}` }],
      [Number.POSITIVE_INFINITY, { number: "Infinity" }],
      [Number.NEGATIVE_INFINITY, { number: "-Infinity" }],
    ];
    for (const [name, written] of cases) {
      const head: LinearHead = { ...heads.linear[0], classes: [name, "z"] };
      const document = { schema, ...heads.linear[1], classes: [written, "z"] };
      expect(headToJSON(head)).toStrictEqual(document);
      expect(headFromJSON(document)).toStrictEqual(head);
    }
  });
});

describe("headToJSON refuses, with the whole reason:", () => {
  const { linear, softmax } = heads;
  const finite = "expected finite numbers";
  const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
  const table: [what: unknown, kind: typeof RangeError | typeof TypeError, message: string][] = [
    [null, TypeError, "head is null, expected a trained head or probe"],
    [undefined, TypeError, "head is undefined, expected a trained head or probe"],
    ["softmax", TypeError, 'head is "softmax", expected a trained head or probe'],
    [7, TypeError, "head is 7, expected a trained head or probe"],
    [() => 1, TypeError, "head is a function, expected a trained head or probe"],
    [{}, TypeError, "head is Object, expected a trained head or probe"],
    [[], TypeError, "head is Array, expected a trained head or probe"],
    ...["forest", "constructor", "toString", "__proto__"].flatMap((kind): typeof table => [
      [{ kind }, TypeError, "head is Object, expected a trained head or probe"],
      [{ ...bare, steps: [{ kind: "simple" }, { kind }] }, TypeError, "steps[1] is Object, expected a trained head or probe"],
    ]),
    [{ ...linear[0], coef: of(nan, 1) }, RangeError, `head.coef[0] is NaN, ${finite}`],
    [{ ...linear[0], coef: of(1, infinity) }, RangeError, `head.coef[1] is Infinity, ${finite}`],
    [{ ...linear[0], intercept: of(1, -infinity) }, RangeError, `head.intercept[1] is -Infinity, ${finite}`],
    [{ ...linear[0], cols: nan }, RangeError, `head.cols is NaN, ${finite}`],
    [{ ...softmax[0], C: infinity }, RangeError, `head.C is Infinity, ${finite}`],
    [{ ...softmax[0], nIter: nan }, RangeError, `head.nIter is NaN, ${finite}`],
    [{ ...softmax[0], gradientNorm: nan }, RangeError, `head.gradientNorm is NaN, ${finite}`],
    [{ ...softmax[0], objective: -infinity }, RangeError, `head.objective is -Infinity, ${finite}`],
    [{ ...bare, head: { ...linear[0], coef: of(1, nan) } }, RangeError, `head.coef[1] is NaN, ${finite}`],
    [{ ...bare, head: { kind: "forest" } }, TypeError, "head is Object, expected a trained head or probe"],
    [{ ...bare, steps: [{ kind: "power", exponent: nan }] }, RangeError, `steps[0].exponent is NaN, ${finite}`],
    [{ ...bare, steps: [{ kind: "simple" }, { kind: "mask", weights: of(0, nan) }] }, RangeError, `steps[1].weights[1] is NaN, ${finite}`],
    [{ ...bare, temperature: 0 }, RangeError, "temperature is 0, expected a finite number greater than 0"],
    [{ ...bare, temperature: nan }, RangeError, "temperature is NaN, expected a finite number greater than 0"],
    [{ ...bare, temperature: infinity }, RangeError, "temperature is Infinity, expected a finite number greater than 0"],
    [{ ...bare, temperature: "1" }, TypeError, 'temperature is "1", expected a number'],
    [{ ...bare, rejection: { by: "score", threshold: nan } }, RangeError, `rejection.threshold is NaN, ${finite}`],
  ];
  it.each(table.map(([what, kind, message]) => ({ what, kind, message })))("$message", ({ what, kind, message }) => {
    refuses(() => headToJSON(what as Head), kind, `headToJSON: ${message}`);
  });
});

/** A document with other values at some paths: `"head.coef": …`; undefined takes a field away. */
function changed(document: Fields, changes: Fields): Fields {
  const copy = structuredClone(document);
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split(".");
    const last = names.pop()!;
    const owner = names.reduce((at, name) => at[name] as Fields, copy);
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return copy;
}

describe("headFromJSON refuses, with the whole reason:", () => {
  type Row = [document: unknown, kind: typeof RangeError | typeof TypeError, message: string];
  const each = (title: string, rows: readonly Row[]): void => {
    it.each(rows.map(([document, kind, message]) => ({ document, kind, message })))(`${title}: $message`, ({ document, kind, message }) => {
      refuses(() => headFromJSON(document), kind, `headFromJSON: ${message}`);
    });
  };
  const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
  const head = (kind: Head["kind"], changes: Fields): Fields => changed({ schema, ...heads[kind][1] }, changes);
  const whole = (changes: Fields): Fields => changed(probeDocument, changes);
  const none = (changes: Fields): Fields => changed(bareDocument, changes);

  each("what is no document", [
    [null, TypeError, "document is null, expected a softprobe/head@1 document"],
    ["null", TypeError, "document is null, expected a softprobe/head@1 document"],
    [undefined, TypeError, "document is undefined, expected a softprobe/head@1 document"],
    [[], TypeError, "document is Array, expected a softprobe/head@1 document"],
    ["[]", TypeError, "document is Array, expected a softprobe/head@1 document"],
    [7, TypeError, "document is 7, expected a softprobe/head@1 document"],
    ["7", TypeError, "document is 7, expected a softprobe/head@1 document"],
    ['"probe"', TypeError, 'document is "probe", expected a softprobe/head@1 document'],
    [() => 1, TypeError, "document is a function, expected a softprobe/head@1 document"],
  ]);

  it.each(["", "{", "nonsense", `${" ".repeat(60)}{"a": 1 "b"`, '{"schema":"softprobe/head@1"'])(
    "text that is no JSON, with what the engine says of it, shortened: %j",
    (broken) => {
      let said = "";
      try {
        JSON.parse(broken);
      } catch (error) {
        said = (error as Error).message;
      }
      const message = `headFromJSON: document is not JSON (${said.slice(0, 80)}), expected a softprobe/head@1 document`;
      refuses(() => headFromJSON(broken), RangeError, message);
    },
  );

  it("text that is no JSON, of which the engine says more than 80 characters", () => {
    const parse = vi.spyOn(JSON, "parse").mockImplementation(() => {
      throw new SyntaxError("m".repeat(81));
    });
    try {
      const message = `headFromJSON: document is not JSON (${"m".repeat(80)}), expected a softprobe/head@1 document`;
      refuses(() => headFromJSON("{"), RangeError, message);
    } finally {
      parse.mockRestore();
    }
  });

  const known = "softmax, linear, centroid, cosine, plda";
  const readable = 'expected "softprobe/head@1", which this version reads';
  each("another schema", [
    [{}, RangeError, `document.schema is undefined, ${readable}`],
    [Object.create({ schema }), RangeError, `document.kind is undefined, expected one of ${known}`],
    [{ schema: null }, RangeError, `document.schema is null, ${readable}`],
    [{ schema: 1 }, RangeError, `document.schema is 1, ${readable}`],
    [{ schema: ["softprobe/head@2"] }, RangeError, `document.schema is Array, ${readable}`],
    [{ schema: "softprobe/head@2" }, RangeError, `document.schema is "softprobe/head@2", ${readable}`],
    [{ schema: "softprobe/head@123456789" }, RangeError, `document.schema is "softprobe/head@123456789", ${readable}`],
    ...[
      "softprobe/head@1234567890",
      "softprobe/head@",
      "softprobe/head@x",
      "softprobe/head@2x",
      "xsoftprobe/head@2",
      "softprobe/eval@1",
    ].map((other): Row => [{ schema: other }, RangeError, `document.schema is "${other}", ${readable}`]),
  ]);

  const knownSteps = "l2, power, simple, centre, mask, transform, solve, lowRank, split, parts";
  each("kinds that are none", [
    [{ schema }, RangeError, `document.kind is undefined, expected one of ${known}`],
    [{ schema, kind: "forest" }, RangeError, `document.kind is "forest", expected one of ${known}`],
    [{ schema, kind: "toString" }, RangeError, `document.kind is "toString", expected one of ${known}`],
    [{ schema, kind: ["probe"] }, RangeError, `document.kind is Array, expected one of ${known}`],
    [whole({ head: null }), RangeError, `document.head.kind is undefined, expected one of ${known}`],
    [whole({ head: "linear" }), RangeError, `document.head.kind is undefined, expected one of ${known}`],
    [whole({ "head.kind": "probe" }), RangeError, `document.head.kind is "probe", expected one of ${known}`],
    [
      whole({ head: Object.create(heads.linear[1]) }),
      RangeError,
      "document.head has no kind, expected kind, classes, cols, coef, intercept: is it truncated?",
    ],
    [{ ...probeDocument, head: undefined }, RangeError, `document.head.kind is undefined, expected one of ${known}`],
    [whole({ "head.kind": ["linear"] }), RangeError, `document.head.kind is Array, expected one of ${known}`],
    [{ schema, ...heads.linear[1], kind: ["linear"] }, RangeError, `document.kind is Array, expected one of ${known}`],
    [none({ steps: [undefined] }), RangeError, `document.steps[0].kind is undefined, expected one of ${knownSteps}`],
    [whole({ "steps.3.kind": ["simple"] }), RangeError, `document.steps[3].kind is Array, expected one of ${knownSteps}`],
    [whole({ "head.kind": 3 }), RangeError, `document.head.kind is 3, expected one of ${known}`],
    [whole({ "steps.3": null }), RangeError, `document.steps[3].kind is undefined, expected one of ${knownSteps}`],
    [whole({ "steps.3": 5 }), RangeError, `document.steps[3].kind is undefined, expected one of ${knownSteps}`],
    [whole({ "steps.3": "l2" }), RangeError, `document.steps[3].kind is undefined, expected one of ${knownSteps}`],
    [whole({ "steps.0.kind": "l3" }), RangeError, `document.steps[0].kind is "l3", expected one of ${knownSteps}`],
    [whole({ "steps.0.kind": "constructor" }), RangeError, `document.steps[0].kind is "constructor", expected one of ${knownSteps}`],
    [whole({ "steps.0.kind": "__proto__" }), RangeError, `document.steps[0].kind is "__proto__", expected one of ${knownSteps}`],
  ]);

  for (const kind of kinds) {
    const names = fieldsOf[kind].split(", ");
    const all = `kind, ${fieldsOf[kind]}`;
    each(`fields of ${kind}`, [
      ...names.flatMap((name): Row[] => [
        [head(kind, { [name]: undefined }), RangeError, `document has no ${name}, expected schema, ${all}: is it truncated?`],
        [
          none({ head: changed(heads[kind][1], { [name]: undefined }) }),
          RangeError,
          `document.head has no ${name}, expected ${all}: is it truncated?`,
        ],
      ]),
      [head(kind, { more: 1 }), RangeError, `document has an unknown field "more", expected schema, ${all} and no more`],
      [head(kind, { cols: 0 }), RangeError, "document.cols is 0, expected a whole number of at least 1"],
      [head(kind, { cols: 1.5 }), RangeError, "document.cols is 1.5, expected a whole number of at least 1"],
      [head(kind, { cols: -1 }), RangeError, "document.cols is -1, expected a whole number of at least 1"],
      [head(kind, { cols: 2 ** 53 }), RangeError, "document.cols is 9007199254740992, expected a whole number of at least 1"],
      [head(kind, { cols: infinity }), RangeError, "document.cols is Infinity, expected a whole number of at least 1"],
      [head(kind, { cols: "2" }), TypeError, 'document.cols is "2", expected a number'],
      [head(kind, { classes: 2 }), TypeError, "document.classes is 2, expected an array of classes"],
      ...names
        .filter((name) => typeof heads[kind][1][name] === "string")
        .flatMap((name): Row[] => [
          [head(kind, { [name]: null }), TypeError, `document.${name} is null, expected a string`],
          [head(kind, { [name]: [1] }), TypeError, `document.${name} is Array, expected a string`],
          [head(kind, { [name]: "AAAA" }), RangeError, `document.${name} is "AAAA", expected base64 of whole doubles: is it truncated?`],
          [head(kind, { [name]: text(1, nan) }), RangeError, `document.${name}[1] is NaN, expected finite numbers`],
          [head(kind, { [name]: text(-infinity) }), RangeError, `document.${name}[0] is -Infinity, expected finite numbers`],
          [
            head(kind, { [name]: text(1, 2, 3) }),
            RangeError,
            `document.${name} has 3 values, expected ${name === "intercept" || heads[kind][1].cols === 1 ? "2 classes × 1 = 2" : "2 classes × 2 = 4"}`,
          ],
          [
            none({ head: changed(heads[kind][1], { [name]: text(1) }) }),
            RangeError,
            `document.head.${name} has 1 values, expected ${name === "intercept" || heads[kind][1].cols === 1 ? "2 classes × 1 = 2" : "2 classes × 2 = 4"}`,
          ],
        ]),
    ]);
  }

  each("more than any array holds, before it is made", [
    [
      head("linear", { cols: Number.MAX_SAFE_INTEGER }),
      RangeError,
      `document.coef has 2 values, expected 2 classes × ${Number.MAX_SAFE_INTEGER} = ${2 * Number.MAX_SAFE_INTEGER}`,
    ],
    [
      whole({ steps: [{ kind: "transform", dimensions: 1e15, matrix: "" }] }),
      RangeError,
      "document.steps[0] has 0 values, expected 2000000000000000: 2 columns come to it",
    ],
  ]);

  each("numbers of a softmax head", [
    [head("softmax", { C: 0 }), RangeError, "document.C is 0, expected a number above 0"],
    [head("softmax", { C: -1 }), RangeError, "document.C is -1, expected a number above 0"],
    [head("softmax", { C: nan }), RangeError, "document.C is NaN, expected a number above 0"],
    [head("softmax", { C: null }), TypeError, "document.C is null, expected a number"],
    [head("softmax", { nIter: -1 }), RangeError, "document.nIter is -1, expected a whole number of at least 0"],
    [head("softmax", { nIter: 0.5 }), RangeError, "document.nIter is 0.5, expected a whole number of at least 0"],
    [head("softmax", { nIter: 2 ** 53 }), RangeError, "document.nIter is 9007199254740992, expected a whole number of at least 0"],
    [head("softmax", { nIter: true }), TypeError, "document.nIter is true, expected a number"],
    [head("softmax", { converged: 1 }), TypeError, "document.converged is 1, expected true or false"],
    [head("softmax", { converged: null }), TypeError, "document.converged is null, expected true or false"],
    [head("softmax", { gradientNorm: -5e-324 }), RangeError, "document.gradientNorm is -5e-324, expected a number of at least 0"],
    [head("softmax", { gradientNorm: infinity }), RangeError, "document.gradientNorm is Infinity, expected a number of at least 0"],
    [head("softmax", { objective: -infinity }), RangeError, "document.objective is -Infinity, expected a finite number"],
    [head("softmax", { objective: nan }), RangeError, "document.objective is NaN, expected a finite number"],
    [head("softmax", { objective: "0" }), TypeError, 'document.objective is "0", expected a number'],
  ]);

  it("the least and largest numbers that a softmax head may hold pass", () => {
    for (const changes of [
      { C: 5e-324, nIter: 0, gradientNorm: 0, objective: -Number.MAX_VALUE, converged: true },
      { C: Number.MAX_VALUE, nIter: Number.MAX_SAFE_INTEGER, gradientNorm: Number.MAX_VALUE, objective: Number.MAX_VALUE },
    ])
      expect(headFromJSON(head("softmax", changes))).toStrictEqual({ ...heads.softmax[0], ...changes });
  });

  each("variances of 0 or below", [
    [head("plda", { variances: text(0, 1) }), RangeError, "document.variances[0] is 0 or less, expected variances above 0"],
    [head("plda", { variances: text(1, -2) }), RangeError, "document.variances[1] is 0 or less, expected variances above 0"],
    [
      none({ head: changed(heads.plda[1], { variances: text(1, 0) }) }),
      RangeError,
      "document.head.variances[1] is 0 or less, expected variances above 0",
    ],
  ]);

  const wanted = 'a string, a finite number, {"bigint": digits} or {"number": "Infinity"}';
  const noClass = (value: unknown): Row => [
    head("linear", { classes: ["a", value] }),
    RangeError,
    `document.classes[1] names no class, expected ${wanted}`,
  ];
  each("classes", [
    [head("linear", { classes: null }), TypeError, "document.classes is null, expected an array of classes"],
    [head("linear", { classes: { length: 2 } }), TypeError, "document.classes is Object, expected an array of classes"],
    [head("linear", { classes: [] }), RangeError, "document.classes has 0 classes, expected 2 to 4294967295"],
    [head("linear", { classes: ["a"] }), RangeError, "document.classes has 1 classes, expected 2 to 4294967295"],
    [head("linear", { classes: ["a", "a"] }), RangeError, 'document.classes names "a" twice, expected each name once'],
    [head("linear", { classes: [1, "a", 1] }), RangeError, "document.classes names 1 twice, expected each name once"],
    [
      head("linear", { classes: [{ bigint: "9007199254740993" }, { bigint: "9007199254740993" }] }),
      RangeError,
      "document.classes names 9007199254740993n twice, expected each name once",
    ],
    ...[null, true, [], nan, infinity].map(
      (value): Row => [
        head("linear", { classes: [value, "b"] }),
        TypeError,
        `document.classes[0] is ${Array.isArray(value) ? "Array" : value}, expected ${wanted}`,
      ],
    ),
    [whole({ "head.classes": ["a", null] }), TypeError, `document.head.classes[1] is null, expected ${wanted}`],
    ...[
      {},
      { text: "a" },
      { integer: "9007199254740993" },
      { "": "Infinity" },
      // What a number names must be written as one.
      { bigint: "0" },
      { bigint: "9007199254740991" },
      { bigint: "-9007199254740991" },
      { bigint: `1${"0".repeat(1000)}` },
      { bigint: "" },
      { bigint: "-" },
      { bigint: "+9007199254740993" },
      { bigint: "--9007199254740993" },
      { bigint: "x9007199254740993" },
      { bigint: "9007199254740993x" },
      { bigint: " 9007199254740993" },
      { bigint: "0x20000000000001" },
      { bigint: 9007199254740992 },
      { bigint: ["9007199254740993"] },
      { bigint: "9007199254740993", more: 1 },
      { more: 1, bigint: "9007199254740993" },
      { number: "NaN" },
      { number: "1" },
      { number: "infinity" },
      { number: "Infinity", more: 1 },
      { text: "Infinity" },
      { bigint: "Infinity" },
      { number: "9007199254740993" },
    ].map(noClass),
  ]);

  const probeFields = "schema, kind, cols, steps, head, temperature, rejection, provenance";
  each("fields of a probe", [
    ...["cols", "steps", "head", "temperature", "rejection", "provenance"].map(
      (name): Row => [whole({ [name]: undefined }), RangeError, `document has no ${name}, expected ${probeFields}: is it truncated?`],
    ),
    [whole({ more: 1 }), RangeError, `document has an unknown field "more", expected ${probeFields} and no more`],
    [
      JSON.stringify(probeDocument).replace('"cols"', '"__proto__":{},"cols"'),
      RangeError,
      `document has an unknown field "__proto__", expected ${probeFields} and no more`,
    ],
    [
      whole({ "head.constructor": 1 }),
      RangeError,
      'document.head has an unknown field "constructor", expected kind, classes, cols, coef, intercept and no more',
    ],
    [whole({ ["m".repeat(41)]: 1 }), RangeError, `document has an unknown field "${"m".repeat(40)}…", expected ${probeFields} and no more`],
    [whole({ cols: 0 }), RangeError, "document.cols is 0, expected a whole number of at least 1"],
    [whole({ cols: 1.5 }), RangeError, "document.cols is 1.5, expected a whole number of at least 1"],
    [whole({ cols: "2" }), TypeError, 'document.cols is "2", expected a number'],
    [whole({ steps: null }), TypeError, "document.steps is null, expected an array of steps"],
    [whole({ steps: { length: 0 } }), TypeError, "document.steps is Object, expected an array of steps"],
    [none({ steps: new Array(65).fill({ kind: "simple" }) }), RangeError, "document.steps has 65 steps, expected 0 to 64"],
    [whole({ temperature: 0 }), RangeError, "document.temperature is 0, expected a number above 0"],
    [whole({ temperature: -1 }), RangeError, "document.temperature is -1, expected a number above 0"],
    [whole({ temperature: infinity }), RangeError, "document.temperature is Infinity, expected a number above 0"],
    [whole({ temperature: null }), TypeError, "document.temperature is null, expected a number"],
    [none({ cols: 3 }), RangeError, "document.head has 1 columns, expected 3, as its steps leave"],
    [
      whole({ "steps.8.dimensions": 2, "steps.8.matrix": text(1, 2, 3, 4) }),
      RangeError,
      "document.head has 1 columns, expected 2, as its steps leave",
    ],
  ]);

  it("64 steps, and the least and largest temperature, pass", () => {
    const steps = new Array(64).fill({ kind: "simple" });
    for (const temperature of [5e-324, Number.MAX_VALUE])
      expect(headFromJSON(none({ steps, temperature }))).toStrictEqual({ ...bare, steps, temperature });
  });

  const stepRow = (s: number, changes: Fields, kind: Row[1], message: string): Row => [
    whole(Object.fromEntries(Object.entries(changes).map(([name, value]) => [`steps.${s}.${name}`, value]))),
    kind,
    `document.steps[${s}]${message}`,
  ];
  const missing = (names: string): string => `expected kind${names}: is it truncated?`;
  each("steps", [
    stepRow(0, { weights: undefined }, RangeError, ` has no weights, ${missing(", weights")}`),
    stepRow(0, { weights: 1 }, TypeError, ".weights is 1, expected a string"),
    stepRow(0, { weights: "A" }, RangeError, '.weights is "A", expected base64 of whole doubles: is it truncated?'),
    stepRow(1, { weights: text(1, nan) }, RangeError, ".weights[1] is NaN, expected finite numbers"),
    stepRow(1, { weights: text(1) }, RangeError, " has 1 weights, expected 2: 2 columns come to it"),
    stepRow(2, { exponent: undefined }, RangeError, ` has no exponent, ${missing(", exponent")}`),
    stepRow(2, { exponent: nan }, RangeError, ".exponent is NaN, expected a finite number"),
    stepRow(2, { exponent: null }, TypeError, ".exponent is null, expected a number"),
    stepRow(3, { weights: null }, RangeError, ' has an unknown field "weights", expected kind and no more'),
    stepRow(4, { mean: undefined }, RangeError, ` has no mean, ${missing(", mean")}`),
    stepRow(4, { mean: null }, TypeError, ".mean is null, expected a string"),
    stepRow(4, { mean: text(1, 2, 3) }, RangeError, " has 3 means, expected 2: 2 columns come to it"),
    stepRow(5, { weights: undefined }, RangeError, ` has no weights, ${missing(", weights")}`),
    stepRow(5, { weights: null }, TypeError, ".weights is null, expected a string"),
    stepRow(5, { weights: text(1, 2, 3) }, RangeError, " has 3 weights, expected 2: 2 columns come to it"),
    stepRow(6, { lower: undefined }, RangeError, ` has no lower, ${missing(", lower")}`),
    stepRow(6, { lower: null }, TypeError, ".lower is null, expected a string"),
    stepRow(6, { lower: text(1, 2, 3) }, RangeError, " has 3 values, expected 4: 2 columns come to it"),
    stepRow(7, { vectors: undefined }, RangeError, ` has no vectors, ${missing(", vectors, gains, rest")}`),
    stepRow(7, { gains: undefined }, RangeError, ` has no gains, ${missing(", vectors, gains, rest")}`),
    stepRow(7, { rest: undefined }, RangeError, ` has no rest, ${missing(", vectors, gains, rest")}`),
    stepRow(7, { vectors: null }, TypeError, ".vectors is null, expected a string"),
    stepRow(7, { gains: null }, TypeError, ".gains is null, expected a string"),
    stepRow(7, { rest: infinity }, RangeError, ".rest is Infinity, expected a finite number"),
    stepRow(7, { gains: text(1, 2) }, RangeError, " has 2 values, expected 4: 2 columns come to it"),
    stepRow(8, { dimensions: undefined }, RangeError, ` has no dimensions, ${missing(", dimensions, matrix")}`),
    stepRow(8, { matrix: undefined }, RangeError, ` has no matrix, ${missing(", dimensions, matrix")}`),
    stepRow(8, { matrix: null }, TypeError, ".matrix is null, expected a string"),
    stepRow(8, { dimensions: 0, matrix: "" }, RangeError, ".dimensions is 0, expected a whole number of at least 1"),
    stepRow(8, { dimensions: 0.5 }, RangeError, ".dimensions is 0.5, expected a whole number of at least 1"),
    stepRow(8, { dimensions: 2 }, RangeError, " has 2 values, expected 4: 2 columns come to it"),
    stepRow(8, { more: 0 }, RangeError, ' has an unknown field "more", expected kind, dimensions, matrix and no more'),
  ]);

  each("rejection", [
    [whole({ rejection: "score" }), TypeError, 'document.rejection is "score", expected an object'],
    [{ ...probeDocument, rejection: undefined }, TypeError, "document.rejection is undefined, expected an object"],
    [whole({ rejection: [] }), TypeError, "document.rejection is Array, expected an object"],
    [whole({ rejection: 0 }), TypeError, "document.rejection is 0, expected an object"],
    [whole({ "rejection.by": undefined }), RangeError, "document.rejection has no by, expected by, threshold: is it truncated?"],
    [
      whole({ "rejection.threshold": undefined }),
      RangeError,
      "document.rejection has no threshold, expected by, threshold: is it truncated?",
    ],
    [whole({ "rejection.more": 1 }), RangeError, 'document.rejection has an unknown field "more", expected by, threshold and no more'],
    [whole({ "rejection.by": "odds" }), RangeError, 'document.rejection.by is "odds", expected probability, margin or score'],
    [whole({ "rejection.by": null }), RangeError, "document.rejection.by is null, expected probability, margin or score"],
    [whole({ "rejection.threshold": nan }), RangeError, "document.rejection.threshold is NaN, expected a finite number"],
    [whole({ "rejection.threshold": "1" }), TypeError, 'document.rejection.threshold is "1", expected a number'],
  ]);

  /** So many objects or arrays, one in another. */
  const nested = (levels: number, list: boolean): unknown => {
    let value: unknown = 7;
    for (let i = 0; i < levels; i++) value = list ? [value] : { a: value };
    return value;
  };
  each("provenance", [
    [whole({ provenance: "1.0.0" }), TypeError, 'document.provenance is "1.0.0", expected an object'],
    [whole({ provenance: [] }), TypeError, "document.provenance is Array, expected an object"],
    ...["version", "options", "digest"].map(
      (name): Row => [
        whole({ [`provenance.${name}`]: undefined }),
        RangeError,
        `document.provenance has no ${name}, expected version, options, digest: is it truncated?`,
      ],
    ),
    [
      whole({ "provenance.more": 1 }),
      RangeError,
      'document.provenance has an unknown field "more", expected version, options, digest and no more',
    ],
    [whole({ "provenance.version": 1 }), TypeError, "document.provenance.version is 1, expected a string"],
    [whole({ "provenance.version": null }), TypeError, "document.provenance.version is null, expected a string"],
    [whole({ "provenance.digest": 7 }), TypeError, "document.provenance.digest is 7, expected a string"],
    [whole({ "provenance.digest": false }), TypeError, "document.provenance.digest is false, expected a string"],
    [whole({ "provenance.options": null }), TypeError, "document.provenance.options is null, expected an object"],
    [whole({ "provenance.options": [] }), TypeError, "document.provenance.options is Array, expected an object"],
    [whole({ "provenance.options": "C" }), TypeError, 'document.provenance.options is "C", expected an object'],
    [whole({ "provenance.options": { C: nan } }), TypeError, "document.provenance.options.C is NaN, expected plain JSON"],
    [whole({ "provenance.options": { C: infinity } }), TypeError, "document.provenance.options.C is Infinity, expected plain JSON"],
    [whole({ "provenance.options": { C: 1n } }), TypeError, "document.provenance.options.C is 1n, expected plain JSON"],
    [
      whole({ "provenance.options": { path: [1, undefined] } }),
      TypeError,
      "document.provenance.options.path[1] is undefined, expected plain JSON",
    ],
    [
      whole({ "provenance.options": { [`${"n".repeat(40)}and more`]: nan } }),
      TypeError,
      `document.provenance.options.${"n".repeat(40)} is NaN, expected plain JSON`,
    ],
    [
      whole({ "provenance.options": nested(17, false) }),
      RangeError,
      `document.provenance.options${".a".repeat(16)} is nested too deep, expected at most 16 levels`,
    ],
    [
      whole({ "provenance.options": { list: nested(16, true) } }),
      RangeError,
      `document.provenance.options.list${"[0]".repeat(15)} is nested too deep, expected at most 16 levels`,
    ],
    [
      JSON.stringify(whole({ "provenance.options": { deeper: { a: 1 } } })).replace('"a":1', '"__proto__":{}'),
      RangeError,
      'document.provenance.options.deeper has a field "__proto__", expected no field of that name',
    ],
  ]);

  it("plain options of 16 levels pass, as copies", () => {
    const options = {
      deep: nested(15, false),
      list: nested(15, true),
      text: "t",
      yes: true,
      no: false,
      nothing: null,
      number: -1.5,
      "": {},
    };
    const document = whole({ "provenance.options": options });
    const read = headFromJSON(document) as Probe;
    expect(read.provenance!.options).toStrictEqual(options);
    const given = (document.provenance as Fields).options as typeof options;
    expect(read.provenance!.options).not.toBe(given);
    expect(read.provenance!.options[""]).not.toBe(given[""]);
  });
});

describe("base64 of doubles", () => {
  it("is Node's, at every length around the parts in which it is made, and comes back", () => {
    for (const length of [0, 1, 2, 3, 4, 3071, 3072, 3073, 6144, 6145]) {
      const values = Float64Array.from({ length }, (_, i) => (i % 2 ? -1 : 1) * (i + 1) ** 1.5 * 10 ** ((i % 600) - 300));
      expect(encodeDoubles(values)).toBe(text(...values));
      expect(encodeDoubles(Array.from(values))).toBe(text(...values));
      expect(decodeDoubles(text(...values))).toStrictEqual(values);
    }
  });

  it("text that is none, or no whole number of doubles, gives null", () => {
    const one = text(1);
    expect(one).toBe("AAAAAAAA8D8=");
    for (const wrong of [
      "A",
      "AA==",
      "AAAA",
      "AAAAAAAA8D8",
      "AAAAAAAA8D8==",
      "AAAAAAAA8===",
      "====",
      "=AAAAAAA8D8=",
      " AAAAAAAA8D8",
      "AAAAAAAA8D8\n",
      "AAAAAAAA-D8=",
      "AAAAAAAA_D8=",
      "AAAAAAAA8Dé=",
      "AAAAAAAA8D8=AAAA",
      `${one}${one}`,
      `${one}AAAAAAAA`,
    ])
      expect(decodeDoubles(wrong), wrong).toBe(null);
  });
});

describe("parts, which are lists of steps within a step", () => {
  const steps: readonly Step[] = [
    {
      kind: "parts",
      parts: [
        { name: "p", weight: 0.5, steps: [{ kind: "transform", dimensions: 1, matrix: of(5, 6) }] },
        {
          name: "",
          weight: -1,
          steps: [{ kind: "parts", parts: [{ name: "q", weight: 1, steps: [{ kind: "split", vectors: of(1, 0) }] }] }],
        },
      ],
    },
  ];
  const written = [
    {
      kind: "parts",
      parts: [
        { name: "p", weight: 0.5, steps: [{ kind: "transform", dimensions: 1, matrix: text(5, 6) }] },
        {
          name: "",
          weight: -1,
          steps: [{ kind: "parts", parts: [{ name: "q", weight: 1, steps: [{ kind: "split", vectors: text(1, 0) }] }] }],
        },
      ],
    },
  ];
  const head = { ...heads.linear[0], cols: 4, coef: new Float64Array(8) };
  const whole: Probe = { kind: "probe", cols: 2, steps, head, temperature: 1, rejection: null, provenance: null };
  const document = JSON.parse(JSON.stringify(headToJSON(whole))) as Record<string, unknown>;

  it("are written out in full and read back", () => {
    expect(document.steps).toEqual(written);
    expect(headFromJSON(document)).toStrictEqual(whole);
  });

  it("are refused where they do not fit, are unknown, empty or nested too deep", () => {
    const read = (own: unknown) => () => headFromJSON({ ...document, steps: own });
    const part = { name: "p", weight: 1, steps: [] };
    refuses(read([{ kind: "parts" }]), RangeError, "headFromJSON: document.steps[0] has no parts, expected kind, parts: is it truncated?");
    refuses(read([{ kind: "parts", parts: [] }]), RangeError, "headFromJSON: document.steps[0].parts has 0 parts, expected 1 to 64");
    refuses(read([{ kind: "parts", parts: [{ ...part, weight: "1" }] }]), TypeError, /steps\[0\]\.parts\[0\]\.weight is "1"/);
    refuses(read([{ kind: "parts", parts: [{ ...part, more: 1 }] }]), RangeError, /steps\[0\]\.parts\[0\] has an unknown field "more"/);
    refuses(
      read([{ kind: "parts", parts: [{ ...part, steps: [{ kind: "mask", weights: text(1) }] }] }]),
      RangeError,
      "headFromJSON: document.steps[0].parts[0].steps[0] has 1 weights, expected 2: 2 columns come to it",
    );
    let deep: unknown = [];
    for (let depth = 0; depth < 20; depth++) deep = [{ kind: "parts", parts: [{ ...part, steps: deep }] }];
    refuses(read(deep), RangeError, /is nested too deep, expected at most 16 levels/);
  });
});
