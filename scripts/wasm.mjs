// Rebuilds src/kernels/wasmBinary.ts from src/kernels/kernels.c, linear.c, primal.c and look.c with Debian's clang and lld (apt-get install clang lld).
// `--check` compares instead of writing, and exits 1 when the committed binary is not what the source gives.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const target = "src/kernels/wasmBinary.ts";
const folder = mkdtempSync(join(tmpdir(), "softprobe-wasm-"));
const file = join(folder, "kernels.wasm");
execFileSync("clang", [
  ...["--target=wasm32", "-O2", "-msimd128", "-mbulk-memory", "-ffp-contract=off", "-fno-math-errno", "-nostdlib"],
  // Loops over constant counts must unroll, or the accumulators of a block live in memory and everything takes 2 to 3 times as long; the
  // others need not, which spares a quarter of the bytes. Nor is loop strength to be reduced: that breaks addresses up, and offsets no longer
  // go into the loads.
  ...["-mllvm", "-unroll-runtime=false", "-mllvm", "-disable-lsr"],
  ...[
    "-Wl,--no-entry",
    "-Wl,--export=__heap_base",
    "-Wl,--strip-all",
    "-Wl,-z,stack-size=16384",
    "-o",
    file,
    "src/kernels/kernels.c",
    "src/kernels/linear.c",
    "src/kernels/primal.c",
    "src/kernels/look.c",
  ],
]);
const bytes = readFileSync(file);
rmSync(folder, { recursive: true });

/** Bytes as src/kernels/decodeBytes.ts reads them. */
function encode() {
  const { alphabet } = /const alphabet = "(?<alphabet>[^"]+)"/.exec(readFileSync("src/kernels/decodeBytes.ts", "utf8")).groups;
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const order = [...counts.keys()].filter((byte) => counts[byte] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
  const single = alphabet.length - 2;
  const written = order.map((_, i) =>
    i < single ? alphabet[i] : alphabet[single + Math.floor((i - single) / alphabet.length)] + alphabet[(i - single) % alphabet.length],
  );
  const places = new Map(order.map((byte, i) => [byte, written[i]]));
  return `${Buffer.from(order).toString("hex")} ${Array.from(bytes, (byte) => places.get(byte)).join("")}`;
}
const text = `// Written by scripts/wasm.mjs from kernels.c, linear.c, primal.c and look.c: do not edit. ${bytes.length} bytes.
// biome-ignore format: one string
export const wasmBinary = "${encode()}";
`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error(`${target} is not what kernels.c, linear.c, primal.c and look.c compile to; run node scripts/wasm.mjs`);
    process.exit(1);
  }
} else {
  writeFileSync(`${target}.new`, text);
  renameSync(`${target}.new`, target);
  console.log(`${target}: ${bytes.length} bytes of WebAssembly`);
}
