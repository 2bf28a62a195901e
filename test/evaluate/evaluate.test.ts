import LogisticRegression from "ml-logistic-regression";
import { Matrix as MlMatrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import {
  fisherImportance,
  mutualInformationImportance,
  pairImportance,
  varianceImportance,
  welchImportance,
  wienerImportance,
} from "../../src/importance.ts";
import type { CustomProbe, EvaluateOptions, Matrix } from "../../src/index.ts";
import * as softprobe from "../../src/index.ts";
import { classStatistics } from "../../src/statistics.ts";

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 8, rowsPerClass: 12, dims: 61, views: 3, seed: 5 });
const views = 3;
const base = softprobe.syntheticFeatures({ classes: 6, rowsPerClass: 10, dims: 61, seed: 6 });
const data: EvaluateOptions = {
  ways: 4,
  queries: 6,
  episodes: 12,
  augmented,
  base: { features: base.features, labels: base.labels },
};
const double = (matrix: Matrix): Matrix => ({ ...matrix, data: Float64Array.from(matrix.data) });

/** The pipeline composed by hand of the public functions, one plain step after another. */
function byHand(mask: string, shots: number, probe: "softmax" | "centroid" | "cosine"): number[] {
  const index = softprobe.indexLabels(labels);
  const x = softprobe.l2Normalize(double(features));
  const seen = softprobe.l2Normalize(double(augmented!.matrix));
  const known = classStatistics(softprobe.l2Normalize(double(base.features)), base.labels);
  const baseVariance = Float64Array.from({ length: 61 }, (_, j) =>
    known.classes.reduce((sum: number, _name, c) => sum + known.variances[c * 61 + j] / 6, 0),
  );
  return Array.from({ length: 12 }, (_, e) => {
    const episode = softprobe.sampleEpisode(index, { ways: 4, shots, queries: 6 }, e);
    const support = softprobe.takeRows(x, episode.support);
    const spec = softprobe.parseMask(mask);
    let weights: Float64Array = new Float64Array(61).fill(1);
    const z: Matrix = spec.kind === "simple" ? softprobe.simpleTransform(x) : x;
    if (spec.kind === "importance") {
      const viewRows = Array.from(episode.support).flatMap((row) => Array.from({ length: views }, (_, v) => row * views + v));
      const joined: Matrix = {
        data: Float64Array.of(...support.data, ...softprobe.takeRows(seen, viewRows).data),
        rows: support.rows * (1 + views),
        cols: 61,
      };
      const joinedLabels = [
        ...episode.supportLabels,
        ...Array.from(episode.supportLabels).flatMap((way) => new Array<number>(views).fill(way)),
      ];
      const whole = classStatistics(x, index);
      const pick = (values: Float64Array) =>
        Float64Array.from(Array.from(episode.classes).flatMap((c) => [...values.subarray(c * 61, (c + 1) * 61)]));
      const moments = {
        oracle: () => ({
          counts: Array.from(episode.classes, (c) => whole.counts[c]),
          means: pick(whole.means),
          variances: pick(whole.variances),
          cols: 61,
        }),
        support: () => classStatistics(support, episode.supportLabels),
        augmented: () => classStatistics(joined, joinedLabels),
        base: () => ({
          ...classStatistics(support, episode.supportLabels),
          variances: Float64Array.from({ length: 244 }, (_, i) => baseVariance[i % 61]),
        }),
        "augmented+base": () => {
          const own = classStatistics(joined, joinedLabels);
          return { ...own, variances: own.variances.map((value, i) => (value + baseVariance[i % 61]) / 2) };
        },
      }[spec.source as "oracle"]();
      const importance = {
        pair: () => pairImportance(moments),
        fisher: () => fisherImportance(moments),
        welch: () => welchImportance(moments),
        "mutual-information": () => mutualInformationImportance(moments),
        variance: () => varianceImportance(moments),
        wiener: () => wienerImportance(moments, { shots, independentRows: spec.source === "oracle" ? 12 : shots }),
      }[spec.importance as "pair"]();
      weights =
        spec.shape.name === "top"
          ? softprobe.topMask(importance, spec.shape.value)
          : spec.shape.name === "power"
            ? softprobe.powerMask(importance, spec.shape.value)
            : softprobe.magnitudeMask(importance, support);
    }
    const train = softprobe.applyMask(softprobe.takeRows(z, episode.support), weights);
    const test = softprobe.applyMask(softprobe.takeRows(z, episode.query), weights);
    const trainer = { softmax: softprobe.fitSoftmax, centroid: softprobe.fitCentroid, cosine: softprobe.fitCosine }[probe];
    return Math.round(softprobe.score(trainer(train, episode.supportLabels), test, episode.queryLabels) * test.rows);
  });
}

describe("evaluate counts what the same pipeline composed by hand counts", () => {
  const cases: [string, number][] = [
    ["none", 1],
    ["simple", 2],
    ["pair@oracle/top:0.1", 1],
    ["pair@oracle/top:0.6", 1],
    ["pair@augmented/power:0.5", 1],
    ["pair@support/power:1", 3],
    ["pair@base/power:1", 1],
    ["fisher@augmented+base/power:0.5", 2],
    ["fisher@oracle/magnitude", 1],
    ["welch@augmented/power:0.5", 1],
    ["welch@base/power:1", 2],
    ["mutual-information@oracle/top:0.1", 1],
    ["mutual-information@support/power:1", 3],
    ["variance@augmented/power:-0.5", 1],
    ["wiener@augmented+base/power:1", 2],
    ["wiener@oracle/power:1", 1],
  ];
  for (const [mask, shots] of cases) {
    it(`${mask} at ${shots} shot${shots > 1 ? "s" : ""}, with every probe`, async () => {
      const probes = ["softmax", "centroid", "cosine"] as const;
      const { results } = await softprobe.evaluate(features, labels, { ...data, shots, masks: [mask], probes, perEpisode: true });
      probes.forEach((probe, p) => {
        expect(results[p].perEpisode!.map(({ correct }) => correct)).toEqual(byHand(mask, shots, probe));
      });
    });
  }
});

it("the document is the same to the byte whichever kernels ran", async () => {
  const options = {
    ...data,
    shots: 2,
    masks: ["none", "pair@augmented/power:0.5", "wiener@posterior/power:1", "wiener@prior/power:1", "simple"],
    perEpisode: true,
  } as const;
  const wasm = await softprobe.evaluate(features, labels, { ...options, kernels: "wasm" });
  const js = await softprobe.evaluate(features, labels, { ...options, kernels: "js" });
  expect(JSON.stringify(js)).toBe(JSON.stringify(wasm));
  expect(wasm.results.every(({ accuracy }) => accuracy > 0.25)).toBe(true);
});

it("masks that change nothing change nothing: top:1 and power:0 count as none does", async () => {
  const { results } = await softprobe.evaluate(features, labels, {
    ...data,
    masks: ["none", "pair@oracle/top:1", "pair@oracle/power:0"],
    perEpisode: true,
  });
  expect(results[1].perEpisode).toEqual(results[0].perEpisode);
  expect(results[2].perEpisode).toEqual(results[0].perEpisode);
  expect(results[1].difference).toEqual({ mean: 0, ci95: [0, 0], p: 1 });
  expect(results[0].difference).toBeNull();
});

it("scaling the features by a power of two changes no count, with l2", async () => {
  const scaled = { ...features, data: features.data.map((value) => value * 1024) };
  const plain = { ...data, augmented: undefined, base: undefined, masks: ["none", "pair@oracle/power:1"], perEpisode: true };
  const [a, b] = [await softprobe.evaluate(features, labels, plain), await softprobe.evaluate(scaled, labels, plain)];
  expect(b.results).toEqual(a.results);
});

it("views as training data weigh 1/views each: the probe is fitSoftmax with those weights", async () => {
  const { results } = await softprobe.evaluate(features, labels, { ...data, trainOn: "augmented", perEpisode: true });
  const index = softprobe.indexLabels(labels);
  const expected = results[0].perEpisode!.map((_, e) => {
    const episode = softprobe.sampleEpisode(index, { ways: 4, queries: 6 }, e);
    const rows = Array.from(episode.support).flatMap((row) => Array.from({ length: views }, (_, v) => row * views + v));
    const parts = [softprobe.takeRows(double(features), episode.support), softprobe.takeRows(double(augmented!.matrix), rows)];
    const train = softprobe.l2Normalize({ data: Float64Array.of(...parts[0].data, ...parts[1].data), rows: 16, cols: 61 });
    const trainLabels = [...episode.supportLabels, ...Array.from(episode.supportLabels).flatMap((way) => [way, way, way])];
    const head = softprobe.fitSoftmax(train, trainLabels, { sampleWeight: trainLabels.map((_, i) => (i < 4 ? 1 : 1 / views)) });
    return Math.round(
      softprobe.score(head, softprobe.l2Normalize(softprobe.takeRows(double(features), episode.query)), episode.queryLabels) * 24,
    );
  });
  expect(results[0].perEpisode!.map(({ correct }) => correct)).toEqual(expected);
});

it("a probe of the user's own sees masked, normalised features and counts beside the built-in ones", async () => {
  const own: CustomProbe<softprobe.SoftmaxHead> = {
    name: "own",
    fit: (x, y) => softprobe.fitSoftmax(x, y),
    predict: (head, x) => softprobe.predict(head, x) as number[],
  };
  for (const trainOn of ["support", "augmented"] as const) {
    const { results } = await softprobe.evaluate(features, labels, {
      ...data,
      trainOn,
      masks: ["none", "pair@oracle/power:1", "simple"],
      probes: ["centroid", own],
      perEpisode: true,
    });
    expect(results.map(({ probe }) => probe)).toEqual(["centroid", "own", "centroid", "own", "centroid", "own"]);
    if (trainOn === "augmented") continue;
    const builtIn = await softprobe.evaluate(features, labels, {
      ...data,
      masks: ["none", "pair@oracle/power:1", "simple"],
      perEpisode: true,
    });
    expect([1, 3, 5].map((at) => results[at].perEpisode)).toEqual(builtIn.results.map(({ perEpisode }) => perEpisode));
  }
});

it("ml-logistic-regression plugs in as a probe and beats chance", async () => {
  const probe: CustomProbe<LogisticRegression> = {
    name: "ml-logistic-regression",
    fit(x, y) {
      const model = new LogisticRegression({ numSteps: 200, learningRate: 0.5 });
      model.train(MlMatrix.from1DArray(x.rows, x.cols, x.data), MlMatrix.columnVector(y));
      return model;
    },
    predict: (model, x) => model.predict(MlMatrix.from1DArray(x.rows, x.cols, x.data)),
  };
  const { results } = await softprobe.evaluate(features, labels, { ...data, episodes: 5, masks: ["pair@oracle/top:0.1"], probes: [probe] });
  expect(results[0].accuracy).toBeGreaterThan(0.5);
});

it("redundancyCurve counts at each fraction what evaluate counts with top masks", async () => {
  const fractions = [0.05, 0.1, 0.3, 0.55, 1];
  for (const probe of ["softmax", "centroid"] as const) {
    for (const normalize of ["l2", "none"] as const) {
      const options = { ...data, shots: 2, normalize, episodes: 20, C: normalize === "none" ? 0.01 : 1 };
      const { points } = await softprobe.redundancyCurve(features, labels, { ...options, probe, fractions });
      const masks = fractions.map((fraction) => `pair@oracle/top:${fraction}`);
      const { results } = await softprobe.evaluate(features, labels, { ...options, masks, probes: [probe] });
      expect(points.map(({ accuracy }) => accuracy)).toEqual(results.map(({ accuracy }) => accuracy));
      expect(points.map(({ dimensions }) => dimensions)).toEqual([3, 6, 18, 34, 61]);
      expect(points[4].difference).toEqual({ mean: 0, ci95: [0, 0], p: 1 });
    }
  }
});

it("a curve's differences are to all dimensions, even when the fractions stop short of them", async () => {
  const short = await softprobe.redundancyCurve(features, labels, { ...data, fractions: [0.1] });
  const whole = await softprobe.redundancyCurve(features, labels, { ...data, fractions: [0.1, 1] });
  expect(short.points[0]).toEqual(whole.points[0]);
  expect(whole.points[0].difference.mean).toBeCloseTo(whole.points[0].accuracy - whole.points[1].accuracy, 12);
});

it("replayed episodes give what sampling them gave", async () => {
  const index = softprobe.indexLabels(labels);
  const replay = Array.from({ length: 12 }, (_, e) => softprobe.sampleEpisode(index, { ways: 4, queries: 6 }, e));
  const sampled = await softprobe.evaluate(features, labels, { ...data, masks: ["none", "pair@augmented/power:1"], perEpisode: true });
  const replayed = await softprobe.evaluate(features, labels, {
    ...data,
    replay,
    masks: ["none", "pair@augmented/power:1"],
    perEpisode: true,
  });
  expect(replayed.results).toEqual(sampled.results);
});

it("reports progress and the result so far, and stops when aborted", async () => {
  const seen: number[] = [];
  await softprobe.evaluate(features, labels, { ...data, onProgress: ({ done, total }) => seen.push(done / total) });
  expect(seen.at(-1)).toBe(1);
  const episodes: number[] = [];
  const whole = await softprobe.evaluate(features, labels, {
    ...data,
    episodes: 400,
    async onProgress({ done, soFar }) {
      // Counting waits, so nothing is counted meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(soFar()!.episodes).toBe(done);
      episodes.push(done);
      if (done === 400) expect(soFar()).toEqual(await softprobe.evaluate(features, labels, { ...data, episodes: 400 }));
    },
  });
  expect([episodes.at(-1), whole.episodes]).toEqual([400, 400]);
  const controller = new AbortController();
  const running = softprobe.evaluate(features, labels, {
    ...data,
    episodes: 1e6,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  await expect(running).rejects.toThrow("enough");
  await expect(softprobe.evaluate(features, labels, { ...data, signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
});

it("names the classes it leaves out, and counts all remaining rows as queries when asked", async () => {
  const few = labels.map((label, i) => (i < 3 ? 99 : label));
  const result = await softprobe.evaluate(features, few, { ways: 4, shots: 1, queries: 6, episodes: 3 });
  expect(result.excludedClasses).toEqual([99]);
  const all = await softprobe.evaluate(features, labels, { ways: 4, shots: 2, queries: "all", episodes: 3, perEpisode: true });
  expect(all.results[0].perEpisode!.map(({ total }) => total)).toEqual([40, 40, 40]);
});

describe("bad input is named", () => {
  const refuse = async (options: unknown, message: string | RegExp, x: Matrix = features, y: softprobe.Labels = labels) => {
    await expect(softprobe.evaluate(x, y, options as EvaluateOptions)).rejects.toThrow(message);
  };
  it("by row and column, class, option or mask", async () => {
    await refuse({}, "evaluate: labels has 2 rows, expected 96, one a row of features", features, [1, 2]);
    const broken = { ...features, data: features.data.slice() };
    broken.data[61 * 7 + 3] = Number.NaN;
    await refuse({}, "evaluate: features row 7, column 3 is NaN, expected finite numbers", broken);
    await refuse({ ways: 9 }, /ways is 9, but 0 classes have shots \+ queries = 16 rows; too small: 0 has 12/);
    await refuse({ ...data, ways: 9 }, /ways is 9, but 8 classes have shots \+ queries = 7 rows/);
    await refuse({ ...data, shots: 0 }, "shots is 0, expected a whole number of at least 1");
    await refuse({ ...data, C: -1 }, "evaluate: C is -1, expected a finite number greater than 0");
    await refuse({ ...data, masks: ["pear"] }, 'evaluate: mask "pear" is no mask');
    await refuse({ ...data, masks: [] }, "evaluate: masks has 0 specs, expected at least 1");
    await refuse(
      { ...data, probes: ["svm"] },
      'evaluate: probes has "svm", expected softmax, centroid, cosine, plda or {name, fit, predict}',
    );
    await refuse(
      { ...data, augmented: undefined, masks: ["pair@augmented/power:1"] },
      'mask "pair@augmented/power:1" needs augmented views',
    );
    await refuse({ ...data, base: undefined, ways: 8, masks: ["pair@base/power:1"] }, "needs base classes, but 0 are outside an episode");
    await refuse({ ...data, masks: ["pair@support/power:1"] }, /source support has a class of 1 shot/);
    await refuse({ ...data, augmented: { matrix: augmented!.matrix, views: 5 } }, /evaluate: augmented has/);
    await refuse({ ...data, augmented: undefined, trainOn: "augmented" }, 'trainOn is "augmented", expected augmented views to train on');
    await refuse({ ...data, replay: [{ support: [0, 20], query: [0] }] }, "evaluate: episode 0 has row 0 in both support and query");
    await refuse({ ...data, normalize: "l1" }, 'normalize is "l1", expected one of l2, none');
    const short: CustomProbe = { name: "short", fit: () => 0, predict: () => [0] };
    await refuse({ ...data, probes: [short] }, "evaluate: probe short has predicted 1 labels, expected 24, one a query");
    await refuse({ ...data, masks: ["none", "none"] }, 'evaluate: masks[1] is "none" again, expected each one once');
    await refuse({ ...data, probes: ["softmax", { ...short, name: "softmax" }] }, 'evaluate: probes[1] is "softmax" again');
  });

  it.each([
    [7, "7"],
    [1.5, "1.5"],
    [Number.NaN, "NaN"],
    ["1", '"1"'],
    ["k1", '"k1"'],
    [undefined, "undefined"],
  ])("by probe and query, where a probe answers with what is no place of a class: %s", async (answer, shown) => {
    const odd: CustomProbe = { name: "odd", fit: () => 0, predict: (_, { rows }) => Array(rows).fill(answer) };
    await refuse({ ...data, probes: [odd] }, `evaluate: probe odd has predicted ${shown} for query 0, expected the place of a class`);
  });

  it("by probe and episode, where a probe throws, promises, or gives what are no probabilities", async () => {
    const probe = (own: Partial<CustomProbe>): CustomProbe => ({
      ...{ name: "own", fit: () => 0, predict: (_, { rows }) => new Int32Array(rows) },
      ...own,
    });
    const boom = () => {
      throw new Error("boom");
    };
    await refuse({ ...data, probes: [probe({ fit: boom })] }, "evaluate: probe own failed in episode 0: boom");
    const later = async () => [0];
    await refuse(
      { ...data, probes: [probe({ predict: later as never })] },
      "expected an array: a probe answers at once, without a promise",
    );
    const flat = (_: unknown, { rows }: softprobe.Matrix) => softprobe.toMatrix(Array.from({ length: rows }, () => [0.1, 0.1, 0.1]));
    await refuse(
      { ...data, ways: 3, metrics: ["logLoss"], probes: [probe({ predictProba: flat })] },
      /evaluate: probe own's probabilities sum to 0.30\d* for query 0, expected 1/,
    );
  });

  it("not at all, where a probe writes to what it was given: each gets a copy", async () => {
    const own = (name: string, spoil: boolean): CustomProbe => ({
      name,
      fit(rows, codes) {
        if (spoil) (rows.data as Float64Array).fill(0);
        return softprobe.fitCentroid(rows, codes);
      },
      predict(model, rows) {
        if (spoil) (rows.data as Float64Array).fill(0);
        return softprobe.predict(model as softprobe.Head<number>, rows) as number[];
      },
    });
    const { results } = await softprobe.evaluate(features, labels, {
      ...data,
      probes: [own("spoils", true), own("after", false), "centroid"],
    });
    const of = (name: string) => results.filter(({ probe }) => probe === name).map(({ perEpisode }) => perEpisode);
    expect(of("after")).toEqual(of("centroid"));
  });
  it("for curves too", async () => {
    await expect(softprobe.redundancyCurve(features, labels, { ...data, fractions: [0.5, 0.1] })).rejects.toThrow(
      "fractions[1] is 0.1, expected more than the one before, 0.5",
    );
    await expect(softprobe.redundancyCurve(features, labels, { ...data, fractions: [0] })).rejects.toThrow(
      "fractions[0] is 0, expected a share in (0, 1]",
    );
    await expect(softprobe.redundancyCurve(features, labels, { ...data, importance: "size@oracle" })).rejects.toThrow(
      'has importance "size"',
    );
  });
});
