import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import type { Episode } from "../../src/episodes/sampleEpisode.ts";
import {
  type CustomProbe,
  episodeSampler,
  evaluate,
  fitCosine,
  fitProbe,
  indexLabels,
  predict,
  predictProba,
  syntheticFeatures,
  takeRows,
} from "../../src/index.ts";
import { fitCombination } from "../../src/tune.ts";

const perClass = 9;
const { features, labels } = syntheticFeatures({ classes: 13, rowsPerClass: perClass, dims: 40, seed: 5 });
const baseSet = syntheticFeatures({ classes: 9, rowsPerClass: perClass, dims: 40, seed: 5 });
const index = indexLabels(labels);
const task = { ways: 4, shots: 2, queries: 5, seed: 3 } as const;
const run = { ...task, episodes: 6, drawsPerTask: 2, masks: ["none", "tuned"], perEpisode: true, domain: false } as const;

/** Right answers of a probe composed by hand, which has seen nothing of the episode but its support. */
function byHand(episode: Episode, base: Parameters<typeof fitCombination>[0]): number {
  const combination = fitCombination(base, { ways: task.ways, shots: task.shots, seed: task.seed });
  const probe = fitProbe(takeRows(features, episode.support), episode.supportLabels, { combination });
  const answers = predict(probe, takeRows(features, episode.query));
  return answers.filter((answer, i) => answer === episode.queryLabels[i]).length;
}

/** Rows of the classes outside an episode. */
function outside({ classes }: Episode) {
  const rows = Array.from(labels.keys()).filter((i) => !classes.includes(index.codes[i]));
  return { features: takeRows(features, rows), labels: rows.map((i) => labels[i]) };
}

describe("tuned in evaluate", () => {
  const sampler = episodeSampler(index, { ...task, drawsPerTask: 2 });
  const episodes = Array.from({ length: 6 }, (_, e) => sampler.sample(e));

  it("is fitCombination on the classes outside each episode, and fitProbe on its support", async () => {
    const { results } = await evaluate(features, labels, run);
    const found = results[1].perEpisode!.map(({ correct }) => correct);
    expect(found).toEqual(episodes.map((episode) => byHand(episode, outside(episode))));
    expect(results[1].accuracy).not.toBe(results[0].accuracy);
  });

  it("is fitCombination on the base set, where there is one, or on both", async () => {
    const base = { features: baseSet.features, labels: baseSet.labels };
    const alone = await evaluate(features, labels, { ...run, base });
    expect(alone.results[1].perEpisode!.map(({ correct }) => correct)).toEqual(episodes.map((episode) => byHand(episode, base)));
    const both = await evaluate(features, labels, { ...run, base, baseClasses: "all", episodes: 2 });
    const data = new Float64Array(13 * perClass * 40 + 9 * perClass * 40);
    const wanted = episodes.slice(0, 2).map((episode) => {
      const own = outside(episode);
      data.set(own.features.data);
      data.set(base.features.data, own.features.data.length);
      const rows = own.features.rows + base.features.rows;
      const joined = { data: data.slice(0, rows * 40), rows, cols: 40 };
      return byHand(episode, {
        features: joined,
        labels: [...own.labels.map(Number), ...Array.from(base.labels, (label) => 100 + Number(label))],
      });
    });
    expect(both.results[1].perEpisode!.map(({ correct }) => correct)).toEqual(wanted);
  });

  it("serves every probe: a cosine probe of one's own, on maps side by side, answers as the built-in one by kernels", async () => {
    const own: CustomProbe<ReturnType<typeof fitCosine>> = {
      name: "own",
      fit: (rows, codes) => fitCosine(rows, codes),
      predict: (head, rows) => predict(head, rows) as number[],
      predictProba: (head, rows) => predictProba(head, rows),
    };
    const metrics = ["macroF1", "expectedCalibrationError"] as const;
    const { results } = await evaluate(features, labels, { ...run, probes: ["cosine", own, "centroid", "softmax"], metrics });
    const [cosine, custom, centroid, softmax] = results.filter(({ mask }) => mask === "tuned");
    expect(custom.perEpisode).toEqual(cosine.perEpisode);
    expect(custom.metrics!.macroF1.mean).toBeCloseTo(cosine.metrics!.macroF1.mean, 12);
    expect(custom.metrics!.expectedCalibrationError.mean).toBeCloseTo(cosine.metrics!.expectedCalibrationError.mean, 6);
    const alone = await evaluate(features, labels, run);
    expect(softmax.perEpisode).toEqual(alone.results[1].perEpisode);
    expect(centroid.perEpisode).not.toEqual(softmax.perEpisode);
  });

  it("is no mask where the support is of another domain than the base classes, by the numbers that ship with a combination", async () => {
    // Base classes in the first half of the dimensions, the task's in the second.
    const half = (rows: Matrix, from: number): Matrix => ({
      ...rows,
      data: Float64Array.from(rows.data, (value, at) => (Math.floor((at % 40) / 20) === from ? value : value / 50)),
    });
    const base = { features: half(baseSet.features, 0), labels: baseSet.labels };
    const other = half(features, 1);
    const { results } = await evaluate(other, labels, { ...run, base });
    expect(results[1].perEpisode).toEqual(results[0].perEpisode);
    for (const shots of [1, 2]) {
      const [none, tuned] = (await evaluate(other, labels, { ...run, shots, base, C: "auto", metrics: ["logLoss"] })).results;
      expect(tuned.perEpisode).toEqual(none.perEpisode);
      expect(tuned.metrics!.logLoss.mean).toBeCloseTo(none.metrics!.logLoss.mean, 5);
    }
    const combination = fitCombination(base, { ways: 4, shots: 2 });
    const shot = (rows: Matrix) => fitProbe(takeRows(rows, episodes[0].support), episodes[0].supportLabels, { combination });
    expect(shot(other).provenance!.options.domain).toMatchObject({ verdict: "different" });
    expect(shot(half(features, 0)).provenance!.options.domain).toMatchObject({ verdict: "similar" });
    const plain = fitProbe(takeRows(other, episodes[0].support), episodes[0].supportLabels);
    const queries = takeRows(other, episodes[0].query);
    const [gated, none] = [predictProba(shot(other), queries).data, predictProba(plain, queries).data];
    for (let i = 0; i < none.length; i++) expect(gated[i]).toBeCloseTo(none[i], 10);
  });

  it("leaves rows as they are where too few classes are outside an episode to learn from, and there are no views", async () => {
    const few = await evaluate(features, labels, { ...run, ways: 10, classes: index.classes, C: "auto" });
    expect(few.results[1].perEpisode).toEqual(few.results[0].perEpisode);
  });
});
