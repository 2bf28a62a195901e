import { execFileSync } from "node:child_process";
import { evaluate } from "../src/evaluate/evaluate.ts";
import { syntheticFeatures } from "../src/features/syntheticFeatures.ts";
import { pair, type Result } from "./measure.ts";
import type { Room } from "./room.ts";

const cases: Readonly<Record<string, { readonly views: number; readonly masks: readonly string[] }>> = {
  "no mask": { views: 0, masks: ["none"] },
  "oracle masks": { views: 0, masks: ["none", "pair@oracle/top:0.02", "pair@oracle/power:1"] },
  "views and base classes": { views: 4, masks: ["none", "pair@augmented/power:0.5", "wiener@augmented+base/power:1"] },
};

/** Runs in a process of its own: how far the peak of resident memory rises above what the features already took. Prints two numbers of bytes. */
export async function memoryChild(name: string): Promise<void> {
  const { views, masks } = cases[name];
  // Straight from the generator: copies of the features that came and went would leave room that the evaluation then takes unseen.
  const { features, labels, augmented } = syntheticFeatures({ dims: 1280, classes: 64, rowsPerClass: 150 / (1 + views), views, seed: 1 });
  const bytes = features.data.byteLength + (augmented?.matrix.data.byteLength ?? 0);
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  await evaluate(features, labels, {
    masks,
    probes: ["softmax", "centroid"],
    augmented,
    episodes: 600,
    onProgress: () => {
      peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  // The process's own maximum also counts the making of the features, which is over: it bounds the answer, the samples alone could miss a peak.
  const maximum = 1024 * process.resourceUsage().maxRSS;
  console.log(JSON.stringify({ bytes, growth: Math.max(peak, process.memoryUsage.rss(), maximum) - before }));
}

/** What three processes of a name measure, the least growth first. */
export function memoryOf(name: string): { readonly bytes: number; readonly growth: number }[] {
  const measured = Array.from({ length: 3 }, () => {
    const text = execFileSync(process.execPath, ["--expose-gc", process.argv[1], "--memory", name], { encoding: "utf8" });
    return JSON.parse(text) as { readonly bytes: number; readonly growth: number };
  });
  return measured.sort((a, b) => a.growth - b.growth);
}

/** Peak memory of a 600-episode evaluation against twice its input and 50 MB. Of three processes, since a peak may also be of what made the features. */
export const memoryRoom: Room = {
  names: ["memory"],
  async run() {
    const results: Result[] = [];
    for (const name of Object.keys(cases)) {
      const [{ bytes, growth: least }, { growth: median }] = memoryOf(name);
      const allowed = 2 * bytes + 50e6;
      const note = `peak growth is ${(median / bytes).toFixed(2)} × the input's ${(bytes / 1e6).toFixed(0)} MB`;
      const row = { name: "memory", case: `peak RSS growth, 600 episodes, ${name}`, unit: "bytes", note };
      results.push(pair(row, { min: least, median }, "allowed: 2 × features + 50 MB", { min: allowed, median: allowed }));
    }
    return results;
  },
};
