import { checkChoice } from "../core/checks.ts";
import { inTheNameOf, kindError, shapeError, valueError } from "../core/errors.ts";
import { basisNames, formatMask, type MaskSpec, parseMask, readsBase, readsViews } from "../mask/maskSpec.ts";
import type { CustomBasis, CustomMask, MaskInBasis } from "./given.ts";
import type { EpisodeRun, NamedMask } from "./options.ts";

/** Bases need rows, and so does whatever is estimated in the coordinates of one that knows no ψ. */
function checkStatisticsServe(caller: string, text: string, { kind, basis, ...rest }: MaskSpec): void {
  const name = basis?.name ?? "raw";
  const source = "source" in rest ? rest.source : null;
  if (kind !== "tuned" && (name === "raw" || (name.startsWith("views") && !readsBase(source)))) return;
  const wanted = `the rows themselves as base {features, labels}${kind === "tuned" || name.startsWith("views") ? "" : ", or fitProbe with a fitted basis"}`;
  throw valueError(caller, `mask "${text}"`, "needs base rows, but base is statistics", wanted);
}

/** Checks a basis of the user's own, as far as it can be before it is fitted. */
export function checkCustomBasis(
  caller: string,
  argument: string,
  basis: CustomBasis,
  run: Pick<EpisodeRun, "baseStatistics">,
): CustomBasis {
  const { name, fit, from } = basis;
  if (typeof name !== "string" || typeof fit !== "function")
    throw kindError(caller, argument, basis, "a basis of your own: { name, from, fit }");
  if (name === "" || (basisNames as readonly string[]).includes(name))
    throw valueError(caller, `${argument}.name`, `is "${name}"`, `a name of its own, other than ${basisNames.join(", ")}`);
  checkChoice(from, caller, `basis ${name}'s from`, ["base", "support"]);
  if (from === "base" && run.baseStatistics)
    throw valueError(caller, `basis ${name}`, "needs base rows, but base is statistics", "the rows themselves as base {features, labels}");
  return basis;
}

/** A mask in a basis of the user's own, or a mask of the user's own in any. */
function prepareOwn(caller: string, run: EpisodeRun, given: CustomMask | MaskInBasis): NamedMask {
  const own = "weights" in given && typeof given.weights === "function" ? (given as CustomMask) : null;
  const { name, basis } = given;
  if ((own || name !== undefined) && typeof name !== "string") throw kindError(caller, "masks", given, "spec strings or {name, weights}");
  if (own && basis !== undefined && typeof basis !== "string" && (basis === null || typeof basis !== "object"))
    throw kindError(caller, `mask ${name}'s basis`, basis, 'a string such as "within:0.2", or a basis of your own: { name, from, fit }');
  if (own && (basis === undefined || typeof basis === "string")) {
    const [{ spec }] = prepareMasks(caller, run, [basis === undefined ? "none" : `${basis}>none`]);
    return { name: name!, spec, own };
  }
  if (basis === null || typeof basis !== "object")
    throw kindError(caller, "masks", given, "spec strings, {name, weights} or {basis, mask}");
  const ownBasis = checkCustomBasis(caller, name === undefined ? "masks' basis" : `mask ${name}'s basis`, basis, run);
  if (own) return { name: name!, spec: { kind: "none", basis: null }, own, ownBasis };
  const { mask = "none" } = given as MaskInBasis;
  const [{ name: text, spec }] = prepareMasks(caller, run, [mask]);
  if (spec.basis) throw valueError(caller, `mask "${mask}"`, `has a basis beside ${ownBasis.name}`, "one basis");
  if (run.baseStatistics && spec.kind === "importance" && readsBase(spec.source))
    throw valueError(caller, `mask "${mask}"`, "needs base rows, but base is statistics", "the rows themselves as base {features, labels}");
  return { name: name ?? `${ownBasis.name}>${text}`, spec, ownBasis };
}

/** Parses masks and checks that the data they need is there; `tuned`, which chooses among masks, is one where `choosing`. */
export function prepareMasks(
  caller: string,
  run: EpisodeRun,
  masks: readonly (string | CustomMask | MaskInBasis)[],
  choosing = false,
): readonly NamedMask[] {
  if (!Array.isArray(masks)) throw kindError(caller, "masks", masks, "an array of spec strings");
  if (masks.length === 0) throw shapeError(caller, "masks", "0 specs", "at least 1");
  return masks.map((text: string | CustomMask | MaskInBasis): NamedMask => {
    if (text !== null && typeof text === "object") return prepareOwn(caller, run, text);
    const spec = inTheNameOf(caller, "parseMask", () => parseMask(text), "mask ");
    const name = formatMask(spec);
    if (run.baseStatistics) checkStatisticsServe(caller, text, spec);
    if (spec.kind === "tuned") {
      if (choosing) return { name, spec };
      throw valueError(
        caller,
        `mask "${text}"`,
        "is no single mask",
        "a mask that tuneMask chose, or fitProbe with the combination of fitCombination or fitSupportCombination",
      );
    }
    const outside = run.baseClasses === "none" ? 0 : run.index.classes.length - run.most.ways;
    const basis = spec.basis?.name;
    if (basis === "views-support" && !run.augmented)
      throw valueError(caller, `mask "${text}"`, "needs augmented views", "the option augmented");
    if (basis === "views" && !run.pool && (!run.augmented || outside < 1)) {
      throw valueError(
        caller,
        `mask "${text}"`,
        "needs views of other rows",
        "the option pool, or augmented views and classes outside the episode",
      );
    }
    if ((basis === "centre" || basis === "within" || basis === "discriminant") && !run.base && outside < 2) {
      throw valueError(
        caller,
        `mask "${text}"`,
        `needs base classes, but ${outside} are outside an episode`,
        "the option base, or more classes",
      );
    }
    if (spec.kind !== "importance") return { name, spec };
    const { source } = spec;
    if (readsViews(source) && !run.augmented) {
      throw valueError(caller, `mask "${text}"`, "needs augmented views", "the option augmented");
    }
    if (readsBase(source) && !run.base && !run.baseStatistics && outside < 2) {
      throw valueError(
        caller,
        `mask "${text}"`,
        `needs base classes, but ${outside} are outside an episode`,
        "the option base, or more classes",
      );
    }
    return { name, spec };
  });
}
