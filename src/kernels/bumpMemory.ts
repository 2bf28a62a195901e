import type { KernelMemory } from "./kernels.ts";

function viewsOf(buffer: ArrayBuffer) {
  return { f64: new Float64Array(buffer), f32: new Float32Array(buffer), i32: new Int32Array(buffer) };
}

/**
 * A bump allocator over a buffer, from address `top` on, a multiple of 64.
 *
 * @param grow - gives the buffer that reaches `end`, with what the last one held
 * @throws RangeError from `allocate`, where no memory is left
 */
export function bumpMemory(buffer: ArrayBuffer, top: number, grow: (end: number) => ArrayBuffer): KernelMemory {
  const memory = {
    ...viewsOf(buffer),
    allocate(bytes: number): number {
      const address = top;
      const end = Math.ceil((top + bytes) / 64) * 64;
      if (end > memory.f64.byteLength) {
        try {
          // Addresses are unsigned, of 32 bits.
          if (end > 2 ** 32) throw end;
          Object.assign(memory, viewsOf(grow(end)));
        } catch {
          throw new RangeError(`kernels: ${bytes} bytes do not fit 4 GB, expected smaller features`);
        }
      }
      top = end;
      return address;
    },
    mark: () => top,
    release(mark: number): void {
      top = mark;
    },
  };
  return memory;
}
