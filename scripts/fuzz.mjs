// Fuzzes every reader: node scripts/fuzz.mjs [reader…] [--seconds n a reader | --files n a reader] [--seed n] [--first n]
// Bundled as the benches are, so that it runs on the Node that is here; a file that fails is kept under .vitest/fuzz.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

process.chdir(join(import.meta.dirname, ".."));
const outdir = join("node_modules", ".cache", `softprobe-fuzz`);
await build({
  entryPoints: ["test/fuzz/main.ts"],
  outdir,
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  target: "es2022",
  sourcemap: "inline",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["--enable-source-maps", join(outdir, "main.mjs"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
