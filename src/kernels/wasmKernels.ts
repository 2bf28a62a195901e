import { bumpMemory } from "./bumpMemory.ts";
import { decodeBytes } from "./decodeBytes.ts";
import type { Kernels, RoughKernels, StatisticsKernels } from "./kernels.ts";
import type { PrimalExports } from "./primalRecord.ts";
import { wasmBinary } from "./wasmBinary.ts";

const pageBytes = 65536;
/** The compiled module, once a realm; null when this realm has no WebAssembly SIMD or its policy forbids it. */
let compiled: WebAssembly.Module | null | undefined;

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(decodeBytes(wasmBinary));
  } catch {
    // A Content-Security-Policy without 'wasm-unsafe-eval', or an engine without SIMD: the TypeScript kernels give the same bits.
    return null;
  }
}

/** The WebAssembly kernels with a memory of their own, or null where WebAssembly can't run. */
export function createWasmKernels(): Kernels | null {
  if (compiled === undefined) compiled = compile();
  if (compiled === null) return null;
  const exports = new WebAssembly.Instance(compiled).exports as Record<string, WebAssembly.ExportValue>;
  const linear = exports.memory as WebAssembly.Memory;
  const start = Math.ceil(((exports.__heap_base as WebAssembly.Global).value as number) / 64) * 64;
  const memory = bumpMemory(linear.buffer, start, (end) => {
    linear.grow(Math.ceil((end - linear.buffer.byteLength) / pageBytes));
    return linear.buffer;
  });
  const found = exports as unknown as Omit<Kernels, "kind" | "memory" | "statistics" | "rough" | "primal"> &
    StatisticsKernels &
    RoughKernels &
    PrimalExports;
  return { ...found, kind: "wasm", memory, statistics: found, rough: found, primal: found };
}
