import { parentPort } from "node:worker_threads";
import { serveWorker } from "../run/serveWorker.ts";

// The entry of a worker thread, built to dist/worker.js: not a module to import.
const port = parentPort;
if (port) {
  serveWorker({
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) => port.on(type, (data: unknown) => listener({ data })),
  });
}
