// Mutation testing by Stryker, room by room: node scripts/mutation.mjs [room…] [--file src/room/file.ts] [--every n] [--concurrency n]
// --every n tries the mutants on every n-th line of code alone: a sample, for rooms whose mutants take hours (many of a solver's never end).
// Each room's own tests must tell its code from what a mutant makes of it. Prints the score of each room and of all, and exits 1 below 85 %.
// What survived is listed in .vitest/mutation/<room>.txt.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stryker } from "@stryker-mutator/core";

process.chdir(join(import.meta.dirname, ".."));
const least = 85;
const rooms = ["importance", "mask", "probe", "statistics", "episodes"];
const flag = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const file = flag("--file");
const every = Number(flag("--every") ?? 1);
/** What Stryker is to change of a room: whole files, or every n-th line that holds code. */
function targets(room) {
  const names = file ? [file] : readdirSync(`src/${room}`).map((name) => `src/${room}/${name}`);
  if (every === 1) return names;
  let line = 0;
  return names.flatMap((name) =>
    readFileSync(name, "utf8")
      .split("\n")
      .flatMap((text, at) => (/^\s*(\/?\*|\/\/|import|export type|$)/.test(text) || line++ % every ? [] : [`${name}:${at + 1}-${at + 1}`])),
  );
}
const asked = process.argv.slice(2).filter((word) => rooms.includes(word));
const chosen = file ? [file.split("/")[1]] : asked.length > 0 ? asked : rooms;
const caught = new Set(["Killed", "Timeout", "CompileError", "RuntimeError"]);

mkdirSync(".vitest/mutation", { recursive: true });
let [found, all] = [0, 0];
const figures = [];
for (const room of chosen) {
  process.env.SOFTPROBE_ROOMS = room;
  const started = Date.now();
  const results = await new Stryker({
    mutate: targets(room),
    testRunner: "vitest",
    vitest: { configFile: "test/mutation.config.ts", related: false },
    coverageAnalysis: "perTest",
    concurrency: Number(flag("--concurrency") ?? 1),
    ignorePatterns: ["dist", ".build-*", ".vitest", "docs", "bench", "test/cli", "test/package"],
    tempDirName: `.vitest/stryker-${process.pid}`,
    reporters: process.stdout.isTTY ? ["progress"] : ["progress-append-only"],
    fileLogLevel: "off",
    logLevel: "error",
    timeoutMS: 5_000,
  }).runMutationTest();
  const counted = results.filter(({ status }) => status !== "Ignored");
  const left = counted.filter(({ status }) => !caught.has(status));
  found += counted.length - left.length;
  all += counted.length;
  const lines = left.map(({ fileName, location: { start }, mutatorName, replacement, status }) => {
    const where = `${fileName.slice(fileName.lastIndexOf(`src/${room}`))}:${start.line}:${start.column}`;
    return `${where} ${status} ${mutatorName} -> ${replacement?.replace(/\s+/g, " ").slice(0, 100)}\n`;
  });
  writeFileSync(`.vitest/mutation/${room}.txt`, lines.join(""));
  const score = (100 * (counted.length - left.length)) / counted.length;
  figures.push(
    `${room}${every > 1 ? `, every ${every}th line` : ""}: ${score.toFixed(1)} % of ${counted.length} mutants found, ${left.length} left, ${Math.round((Date.now() - started) / 1000)} s`,
  );
  console.log(figures.at(-1));
}
const total = (100 * found) / all;
console.log(`mutation: ${total.toFixed(1)} % of ${all} mutants found in ${chosen.join(", ")}; the least is ${least} %`);
process.exit(total < least ? 1 : 0);
