import { describe, expect, it } from "vitest";
import { evaluate, syntheticFeatures } from "../../src/index.ts";
import { evaluationTable } from "../../src/report.ts";
import { execute, mergeShards, planEvaluation, shardOf } from "../../src/run.ts";
import { pairedDifference } from "../../src/statistics.ts";

const { features, labels } = syntheticFeatures({ classes: 8, rowsPerClass: 12, dims: 40, seed: 5 });
const options = {
  ...{
    ways: 3,
    queries: 5,
    episodes: 30,
    perEpisode: true,
    masks: ["none", "pair@oracle/top:0.2"],
    probes: ["softmax", "centroid"] as const,
  },
  metrics: ["macroF1"] as const,
};

describe("compare", () => {
  it("compares every mask and probe, paired, with the one that is named", async () => {
    const compared = await evaluate(features, labels, { ...options, compare: { to: "none/centroid" } });
    const shares = compared.results.map(({ perEpisode }) => perEpisode!.map(({ correct, total }) => correct / total));
    compared.results.forEach(({ mask, probe, difference, metrics }, i) => {
      const own = mask === "none" && probe === "centroid";
      const { mean, ci, p } = pairedDifference(shares[i], shares[1]);
      expect(difference).toEqual(own ? null : { mean, ci95: ci, p });
      expect(metrics!.macroF1.difference === null).toBe(own);
    });
    expect(compared.config.compare).toEqual({ to: "none/centroid" });
    expect(evaluationTable(compared).replaceAll("\n", " ")).toContain("Differences are paired, in points, to none/centroid.");
  });

  it("changes nothing but the differences, and by default compares each probe with itself at the first mask", async () => {
    const plain = await evaluate(features, labels, options);
    const compared = await evaluate(features, labels, { ...options, compare: { to: "none/softmax" } });
    const without = ({ results }: typeof plain) => results.map(({ difference: _, metrics: __, ...rest }) => rest);
    expect(without(compared)).toEqual(without(plain));
    expect(compared.digest).toBe(plain.digest);
    expect(plain.results[1].difference).toBe(null);
    expect(compared.results[1].difference).not.toBe(null);
    expect(compared.results[2].difference).toEqual(plain.results[2].difference);
    expect(evaluationTable(plain).replaceAll("\n", " ")).toContain("to none with the same probe.");
  });

  it("is the same of shards that are merged, to the byte", async () => {
    const asked = { ...options, compare: { to: "pair@oracle/top:0.2/centroid" } };
    const parts = await Promise.all([1, 2, 3].map((shard) => execute(shardOf(planEvaluation(features, labels, asked), { shard, of: 3 }))));
    expect(JSON.stringify(mergeShards(parts))).toBe(JSON.stringify(await evaluate(features, labels, asked)));
  });

  it("refuses what is no mask and probe of the run", async () => {
    await expect(evaluate(features, labels, { ...options, compare: { to: "none/cosine" } })).rejects.toThrow(
      'evaluate: compare is "none/cosine", expected one of none/softmax, none/centroid, pair@oracle/top:0.2/softmax, pair@oracle/top:0.2/centroid',
    );
    await expect(evaluate(features, labels, { ...options, compare: "none/centroid" as never })).rejects.toThrow(
      'evaluate: compare is "none/centroid", expected { to: "mask/probe" }',
    );
  });
});
