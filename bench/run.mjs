// Bundles the benches as the library itself is bundled, dependencies left to node_modules, and runs them: node --expose-gc bench/run.mjs --help
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

process.chdir(join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, ".."));
const outfile = join("node_modules", ".cache", "softprobe-bench", "main.mjs");
await build({
  entryPoints: ["bench/main.ts"],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "es2022",
  sourcemap: "inline",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, [...process.execArgv, "--enable-source-maps", outfile, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
