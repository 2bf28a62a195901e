import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const dist = join(import.meta.dirname, "../../dist");

it("short runs on threads, one after the other, end without taking the process along while V8 still compiles", { timeout: 60_000 }, () => {
  const program = `
    import { evaluate, syntheticFeatures } from ${JSON.stringify(join(dist, "index.js"))};
    import { threads } from ${JSON.stringify(join(dist, "node.js"))};
    const { features, labels, augmented } = syntheticFeatures({ dims: 640, views: 4, seed: 1 });
    const masks = ["none", "pair@oracle/top:0.02", "pair@augmented/power:0.5", "wiener@augmented+base/power:1"];
    for (let run = 0; run < 12; run++) {
      await evaluate(features, labels, { episodes: 40, masks, probes: ["softmax", "centroid"], augmented, on: threads(2) });
      console.log(run);
    }`;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: 50_000,
  });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
  expect(stdout.trim().split("\n")).toHaveLength(12);
});
