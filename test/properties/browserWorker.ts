import { serveWorker } from "../../src/run/serveWorker.ts";

serveWorker(self);
