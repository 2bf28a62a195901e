export { evaluateInWorkers } from "./node/evaluateInWorkers.ts";
export { type OpenFeatures, type OpenFeaturesOptions, openFeatures } from "./node/openFeatures.ts";
export { type ReadFeaturesOptions, type ReadTextOptions, readFeatures, readJson, readLabels, readViews } from "./node/readFiles.ts";
export { readHead } from "./node/readHead.ts";
export { type Labelled, type ReadLabelledOptions, readLabelled } from "./node/readLabelled.ts";
export { redundancyCurveInWorkers } from "./node/redundancyCurveInWorkers.ts";
export type { WorkerThreadOptions } from "./node/threadCrew.ts";
export { writeHead } from "./node/writeHead.ts";
export { writeWhole } from "./node/writeWhole.ts";
