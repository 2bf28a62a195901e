import fc from "fast-check";
import { importanceNames, type MaskSpec, sourceNames } from "../../src/mask/maskSpec.ts";

const ridge = fc
  .oneof(fc.double({ min: 0, max: 1e11, noNaN: true }), fc.constantFrom(0, 0.2, 1, 16, 1e-7, 1e-300))
  .map((value) => value || 0);
const discriminant = ridge.map((value) => ({ name: "discriminant", ridge: value }) as const);
const basis = fc.oneof(
  fc.constant(null),
  fc.constantFrom({ name: "raw", ridge: null } as const, { name: "centre", ridge: null } as const),
  fc.record({ name: fc.constantFrom("within", "discriminant", "views", "views-support"), ridge } as const),
);
const shape = fc.oneof(
  fc.constant({ name: "magnitude" } as const),
  fc.record({ name: fc.constant("top" as const), value: fc.double({ min: 1e-300, max: 1, noNaN: true }) }),
  fc.record({ name: fc.constant("power" as const), value: fc.double({ min: -100, max: 100, noNaN: true }).map((value) => value || 0) }),
);
const priors = ["prior", "posterior"];

/** Every mask that has a spec string. */
export const maskSpecs: fc.Arbitrary<MaskSpec> = fc.oneof(
  fc.record({ kind: fc.constantFrom("none" as const, "simple" as const), basis }),
  fc.constant<MaskSpec>({ kind: "tuned", basis: null }),
  fc.record({
    kind: fc.constant("importance" as const),
    basis,
    importance: fc.constantFrom(...importanceNames.filter((name) => !["random", "bayes"].includes(name))),
    source: fc.constantFrom(...sourceNames.filter((name) => !priors.includes(name))),
    shape,
  }),
  fc.record({
    kind: fc.constant("importance" as const),
    basis,
    importance: fc.constant("wiener" as const),
    source: fc.constantFrom(...sourceNames),
    shape,
  }),
  fc.record({
    kind: fc.constant("importance" as const),
    basis,
    importance: fc.constant("random" as const),
    source: fc.constant(null),
    shape,
  }),
  fc.record({
    kind: fc.constant("importance" as const),
    basis: discriminant,
    importance: fc.constant("bayes" as const),
    source: fc.constant("prior" as const),
    shape,
  }),
);
