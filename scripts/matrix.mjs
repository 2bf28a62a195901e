// Says whether the library gives the same bits everywhere: node scripts/matrix.mjs [--here]
// Prints a digest an environment: Node here, 22, 24 and Deno (from the npm registry), Chromium (Debian's), main thread and worker, with and without WebAssembly.
// `--here` keeps to what is installed. Exits 1 where any digest differs.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";

process.chdir(join(import.meta.dirname, ".."));
const cache = join("node_modules", ".cache", "softprobe-matrix");
const file = join(cache, "main.mjs");
const result = await build({
  entryPoints: ["test/matrix/main.ts"],
  outfile: file,
  bundle: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
  write: true,
  metafile: true,
});
if (Object.keys(result.metafile.outputs).length !== 1) throw new Error("the matrix is not one file");

const found = [];
function add(name, digests) {
  found.push({ name, digests });
  console.log(`${name}: ${digests.all}`);
}
function run(name, command, args) {
  add(name, JSON.parse(execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })));
}
/** A runtime from the npm registry, or null where there is none. */
function fetched(name, wanted, binary) {
  const folder = join(cache, `${name}-${wanted}`);
  const path = join(folder, "node_modules", ...binary);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", `${name}@${wanted}`], { stdio: "pipe" });
    } catch {
      return null;
    }
  }
  return existsSync(path) ? path : null;
}

const skipped = [];
run(`Node ${process.versions.node}`, process.execPath, [file]);
run(`Node ${process.versions.node}, no WebAssembly`, process.execPath, [file, "--no-wasm"]);
run(`Node ${process.versions.node}, worker thread`, process.execPath, [file, "--worker"]);
if (!process.argv.includes("--here")) {
  for (const version of ["22", "24"]) {
    const node = fetched("node", version, ["node", "bin", "node"]);
    if (!node) {
      skipped.push(`Node ${version}`);
      continue;
    }
    const full = execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).trim();
    run(`Node ${full}`, node, [file]);
    run(`Node ${full}, no WebAssembly`, node, [file, "--no-wasm"]);
  }
  const deno = fetched("deno", "2", ["@deno", "linux-x64-glibc", "deno"]);
  if (deno) {
    const full = execFileSync(deno, ["--version"], { encoding: "utf8" }).split(" ")[1];
    run(`Deno ${full}`, deno, ["run", "--no-lock", "--no-config", file]);
    run(`Deno ${full}, no WebAssembly`, deno, ["run", "--no-lock", "--no-config", file, "--no-wasm"]);
  } else skipped.push("Deno");
}

const chromium = "/usr/bin/chromium";
if (existsSync(chromium)) {
  const { chromium: driver } = await import("playwright");
  const page = '<!doctype html><script type="module" src="/main.mjs"></script>';
  const { readFileSync } = await import("node:fs");
  const server = createServer((request, response) => {
    const script = request.url === "/main.mjs";
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(script ? readFileSync(file) : page);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const browser = await driver.launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const name = `Chromium ${browser.version()}`;
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.waitForFunction(() => globalThis.softprobeDigests !== undefined);
    add(name, await tab.evaluate(() => globalThis.softprobeDigests()));
    const inWorker = () =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/main.mjs", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
    add(`${name}, Web Worker`, await tab.evaluate(inWorker));
    await tab.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    await tab.reload();
    await tab.waitForFunction(() => globalThis.softprobeDigests !== undefined);
    add(`${name}, no WebAssembly`, await tab.evaluate(() => globalThis.softprobeDigests()));
  } finally {
    await browser.close();
    server.close();
  }
} else skipped.push("Chromium");

const [first] = found;
const differing = found.filter(({ digests }) => digests.all !== first.digests.all);
for (const { name, digests } of differing) {
  const parts = Object.keys(first.digests).filter((part) => part !== "all" && digests[part] !== first.digests[part]);
  console.log(`${name} differs from ${first.name} in ${parts.join(", ")}`);
}
const without = skipped.length > 0 ? `; not here: ${skipped.join(", ")}` : "";
console.log(`matrix: ${found.length - differing.length} of ${found.length} environments give the same bits${without}`);
process.exit(differing.length > 0 ? 1 : 0);
