import { bumpMemory } from "./bumpMemory.ts";
import type { KernelMemory } from "./kernels.ts";

/** Kernel memory in an ordinary ArrayBuffer, which doubles when full. Address 0 stays unused: it means "none". */
export function createJsMemory(): KernelMemory {
  let buffer = new ArrayBuffer(1 << 16);
  return bumpMemory(buffer, 64, (end) => {
    const old = new Uint8Array(buffer);
    buffer = new ArrayBuffer(Math.max(end, 2 * old.length));
    new Uint8Array(buffer).set(old);
    return buffer;
  });
}
