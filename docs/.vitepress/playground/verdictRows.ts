import type { Evaluation } from "../../../src/index.ts";

/** A line of the verdict table, as text. */
export interface VerdictRow {
  readonly mask: string;
  readonly probe: string;
  readonly accuracy: string;
  readonly difference: string;
  /** An oracle's mask sees the queries' labels: nobody can use it, it shows what could be had. */
  readonly analysis: boolean;
  readonly verdict: "reference" | "better" | "worse" | "no difference seen";
}

const percent = (value: number) => (100 * value).toFixed(1);
const points = (value: number) => `${value < 0 ? "−" : "+"}${percent(Math.abs(value))}`;

/** An evaluation as the lines of a table: accuracy with half its 95 % interval, the paired difference with its own, and what that says. */
export function verdictRows({ results }: Evaluation): VerdictRow[] {
  return results.map(({ mask, probe, accuracy, ci95: [low, high], difference }) => {
    const half = Number.isFinite(high - low) ? ` ± ${percent((high - low) / 2)}` : "";
    const row = { mask, probe, analysis: mask.includes("@oracle"), accuracy: `${percent(accuracy)}${half}` };
    if (!difference) return { ...row, difference: "", verdict: "reference" as const };
    const [least, most] = difference.ci95;
    const verdict = least > 0 ? "better" : most < 0 ? "worse" : "no difference seen";
    return { ...row, difference: `${points(difference.mean)} [${points(least)}, ${points(most)}]`, verdict };
  });
}
