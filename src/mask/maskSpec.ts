import { kindError, valueError } from "../core/errors.ts";

export const importanceNames = ["pair", "fisher", "variance", "random", "wiener", "welch", "mutual-information", "bayes"] as const;
export const sourceNames = ["oracle", "support", "augmented", "base", "augmented+base", "prior", "posterior"] as const;
export const basisNames = ["raw", "centre", "within", "discriminant", "views", "views-support"] as const;

export type ImportanceName = (typeof importanceNames)[number];
export type SourceName = (typeof sourceNames)[number];
export type BasisName = (typeof basisNames)[number];

/** Whether a source takes the support's views. */
export function readsViews(source: SourceName | null): boolean {
  return source === "augmented" || source === "augmented+base" || source === "posterior";
}

/** Whether a source takes the base classes. */
export function readsBase(source: SourceName | null): boolean {
  return source === "base" || source === "augmented+base" || source === "prior" || source === "posterior";
}

type Shape = "magnitude" | `power:${number}` | `top:${number}`;
type Unrotated = "none" | "simple" | `${Exclude<ImportanceName, "random" | "bayes">}@${SourceName}/${Shape}` | `random/${Shape}`;
type Rotation = "raw" | "centre" | `${"within" | "discriminant" | "views" | "views-support"}:${number}`;

/**
 * A mask's spec string, checked by the compiler: `"pair@suport/power:1" satisfies MaskText` is an error. Options take any string too, which may
 * come from a file.
 */
export type MaskText = "tuned" | Unrotated | `${Rotation}>${Unrotated}` | `discriminant:${number}>bayes@${SourceName}/${Shape}`;

/** Masks that an editor offers: those that docs/what-to-use.md and docs/science.md measure. */
type Offered =
  | "none"
  | "simple"
  | "tuned"
  | "centre>none"
  | "discriminant:1>none"
  | "discriminant:1>bayes@prior/power:1"
  | "views:1>none"
  | "views-support:16>none"
  | `pair@${"augmented" | "base" | "oracle" | "support"}/${"power:0.5" | "power:1" | "top:0.02" | "top:0.1" | "magnitude"}`
  | `wiener@${"augmented" | "augmented+base" | "prior" | "posterior"}/power:1`;

/** What an option takes for a mask: an editor completes those offered, and any other string will do. */
export type MaskString = Offered | (string & {});

/** The basis before the mask: `discriminant:1` is {name: "discriminant", ridge: 1}. */
export interface BasisSpec {
  readonly name: BasisName;
  /** Ridge ρ ≥ 0; null for raw and centre, which have none. */
  readonly ridge: number | null;
}

/** The parts of a mask's spec string: see `parseMask`. */
export type MaskSpec =
  | { readonly kind: "none" | "simple" | "tuned"; readonly basis: BasisSpec | null }
  | {
      readonly kind: "importance";
      readonly basis: BasisSpec | null;
      readonly importance: ImportanceName;
      /** null for `random`, which has none. */
      readonly source: SourceName | null;
      readonly shape: { readonly name: "top" | "power"; readonly value: number } | { readonly name: "magnitude" };
    };

const number = /^(?:0|[1-9]\d*)?(?:\.\d+)?(?:e[+-]?\d+)?$/i;

function parseNumber(text: string | undefined, spec: string, what: string, check: (value: number) => boolean, wanted: string): number {
  const sign = text?.startsWith("-") ? -1 : 1;
  const digits = text?.replace(/^-/, "") ?? "";
  const value = digits !== "" && number.test(digits) ? sign * Number(digits) : Number.NaN;
  if (!check(value)) throw valueError("parseMask", `"${spec}"`, text === undefined ? `has no ${what}` : `has ${what} "${text}"`, wanted);
  // −0 is 0, so that printing loses nothing.
  return value || 0;
}

function parseBasis(text: string, spec: string): BasisSpec {
  const colon = text.indexOf(":");
  const name = (colon < 0 ? text : text.slice(0, colon)) as BasisName;
  const value = colon < 0 ? undefined : text.slice(colon + 1);
  if (!basisNames.includes(name)) throw valueError("parseMask", `"${spec}"`, `has basis "${name}"`, `one of ${basisNames.join(", ")}`);
  if (name === "raw" || name === "centre") {
    if (value !== undefined) throw valueError("parseMask", `"${spec}"`, `gives ${name} a ridge`, `"${name}" alone`);
    return { name, ridge: null };
  }
  return {
    name,
    ridge: parseNumber(value, spec, "ridge", (ridge) => ridge >= 0 && ridge < 1e12, `${name}:RIDGE with a number of at least 0`),
  };
}

/**
 * Parses a mask's spec string: `[basis>]none`, `[basis>]simple`, or `[basis>]importance@source/shape`, where importance is one of pair,
 * fisher, variance, wiener, welch, mutual-information, bayes (or `random`, without a source); source one of oracle, support, augmented, base,
 * augmented+base, prior, posterior; shape `top:FRACTION`, `power:EXPONENT` or `magnitude`; and basis one of raw, centre, within:RIDGE,
 * discriminant:RIDGE, views:RIDGE, views-support:RIDGE.
 *
 * @throws RangeError saying which part is wrong and what it may be
 * @example
 * ```ts
 * import { formatMask, parseMask } from "softprobe";
 *
 * console.log(parseMask("pair@augmented/power:0.5").kind); // → importance
 * console.log(formatMask(parseMask("discriminant:1.0>none"))); // → discriminant:1>none
 * ```
 */
export function parseMask(spec: string): MaskSpec {
  if (typeof spec !== "string") throw kindError("parseMask", "spec", spec, "a string such as pair@augmented/power:0.5");
  const angle = spec.indexOf(">");
  const basis = angle < 0 ? null : parseBasis(spec.slice(0, angle), spec);
  const mask = spec.slice(angle + 1);
  if (mask === "none" || mask === "simple" || mask === "tuned") {
    if (mask === "tuned" && basis) throw valueError("parseMask", `"${spec}"`, "gives tuned a basis", `"tuned" alone: it chooses its own`);
    return { kind: mask, basis };
  }
  const slash = mask.indexOf("/");
  if (slash < 0)
    throw valueError(
      "parseMask",
      `"${spec}"`,
      "is no mask",
      `none, simple, tuned or importance@source/shape, such as ${(importanceNames as readonly string[]).includes(mask) && mask !== "random" ? mask : "pair"}@augmented/power:0.5 (importance: ${importanceNames.join(", ")}; source: ${sourceNames.join(", ")}; shape: top:FRACTION, power:EXPONENT or magnitude)`,
    );
  const at = mask.slice(0, slash).indexOf("@");
  const importance = mask.slice(0, at < 0 ? slash : at) as ImportanceName;
  const source = (at < 0 ? null : mask.slice(at + 1, slash)) as SourceName | null;
  if (!importanceNames.includes(importance)) {
    throw valueError("parseMask", `"${spec}"`, `has importance "${importance}"`, `one of ${importanceNames.join(", ")}`);
  }
  if (importance === "random" ? source !== null : source === null || !sourceNames.includes(source)) {
    const wanted = importance === "random" ? "random/shape, without a source" : `one of ${sourceNames.join(", ")}`;
    throw valueError("parseMask", `"${spec}"`, source === null ? "has no @source" : `has source "${source}"`, wanted);
  }
  if (importance === "bayes" && (basis?.name !== "discriminant" || source !== "prior")) {
    throw valueError("parseMask", `"${spec}"`, "uses bayes", "discriminant:RIDGE>bayes@prior/shape: it weighs that basis only");
  }
  if (importance !== "wiener" && importance !== "bayes" && (source === "prior" || source === "posterior")) {
    throw valueError(
      "parseMask",
      `"${spec}"`,
      `has source "${source}"`,
      "wiener with it: prior and posterior give distances, not class means",
    );
  }
  const [name, value, ...rest] = mask.slice(slash + 1).split(":");
  if (rest.length > 0)
    throw valueError("parseMask", `"${spec}"`, "has a second colon in its shape", "top:FRACTION, power:EXPONENT or magnitude");
  if (name === "magnitude" && value === undefined) return { kind: "importance", basis, importance, source, shape: { name } };
  if (name === "top") {
    const fraction = parseNumber(value, spec, "fraction", (f) => f > 0 && f <= 1, "top:FRACTION with a share in (0, 1]");
    return { kind: "importance", basis, importance, source, shape: { name, value: fraction } };
  }
  if (name === "power") {
    const exponent = parseNumber(value, spec, "exponent", (x) => Math.abs(x) <= 100, "power:EXPONENT with a number in −100…100");
    return { kind: "importance", basis, importance, source, shape: { name, value: exponent } };
  }
  throw valueError("parseMask", `"${spec}"`, `has shape "${mask.slice(slash + 1)}"`, "top:FRACTION, power:EXPONENT or magnitude");
}

/**
 * Writes a mask as its spec string, which `parseMask` reads back.
 *
 * @example
 * ```ts
 * import { formatMask } from "softprobe";
 *
 * console.log(formatMask({ kind: "none", basis: { name: "within", ridge: 0.2 } })); // → within:0.2>none
 * ```
 */
export function formatMask(mask: MaskSpec): MaskText {
  const { basis } = mask;
  const prefix = basis === null ? "" : `${basis.name}${basis.ridge === null ? "" : `:${basis.ridge}`}>`;
  if (mask.kind !== "importance") return `${prefix}${mask.kind}` as MaskText;
  const shape = mask.shape.name === "magnitude" ? "magnitude" : `${mask.shape.name}:${mask.shape.value}`;
  return `${prefix}${mask.importance}${mask.source === null ? "" : `@${mask.source}`}/${shape}` as MaskText;
}
