import type { Matrix } from "../core/matrix.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { createKernels, type KernelChoice } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { formatMask } from "../mask/maskSpec.ts";
import { simpleTransform } from "../mask/simpleTransform.ts";
import type { CustomBasis } from "../plan/given.ts";
import type { EpisodeRun, NamedMask } from "../plan/options.ts";
import { type BasisCache, basisStages } from "./basisStage.ts";
import { type Ask, type Asked, createStage, type StageAt, type StageData, startStage } from "./stage.ts";

/** A space and the positions of the masks that live in it. */
export interface SharedStage<A extends Asked> {
  readonly members: readonly number[];
  at(episode: Episode): StageAt<A>;
}

/** Positions of masks, grouped by the space they live in. */
export function groupMasks(masks: readonly NamedMask[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  const bases: CustomBasis[] = [];
  masks.forEach(({ spec, ownBasis }, m) => {
    if (spec.kind === "tuned") return;
    if (ownBasis && !bases.includes(ownBasis)) bases.push(ownBasis);
    const named = spec.basis && spec.basis.name !== "raw" ? formatMask({ kind: "none", basis: spec.basis }) : "";
    const basis = ownBasis ? `own ${bases.indexOf(ownBasis)}` : named;
    const key = basis + (spec.kind === "simple" ? " simple" : "");
    groups.set(key, [...(groups.get(key) ?? []), m]);
  });
  return [...groups.values()];
}

/** Features and views after the simple transform, which needs no statistics. */
export function simpleSpace({ features, augmented }: Pick<StageData, "features" | "augmented">, normalize: "l2" | "none") {
  const transformed = (matrix: Matrix): Matrix => simpleTransform(normalize === "l2" ? l2Normalize(matrix) : matrix);
  return { features: transformed(features), augmented: augmented && { ...augmented, matrix: transformed(augmented.matrix) }, base: null };
}

/**
 * Groups masks by the space they live in (raw, the simple transform, each basis), so that an episode visits each space once. The raw space
 * uses the kernels given; a basis has kernels of its own, since its memory may be made anew every episode.
 */
export function stagesOf<A extends Asked>(
  run: EpisodeRun,
  masks: readonly NamedMask[],
  caller: string,
  ask: Ask<A>,
  kernels: Kernels,
  choice: KernelChoice | undefined,
  cache: BasisCache,
): readonly SharedStage<A>[] {
  return groupMasks(masks).map((members): SharedStage<A> => {
    const own = members.map((m) => masks[m]);
    const { kind, basis } = own[0].spec;
    const { ownBasis } = own[0];
    if (ownBasis || (basis && basis.name !== "raw")) {
      const asked = ownBasis ? { own: ownBasis } : { named: basis! };
      const stages = basisStages(asked, own, run, caller, { ask, makeKernels: () => createKernels(choice), cache });
      return { members, at: stages.at };
    }
    const data = kind === "simple" ? { ...run, ...simpleSpace(run, run.normalize) } : run;
    const stage = createStage(kernels, { ...data, joinsBase: run.baseClasses === "all", statistics: run.normalize }, run, caller, ask);
    return { members, at: (episode) => startStage(stage, episode) };
  });
}
