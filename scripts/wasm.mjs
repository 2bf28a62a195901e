// Rebuilds src/kernels/wasmBinary.ts from src/kernels/kernels.c and linear.c with Debian's clang and lld (apt-get install clang lld).
// `--check` compares instead of writing, and exits 1 when the committed binary is not what the source gives.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const target = "src/kernels/wasmBinary.ts";
const folder = mkdtempSync(join(tmpdir(), "softprobe-wasm-"));
const file = join(folder, "kernels.wasm");
execFileSync("clang", [
  ...["--target=wasm32", "-O2", "-msimd128", "-mbulk-memory", "-ffp-contract=off", "-fno-math-errno", "-fno-unroll-loops", "-nostdlib"],
  ...[
    "-Wl,--no-entry",
    "-Wl,--export=__heap_base",
    "-Wl,--strip-all",
    "-Wl,-z,stack-size=16384",
    "-o",
    file,
    "src/kernels/kernels.c",
    "src/kernels/linear.c",
  ],
]);
const bytes = readFileSync(file);
rmSync(folder, { recursive: true });
const text = `// Written by scripts/wasm.mjs from kernels.c and linear.c: do not edit. ${bytes.length} bytes.
// biome-ignore format: one string
export const wasmBinary = "${bytes.toString("base64")}";
`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error(`${target} is not what kernels.c and linear.c compile to; run node scripts/wasm.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(`${target}.new`, text);
  renameSync(`${target}.new`, target);
  console.log(`${target}: ${bytes.length} bytes of WebAssembly`);
}
