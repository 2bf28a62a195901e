// Installs Debian packages that tests need, those that are missing, where this is root on Debian: node scripts/debian.mjs chromium zsh. Else it does nothing
// and the tests that need them skip by name.
import { spawnSync } from "node:child_process";

const run = (command, args) => spawnSync(command, args, { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
const installed = (name) => /^install ok installed/.test(run("dpkg-query", ["-W", "-f", "$\u007bStatus}", name]).stdout ?? "");

const missing = process.argv.slice(2).filter((name) => !installed(name));
if (missing.length > 0 && process.getuid?.() === 0 && run("apt-get", ["--version"]).status === 0) {
  console.error(`debian: installing ${missing.join(", ")}`);
  const install = () => run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...missing]);
  let { status, stderr } = install();
  if (status !== 0) {
    run("apt-get", ["update", "-q"]);
    ({ status, stderr } = install());
  }
  if (status !== 0) console.error(`debian: ${missing.join(", ")} could not be installed; tests that need them are skipped\n${stderr}`);
}
