import type { KernelMemory } from "./kernels.ts";

const mostBytes = 2 ** 32;

/** Kernel memory in an ordinary ArrayBuffer, which doubles when full. Address 0 stays unused: it means "none". */
export function createJsMemory(): KernelMemory {
  let buffer = new ArrayBuffer(1 << 16);
  let top = 64;
  const memory = {
    f64: new Float64Array(buffer),
    f32: new Float32Array(buffer),
    i32: new Int32Array(buffer),
    allocate(bytes: number): number {
      const address = top;
      top = Math.ceil((top + bytes) / 64) * 64;
      // Kernels index by unsigned 32-bit addresses.
      if (top > mostBytes) throw new RangeError(`kernels: ${bytes} bytes do not fit 4 GB of memory, expected smaller features`);
      if (top > buffer.byteLength) {
        const larger = new ArrayBuffer(Math.min(mostBytes, Math.ceil(Math.max(top, 1.5 * buffer.byteLength) / 64) * 64));
        new Uint8Array(larger).set(new Uint8Array(buffer));
        buffer = larger;
        memory.f64 = new Float64Array(buffer);
        memory.f32 = new Float32Array(buffer);
        memory.i32 = new Int32Array(buffer);
      }
      return address;
    },
    mark: (): number => top,
    release(mark: number): void {
      top = mark;
    },
  };
  return memory;
}
