import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { viewRows } from "../core/views.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { takeRows } from "../features/takeRows.ts";
import type { CustomMask } from "../plan/given.ts";
import type { StageData } from "./stage.ts";
import { imagesOf, type StagedEpisode } from "./stagedEpisode.ts";

/** Weights that a user gave, checked and copied: one a column, finite, at least 0. */
export function weightsGiven(caller: string, argument: string, given: ArrayLike<number>, cols: number, wanted: string): Float64Array {
  if (given === null || typeof given !== "object" || typeof given.length !== "number") throw kindError(caller, argument, given, wanted);
  if (given.length !== cols) throw shapeError(caller, argument, `${given.length} weights`, `${cols}, one a column`);
  for (let j = 0; j < cols; j++)
    if (!(given[j] >= 0 && given[j] < Number.POSITIVE_INFINITY))
      throw valueError(caller, `${argument}[${j}]`, `is ${given[j]}`, "finite weights of at least 0");
  return Float64Array.from(given);
}

/** A mask of the user's own in one episode: its weights, a column of its space each. It gets copies, for it may write to them; what it throws is told with its name and the episode. */
export function customWeights(
  caller: string,
  mask: CustomMask,
  { features, augmented, statistics }: Pick<StageData, "features" | "augmented" | "statistics">,
  episode: StagedEpisode,
): Float64Array {
  // As `transformRows` gives them, to the bit.
  const seen = (matrix: Matrix, rows: ArrayLike<number>): Matrix => {
    const taken = takeRows(matrix, rows);
    const copy = { data: Float64Array.from(taken.data), rows: taken.rows, cols: taken.cols };
    return statistics === "l2" ? l2Normalize(copy) : copy;
  };
  const name = `mask ${mask.name}`;
  const views = augmented && { views: augmented.views, matrix: seen(augmented.matrix, viewRows(imagesOf(episode), augmented.views)) };
  const weights = (() => {
    try {
      return mask.weights({
        ...{ episode: episode.episode, ways: episode.classes.length },
        ...{ support: seen(features, episode.support), labels: episode.supportLabels.slice(), augmented: views },
      });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`${caller}: ${name} failed in episode ${episode.episode}: ${what}`, { cause: error });
    }
  })();
  return weightsGiven(caller, `${name}'s weights`, weights, features.cols, "an array: a mask answers at once, without a promise");
}
