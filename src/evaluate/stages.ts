import type { Matrix } from "../core/matrix.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { createKernels, type KernelChoice } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { formatMask } from "../mask/maskSpec.ts";
import { simpleTransform } from "../mask/simpleTransform.ts";
import { type BasisCache, basisStages } from "./basisStage.ts";
import type { EpisodeRun, NamedMask } from "./options.ts";
import { createStage, type StageAt, startStage } from "./stage.ts";

/** A space and the positions of the masks that live in it. */
export interface SharedStage {
  readonly members: readonly number[];
  at(episode: Episode): StageAt;
}

/**
 * Groups masks by the space they live in (raw, the simple transform, each basis), so that an episode visits each space once. The raw space
 * uses the kernels given; a basis has kernels of its own, since its memory may be made anew every episode.
 */
export function stagesOf(
  run: EpisodeRun,
  masks: readonly NamedMask[],
  caller: string,
  kernels: Kernels,
  choice: KernelChoice | undefined,
  cache: BasisCache,
): readonly SharedStage[] {
  const groups = new Map<string, number[]>();
  masks.forEach(({ spec }, m) => {
    if (spec.kind === "tuned") return;
    const basis = spec.basis && spec.basis.name !== "raw" ? formatMask({ kind: "none", basis: spec.basis }) : "";
    const key = basis + (spec.kind === "simple" ? " simple" : "");
    groups.set(key, [...(groups.get(key) ?? []), m]);
  });
  const normalized = (matrix: Matrix): Matrix => (run.normalize === "l2" ? l2Normalize(matrix) : matrix);
  return Array.from(groups, ([, members]): SharedStage => {
    const own = members.map((m) => masks[m]);
    const { kind, basis } = own[0].spec;
    if (basis && basis.name !== "raw") {
      const stages = basisStages(basis, own, run, caller, { makeKernels: () => createKernels(choice), cache });
      return { members, at: stages.at };
    }
    const data =
      kind === "simple"
        ? {
            ...run,
            features: simpleTransform(normalized(run.features)),
            augmented: run.augmented && { ...run.augmented, matrix: simpleTransform(normalized(run.augmented.matrix)) },
            base: null,
          }
        : run;
    const stage = createStage(kernels, { ...data, joinsBase: run.baseClasses === "all", statistics: run.normalize }, run, caller);
    return { members, at: (episode) => startStage(stage, episode) };
  });
}
