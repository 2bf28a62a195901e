import { expect, it } from "vitest";
import { fitWithin } from "../../src/basis/fitWithin.ts";
import { episodeDigest } from "../../src/episodes/episodeDigest.ts";
import { episodes } from "../../src/episodes/episodes.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { linearProbe } from "../../src/evaluate/linearProbe.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { fitCalibratedProbe } from "../../src/pipeline/fitCalibratedProbe.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { confusionMatrix } from "../../src/statistics/confusionMatrix.ts";
import { varianceSplit } from "../../src/statistics/varianceSplit.ts";
import { fitSupportCombination } from "../../src/tune/fitSupportCombination.ts";
import { tuneMask } from "../../src/tune/tuneMask.ts";
import { tuneSupport } from "../../src/tune/tuneSupport.ts";

const X = toMatrix([
  [0, 1],
  [1, 0],
  [0, 2],
  [2, 0],
]);
const bad = ["a", "b", "a", Number.NaN];
const good = ["a", "b", "a", "b"];

it.each<readonly [string, string, () => unknown]>([
  ["fitWithin", "labels", () => fitWithin(X, bad, { ridge: 1 })],
  ["episodeDigest", "labels", () => episodeDigest(X, bad, { episodes: 1 })],
  ["episodes", "labels", () => [...episodes(bad, { count: 1 })]],
  ["sampleEpisode", "labels", () => sampleEpisode(bad, {}, 0)],
  ["evaluate", "labels", () => evaluate(X, bad)],
  ["evaluate", "base.labels", () => evaluate(X, good, { base: { features: X, labels: bad } })],
  ["linearProbe", "labels", () => linearProbe(X, bad)],
  ["linearProbe", "testLabels", () => linearProbe(X, good, { test: X, testLabels: bad })],
  ["fitProbe", "labels", () => fitProbe(X, bad)],
  ["fitCalibratedProbe", "labels", () => fitCalibratedProbe(X, bad)],
  ["choosePenalty", "labels", () => choosePenalty(X, bad)],
  ["choosePenalty", "groups", () => choosePenalty(X, good, { groups: bad })],
  ["leaveOneOut", "labels", () => leaveOneOut(X, bad)],
  ["fitSoftmax", "labels", () => fitSoftmax(X, bad)],
  ["confusionMatrix", "actual", () => confusionMatrix(bad, good)],
  ["confusionMatrix", "predicted", () => confusionMatrix(good, bad)],
  ["varianceSplit", "tasks", () => varianceSplit([1, 2, 3, 4], bad)],
  ["fitSupportCombination", "labels", () => fitSupportCombination(X, bad)],
  ["tuneMask", "labels", () => tuneMask(X, bad)],
  ["tuneSupport", "labels", () => tuneSupport(X, bad)],
])("%s names itself and its argument %s where a label is NaN", async (caller, argument, run) => {
  const error = await Promise.resolve()
    .then(run)
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toBe(`RangeError: ${caller}: ${argument} row 3 is NaN, expected a label`);
});
