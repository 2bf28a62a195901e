import { argsortDescending } from "../core/argsort.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { customWeights } from "../estimate/customWeights.ts";
import { episodeImportance } from "../estimate/episodeImportance.ts";
import type { FeatureSpace } from "../estimate/featureSpace.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { PreparedCurve } from "../plan/prepareCurve.ts";

/** The order in which a curve keeps dimensions in an episode, the most important first; equally important ones by their number. It may make the kernels' memory grow. */
export function curveOrder(kernels: Kernels, space: FeatureSpace, { run, order }: PreparedCurve): (episode: Episode) => Int32Array {
  const { caller, seed, priorDegrees, most, normalize } = run;
  if ("own" in order) {
    const data = { features: run.features, augmented: run.augmented, statistics: normalize };
    return (episode) => argsortDescending(customWeights(caller, order.own, data, episode));
  }
  const importance = episodeImportance(kernels, space, { caller, seed, priorDegrees, most });
  return (episode) => {
    importance.start(episode);
    return argsortDescending(importance.of(order.importance, order.source));
  };
}
