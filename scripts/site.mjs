// The site of docs/: node scripts/site.mjs build | dev | serve. Builds the API pages first, which are not committed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { writeApi } from "./api.mjs";
import { serveSite } from "./serveSite.mjs";

process.chdir(join(import.meta.dirname, ".."));
const [command = "build", ...args] = process.argv.slice(2);

function run(program, ...rest) {
  const { status } = spawnSync(process.execPath, [program, ...rest], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

run("scripts/setup.mjs", "--no-build");
if (command === "serve") {
  const { url } = await serveSite(Number(args[0] ?? 4173));
  console.log(`site: ${url}playground`);
} else {
  await writeApi();
  run("node_modules/vitepress/bin/vitepress.js", command, "docs", ...args);
}
