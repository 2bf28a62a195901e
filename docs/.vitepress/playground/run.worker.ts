import { type EvaluateOptions, evaluate, redundancyCurve, syntheticFeatures } from "../../../src/index.ts";
import { episodeProfiles } from "./episodeProfiles.ts";
import type { RunOrder, RunReport } from "./messages.ts";

const scope = self as unknown as { postMessage(report: RunReport): void; addEventListener: typeof addEventListener };
const tell = (report: RunReport) => scope.postMessage(report);

/** Runs as told and reports: the table whenever some time has passed, the curve when the episodes have doubled, so that it costs twice itself at most. */
async function run({ settings, data }: RunOrder): Promise<void> {
  const { features, labels, augmented } = data ?? syntheticFeatures({ classes: 20, rowsPerClass: 40, dims: 400, views: 4, seed: 7 });
  // The page's policy allows no WebAssembly; TypeScript kernels give the same bits.
  const few = { ways: settings.ways, shots: settings.shots, queries: settings.queries, seed: settings.seed, kernels: "js" } as const;
  const options: EvaluateOptions = { ...few, episodes: settings.episodes, masks: settings.masks, probes: settings.probes, augmented };
  let told = 0;
  let drawn = 0;
  await evaluate(features, labels, {
    ...options,
    onProgress: async ({ done, total, soFar }) => {
      if (drawn === 0) tell({ kind: "profile", profiles: episodeProfiles(features, labels, augmented, settings) });
      if (done === total || (done > 1 && performance.now() - told > 150)) {
        tell({ kind: "progress", done, total, evaluation: soFar()! });
        told = performance.now();
      }
      if (done === total || (done >= 10 && done >= 2 * drawn)) {
        tell({ kind: "curve", curve: await redundancyCurve(features, labels, { ...few, episodes: done }) });
        drawn = done;
      }
      drawn ||= 1;
    },
  });
  tell({ kind: "done" });
}

scope.addEventListener("message", ({ data }: MessageEvent<RunOrder>) => {
  run(data).catch((error: unknown) => tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) }));
});
