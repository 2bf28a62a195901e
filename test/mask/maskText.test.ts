import { expect, it } from "vitest";
import { type EvaluateOptions, formatMask, type MaskText, parseMask } from "../../src/index.ts";

// What compiles is the test: `npm test` runs the compiler, which refuses an expected error that does not come.
const texts = [
  "none",
  "tuned",
  "simple",
  "pair@augmented/power:0.5",
  "mutual-information@support/top:0.02",
  "random/magnitude",
  "centre>wiener@posterior/power:1",
  "within:0.2>none",
  "views-support:16>pair@augmented/magnitude",
  "discriminant:1>bayes@prior/power:1",
] as const satisfies readonly MaskText[];

const wrong: readonly MaskText[] = [
  // @ts-expect-error: no such source
  "pair@suport/power:1",
  // @ts-expect-error: no such shape
  "pair@support/powr:1",
  // @ts-expect-error: a number is missing
  "pair@support/top",
  // @ts-expect-error: no such basis
  "center>none",
  // @ts-expect-error: a ridge is missing
  "within>none",
  // @ts-expect-error: tuned takes no basis
  "centre>tuned",
];

it("holds what parseMask takes, and nothing that it refuses", () => {
  for (const text of texts) expect(formatMask(parseMask(text))).toBe(text);
  for (const text of wrong) expect(() => parseMask(text)).toThrow();
});

it("is what options complete, and they take a string from elsewhere too", () => {
  const elsewhere: string = "none";
  const options: EvaluateOptions = { masks: ["pair@augmented/power:0.5", elsewhere] };
  expect(options.masks).toHaveLength(2);
});
