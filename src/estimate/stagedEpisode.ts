import type { Episode } from "../episodes/sampleEpisode.ts";

/** An episode in the row numbers of one stage, which may hold the support's views alone. */
export interface StagedEpisode extends Episode {
  /** Which image of the stage's views each support row is; the row itself where the stage holds the views of all rows. */
  readonly images?: Int32Array;
}

/** Positions of the support rows' images among a stage's views. */
export function imagesOf({ support, images }: StagedEpisode): Int32Array {
  return images ?? support;
}
