import { valueError } from "../core/errors.ts";
import type { KernelMemory } from "./kernels.ts";

/** What addresses of 32 bits reach. */
export const mostBytes = 2 ** 32;

/** Bytes in words: `4.29 GB`. */
export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

function viewsOf(buffer: ArrayBuffer) {
  return { f64: new Float64Array(buffer), f32: new Float32Array(buffer), i32: new Int32Array(buffer), i16: new Int16Array(buffer) };
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
        // Addresses are unsigned, of 32 bits.
        if (end > mostBytes)
          throw valueError(
            "kernels",
            "memory",
            `of ${gigabytes(end)} is needed`,
            `at most the ${gigabytes(mostBytes)} that kernels address: fewer rows or dimensions`,
          );
        try {
          Object.assign(memory, viewsOf(grow(end)));
        } catch {
          throw valueError("kernels", "memory", `of ${gigabytes(end)} could not be had`, "a process or page that may have so much");
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
