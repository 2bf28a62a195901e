import { describe, expect, it } from "vitest";
import type { CustomProbe, Matrix } from "../../src/index.ts";
import {
  evaluate,
  fitCentroid,
  fitProbe,
  fitSoftmax,
  indexLabels,
  type ProbeOptions,
  predict,
  predictProba,
  sampleEpisode,
  syntheticFeatures,
  takeRows,
} from "../../src/index.ts";
import { threads } from "../../src/node/threads.ts";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";
import { expectedCalibrationError } from "../../src/statistics.ts";
import { workerFiles } from "../node/workerFile.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 9, rowsPerClass: 25, dims: 40, views: 2, seed: 8 });
const other = syntheticFeatures({ classes: 12, rowsPerClass: 10, dims: 40, seed: 9 });
const base = { features: other.features, labels: other.labels };
const index = indexLabels(labels);
const task = { ways: 4, shots: 3, queries: 9 };
const episodes = 14;
const metrics = ["expectedCalibrationError"] as const;
const files = workerFiles();

/** Confidence and correctness of every query of the episodes listed, by a probe fitted by the public functions. */
function answers(options: ProbeOptions, list = Array.from({ length: episodes }, (_, e) => e)) {
  const probabilities: number[] = [];
  const correct: number[] = [];
  const losses: number[] = [];
  for (const e of list) {
    const { support, supportLabels, query, queryLabels } = sampleEpisode(index, task, e);
    const views = augmented!.views;
    const rows = Array.from(support).flatMap((row) => Array.from({ length: views }, (_, v) => row * views + v));
    const own = { views, matrix: takeRows(augmented!.matrix, rows) };
    const probe = fitProbe(takeRows(features, support), supportLabels, { base, augmented: own, ...options });
    const { data, cols } = predictProba(probe, takeRows(features, query));
    query.forEach((_, i) => {
      const row = data.subarray(i * cols, (i + 1) * cols);
      const best = row.indexOf(Math.max(...row));
      probabilities.push(row[best]);
      correct.push(Number(best === queryLabels[i]));
      losses.push(-Math.log(row[queryLabels[i]]));
    });
  }
  return { probabilities, correct, losses };
}

const errorOf = ({ probabilities, correct }: ReturnType<typeof answers>) => expectedCalibrationError(probabilities, correct);

describe("expected calibration error in evaluate", () => {
  const cases: [string, ProbeOptions][] = [
    ["softmax at C = 20", { mask: "none", C: 20 }],
    ["softmax with a soft mask", { mask: "pair@augmented/power:0.5", C: 100 }],
    ["softmax with a hard mask", { mask: "pair@support/top:0.1", C: 5 }],
    ["softmax trained on views", { mask: "wiener@prior/power:1", trainOn: "augmented", C: 10 }],
    ["centroid", { mask: "none", probe: "centroid" }],
    ["cosine", { mask: "pair@support/power:1", probe: "cosine" }],
    ["cosine of rows as they are", { mask: "pair@support/power:1", probe: "cosine", normalize: "none" }],
    ["softmax of rows as they are, few columns", { mask: "pair@support/top:0.05", normalize: "none", C: 0.3 }],
    ["softmax in a basis", { mask: "discriminant:1>none", C: 3 }],
    ["plda", { mask: "discriminant:1>none", probe: "plda" }],
  ];
  it.each(cases)("is that of fitProbe, predictProba and expectedCalibrationError on the same answers: %s", async (_, options) => {
    const { mask, probe = "softmax", ...rest } = options;
    const run = { ...task, episodes, augmented, base, masks: [String(mask)], probes: [probe], ...rest, metrics };
    const [result] = (await evaluate(features, labels, run)).results;
    const direct = errorOf(answers(options));
    expect(direct).toBeGreaterThan(0.01);
    expect(Math.abs(result.metrics!.expectedCalibrationError.mean - direct)).toBeLessThan(1e-6);
    const { losses } = answers(options);
    const [{ metrics: sure }] = (await evaluate(features, labels, { ...run, metrics: ["logLoss"] })).results;
    expect(sure!.logLoss.mean).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 5);
    expect((await evaluate(features, labels, { ...run, metrics: [] })).results[0].accuracy).toBe(result.accuracy);
  });

  it("has the jackknife's interval over tasks, paired for the difference to the first mask", async () => {
    const masks = ["none", "pair@support/power:1"];
    const { results } = await evaluate(features, labels, {
      ...task,
      episodes,
      masks,
      C: 50,
      metrics: ["expectedCalibrationError", "macroF1"],
    });
    const pseudo = masks.map((mask) => {
      const whole = errorOf(answers({ mask, C: 50 }));
      const all = Array.from({ length: episodes }, (_, e) => e);
      const values = all.map(
        (left) =>
          episodes * whole -
          (episodes - 1) *
            errorOf(
              answers(
                { mask, C: 50 },
                all.filter((e) => e !== left),
              ),
            ),
      );
      const mean = values.reduce((sum, value) => sum + value, 0) / episodes;
      return values.map((value) => value - mean + whole);
    });
    const [none, masked] = results.map(({ metrics: own }) => own!.expectedCalibrationError);
    const interval = meanInterval(pseudo[0]);
    expect(none.ci95[0]).toBeCloseTo(interval.ci[0], 4);
    expect(none.ci95[1]).toBeCloseTo(interval.ci[1], 4);
    expect(none.difference).toBeNull();
    const gap = pairedDifference(pseudo[1], pseudo[0]);
    expect(masked.difference!.mean).toBeCloseTo(gap.mean, 6);
    expect(masked.difference!.p).toBeCloseTo(gap.p, 3);
    expect(results[0].metrics!.macroF1.mean).toBeGreaterThan(0.3);
  });

  it("is the same to the byte by workers, by both kernels, and takes the tuned mask along", async () => {
    const run = {
      ...task,
      episodes: 9,
      drawsPerTask: 3,
      masks: ["none", "pair@oracle/power:1"],
      probes: ["softmax", "cosine"],
      metrics,
    } as const;
    const one = JSON.stringify(await evaluate(features, labels, run));
    const workerFile = await files.bundle("src/node/worker.ts");
    expect(JSON.stringify(await evaluate(features, labels, { ...run, on: threads(3, { workerFile }) }))).toBe(one);
    expect(JSON.stringify(await evaluate(features, labels, { ...run, kernels: "js" }))).toBe(one);
    const few = { ...task, episodes: 3, masks: ["none", "tuned"], metrics: ["expectedCalibrationError", "macroF1"] } as const;
    const [none, tuned] = (await evaluate(features, labels, few)).results;
    expect(tuned.metrics!.expectedCalibrationError.mean).toBeGreaterThan(0);
    // Chosen or not, no mask is what it is.
    if (tuned.accuracy === none.accuracy) expect(tuned.metrics!.macroF1.mean).toBe(none.metrics!.macroF1.mean);
  });

  const own: CustomProbe<ReturnType<typeof fitCentroid>> = {
    name: "own",
    fit: (rows, ways) => fitCentroid(rows, ways),
    predict: (head, rows) => predict(head, rows).map(Number),
    predictProba: (head, rows) => predictProba(head, rows),
  };
  const asked = (probe: Partial<CustomProbe>) =>
    evaluate(features, labels, { ...task, episodes: 4, probes: ["centroid", { ...own, ...probe } as CustomProbe], metrics });

  it("asks a probe of one's own for its probabilities, and refuses one that has none, or others", async () => {
    const { results } = await asked({});
    expect(results[1].metrics).toEqual(results[0].metrics);
    await expect(asked({ predictProba: undefined })).rejects.toThrow(
      "evaluate: probe own's predictProba is undefined, expected a function: expectedCalibrationError asks how sure it is",
    );
    const shaped = (rows: Matrix, cols: number) => ({ data: new Float64Array(rows.rows * cols).fill(2), rows: rows.rows, cols });
    await expect(asked({ predictProba: (_, rows) => shaped(rows, 3) })).rejects.toThrow(
      "evaluate: probe own's probabilities has shape 36 × 3, expected 36 × 4",
    );
    await expect(asked({ predictProba: (_, rows) => shaped(rows, 4) })).rejects.toThrow(
      "evaluate: probe own's probabilities hold 2 for query 0, expected numbers in 0…1",
    );
  });

  it("counts more queries than one 32-bit sum of confidence could hold", async () => {
    const big = syntheticFeatures({ classes: 2, rowsPerClass: 3000, dims: 4, seed: 2 });
    const task = { ways: 2, shots: 1, queries: 2500 };
    const [result] = (await evaluate(big.features, big.labels, { ...task, episodes: 1, metrics, C: 1e4 })).results;
    const { support, supportLabels, query, queryLabels } = sampleEpisode(big.labels, task, 0);
    const unit = (rows: Int32Array): Matrix => {
      const { data, ...shape } = takeRows(big.features, rows);
      const norms = Array.from(rows, (_, i) => Math.hypot(...data.subarray(i * 4, i * 4 + 4)));
      return { ...shape, data: Float64Array.from(data, (value, p) => value / norms[p >> 2]) };
    };
    const { data } = predictProba(fitSoftmax(unit(support), supportLabels, { C: 1e4 }), unit(query));
    const best = Array.from(query, (_, i) => Number(data[2 * i + 1] > data[2 * i]));
    const direct = expectedCalibrationError(
      best.map((c, i) => data[2 * i + c]),
      best.map((c, i) => c === queryLabels[i]),
    );
    expect(Math.abs(result.metrics!.expectedCalibrationError.mean - direct)).toBeLessThan(1e-6);
  });
});
