// Mutation testing by Stryker, room by room: node scripts/mutation.mjs [room…] [--file src/room/file.ts] [--every n] [--concurrency n]
// --every n tries the mutants on every n-th line of code alone: a sample, for rooms whose mutants take hours (many of a solver's never end).
// Each room's own tests (those of solve, heldout, probe and incremental together) must tell its code from what a mutant makes of it. Prints the score of each room and of all, and exits 1 below 85 %.
// What survived is listed in .vitest/mutation/<room>.txt.
// node scripts/mutation.mjs solver measures the files of the softmax solver and of the choice of C, whole, each by the tests that are its own (below):
// at least 90 %. With --file it is one of them. What survived is listed in .vitest/mutation/<file>.txt.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Stryker } from "@stryker-mutator/core";

process.chdir(join(import.meta.dirname, ".."));
/** The solver's files and those of the choice of C, and the test files (test/….test.ts) that test each: no other is run for its mutants. */
const solver = {
  "src/heldout/approximateSolver.ts": ["heldout/approximateSolver"],
  "src/heldout/choosePenalty.ts": ["heldout/choosePenalty", "heldout/penaltySearch", "probe/refusals"],
  "src/heldout/episodePenalty.ts": ["heldout/episodePenalty"],
  "src/heldout/foldSolver.ts": ["heldout/heldOutSolvers"],
  "src/heldout/foldsOf.ts": ["heldout/foldsOf"],
  "src/heldout/heldOutCrew.ts": ["heldout/heldOutCrew"],
  "src/heldout/heldOutMethod.ts": ["heldout/heldOutMethod", "probe/refusals"],
  "src/heldout/heldOutSolver.ts": ["heldout/heldOutSolvers"],
  "src/heldout/heldOutTask.ts": ["heldout/heldOutCrew", "heldout/heldOutMethod"],
  "src/heldout/leaveOneOut.ts": ["heldout/leaveOneOut", "probe/refusals"],
  "src/heldout/pairedExcess.ts": ["heldout/pairedExcess"],
  "src/heldout/penaltySearch.ts": ["heldout/penaltySearch"],
  "src/heldout/prepareHeldOut.ts": ["heldout/prepareHeldOut", "probe/refusals"],
  "src/heldout/rowFoldSolver.ts": ["heldout/heldOutSolvers"],
  "src/incremental/refitDual.ts": ["incremental/refitDual"],
  "src/pipeline/choosePipelinePenalty.ts": ["pipeline/choosePipelinePenalty"],
  "src/probe/fitSoftmax.ts": ["probe/fitSoftmax", "probe/fitFurther", "probe/refusals"],
  "src/solve/dualSolver.ts": ["solve/softmaxSolvers"],
  "src/solve/exactPoint.ts": ["solve/exactPoint"],
  "src/solve/fitSoftmaxGram.ts": ["solve/fitSoftmaxGram"],
  "src/solve/prepareSoftmax.ts": ["solve/softmaxForms"],
  "src/solve/primalBlocks.ts": ["solve/primalFactor"],
  "src/solve/primalFactor.ts": ["solve/primalFactor"],
  "src/solve/primalLeverages.ts": ["solve/softmaxSolvers", "solve/prepareSoftmax"],
  "src/solve/primalRows.ts": ["solve/primalRows"],
  "src/solve/primalSolver.ts": ["solve/primalSolver", "solve/softmaxSolvers"],
  "src/solve/refineSoftmax.ts": ["solve/refineSoftmax"],
  "src/solve/solveSoftmax.ts": ["solve/solveSoftmax"],
  "src/solve/stepAlong.ts": ["solve/stepAlong"],
  "src/statistics/logLossOfRows.ts": ["statistics/logLossOfRows"],
};
/** Rooms whose tests test each other: a head is fitted by the solver, and one table of refusals asks all of them. */
const heads = ["solve", "heldout", "probe", "incremental"];
const rooms = ["importance", "mask", ...heads, "statistics", "episodes"];
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
const testsOf = (room) => (heads.includes(room) ? heads : [room]).map((name) => `test/${name}/**/*.test.ts`);
const ofRoom = (room) => ({ name: room, files: file ? [file] : filesOf(room), tests: testsOf(room) });
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
