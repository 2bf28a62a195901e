import { expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { taskMeans } from "../../src/evaluate/taskMeans.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import type { CustomProbe } from "../../src/plan/given.ts";
import { fitCentroid } from "../../src/probe/fitCentroid.ts";
import { predict } from "../../src/probe/predict.ts";
import { balancedAccuracy } from "../../src/statistics/balancedAccuracy.ts";
import { confusionMatrix } from "../../src/statistics/confusionMatrix.ts";
import { episodesNeeded } from "../../src/statistics/episodesNeeded.ts";
import { macroF1 } from "../../src/statistics/macroF1.ts";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";
import { varianceSplit } from "../../src/statistics/varianceSplit.ts";

const { features, labels } = syntheticFeatures({ classes: 8, rowsPerClass: 30, dims: 40, separation: 1, seed: 4 });
const tailed = { ways: 4, shots: [1, 2, 5, 12], queries: [9, 6, 3, 2], episodes: 20 } as const;
const truth = [9, 6, 3, 2].flatMap((count, way) => new Array<number>(count).fill(way));

it("measures long-tailed episodes by the confusion matrix of every episode, for built-in probes and one's own", async () => {
  const seen: (readonly number[])[] = [];
  const own: CustomProbe = {
    name: "own",
    fit: (rows: Matrix, ways: Int32Array) => fitCentroid(rows, ways),
    predict: (model, rows) => {
      const answer = Array.from(predict(model as ReturnType<typeof fitCentroid>, rows), Number);
      seen.push(answer);
      return answer;
    },
  };
  const metrics = ["balancedAccuracy", "macroF1"] as const;
  const { results } = await evaluate(features, labels, { ...tailed, probes: ["centroid", "softmax", own], metrics });
  const [centroid, , custom] = results;
  expect(custom.metrics).toEqual(centroid.metrics);
  const tables = seen.map((answer) => confusionMatrix(truth, answer));
  expect(centroid.metrics!.balancedAccuracy.mean).toBeCloseTo(meanInterval(tables.map(balancedAccuracy)).mean, 12);
  const f1 = meanInterval(tables.map(macroF1));
  expect(centroid.metrics!.macroF1.mean).toBeCloseTo(f1.mean, 12);
  expect(centroid.metrics!.macroF1.ci95[0]).toBeCloseTo(f1.ci[0], 12);
  expect(centroid.metrics!.macroF1.difference).toBeNull();
  expect(centroid.metrics!.balancedAccuracy.mean).not.toBeCloseTo(centroid.accuracy, 3);
});

it("changes nothing else by measuring more, and balanced accuracy is accuracy where classes are alike", async () => {
  const options = { ways: 3, queries: 5, episodes: 12, masks: ["none", "pair@oracle/top:0.1"], probes: ["softmax", "cosine"] as const };
  const plain = await evaluate(features, labels, { ...options, perEpisode: true });
  const more = await evaluate(features, labels, { ...options, perEpisode: true, metrics: ["balancedAccuracy"] });
  const stripped = more.results.map(({ metrics, ...rest }) => rest);
  expect(stripped).toEqual(plain.results);
  for (const { accuracy, difference, metrics } of more.results) {
    expect(metrics!.balancedAccuracy.mean).toBeCloseTo(accuracy, 12);
    if (difference) expect(metrics!.balancedAccuracy.difference!.mean).toBeCloseTo(difference.mean, 12);
  }
});

it("refuses a metric it does not know, and a predicted label that is none", async () => {
  const wrong = { ...tailed, metrics: ["auc" as "macroF1"] };
  await expect(evaluate(features, labels, wrong)).rejects.toThrow(
    /evaluate: metrics\[0\] is "auc", expected one of balancedAccuracy, macroF1/,
  );
  const own: CustomProbe = { name: "own", fit: () => null, predict: (_, rows) => new Array<number>(rows.rows).fill(7) };
  await expect(evaluate(features, labels, { ...tailed, probes: [own], metrics: ["macroF1"] })).rejects.toThrow(
    /probe own has predicted 7 for query 0/,
  );
});

it("splits the variance into tasks and draws, and takes tasks as the units of intervals", async () => {
  const options = { ways: 3, queries: 5, episodes: 24, drawsPerTask: 4, masks: ["none", "pair@oracle/top:0.1"], perEpisode: true };
  const { results, config } = await evaluate(features, labels, options);
  expect(config.drawsPerTask).toBe(4);
  const [none, top] = results.map((result) => Float64Array.from(result.perEpisode!, ({ correct, total }) => correct / total));
  const tasks = Int32Array.from({ length: 24 }, (_, e) => Math.floor(e / 4));
  const split = varianceSplit(none, tasks);
  expect(results[0].variance).toEqual({
    between: split.between,
    within: split.within,
    share: split.share,
    episodesNeeded: {
      halfWidth: 0.01,
      oneDraw: episodesNeeded(0.01, split).episodes,
      sameDraws: episodesNeeded(0.01, split, { drawsPerTask: 4 }).episodes,
    },
  });
  const means = taskMeans(none, 4);
  expect(means.length).toBe(6);
  expect(results[0].ci95).toEqual(meanInterval(means).ci);
  expect(results[1].difference!.p).toBe(pairedDifference(taskMeans(top, 4), means).p);
});

it("has no variance split where every task has one draw or there is one task only", async () => {
  const options = { ways: 3, queries: 5, episodes: 4 };
  expect((await evaluate(features, labels, options)).results[0].variance).toBeUndefined();
  expect((await evaluate(features, labels, { ...options, drawsPerTask: 4 })).results[0].variance).toBeUndefined();
});
