import { decodeBytes } from "./decodeBytes.ts";
import type { KernelMemory, Kernels, RoughKernels, StatisticsKernels } from "./kernels.ts";
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
  let top = Math.ceil(((exports.__heap_base as WebAssembly.Global).value as number) / 64) * 64;
  const memory = {
    f64: new Float64Array(linear.buffer),
    f32: new Float32Array(linear.buffer),
    i32: new Int32Array(linear.buffer),
    allocate(bytes: number): number {
      const address = top;
      const end = Math.ceil((top + bytes) / 64) * 64;
      if (end > linear.buffer.byteLength) {
        try {
          linear.grow(Math.ceil((end - linear.buffer.byteLength) / pageBytes));
        } catch {
          throw new RangeError(
            `kernels: ${bytes} bytes do not fit the 4 GB of WebAssembly memory, expected smaller features or kernels: "js"`,
          );
        }
        memory.f64 = new Float64Array(linear.buffer);
        memory.f32 = new Float32Array(linear.buffer);
        memory.i32 = new Int32Array(linear.buffer);
      }
      top = end;
      return address;
    },
    mark: (): number => top,
    release(mark: number): void {
      top = mark;
    },
  } satisfies KernelMemory;
  const found = exports as unknown as Omit<Kernels, "kind" | "memory" | "statistics" | "rough"> & StatisticsKernels & RoughKernels;
  return { ...found, kind: "wasm", memory, statistics: found, rough: found };
}
