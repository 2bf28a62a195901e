export type { Matrix } from "./core/matrix.ts";
export type { Views } from "./core/views.ts";
export {
  type SourceMomentsOptions,
  sourceMoments,
  type WienerMoments,
  type WienerMomentsOptions,
  wienerMoments,
} from "./estimate/sourceMoments.ts";
export { bayesImportance } from "./importance/bayesImportance.ts";
export type { ClassMoments } from "./importance/classMoments.ts";
export { fisherImportance } from "./importance/fisherImportance.ts";
export { mutualInformationImportance } from "./importance/mutualInformationImportance.ts";
export { pairImportance } from "./importance/pairImportance.ts";
export { randomImportance } from "./importance/randomImportance.ts";
export { varianceImportance } from "./importance/varianceImportance.ts";
export { welchImportance } from "./importance/welchImportance.ts";
export { type WienerOptions, wienerImportance, wienerWeights } from "./importance/wienerImportance.ts";
