export { type JournalOptions, journalFile } from "./node/journalFile.ts";
export { type OpenFeatures, type OpenFeaturesOptions, openFeatures } from "./node/openFeatures.ts";
export { type ReadFeaturesOptions, type ReadTextOptions, readFeatures, readJson, readLabels, readViews } from "./node/readFiles.ts";
export { readHead } from "./node/readHead.ts";
export { type Labelled, type ReadLabelledOptions, readLabelled } from "./node/readLabelled.ts";
export { type ThreadOptions, threads } from "./node/threads.ts";
export { writeHead } from "./node/writeHead.ts";
export { writeWhole } from "./node/writeWhole.ts";
