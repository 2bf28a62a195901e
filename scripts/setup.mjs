// Makes a fresh clone ready: installs when node_modules is missing or older than the lockfile, then builds when dist is older than a source.
import { execSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
const time = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (latest, entry) => Math.max(latest, time(join(entry.parentPath ?? entry.path, entry.name))),
    0,
  );

const run = (says, command) => {
  console.error(`setup: ${says}`);
  execSync(command, { stdio: ["ignore", 2, 2] });
};
const installed = "node_modules/.package-lock.json";
if (time(installed) < time("package-lock.json")) {
  // Not `npm ci`: it refuses a registry that lacks the other platforms' binaries, which mirrors often do. `--no-save` leaves the lockfile alone.
  run("installing what package-lock.json names", "npm install --no-save --no-audit --no-fund --loglevel=error");
  // npm leaves its own lockfile's time alone when nothing changed.
  utimesSync(installed, new Date(), new Date());
}
const sources = Math.max(newest("src"), time("tsup.config.ts"), time("package.json"), time("tsconfig.json"));
if (!process.argv.includes("--no-build") && time("dist/cli.js") < sources) {
  run("building dist", "node scripts/build.mjs");
}
