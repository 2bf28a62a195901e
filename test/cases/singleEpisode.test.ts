import { expect, it } from "vitest";
import { evaluate, sampleEpisode, syntheticFeatures } from "../../src/index.ts";
import { evaluationTable } from "../../src/report.ts";

it("a single replayed episode has an accuracy and no interval: null in JSON, n/a in tables", async () => {
  const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 12, dims: 20, seed: 1 });
  const replay = [sampleEpisode(labels, { ways: 3, shots: 1, queries: 5 }, 0)];
  const result = await evaluate(features, labels, { replay, masks: ["none", "pair@oracle/power:1"] });
  const { results } = JSON.parse(JSON.stringify(result));
  expect(results[0].accuracy).toBeGreaterThan(0);
  expect(results.map(({ ci95 }: { ci95: unknown }) => ci95)).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(results[1].difference).toMatchObject({ ci95: [null, null], p: null });
  const table = evaluationTable(result);
  expect(table).toContain("± n/a");
  expect(table).not.toContain("± 0.0");
});
