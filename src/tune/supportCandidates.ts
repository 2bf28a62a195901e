import { valueError } from "../core/errors.ts";
import { type MaskSpec, parseMask } from "../mask/maskSpec.ts";
import type { TuneCandidate } from "./tuneEvidence.ts";

/**
 * The candidates that a support alone allows: masks whose importance comes from the support or its views, the views' basis, and training on views.
 * Those of the source `support` need three rows a class, so that two are left when one is held out.
 */
export function supportCandidates(has: {
  readonly augmented: boolean;
  readonly pool: boolean;
  readonly least: number;
}): readonly TuneCandidate[] {
  const masks = [
    "simple",
    ...(has.least >= 3 ? ["wiener@support/power:1"] : []),
    ...(has.augmented ? ["pair@augmented/power:0.5", "wiener@augmented/power:1", "views-support:16>none"] : []),
    ...(has.pool ? ["views:1>none"] : []),
  ];
  const onViews = has.augmented ? ["none", ...(has.pool ? ["views:1>none"] : [])] : [];
  return [
    ...masks.map((mask) => ({ mask, trainOn: "support" as const })),
    ...onViews.map((mask) => ({ mask, trainOn: "augmented" as const })),
  ];
}

/** Checks that a candidate learns from nothing but the support, its views and an unlabelled pool. */
export function checkSupportCandidate(
  { mask, trainOn }: TuneCandidate,
  caller: string,
  has: { readonly augmented: boolean; readonly pool: boolean },
): MaskSpec {
  const spec = parseMask(mask);
  const source = spec.kind === "importance" ? spec.source : null;
  const basis = spec.basis?.name ?? "raw";
  if (source === "oracle") throw valueError(caller, `mask "${mask}"`, "asks an oracle", "a source that has not seen the answers");
  if (!["raw", "views", "views-support"].includes(basis) || ![null, "support", "augmented"].includes(source))
    throw valueError(
      caller,
      `mask "${mask}"`,
      "learns from base classes",
      "support or augmented as source, or tuneMask, which has base classes",
    );
  if (spec.kind === "tuned" && trainOn === "augmented")
    throw valueError(caller, 'mask "tuned"', 'is trained on "augmented"', '"support": a combination has views as a part');
  if ((source === "augmented" || basis === "views-support" || trainOn === "augmented") && !has.augmented)
    throw valueError(caller, `mask "${mask}"`, "needs augmented views", "the option augmented");
  if (basis === "views" && !has.pool) throw valueError(caller, `mask "${mask}"`, "needs views of an unlabelled pool", "the option pool");
  return spec;
}

/** Why leave-one-out can't tell of a candidate with so few rows in the smallest class; null where it can. */
export function cannotTell({ kind, ...spec }: MaskSpec, least: number): string | null {
  if (least < 2) return "a class of one row: without it nothing is known of that class";
  if (kind === "importance" && "source" in spec && spec.source === "support" && least < 3)
    return "a class of two rows: without one of them it has no variance";
  return null;
}
