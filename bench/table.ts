import type { Result } from "./measure.ts";

const titles: Readonly<Record<string, string>> = {
  episode: "episode: sample, fit, predict",
  "episode-public": "the same by public functions",
  "episode-js": "the same without WebAssembly",
  "episode-fastest": "against the fastest solver",
  "fit-large": "fit of all rows",
  byHand: "the functions by hand",
  "choose-penalty": "choosing C",
  "fit-memory": "memory of a fit",
  curve: "redundancy curve",
  statistics: "statistics + importance",
  importance: "importance of an episode",
  sampling: "episode sampling",
  native: "share of native C",
  evaluate: "whole evaluation",
  workers: "two workers against one",
  incremental: "one example more or less",
  calibrate: "a calibrated fit",
  page: "in a page",
  "js-logistic": "softmax fit",
  "js-lbfgs": "fit + predict",
  "js-elementwise": "mask, normalise",
  "js-products": "matrix products",
  memory: "memory",
  linear: "doubling the work",
};

/** What a result's name stands for, in words. */
export const titleOf = (name: string): string => titles[name] ?? name;

/** 3.2 ×, 47 ×, or 53 % where the peer is the limit. */
export function showRatio(name: string, value: number): string {
  if (name === "native") return `${(100 * value).toFixed(0)} %`;
  if (value < 99.5) return `${value.toFixed(value < 9.95 ? 2 : 1)} ×`;
  return `${Number(value.toPrecision(3)).toLocaleString("en-US")} ×`;
}

function showQuantity(value: number, unit: string): string {
  const [scale, suffix] = unit === "bytes" ? [1e6, "MB"] : value < 1e-3 ? [1e-6, "µs"] : value < 1 ? [1e-3, "ms"] : [1, "s"];
  return `${(value / scale).toPrecision(3)} ${suffix}`;
}

/** How a result stands to its target. */
function verdictOf({ target, ratio }: Result): string {
  if (!target) return "";
  return ratio.min >= target.moonshot ? "moonshot" : ratio.min >= target.must ? "reached" : "below";
}

/** Text columns aligned; numbers to the right. */
function aligned(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c < left ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The whole table for a terminal. */
export function resultTable(results: readonly Result[]): string {
  const head = ["measure", "case", "against", "ours", "theirs", "ratio", "medians", "must", "moonshot", ""];
  const rows = results.map((result) => {
    const { name, target, unit } = result;
    const show = (value: number | undefined) => (value === undefined ? "" : showRatio(name, value));
    return [
      titleOf(name),
      result.case,
      result.peer,
      showQuantity(result.ours.min, unit),
      showQuantity(result.theirs.min, unit),
      show(result.ratio.min),
      show(result.ratio.median),
      show(target?.must),
      show(target?.moonshot),
      verdictOf(result),
    ];
  });
  const notes = results
    .filter(({ note }) => note)
    .map(({ name, case: title, peer, note }) => `  ${titleOf(name)}, ${title}, ${peer}: ${note}`);
  return `${aligned([head, ...rows], 3)}\n\ntimes are of processor (of two workers and in a page: by the clock), both sides in turn; ratio: theirs ÷ ours of the minima over rounds (medians: of the medians); above 1 ours is faster\n\nnotes\n${notes.join("\n")}`;
}
