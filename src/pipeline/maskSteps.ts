import type { Basis } from "../basis/basis.ts";
import { project } from "../basis/project.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { readOptions } from "../core/option.ts";
import { wholeViews } from "../core/views.ts";
import { fitBasis, priorOf } from "../estimate/basisStage.ts";
import { fitCustomBasis } from "../estimate/customBasis.ts";
import { customWeights, weightsGiven } from "../estimate/customWeights.ts";
import { episodeImportance } from "../estimate/episodeImportance.ts";
import { loadSpace } from "../estimate/featureSpace.ts";
import { maskWeights } from "../estimate/maskWeights.ts";
import type { StageData } from "../estimate/stage.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { formatMask, type MaskSpec, readsBase, readsViews } from "../mask/maskSpec.ts";
import type { CustomBasis, CustomMask, MaskInBasis } from "../plan/given.ts";
import type { EpisodeRun, NamedMask } from "../plan/options.ts";
import { fitOptions, type ProbeName } from "../plan/optionTable.ts";
import { checkSpec } from "../plan/prepareFit.ts";
import { checkCustomBasis } from "../plan/prepareMasks.ts";
import type { Step } from "../probe/steps.ts";
import type { ProbeOptions } from "./probeOptions.ts";

/** What rows go through before the head, and what of it others need. */
export interface MaskSteps {
  readonly steps: readonly Step[];
  readonly basis: Basis | null;
  /** As provenance names it. */
  readonly mask: string;
  /** Whether the head sees no more than the normalised rows, or their coordinates in the basis. */
  readonly plain: boolean;
}

/** The matrix of a basis, as a step. */
function matrixStep({ dimensions, transform, lower, lowRank }: Basis): readonly Step[] {
  if (transform) return [{ kind: "transform", dimensions, matrix: transform }];
  if (lower) return [{ kind: "solve", lower }];
  return lowRank ? [{ kind: "lowRank", vectors: lowRank.vectors, gains: lowRank.gains, rest: lowRank.rest }] : [];
}

const l2: Step = { kind: "l2", weights: null };

/** The weights that a spec estimates, in the space of its basis, exactly as an evaluation does in an episode. */
function estimate(
  caller: string,
  run: EpisodeRun,
  spec: MaskSpec,
  basis: Basis | null,
  options: Pick<ProbeOptions, "kernels">,
): Float64Array | null {
  if (spec.kind !== "importance") return null;
  const to = (matrix: Matrix): Matrix => (basis ? project(basis, matrix, { kernels: options.kernels }) : matrix);
  const { source } = spec;
  const fromBase = readsBase(source);
  const prior = basis && priorOf(basis);
  if (basis && !prior && fromBase && run.baseStatistics)
    throw valueError(caller, "base", "is statistics, which a basis without ψ can't project", "the rows themselves: {features, labels}");
  const data: StageData = {
    features: to(run.features),
    index: run.index,
    augmented: readsViews(source) && run.augmented ? { ...run.augmented, matrix: to(run.augmented.matrix) } : null,
    base: fromBase && !prior && run.base ? { ...run.base, features: to(run.base.features) } : null,
    baseStatistics: basis ? null : run.baseStatistics,
    statistics: basis ? "none" : run.normalize,
    prior,
  };
  const { seed, priorDegrees, most } = run;
  return withKernels(options.kernels, (kernels) => {
    const space = loadSpace(kernels, data);
    // Views that nobody has looked at yet.
    if (data.augmented && !space.augmented!.finite) checkFinite(wholeViews(data.augmented).matrix, caller, "augmented");
    const importance = episodeImportance(kernels, space, { caller, seed, priorDegrees, most, prior });
    const episode = run.episode(0);
    importance.start(episode);
    return maskWeights({ importance, data, episode, psi: basis?.psi ?? null }, spec);
  });
}

export const isCustomBasis = (basis: Basis | CustomBasis): basis is CustomBasis => typeof (basis as CustomBasis).fit === "function";

/** A mask asked for as a record, not as a spec string or as weights: one of the user's own, or one in a basis of the user's own. */
const isRecord = (mask: unknown): mask is CustomMask | MaskInBasis =>
  typeof mask === "object" && mask !== null && ("basis" in mask || "weights" in mask);

/** Its weights, in the space of its basis, as an evaluation asks for them in an episode. */
function ownWeights(caller: string, run: EpisodeRun, mask: CustomMask, basis: Basis | null, { kernels }: Pick<ProbeOptions, "kernels">) {
  const to = (matrix: Matrix): Matrix => (basis ? project(basis, matrix, { kernels }) : matrix);
  const augmented = run.augmented && { ...run.augmented, matrix: to(run.augmented.matrix) };
  const data = { features: to(run.features), augmented, statistics: basis ? "none" : run.normalize } as const;
  return customWeights(caller, mask, data, run.episode(0));
}

/** Fits basis and mask to a checked support; a `plda` head takes the basis' coordinates as they are, without an l2 at the end. */
export function maskSteps(
  run: EpisodeRun,
  options: Pick<ProbeOptions, "mask" | "basis" | "power" | "kernels">,
  probe: ProbeName = "softmax",
): MaskSteps {
  const { caller, normalize, features, index } = run;
  const { mask: asked, power } = readOptions({ mask: fitOptions.mask, power: fitOptions.power }, options, caller);
  if (isRecord(asked) && "weights" in asked && typeof asked.name !== "string") throw kindError(caller, "mask.name", asked.name, "a string");
  const { name, spec, own, ownBasis }: NamedMask =
    typeof asked === "string" || isRecord(asked) ? checkSpec(caller, run, asked) : { name: "weights", spec: { kind: "none", basis: null } };
  const { basis: given } = options;
  const named = spec.basis && spec.basis.name !== "raw" ? spec.basis : null;
  if (given && (named || ownBasis))
    throw valueError(
      caller,
      "basis",
      `is given beside ${ownBasis ? `basis ${ownBasis.name}` : `"${formatMask(spec)}"`}`,
      "one basis: a record, or a name in the mask",
    );
  const toFit = given && isCustomBasis(given) ? checkCustomBasis(caller, "basis", given, run) : ownBasis;
  const basisGiven = given && !isCustomBasis(given) ? given : null;
  if (basisGiven && basisGiven.cols !== features.cols)
    throw shapeError(caller, "basis", `${basisGiven.cols} columns`, `${features.cols}, as features`);
  const masked = spec.kind !== "none" || typeof asked !== "string";
  const basis =
    basisGiven ??
    (toFit ? fitCustomBasis(caller, toFit, run, "given", run.episode(0)) : named ? fitBasis(named, run, masked, null, index.rows) : null);

  const steps: Step[] = power === undefined ? [] : [{ kind: "power", exponent: power }];
  if (basis) {
    if (basis.normalize === "l2") steps.push(l2);
    steps.push({ kind: "centre", mean: basis.mean }, l2, ...matrixStep(basis));
  } else if (normalize === "l2") steps.push(l2);
  const before = steps.length;
  const weights = own
    ? ownWeights(caller, run, own, basis, options)
    : typeof asked === "string" || isRecord(asked)
      ? estimate(caller, run, spec, basis, options)
      : weightsGiven(
          caller,
          "mask",
          asked as ArrayLike<number>,
          basis?.dimensions ?? features.cols,
          "a spec string or an array of weights",
        );
  if (spec.kind === "simple") steps.push(...(basis && matrixStep(basis).length > 0 ? [l2] : []), { kind: "simple" });
  if (weights) steps.push({ kind: "mask", weights });
  const plain = steps.length === before;
  // Twice in a row would be once, but for rounding.
  if (normalize === "l2" && probe !== "plda" && (!plain || basis !== null)) steps.push(l2);
  return { steps, basis, mask: name, plain };
}
