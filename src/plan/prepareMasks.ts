import { inTheNameOf, kindError, shapeError, valueError } from "../core/errors.ts";
import { formatMask, type MaskSpec, parseMask, readsBase, readsViews } from "../mask/maskSpec.ts";
import type { CustomMask } from "./given.ts";
import type { EpisodeRun, NamedMask } from "./options.ts";

/** Bases need rows, and so does whatever is estimated in the coordinates of one that knows no ψ. */
function checkStatisticsServe(caller: string, text: string, { kind, basis, ...rest }: MaskSpec): void {
  const name = basis?.name ?? "raw";
  const source = "source" in rest ? rest.source : null;
  if (kind !== "tuned" && (name === "raw" || (name.startsWith("views") && !readsBase(source)))) return;
  const wanted = `the rows themselves as base {features, labels}${kind === "tuned" || name.startsWith("views") ? "" : ", or fitProbe with a fitted basis"}`;
  throw valueError(caller, `mask "${text}"`, "needs base rows, but base is statistics", wanted);
}

/** Parses masks and checks that the data they need is there; `tuned`, which chooses among masks, is one where `choosing`. */
export function prepareMasks(
  caller: string,
  run: EpisodeRun,
  masks: readonly (string | CustomMask)[],
  choosing = false,
): readonly NamedMask[] {
  if (!Array.isArray(masks)) throw kindError(caller, "masks", masks, "an array of spec strings");
  if (masks.length === 0) throw shapeError(caller, "masks", "0 specs", "at least 1");
  return masks.map((text: string | CustomMask): NamedMask => {
    if (text !== null && typeof text === "object") {
      if (typeof text.name !== "string" || typeof text.weights !== "function")
        throw kindError(caller, "masks", text, "spec strings or {name, weights}");
      if (text.basis !== undefined && typeof text.basis !== "string")
        throw kindError(caller, `mask ${text.name}'s basis`, text.basis, 'a string such as "within:0.2"');
      const [{ spec }] = prepareMasks(caller, run, [text.basis === undefined ? "none" : `${text.basis}>none`]);
      return { name: text.name, spec, own: text };
    }
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
