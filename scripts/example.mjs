// Runs an example of examples/ by its name: npm run example tfjs. Installs and builds what is missing first.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const [name = "", ...args] = process.argv.slice(2);
const names = readdirSync("examples", { withFileTypes: true }).filter((entry) => entry.isDirectory());
if (!names.some((entry) => entry.name === name)) {
  console.error(`example: "${name}" is none, expected one of ${names.map((entry) => entry.name).join(", ")}`);
  process.exit(2);
}
const run = (...line) => spawnSync(process.execPath, line, { stdio: "inherit" }).status ?? 1;
process.exit(run("scripts/setup.mjs") || run(join("examples", name, "start.mjs"), ...args));
