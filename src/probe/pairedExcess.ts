import { weightedMean } from "./heldOutLoss.ts";

/** By how much `losses` exceed `best` row by row: the weighted mean, and its standard error with Kish's effective number of rows (0 where that is 1). */
export function pairedExcess(losses: Float64Array, best: Float64Array, weights: Float64Array): [excess: number, standardError: number] {
  const gaps = losses.map((loss, i) => loss - best[i]);
  const mean = weightedMean(gaps, weights);
  let [total, squares, spread] = [0, 0, 0];
  for (let i = 0; i < gaps.length; i++) {
    total += weights[i];
    squares += weights[i] * weights[i];
    spread += weights[i] * (gaps[i] - mean) ** 2;
  }
  const effective = (total * total) / squares;
  return [mean, effective > 1 ? Math.sqrt(spread / total / (effective - 1)) : 0];
}
