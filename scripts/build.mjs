// Builds dist whole or not at all: beside it first, then swapped in, so that whoever runs the last build meanwhile keeps a whole one.
import { execSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

process.chdir(join(import.meta.dirname, ".."));
/** Licences of what our dependencies and theirs are made of, each text once: CommonJS files and the worker hold parts of them. */
function licences() {
  const texts = new Map();
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const folder = join("node_modules", name);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const { dependencies = {}, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
    texts.set(text, [...(texts.get(text) ?? []), name]);
    Object.keys(dependencies).sort().forEach(visit);
  };
  Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies).forEach(visit);
  return [...texts].map(([text, names]) => `${names.join(", ")}\n\n${text}\n`).join(`\n${"-".repeat(80)}\n\n`);
}

/** Splitting leaves imports that name nothing, of chunks without side effects: bundlers would warn of each. */
function dropBareImports(folder) {
  for (const file of readdirSync(folder).filter((name) => /\.c?js$/.test(name))) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const kept = text.replace(/^(?:import "\.\/chunk-\w+\.js"|require\('\.\/chunk-\w+\.cjs'\));\n/gm, "");
    if (kept !== text) writeFileSync(path, kept);
  }
}

const fresh = `.build-${process.pid}`;
const old = `.build-${process.pid}-old`;
// A source that is edited during the build is newer than the build.
const started = new Date();
try {
  execSync(`npx tsup --silent --out-dir ${fresh}`, { stdio: ["ignore", 2, 2] });
  dropBareImports(fresh);
  writeFileSync(join(fresh, "LICENSES.txt"), licences());
  for (const file of readdirSync(fresh)) utimesSync(join(fresh, file), started, started);
  // Two builds at once each swap theirs in; the later one stays.
  for (let attempt = 0; ; attempt++) {
    try {
      rmSync(old, { recursive: true, force: true });
      if (existsSync("dist")) renameSync("dist", old);
      renameSync(fresh, "dist");
      break;
    } catch (error) {
      if (attempt === 9) throw error;
    }
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
