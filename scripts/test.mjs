// Everything `npm test` promises, in the order that fails fastest: format and lint, import graph, types, tests.
import { spawnSync } from "node:child_process";

// What some tests need of Debian, where it can be had; else they skip by name.
spawnSync(process.execPath, ["scripts/debian.mjs", "chromium", "zsh", "fish"], { stdio: ["ignore", "inherit", "inherit"] });

const chosen = process.argv.slice(2);
const steps = [
  ["npx", ["biome", "check", "."]],
  ["node", ["scripts/imports.mjs"]],
  ["npx", ["tsc", "--noEmit"]],
  // The share of lines that tests run means something for all of them only.
  ["npx", ["vitest", "run", ...(chosen.length > 0 ? chosen : ["--coverage"])]],
];
const failed = [];
for (const [command, args] of steps) {
  console.log(`> ${command} ${args.join(" ")}`);
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) failed.push(`${command} ${args.join(" ")}`);
}
// Said again at the end: a step of a second stands some thousand lines above.
for (const step of failed) console.log(`failed: ${step}`);
process.exit(failed.length > 0 ? 1 : 0);
