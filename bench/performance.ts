import type { Machine } from "./machine.ts";
import type { Result } from "./measure.ts";
import { showRatio, titleOf } from "./table.ts";

/** What a user of scikit-learn wants to know first: how much faster the steps are that they would otherwise run there. */
function sentencesOf(results: readonly Result[]): string {
  const range = (names: readonly string[]): string => {
    const values = results
      .filter(({ name, peer }) => names.includes(name) && peer.includes("scikit-learn"))
      .map(({ ratio }) => ratio.median);
    if (values.length === 0) return "as measured below";
    const ends = [Math.min(...values), Math.max(...values)].map((value) => (value < 10 ? value.toFixed(1) : value.toFixed(0)));
    return ends[0] === ends[1] ? `${ends[0]} times` : `${ends[0]} to ${ends[1]} times`;
  };
  return `What it means for you, as ratios of medians on the machine named below:

- A few-shot episode inside \`evaluate\` (sample, fit, predict) is ${range(["episode"])} as fast as scikit-learn's default solver, and by hand with \`fitSoftmax\` and \`predict\` ${range(["episode-public"])}.
- A fit of many rows is ${range(["fit-large"])} as fast as the faster of scikit-learn's solvers, and solved more exactly.
- A redundancy curve is ${range(["curve"])} as fast as one scikit-learn fit for each of its points.`;
}

/** docs/performance.md: ratios side by side, no absolute times, which another machine would not repeat. */
export function performancePage(machine: Machine, versions: Readonly<Record<string, string>>, results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { name, target } = result;
    const aim = target ? `${showRatio(name, target.must)} / ${showRatio(name, target.moonshot)}` : "";
    return `| ${titleOf(name)} | ${result.case} | ${result.peer} | **${showRatio(name, result.ratio.min)}** | ${showRatio(name, result.ratio.median)} | ${aim} |`;
  });
  const notes = results
    .filter(({ note }) => note)
    .map((result) => `- ${titleOf(result.name)}, ${result.case}, ${result.peer}: ${result.note}.`);
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `---
aside: false
pageClass: wide-page
---

# Performance

${sentencesOf(results)}

![How many times as fast as scikit-learn, case by case](pictures/performance.svg)

## What the table says

Each row compares softprobe with another program on the same features and the same episodes. Both sides take turns in one run, on one thread each. A ratio is their time divided by ours:
above 1 softprobe is faster. It is given for the fastest round of each side (other processes disturb that one least) and for the medians. Times are processor time of the whole process,
including JavaScript's compiler and garbage collector; rows about two workers, and in a page, are by the clock. "Aim" is what we set out to reach.

Features are synthetic and scaled to norm 1, unless the case names a data set. C is 1 and an episode has 15 queries a class, unless the case says otherwise. scikit-learn runs with its defaults and is
timed inside Python. Where a peer is too slow to run whole, the note says that its time is extrapolated from a part. Rows of native C give our speed as a share of the same algorithm compiled for this machine.

Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.platform}; load ${machine.load}; kernels: ${machine.kernels}.
Versions: ${list.join(", ")}.

| What | Case | Against | Times as fast | by medians | aim: must / moonshot |
|---|---|---|---:|---:|---:|
${rows.join("\n")}

Rows about memory divide what is allowed by what was needed. Rows about doubling the work divide twice the cost of half the work by the cost of all of it: about 1 or more where cost grows linearly.

This page and its picture are written by \`npm run bench -- --write\`. \`npm run bench\` prints the same table for your machine.

## Notes

${notes.join("\n")}
`;
}
