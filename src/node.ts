export { evaluateInWorkers } from "./node/evaluateInWorkers.ts";
export { type OpenFeatures, type OpenFeaturesOptions, openFeatures } from "./node/openFeatures.ts";
export { readFeatures, readJson, readLabels, readViews } from "./node/readFiles.ts";
export { readHead } from "./node/readHead.ts";
export { redundancyCurveInWorkers } from "./node/redundancyCurveInWorkers.ts";
export type { WorkerThreadOptions } from "./node/threadCrew.ts";
export { writeHead } from "./node/writeHead.ts";
export { writeWhole } from "./node/writeWhole.ts";
