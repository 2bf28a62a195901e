import { mkdirSync, writeFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { measureAllocations } from "./allocations.ts";

/** What the command line asks for. */
interface Asked {
  readonly readers: readonly string[];
  readonly seed: number;
  /** The first file's number. */
  readonly first: number;
  /** Files a reader, or seconds a reader. */
  readonly files: number;
  readonly seconds: number;
  /** The file that is read now, for whoever watches. */
  readonly shared: SharedArrayBuffer;
}

const largest = 2 ** 22;
/** Seconds without a new file after which the reader is said to hang. */
const patience = 30;

async function work({ readers, seed, first, files, seconds, shared }: Asked): Promise<void> {
  const meter = measureAllocations(2 ** 27);
  // What holds a constructor of its own is loaded only now.
  const { fuzzedReaders } = await import("./readers.ts");
  const { fuzzReader } = await import("./fuzzReader.ts");
  const all = fuzzedReaders();
  const [state, current] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  for (const name of readers) {
    const end = performance.now() + 1000 * seconds;
    try {
      const figures = await fuzzReader(all[name], seed, first, meter, (file, bytes) => {
        state[0]++;
        state[1] = Math.min(bytes.length, largest);
        current.set(bytes.subarray(0, largest));
        return file - first < files && performance.now() < end;
      });
      parentPort?.postMessage({ name, figures });
    } catch (error) {
      const { message, cause } = error as Error;
      const stack = String((cause as Error | undefined)?.stack ?? "").slice(0, 2000);
      parentPort?.postMessage({ name, message, stack, bytes: current.slice(0, state[1]) });
    }
  }
}

function watch(): void {
  const flag = (name: string, otherwise: number): number => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? otherwise : Number(process.argv[at + 1]);
  };
  const everyReader = ["npy", "npz", "safetensors", "csv", "tsv", "jsonl", "head", "episodes", "arrow", "parquet"];
  const named = process.argv.slice(2).filter((word) => everyReader.includes(word));
  const readers = named.length > 0 ? named : everyReader;
  const shared = new SharedArrayBuffer(8 + largest);
  const seed = flag("seed", 1);
  const files = flag("files", Number.MAX_SAFE_INTEGER);
  const seconds = flag("seconds", files < Number.MAX_SAFE_INTEGER ? 3600 : 15);
  const asked: Asked = { readers, seed, first: flag("first", 0), files, seconds, shared };
  const worker = new Worker(new URL(import.meta.url), { workerData: asked, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  let [failed, total, mutated, finished] = [false, 0, 0, 0];
  const keep = (name: string, bytes: Uint8Array): string => {
    mkdirSync(".vitest/fuzz", { recursive: true });
    const path = `.vitest/fuzz/${name}.bin`;
    writeFileSync(path, bytes);
    return path;
  };
  worker.on("message", ({ name, figures, message, stack, bytes }) => {
    finished++;
    if (message === undefined) {
      total += figures.files;
      mutated += figures.mutatedBytes;
      const { read, refused, mostAllocated, slowest } = figures;
      const size = `at most ${Math.ceil(mostAllocated / 1024)} KiB and ${slowest.toFixed(0)} ms a call`;
      console.log(
        `${name}: ${figures.files} files, ${figures.mutatedBytes} bytes mutated; ${read} calls read, ${refused} refused; ${size}`,
      );
      return;
    }
    failed = true;
    console.error(`${name}: seed ${seed}, ${message}; kept as ${keep(name, bytes)}\n${stack}`);
  });
  let last = -1;
  const state = new Int32Array(shared, 0, 2);
  const timer = setInterval(() => {
    if (state[0] === last) {
      console.error(
        `${readers[finished]}: seed ${seed}, a file hangs; kept as ${keep(readers[finished], new Uint8Array(shared, 8, state[1]))}`,
      );
      process.exit(1);
    }
    last = state[0];
  }, 1000 * patience);
  worker.on("error", (error) => {
    failed = true;
    console.error(
      `${readers[finished]}: seed ${seed}, ${error.message}; kept as ${keep(readers[finished], new Uint8Array(shared, 8, state[1]))}`,
    );
  });
  worker.on("exit", () => {
    clearInterval(timer);
    const peak = `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at the peak`;
    console.log(
      `fuzz: ${total} files of ${finished} formats, ${mutated} bytes mutated, seed ${seed}, ${peak}: ${failed ? "failed" : "every call read or refused"}`,
    );
    process.exit(failed || finished < readers.length ? 1 : 0);
  });
}

if (isMainThread) watch();
else await work(workerData as Asked);
