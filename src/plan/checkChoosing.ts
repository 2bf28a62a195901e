import { valueError } from "../core/errors.ts";
import { mostBytes } from "../kernels/bumpMemory.ts";
import type { EpisodeRun } from "./options.ts";

/** Gram matrices that the choice of C has in memory at once. */
const matrices = 5;

/** Refuses to choose C in episodes whose training rows have no room for it, before anything is counted. */
export function checkChoosing(caller: string, { C, most, trainOn, augmented }: EpisodeRun): void {
  const rows = most.support * (trainOn === "augmented" ? 1 + (augmented?.views ?? 0) : 1);
  const fits = Math.floor(Math.sqrt(mostBytes / (8 * matrices)));
  if (C === "auto" && rows > fits)
    throw valueError(
      caller,
      "C",
      `is "auto" in episodes of ${rows} training rows`,
      `a number, or at most ${fits} training rows: choosing takes their Gram matrix`,
    );
}
