import { evaluate } from "../../src/evaluate/evaluate.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";

const flag = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const episodes = flag("episodes", 1_000_000);
const early = flag("early", Math.min(10_000, episodes / 100));

/** Bytes in use once everything that can be is collected: JavaScript's own, and those of buffers. */
function inUse(): { heap: number; buffers: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

const MiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
const { features, labels, augmented } = syntheticFeatures({ classes: 8, rowsPerClass: 8, dims: 12, views: 2, seed: 1 });
const started = performance.now();
let first: ReturnType<typeof inUse> | null = null;
const result = await evaluate(features, labels, {
  ...{ ways: 3, shots: 2, queries: 2, episodes, seed: 1, augmented },
  masks: ["none", "wiener@support/power:1", "pair@augmented/top:0.25"],
  probes: ["softmax", "centroid"],
  onProgress({ done }) {
    if (first === null && done >= early) first = inUse();
  },
});
const last = inUse();
if (first === null) throw new Error(`soak: no progress was reported after ${early} episodes`);
const { heap, buffers }: ReturnType<typeof inUse> = first;
const growth = last.heap / heap - 1;
const seconds = (performance.now() - started) / 1000;
const accuracies = result.results.map(({ accuracy }) => accuracy.toFixed(4)).join(" ");
console.log(`after ${early} episodes: heap ${MiB(heap)}, buffers ${MiB(buffers)}`);
console.log(`after ${result.episodes} episodes: heap ${MiB(last.heap)}, buffers ${MiB(last.buffers)}; accuracies ${accuracies}`);
const kept = growth <= 0.1 && last.buffers <= 1.1 * buffers;
console.log(
  `soak: ${episodes} episodes in ${seconds.toFixed(0)} s, heap ${(100 * growth).toFixed(1)} % more than early on: ${kept ? "bounded" : "grows"}`,
);
process.exit(kept ? 0 : 1);
