import type { Machine } from "./machine.ts";
import type { Result } from "./measure.ts";
import { showRatio, titleOf } from "./table.ts";

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

Written by \`npm run bench -- --write\`; do not edit. Run \`npm run bench\` for the same table of your machine.

Every row pairs both sides in one run: after warm-up they take turns, round by round, on the same features and the same episodes, each on one
thread, and a ratio is the peer's time divided by ours: of the minima over all rounds, which other processes disturb least, and of the
medians. Both count processor time of their whole process (ours with V8's compiler and garbage collector), which on an idle machine is the time
by the clock and on a busy one still comparable; the load below is the mean number of processes that ran beside it. Times themselves are left
out, for they would hold for one machine only. Features are synthetic, seeded and L2-normalised; C = 1; 15 queries a way; an episode is fit and
predictions. scikit-learn runs with its defaults and is timed inside Python. "Extrapolated" rows time a part of the peer's work and multiply.
Rows of native C show our speed as a share of the same algorithm compiled for this machine, less our first look: most queries are decided by products in single
precision and a loose fit whose distance from the optimum is bounded, the closest ones exactly. Rows of two workers are by the clock.

Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.platform}; load ${machine.load}; kernels: ${machine.kernels}.
Versions: ${list.join(", ")}.

| What | Case | Against | Times as fast | by medians | aim: must / moonshot |
|---|---|---|---:|---:|---:|
${rows.join("\n")}

For memory the ratio is what is allowed to what was needed; for doubled work it is twice the cost of half of it to its cost: at least about 1 where cost grows linearly.

## Notes

${notes.join("\n")}
`;
}
