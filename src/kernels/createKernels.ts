import { checkChoice } from "../core/checks.ts";
import { createJsFit } from "./jsFit.ts";
import { createJsLinear } from "./jsLinear.ts";
import { createJsMemory } from "./jsMemory.ts";
import { createJsProducts } from "./jsProducts.ts";
import { kernelLoops } from "./kernelLoops.ts";
import type { Kernels } from "./kernels.ts";
import { lendLoops } from "./loopsInUse.ts";
import { createWasmKernels } from "./wasmKernels.ts";

/**
 * Which kernels run: WebAssembly with SIMD (`"wasm"`), TypeScript (`"js"`), or WebAssembly where it is available (`"auto"`). Both give the
 * same bits.
 */
export type KernelChoice = "auto" | "wasm" | "js";

/**
 * The hot loops with a memory of their own.
 *
 * @param choice - `"wasm"`, `"js"`, or `"auto"` (the default): WebAssembly where it can run, silently TypeScript where it can't
 * @throws Error when `"wasm"` is asked for and this realm has no WebAssembly SIMD or its Content-Security-Policy forbids it
 */
export function createKernels(choice: KernelChoice = "auto"): Kernels {
  checkChoice(choice, "createKernels", "kernels", ["auto", "wasm", "js"]);
  lendLoops((work) => withKernels("auto", (kernels) => work(kernelLoops(kernels))));
  if (choice !== "js") {
    const kernels = createWasmKernels();
    if (kernels) return kernels;
    if (choice === "wasm")
      throw new Error(
        `createKernels: kernels "wasm" can't run here (no WebAssembly SIMD, or forbidden by policy), expected "auto" or "js"`,
      );
  }
  const memory = createJsMemory();
  return {
    kind: "js",
    memory,
    cholesky: null,
    eigen: null,
    statistics: null,
    primal: null,
    ...createJsProducts(memory),
    ...createJsLinear(memory),
    fit: createJsFit(memory),
  };
}

/** Kept instances, one a choice: a page that fits a probe at every click should not make a new memory each time. */
const kept = /* @__PURE__ */ new Map<KernelChoice, Kernels>();
/** A memory that once grew past this many bytes is dropped after use rather than kept. */
const keepAtMost = 64 * 2 ** 20;

function giveBack(choice: KernelChoice, kernels: Kernels, mark: number): void {
  kernels.memory.release(mark);
  if (kernels.memory.f64.byteLength > keepAtMost) kept.delete(choice);
  else kept.set(choice, kernels);
}

/**
 * Runs `work` on kept kernels and frees what it allocated: for single calls such as `fitSoftmax`. `work` must not wait for anything.
 */
export function withKernels<T>(choice: KernelChoice = "auto", work: (kernels: Kernels) => T): T {
  const kernels = kept.get(choice) ?? createKernels(choice);
  const mark = kernels.memory.mark();
  try {
    return work(kernels);
  } finally {
    giveBack(choice, kernels, mark);
  }
}

/** Makes kernels for those who come next: a head that is loaded to answer many rows is asked on them. */
export function loadKernels(): void {
  withKernels("auto", () => {});
}

/** Kernels that a run has for itself until its end. */
export interface BorrowedKernels {
  readonly kernels: Kernels;
  /** Gives them back, for the next run: nothing may use them any more. Who forgets leaves them to the garbage collector. */
  end(): void;
}

/**
 * Kernels for a run that waits in between: kept ones, where nobody has them, since a new memory costs a page fault for every 4 kB. Their memory is zeros,
 * as a new one's.
 */
export function borrowKernels(choice: KernelChoice = "auto"): BorrowedKernels {
  const known = kept.get(choice);
  const kernels = known ?? createKernels(choice);
  const { memory } = kernels;
  const mark = memory.mark();
  kept.delete(choice);
  if (known) new Uint8Array(memory.f64.buffer, mark).fill(0);
  return {
    kernels,
    end: () => giveBack(choice, kernels, mark),
  };
}
