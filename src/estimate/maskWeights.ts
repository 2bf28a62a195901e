import type { Episode } from "../episodes/sampleEpisode.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { takeRows } from "../features/takeRows.ts";
import { bayesImportance } from "../importance/bayesImportance.ts";
import { magnitudeMask } from "../mask/magnitudeMask.ts";
import type { MaskSpec } from "../mask/maskSpec.ts";
import { powerMask } from "../mask/powerMask.ts";
import { topMask } from "../mask/topMask.ts";
import type { EpisodeImportance } from "./episodeImportance.ts";
import { shotsOf } from "./shotsOf.ts";
import type { StageData } from "./stage.ts";

/** An episode in the space that a mask lives in. */
export interface MaskPlace {
  readonly importance: EpisodeImportance;
  readonly data: Pick<StageData, "features" | "statistics">;
  readonly episode: Episode;
  /** Between-class variances of the basis, where it has them. */
  readonly psi: Float64Array | null;
}

/** Weights of a mask in one episode, one a column of its space; null for all ones. */
export function maskWeights({ importance: known, data, episode, psi }: MaskPlace, spec: MaskSpec): Float64Array | null {
  if (spec.kind !== "importance") return null;
  const importance = spec.importance === "bayes" ? bayesImportance(psi!, shotsOf(episode)) : known.of(spec.importance, spec.source);
  if (spec.shape.name === "power") return spec.shape.value === 0 ? null : powerMask(importance, spec.shape.value);
  if (spec.shape.name === "magnitude") {
    const rows = takeRows(data.features, episode.support);
    return magnitudeMask(importance, data.statistics === "l2" ? l2Normalize(rows) : rows);
  }
  return topMask(importance, spec.shape.value);
}
