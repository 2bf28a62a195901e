// Evaluates very many episodes and compares the memory in use early on with that at the end: node scripts/soak.mjs [--episodes 1000000] [--early 10000]
// Exits 1 where heap or buffers are more than a tenth larger at the end.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

process.chdir(join(import.meta.dirname, ".."));
const outfile = join("node_modules", ".cache", "softprobe-soak", "main.mjs");
await build({
  entryPoints: ["test/soak/main.ts"],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["--expose-gc", outfile, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
