import { documentDigests } from "./documents.ts";

/** What `new Worker` of node:worker_threads, which Deno has too, is told. */
interface Scope {
  readonly postMessage?: (message: unknown) => void;
  softprobeDigests?: typeof documentDigests;
}

const scope = globalThis as unknown as Scope & { process?: { argv: string[] } };
const { process } = scope;
if (process?.argv) {
  // Before any kernel is made: none is at import time.
  if (process.argv.includes("--no-wasm")) Reflect.deleteProperty(globalThis, "WebAssembly");
  const threads = "node:worker_threads";
  const { isMainThread, parentPort, Worker } = await import(/* @vite-ignore */ threads);
  if (!isMainThread) parentPort.postMessage(await documentDigests());
  else if (process.argv.includes("--worker")) {
    const worker = new Worker(new URL(import.meta.url));
    worker.on("message", (digests: unknown) => console.log(JSON.stringify(digests)));
    worker.on("error", (error: Error) => {
      throw error;
    });
  } else console.log(JSON.stringify(await documentDigests()));
} else if (typeof document === "undefined") scope.postMessage?.(await documentDigests());
else scope.softprobeDigests = documentDigests;
