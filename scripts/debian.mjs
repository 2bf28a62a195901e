// Debian packages that some tests and benches need: `node scripts/debian.mjs python3-sklearn redis-server` installs by apt-get those that are missing
// where we are root, prints those that are there, one a line, and exits 1 when one is not to be had: what needs it is then skipped by name.
import { execFileSync } from "node:child_process";

const quiet = { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" };

/** Whether a package is installed. */
function isThere(name) {
  try {
    return execFileSync("dpkg", ["-s", name], quiet).includes("\nStatus: install ok installed\n");
  } catch {
    return false;
  }
}

function install(names) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Another apt may be at work: a test file beside this one, an upgrade of the machine.
  const args = ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", ...names];
  for (const command of [args, ["update", "-qq"], args]) {
    try {
      execFileSync("apt-get", command, { ...quiet, env: environment });
      if (command === args) return;
    } catch {
      // Offline, or lists that are too old: the second try comes after an update, and what is still missing is not printed.
    }
  }
}

const names = process.argv.slice(2);
const wrong = names.find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
if (names.length === 0 || wrong !== undefined) {
  console.error(`debian: ${wrong === undefined ? "no packages" : `"${wrong}" is no package`}, expected names such as python3-sklearn`);
  process.exit(2);
}
const missing = names.filter((name) => !isThere(name));
if (missing.length > 0 && process.getuid?.() === 0) install(missing);
for (const name of names.filter(isThere)) console.log(name);
if (!names.every(isThere)) process.exitCode = 1;
