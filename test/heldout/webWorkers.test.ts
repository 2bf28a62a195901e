import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { choosePenalty, choosePenaltyAsync } from "../../src/heldout/choosePenalty.ts";
import { webWorkers } from "../../src/run/webWorkers.ts";
import spread from "../properties/spreadMask.ts";

// Node has no Web Workers: these run in Chromium alone.
describe.skipIf(typeof Worker === "undefined")("Web Workers (needs a browser)", () => {
  const createWorker = () => new Worker(new URL("../properties/browserWorker.ts", import.meta.url), { type: "module" });
  const on = webWorkers({ createWorker, workers: 2 });

  it("choose the C that the page chooses", async () => {
    const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 155, dims: 330, seed: 3 });
    expect(await choosePenaltyAsync(features, labels, { on })).toEqual(choosePenalty(features, labels));
  });

  it("count with a mask of one's own, from its module, what the page counts", async () => {
    const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 12, dims: 20, seed: 4 });
    const options = { ways: 3, shots: 2, queries: 4, seed: 9, episodes: 23, masks: ["none", spread] };
    expect(JSON.stringify(await evaluate(features, labels, { ...options, on }))).toBe(
      JSON.stringify(await evaluate(features, labels, options)),
    );
  });
});
