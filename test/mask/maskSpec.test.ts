import fc from "fast-check";
import { expect, it } from "vitest";
import { basisNames, formatMask, importanceNames, type MaskSpec, parseMask, sourceNames } from "../../src/mask/maskSpec.ts";
import { maskSpecs } from "../properties/maskSpecs.ts";
import { refuses } from "../properties/refuses.ts";

it("every mask printed and parsed again is the mask", () => {
  fc.assert(
    fc.property(maskSpecs, (mask) => {
      expect(parseMask(formatMask(mask))).toEqual(mask);
    }),
    { numRuns: 1000 },
  );
});

it("the parts of a spec string are where METHOD.md says", () => {
  const parsed: [string, MaskSpec][] = [
    ["none", { kind: "none", basis: null }],
    ["simple", { kind: "simple", basis: null }],
    ["tuned", { kind: "tuned", basis: null }],
    ["raw>none", { kind: "none", basis: { name: "raw", ridge: null } }],
    ["centre>simple", { kind: "simple", basis: { name: "centre", ridge: null } }],
    ["within:0.2>none", { kind: "none", basis: { name: "within", ridge: 0.2 } }],
    [
      "pair@oracle/top:0.02",
      { kind: "importance", basis: null, importance: "pair", source: "oracle", shape: { name: "top", value: 0.02 } },
    ],
    [
      "wiener@augmented+base/power:1",
      { kind: "importance", basis: null, importance: "wiener", source: "augmented+base", shape: { name: "power", value: 1 } },
    ],
    [
      "fisher@support/magnitude",
      { kind: "importance", basis: null, importance: "fisher", source: "support", shape: { name: "magnitude" } },
    ],
    ["random/top:0.5", { kind: "importance", basis: null, importance: "random", source: null, shape: { name: "top", value: 0.5 } }],
    [
      "discriminant:1>bayes@prior/power:1",
      {
        kind: "importance",
        basis: { name: "discriminant", ridge: 1 },
        importance: "bayes",
        source: "prior",
        shape: { name: "power", value: 1 },
      },
    ],
    [
      "views-support:16>mutual-information@base/power:-1.5",
      {
        kind: "importance",
        basis: { name: "views-support", ridge: 16 },
        importance: "mutual-information",
        source: "base",
        shape: { name: "power", value: -1.5 },
      },
    ],
  ];
  for (const [spec, mask] of parsed) {
    expect(parseMask(spec), spec).toEqual(mask);
    expect(formatMask(mask)).toBe(spec);
  }
});

it("a number may be written in more than one way, and is printed in one", () => {
  const printed: [string, string][] = [
    ["pair@oracle/top:.5", "pair@oracle/top:0.5"],
    ["pair@oracle/top:1.0", "pair@oracle/top:1"],
    ["pair@oracle/top:5e-1", "pair@oracle/top:0.5"],
    ["pair@oracle/top:5E-1", "pair@oracle/top:0.5"],
    ["pair@oracle/power:1e+1", "pair@oracle/power:10"],
    ["pair@oracle/power:-0", "pair@oracle/power:0"],
    ["within:0.20>none", "within:0.2>none"],
    ["within:-0>none", "within:0>none"],
  ];
  for (const [spec, canonical] of printed) expect(formatMask(parseMask(spec)), spec).toBe(canonical);
  expect(parseMask("pair@oracle/power:-0")).toEqual(parseMask("pair@oracle/power:0"));
});

const shapes = "expected top:FRACTION, power:EXPONENT or magnitude";
const fraction = "expected top:FRACTION with a share in (0, 1]";
const exponent = "expected power:EXPONENT with a number in −100…100";
const ridge = (name: string) => `expected ${name}:RIDGE with a number of at least 0`;
const formOf = (name: string) =>
  `is no mask, expected none, simple, tuned or importance@source/shape, such as ${name}@augmented/power:0.5 (importance: ${importanceNames.join(", ")}; source: ${sourceNames.join(", ")}; shape: top:FRACTION, power:EXPONENT or magnitude)`;
const form = formOf("pair");
const importance = `expected one of ${importanceNames.join(", ")}`;
const source = `expected one of ${sourceNames.join(", ")}`;
const basis = `expected one of ${basisNames.join(", ")}`;
const malformed: [string, string][] = [
  ["", form],
  ["pair", form],
  ["fisher", formOf("fisher")],
  ["random", form],
  ["None", form],
  [" none", form],
  ["none ", form],
  ["pair@oracle", form],
  ["raw>raw>none", form],
  ["raw>", form],
  [">none", `has basis "", ${basis}`],
  ["rotate>none", `has basis "rotate", ${basis}`],
  ["Raw>none", `has basis "Raw", ${basis}`],
  ["raw:1>none", 'gives raw a ridge, expected "raw" alone'],
  ["centre:>none", 'gives centre a ridge, expected "centre" alone'],
  ["within>none", `has no ridge, ${ridge("within")}`],
  ["within:>none", `has ridge "", ${ridge("within")}`],
  ["within:-1>none", `has ridge "-1", ${ridge("within")}`],
  ["discriminant:x>none", `has ridge "x", ${ridge("discriminant")}`],
  ["views:1:2>none", `has ridge "1:2", ${ridge("views")}`],
  ["views-support:1e12>none", `has ridge "1e12", ${ridge("views-support")}`],
  ["raw>tuned", 'gives tuned a basis, expected "tuned" alone: it chooses its own'],
  ["/top:0.5", `has importance "", ${importance}`],
  ["pairs@oracle/top:0.5", `has importance "pairs", ${importance}`],
  ["@oracle/top:0.5", `has importance "", ${importance}`],
  ["none@oracle/top:0.5", `has importance "none", ${importance}`],
  ["pair/top:0.5", `has no @source, ${source}`],
  ["pair@/top:0.5", `has source "", ${source}`],
  ["pair@query/top:0.5", `has source "query", ${source}`],
  ["pair@oracle@base/top:0.5", `has source "oracle@base", ${source}`],
  ["pair@base+augmented/top:0.5", `has source "base+augmented", ${source}`],
  ["random@oracle/top:0.5", 'has source "oracle", expected random/shape, without a source'],
  ["random@/top:0.5", 'has source "", expected random/shape, without a source'],
  ["bayes@prior/power:1", "uses bayes, expected discriminant:RIDGE>bayes@prior/shape: it weighs that basis only"],
  ["within:1>bayes@prior/power:1", "uses bayes, expected discriminant:RIDGE>bayes@prior/shape: it weighs that basis only"],
  ["discriminant:1>bayes@oracle/power:1", "uses bayes, expected discriminant:RIDGE>bayes@prior/shape: it weighs that basis only"],
  ["pair@prior/power:1", 'has source "prior", expected wiener with it: prior and posterior give distances, not class means'],
  ["fisher@posterior/power:1", 'has source "posterior", expected wiener with it: prior and posterior give distances, not class means'],
  ["pair@oracle/", `has shape "", ${shapes}`],
  ["pair@oracle/bottom:0.5", `has shape "bottom:0.5", ${shapes}`],
  ["pair@oracle/Top:0.5", `has shape "Top:0.5", ${shapes}`],
  ["pair@oracle/magnitude:1", `has shape "magnitude:1", ${shapes}`],
  ["pair@oracle/magnitude:", `has shape "magnitude:", ${shapes}`],
  ["pair@oracle/top:0.5:1", `has a second colon in its shape, ${shapes}`],
  ["pair@oracle/top", `has no fraction, ${fraction}`],
  ["pair@oracle/top:", `has fraction "", ${fraction}`],
  ["pair@oracle/top:0", `has fraction "0", ${fraction}`],
  ["pair@oracle/top:-0.5", `has fraction "-0.5", ${fraction}`],
  ["pair@oracle/top:1.01", `has fraction "1.01", ${fraction}`],
  ["pair@oracle/top:50%", `has fraction "50%", ${fraction}`],
  ["pair@oracle/top:NaN", `has fraction "NaN", ${fraction}`],
  ["pair@oracle/top: 0.5", `has fraction " 0.5", ${fraction}`],
  ["pair@oracle/top:0x1", `has fraction "0x1", ${fraction}`],
  ["pair@oracle/top:01", `has fraction "01", ${fraction}`],
  ["pair@oracle/top:1.", `has fraction "1.", ${fraction}`],
  ["pair@oracle/top:.", `has fraction ".", ${fraction}`],
  ["pair@oracle/top:e1", `has fraction "e1", ${fraction}`],
  ["pair@oracle/top:+1", `has fraction "+1", ${fraction}`],
  ["pair@oracle/top:1/2", `has fraction "1/2", ${fraction}`],
  ["pair@oracle/power", `has no exponent, ${exponent}`],
  ["pair@oracle/power:-", `has exponent "-", ${exponent}`],
  ["pair@oracle/power:--1", `has exponent "--1", ${exponent}`],
  ["pair@oracle/power:Infinity", `has exponent "Infinity", ${exponent}`],
  ["pair@oracle/power:1e400", `has exponent "1e400", ${exponent}`],
  ["pair@oracle/power:100.1", `has exponent "100.1", ${exponent}`],
  ["pair@oracle/power:1_0", `has exponent "1_0", ${exponent}`],
];
it.each(malformed)("%j is refused, with what is wrong and what may stand there", (spec, message) => {
  refuses(() => parseMask(spec), RangeError, `parseMask: "${spec}" ${message}`);
});

it("a spec with one character changed is refused by name or is another mask, printed as itself", () => {
  const characters = fc.constantFrom(...":@/>.-+e0159 abx");
  fc.assert(
    fc.property(maskSpecs, fc.nat(), fc.constantFrom("delete", "insert", "replace"), characters, (mask, place, change, character) => {
      const spec = formatMask(mask);
      const at = place % (spec.length + 1);
      const changed = spec.slice(0, at) + (change === "delete" ? "" : character) + spec.slice(change === "insert" ? at : at + 1);
      let parsed: MaskSpec;
      try {
        parsed = parseMask(changed);
      } catch (error) {
        expect((error as Error).name).toBe("RangeError");
        expect((error as Error).message.startsWith(`parseMask: "${changed}" `)).toBe(true);
        return;
      }
      expect(parseMask(formatMask(parsed))).toEqual(parsed);
    }),
    { numRuns: 1000 },
  );
});

it("what is no string is refused as such", () => {
  for (const [value, name] of [
    [null, "null"],
    [undefined, "undefined"],
    [3, "3"],
    [["none"], "Array"],
    [{ kind: "none" }, "Object"],
  ]) {
    refuses(
      () => parseMask(value as unknown as string),
      TypeError,
      `parseMask: spec is ${name}, expected a string such as pair@augmented/power:0.5`,
    );
  }
});
