// Installs packages of Debian that a test or an example needs, where this is root on Debian and they are missing: node scripts/debian.mjs PACKAGE…
// Exit code 0 when all are there, 1 when they are not and can't be had: tests then skip by name.
import { spawnSync } from "node:child_process";

const wanted = process.argv.slice(2);
const run = (command, args) => spawnSync(command, args, { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
const missing = () => wanted.filter((name) => !run("dpkg-query", ["-s", name]).stdout?.includes("Status: install ok installed"));
const install = () => run("apt-get", ["install", "-y", "--no-install-recommends", ...missing()]);

if (missing().length > 0 && process.getuid?.() === 0 && install().status !== 0) {
  run("apt-get", ["update"]);
  install();
}
if (missing().length > 0) console.error(`debian: ${missing().join(", ")} not there, expected root on Debian to install them`);
process.exit(missing().length > 0 ? 1 : 0);
