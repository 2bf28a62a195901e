import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { fitWithin } from "../../src/basis/fitWithin.ts";
import { indexLabels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { version } from "../../src/core/version.ts";
import type { Views } from "../../src/core/views.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { takeViews } from "../../src/features/takeViews.ts";
import { tukeyPower } from "../../src/features/tukeyPower.ts";
import { applyMask } from "../../src/mask/applyMask.ts";
import { powerMask } from "../../src/mask/powerMask.ts";
import { simpleTransform } from "../../src/mask/simpleTransform.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import type { EpisodeRunOptions } from "../../src/plan/options.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { predict, predictProba, score } from "../../src/probe/predict.ts";
import { refuses } from "../properties/refuses.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 8, rowsPerClass: 12, dims: 61, views: 3, seed: 5 });
const index = indexLabels(labels);
const base = syntheticFeatures({ classes: 9, rowsPerClass: 10, dims: 61, seed: 6 });
const pool = syntheticFeatures({ classes: 3, rowsPerClass: 10, dims: 61, views: 2, seed: 7 });
const shared = {
  base: { features: base.features, labels: base.labels },
  pool: pool.augmented!,
} as const;
const all: Views = augmented!;
const { views } = all;
const double = (matrix: Matrix): Matrix => ({ ...matrix, data: Float64Array.from(matrix.data) });

function viewsOf(rows: Int32Array): Views {
  const list = Array.from(rows).flatMap((row) => Array.from({ length: views }, (_, v) => row * views + v));
  return { matrix: takeRows(all.matrix, list), views: all.views };
}

describe("views of some rows, read where they are", () => {
  const { support } = sampleEpisode(index, { ways: 4, shots: 2, queries: 1 }, 0);
  const rows = takeRows(features, support);
  const own = Array.from(support, (row) => labels[row]);
  const probeOf = (options: Parameters<typeof fitProbe>[2]) => {
    const { provenance, ...rest } = fitProbe(rows, own, { C: 1, ...shared, ...options });
    return rest;
  };
  it.each<[string, Parameters<typeof fitProbe>[2]]>([
    ["pair@augmented/power:0.5", {}],
    ["pair@augmented/power:0.5", { kernels: "js" }],
    ["wiener@posterior/power:1", {}],
    ["pair@augmented+base/top:0.2", { normalize: "none" }],
    ["pair@augmented/power:0.5", { trainOn: "augmented" }],
    ["pair@augmented/power:0.5", { power: 0.5 }],
    ["centre>pair@augmented/magnitude", {}],
    ["views-support:4>none", {}],
    ["none", {}],
  ])("%s with %o: the probe is that of a copy, to the bit", (mask, options) => {
    const positive = options?.power ? { ...all, matrix: { ...all.matrix, data: all.matrix.data.map(Math.abs) } } : all;
    const raise = options?.power ? { ...rows, data: rows.data.map(Math.abs) } : rows;
    const made = (augmented: Views) => fitProbe(raise, own, { C: 1, ...(options?.power ? {} : shared), ...options, mask, augmented });
    const [inPlace, copied] = [made({ ...positive, rows: support }), made(takeViews(positive, support))];
    expect({ ...inPlace, provenance: null }).toEqual({ ...copied, provenance: null });
    expect(inPlace.provenance!.options).toEqual(copied.provenance!.options);
  });

  it("a value that is not finite is named whatever reads it, and views of other rows are no matter", () => {
    const data = all.matrix.data.slice();
    data[(support[1] * views + 2) * 61 + 7] = Number.NaN;
    const augmented = { matrix: { ...all.matrix, data }, views, rows: support };
    for (const mask of ["pair@augmented/power:0.5", "none"])
      refuses(() => probeOf({ mask, augmented }), RangeError, "fitProbe: augmented row 5, column 7 is NaN, expected finite numbers");
    const others = { ...augmented, rows: [...support.slice(0, 1), ...support.slice(0, 1), ...support.slice(2)] };
    expect(probeOf({ mask: "pair@augmented/power:0.5", augmented: others }).head.cols).toBe(61);
  });

  it("values whose squares outgrow a double are finite all the same", () => {
    const data = Float64Array.from(all.matrix.data, (value) => value * 1e200);
    const augmented = { matrix: { ...all.matrix, data }, views };
    const mask = "pair@augmented/power:0.5";
    const copied = probeOf({ mask, augmented: takeViews(augmented, support) });
    expect(probeOf({ mask, augmented: { ...augmented, rows: support } })).toEqual(copied);
  });
});

/** Correct answers of `fitProbe` on each episode's support, asked its queries. */
function fitted(
  mask: string,
  shots: number,
  probe: "softmax" | "centroid" | "cosine" | "plda",
  options: Partial<EpisodeRunOptions> = {},
): number[] {
  return Array.from({ length: 10 }, (_, e) => {
    const episode = sampleEpisode(index, { ways: 4, shots, queries: 6 }, e);
    // Rows in an order that is not by class: a fit must not care.
    const support = episode.support.slice().reverse();
    const name = (row: number) => `class ${labels[row]}`;
    const own = fitProbe(takeRows(features, support), Array.from(support, name), {
      C: 1,
      ...shared,
      augmented: viewsOf(support),
      mask,
      probe,
      ...options,
    });
    return Math.round(score(own, takeRows(features, episode.query), Array.from(episode.query, name)) * episode.query.length);
  });
}

describe("fitProbe counts, on an episode's support and queries, what evaluate counts", () => {
  const cases: [string, number, Partial<EpisodeRunOptions>?][] = [
    ["none", 1],
    ["simple", 2],
    ["pair@support/power:1", 3],
    ["pair@support/top:0.2", 3],
    ["pair@augmented/power:0.5", 1],
    ["fisher@augmented/magnitude", 2],
    ["welch@augmented+base/power:0.5", 1],
    ["within:0.2>mutual-information@augmented/power:1", 2],
    ["variance@base/power:-0.5", 2],
    ["wiener@augmented+base/power:1", 1],
    ["wiener@prior/power:1", 1],
    ["wiener@posterior/power:1", 2],
    ["none", 2, { trainOn: "augmented" }],
    ["pair@augmented/power:0.5", 1, { trainOn: "augmented", C: 10 }],
    ["pair@support/power:1", 2, { normalize: "none", C: 0.1 }],
    ["none", 1, { C: "auto" }],
    ["pair@support/power:1", 3, { C: "auto" }],
    ["none", 4, { C: "auto", normalize: "none" }],
    ["none", 2, { trainOn: "augmented", C: "auto" }],
    ["centre>none", 1],
    ["centre>wiener@posterior/power:1", 1],
    ["within:0.2>none", 1],
    ["within:0.2>wiener@prior/power:1", 2],
    ["discriminant:1>none", 1],
    ["discriminant:1>bayes@prior/power:1", 2],
    ["discriminant:1>pair@augmented/power:0.5", 2],
    ["views:1>none", 1],
    ["views:1>wiener@augmented+base/power:1", 1],
    ["views-support:16>none", 2],
    ["views-support:16>pair@augmented/power:0.5", 2],
  ];
  for (const [mask, shots, options] of cases) {
    it(`${mask} at ${shots} shot${shots > 1 ? "s" : ""}${options ? ` with ${JSON.stringify(options)}` : ""}`, async () => {
      const probes = ["softmax", "centroid", "cosine"] as const;
      const run = {
        ways: 4,
        shots,
        queries: 6,
        episodes: 10,
        masks: [mask],
        probes,
        perEpisode: true,
        augmented: all,
        ...shared,
        ...options,
      };
      const { results } = await evaluate(features, labels, run);
      probes.forEach((probe, p) => {
        expect(fitted(mask, shots, probe, options)).toEqual(results[p].perEpisode!.map(({ correct }) => correct));
      });
    });
  }

  it("discriminant:2>none with the plda probe", async () => {
    const run = {
      ways: 4,
      shots: 2,
      queries: 6,
      episodes: 10,
      masks: ["discriminant:2>none"],
      probes: ["plda"],
      perEpisode: true,
      ...shared,
    } as const;
    const { results } = await evaluate(features, labels, run);
    expect(fitted("discriminant:2>none", 2, "plda")).toEqual(results[0].perEpisode!.map(({ correct }) => correct));
  });
});

describe("fitProbe does the steps that one would do by hand", () => {
  const train = double(
    takeRows(
      features,
      Array.from({ length: 48 }, (_, i) => 2 * i),
    ),
  );
  const names = Array.from({ length: 48 }, (_, i) => labels[2 * i]);
  const rest = double(
    takeRows(
      features,
      Array.from({ length: 48 }, (_, i) => 2 * i + 1),
    ),
  );

  it("power, l2, given weights, l2: the probabilities of the plain composition", () => {
    const positive = (matrix: Matrix): Matrix => ({ ...matrix, data: matrix.data.map(Math.abs) });
    const mask = powerMask(
      Float64Array.from({ length: 61 }, (_, j) => 1 + (j % 5)),
      0.5,
    );
    const see = (matrix: Matrix) => applyMask(l2Normalize(tukeyPower(positive(matrix), 0.5)), mask);
    const probe = fitProbe(positive(train), names, { mask, power: 0.5, C: 3 });
    const head = fitSoftmax(see(train), names, { C: 3 });
    const [own, plain] = [predictProba(probe, positive(rest)).data, predictProba(head, see(rest)).data];
    own.forEach((value, i) => {
      expect(Math.abs(value - plain[i])).toBeLessThan(1e-12);
    });
  });

  it("simple: the probabilities of the plain composition", () => {
    const see = (matrix: Matrix) => l2Normalize(simpleTransform(l2Normalize(matrix)));
    const [own, plain] = [
      predictProba(fitProbe(train, names, { mask: "simple", C: 1 }), rest).data,
      predictProba(fitSoftmax(see(train), names), see(rest)).data,
    ];
    own.forEach((value, i) => {
      expect(Math.abs(value - plain[i])).toBeLessThan(1e-12);
    });
  });

  it("a basis already fitted gives the same probe as its name", () => {
    const basis = fitWithin(base.features, base.labels, { ridge: 0.5 });
    const mask = "wiener@prior/power:1";
    const named = fitProbe(train, names, { mask: `within:0.5>${mask}`, base: shared.base });
    const given = fitProbe(train, names, { mask, basis, base: shared.base });
    expect(given.steps).toEqual(named.steps);
    expect(given.head).toEqual(named.head);
  });

  it("weights of samples are those of the head: a weight of 2 is the row twice", () => {
    const weighted = fitProbe(train, names, { C: 1, sampleWeight: names.map((_, i) => (i % 3 === 0 ? 2 : 1)) });
    const list = names.flatMap((_, i) => (i % 3 === 0 ? [i, i] : [i]));
    const twice = fitProbe(
      takeRows(train, list),
      list.map((i) => names[i]),
      { C: 1 },
    );
    const [a, b] = [predictProba(weighted, rest).data, predictProba(twice, rest).data];
    a.forEach((value, i) => {
      expect(Math.abs(value - b[i])).toBeLessThan(1e-8);
    });
  });

  it("a temperature divides the logits, and thousands of rows are answered as a few are", () => {
    const probe = fitProbe(train, names);
    const soft = predictProba({ ...probe, temperature: 2 }, rest);
    const hard = predictProba(probe, rest);
    for (let i = 0; i < rest.rows; i++) {
      const row = Array.from(hard.data.subarray(i * 8, i * 8 + 8), Math.sqrt);
      const sum = row.reduce((a, b) => a + b);
      row.forEach((value, c) => {
        expect(soft.data[i * 8 + c]).toBeCloseTo(value / sum, 12);
      });
    }
    const many = takeRows(
      rest,
      Array.from({ length: 5000 }, (_, i) => i % rest.rows),
    );
    const once = predict(probe, rest);
    expect(predict(probe, many)).toEqual(Array.from({ length: 5000 }, (_, i) => once[i % rest.rows]));
  });
});

describe("fitProbe says what it was made of, and what it cannot do", () => {
  const small = syntheticFeatures({ classes: 3, rowsPerClass: 4, dims: 7, seed: 1 });
  const fitting = (options: Parameters<typeof fitProbe>[2]) => () => fitProbe(small.features, small.labels, options);

  it("provenance: version of the package, options, and a digest that changes with a value, a label or nothing else", () => {
    const { provenance } = fitProbe(small.features, small.labels, { mask: "pair@support/power:1" });
    expect(version).toBe(packageJson.version);
    expect(provenance?.version).toBe(version);
    expect(provenance?.options).toMatchObject({ mask: "pair@support/power:1", probe: "softmax", rows: 12, cols: 7, classes: 3 });
    const digests = [
      fitProbe(small.features, small.labels, { C: 2 }),
      fitProbe({ ...small.features, data: small.features.data.map((value, i) => (i === 80 ? value + 1 : value)) }, small.labels),
      fitProbe(small.features, Array.from(small.labels).reverse()),
    ].map((probe) => probe.provenance?.digest);
    expect(digests[0]).toBe(provenance?.digest);
    expect(new Set(digests).size).toBe(3);
  });

  it("refuses an oracle, masks without their data, two bases, wrong weights, plda without its basis", () => {
    expect(fitting({ mask: "pair@oracle/power:1" })).toThrow('fitProbe: mask "pair@oracle/power:1" asks an oracle');
    expect(fitting({ mask: "pair@augmented/power:1" })).toThrow("needs augmented views, expected the option augmented");
    expect(fitting({ mask: "wiener@prior/power:1" })).toThrow("needs base classes");
    expect(fitting({ mask: "discriminant:1>none" })).toThrow("needs base classes");
    expect(fitting({ mask: "tuned" })).toThrow(RangeError);
    expect(fitting({ mask: [1, 2] })).toThrow("fitProbe: mask has 2 weights, expected 7, one a column");
    expect(fitting({ mask: [1, 1, -1, 1, 1, 1, 1] })).toThrow("fitProbe: mask[2] is -1");
    expect(fitting({ probe: "plda" })).toThrow('fitProbe: probe is "plda"');
    expect(fitting({ trainOn: "augmented" })).toThrow("augmented views to train on");
    expect(fitting({ power: 0.5 })).toThrow("tukeyPower: features row");
    expect(fitting({ sampleWeight: [1] })).toThrow("sampleWeight has 1 values, expected 12");
    const basis = fitWithin(small.features, small.labels, { ridge: 1 });
    expect(fitting({ basis, mask: "centre>none", base: { features: small.features, labels: small.labels } })).toThrow("expected one basis");
    expect(() => fitProbe(small.features, new Array(12).fill(1))).toThrow("labels has one class");
  });

  it("a prediction names row and column of a value that its power does not take", () => {
    const abs = { ...small.features, data: small.features.data.map(Math.abs) };
    const probe = fitProbe(abs, small.labels, { power: 0.5 });
    const wrong = { ...abs, data: abs.data.map((value, i) => (i === 9 ? -1 : value)) };
    expect(() => predict(probe, wrong)).toThrow(
      "predict: features row 1, column 2 is -1, expected values of at least 0, for the probe's power 0.5",
    );
    expect(() => predict(probe, { data: new Float64Array(4), rows: 2, cols: 2 })).toThrow("predict: features has 2 columns, expected 7");
  });
});
