// Mutation testing by Stryker, room by room: node scripts/mutation.mjs [room…] [--file src/room/file.ts] [--every n] [--concurrency n]
// --every n tries the mutants on every n-th line of code alone: a sample, for rooms whose mutants take hours (many of a solver's never end).
// Each room's own tests must tell its code from what a mutant makes of it. Prints the score of each room and of all, and exits 1 below 85 %.
// What survived is listed in .vitest/mutation/<room>.txt.
// node scripts/mutation.mjs solver measures the files of the softmax solver and of the choice of C, whole, each by the tests that are its own (below):
// at least 90 %. With --file it is one of them. What survived is listed in .vitest/mutation/<file>.txt.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Stryker } from "@stryker-mutator/core";

process.chdir(join(import.meta.dirname, ".."));
/** The solver's files and those of the choice of C, and the test files (test/….test.ts) that test each: no other is run for its mutants. */
const solver = {
  "src/probe/approximateSolver.ts": ["probe/approximateSolver"],
  "src/probe/choosePenalty.ts": ["probe/choosePenalty", "probe/penaltySearch", "probe/refusals"],
  "src/probe/dualSolver.ts": ["probe/softmaxSolvers"],
  "src/probe/episodePenalty.ts": ["probe/episodePenalty"],
  "src/probe/exactPoint.ts": ["probe/exactPoint"],
  "src/probe/fitSoftmax.ts": ["probe/fitSoftmax", "probe/fitFurther", "probe/refusals"],
  "src/probe/fitSoftmaxGram.ts": ["probe/fitSoftmaxGram"],
  "src/probe/foldSolver.ts": ["probe/heldOutSolvers"],
  "src/probe/foldsOf.ts": ["probe/foldsOf"],
  "src/probe/heldOutLoss.ts": ["probe/heldOutLoss"],
  "src/probe/heldOutMethod.ts": ["probe/heldOutMethod", "probe/refusals"],
  "src/probe/heldOutSolver.ts": ["probe/heldOutSolvers"],
  "src/probe/leaveOneOut.ts": ["probe/leaveOneOut", "probe/refusals"],
  "src/probe/pairedExcess.ts": ["probe/pairedExcess"],
  "src/probe/penaltySearch.ts": ["probe/penaltySearch"],
  "src/probe/prepareHeldOut.ts": ["probe/prepareHeldOut", "probe/refusals"],
  "src/probe/prepareSoftmax.ts": ["probe/softmaxForms"],
  "src/probe/primalBlocks.ts": ["probe/primalFactor"],
  "src/probe/primalFactor.ts": ["probe/primalFactor"],
  "src/probe/primalLeverages.ts": ["probe/softmaxSolvers", "probe/prepareSoftmax"],
  "src/probe/primalRows.ts": ["probe/primalRows"],
  "src/probe/primalSolver.ts": ["probe/primalSolver", "probe/softmaxSolvers"],
  "src/probe/refineSoftmax.ts": ["probe/refineSoftmax"],
  "src/probe/refitDual.ts": ["probe/refitDual"],
  "src/probe/rowFoldSolver.ts": ["probe/heldOutSolvers"],
  "src/probe/solveSoftmax.ts": ["probe/solveSoftmax"],
  "src/pipeline/choosePipelinePenalty.ts": ["pipeline/choosePipelinePenalty"],
};
const rooms = ["importance", "mask", "probe", "statistics", "episodes"];
const flag = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const file = flag("--file");
const every = Number(flag("--every") ?? 1);
/** What Stryker is to change: whole files, or every n-th line that holds code. */
function targets(names) {
  if (every === 1) return names;
  let line = 0;
  return names.flatMap((name) =>
    readFileSync(name, "utf8")
      .split("\n")
      .flatMap((text, at) => (/^\s*(\/?\*|\/\/|import|export type|$)/.test(text) || line++ % every ? [] : [`${name}:${at + 1}-${at + 1}`])),
  );
}
const words = process.argv.slice(2);
const asked = words.filter((word) => rooms.includes(word));
const ofSolver = words.includes("solver") || file in solver;
const least = ofSolver ? 90 : 85;
const filesOf = (room) => readdirSync(`src/${room}`).map((name) => `src/${room}/${name}`);
const ofRoom = (room) => ({ name: room, files: file ? [file] : filesOf(room), tests: [`test/${room}/**/*.test.ts`] });
const ofFile = (path) => ({ name: basename(path, ".ts"), files: [path], tests: solver[path].map((name) => `test/${name}.test.ts`) });
const chosen = ofSolver
  ? (file ? [file] : Object.keys(solver)).map(ofFile)
  : (file ? [file.split("/")[1]] : asked.length > 0 ? asked : rooms).map(ofRoom);
const caught = new Set(["Killed", "Timeout", "CompileError", "RuntimeError"]);

mkdirSync(".vitest/mutation", { recursive: true });
let [found, all] = [0, 0];
for (const { name, files, tests } of chosen) {
  process.env.SOFTPROBE_TESTS = tests.join(",");
  const started = Date.now();
  const results = await new Stryker({
    mutate: targets(files),
    testRunner: "vitest",
    vitest: { configFile: "test/mutation.config.ts", related: false },
    coverageAnalysis: "perTest",
    concurrency: Number(flag("--concurrency") ?? 1),
    ignorePatterns: ["dist", ".build-*", ".vitest", "docs", "bench", "test/cli", "test/package"],
    tempDirName: `.vitest/stryker-${process.pid}`,
    reporters: process.stdout.isTTY ? ["progress"] : ["progress-append-only"],
    fileLogLevel: "off",
    logLevel: "error",
    timeoutMS: ofSolver ? 2_000 : 5_000,
  }).runMutationTest();
  const counted = results.filter(({ status }) => status !== "Ignored");
  const left = counted.filter(({ status }) => !caught.has(status));
  found += counted.length - left.length;
  all += counted.length;
  const lines = left.map(({ fileName, location: { start }, mutatorName, replacement, status }) => {
    const where = `${fileName.slice(fileName.lastIndexOf("src/"))}:${start.line}:${start.column}`;
    return `${where} ${status} ${mutatorName} -> ${replacement?.replace(/\s+/g, " ").slice(0, 100)}\n`;
  });
  writeFileSync(`.vitest/mutation/${name}.txt`, lines.join(""));
  const score = (100 * (counted.length - left.length)) / counted.length;
  const timeouts = counted.filter(({ status }) => status === "Timeout").length;
  const ignored = results.length - counted.length;
  console.log(
    `${name}${every > 1 ? `, every ${every}th line` : ""}: ${score.toFixed(1)} % of ${counted.length} mutants found (${timeouts} never ended), ${left.length} left, ${ignored} marked, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
const total = (100 * found) / all;
console.log(`mutation: ${total.toFixed(1)} % of ${all} mutants found; the least is ${least} %`);
process.exit(total < least ? 1 : 0);
