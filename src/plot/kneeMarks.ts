import { dot, link, type Markish } from "@observablehq/plot";
import type { Knee } from "../evaluate/results.ts";
import type { Axes } from "../report/axes.ts";
import { type Area, fillOf, strokeOf } from "./frame.ts";
import { endBar } from "./markers.ts";

/** Pixels from one knee's bar to the next. */
const STEP = 12;

/** A knee of curve number `i`, and the accuracy there. */
export interface KneeMark {
  readonly i: number;
  readonly knee: Knee;
  readonly accuracy: number;
}

/** Pixels below the curves for as many knees. */
export const kneeHeight = (count: number): number => (count === 0 ? 0 : STEP * count + 8);

/** Each knee as a ring on its curve, and below the curves as a dot on the bar of its interval, with a thin line from the one to the other. */
export function kneeMarks({ paint, bottom }: Area, knees: readonly KneeMark[], axes: Axes): Markish[] {
  const within = (share: number): number => Math.min(axes.xDomain[1], Math.max(axes.xDomain[0], share));
  return knees.flatMap(({ i, knee, accuracy }, row) => {
    const x = [within(knee.fraction)];
    const ends = (knee.ci95?.fraction ?? []).filter(Number.isFinite).map(within);
    // Pixels, not accuracies.
    const at = (count: number) => ({ value: Array<number>(count).fill(bottom - STEP * (knees.length - row) + 3), scale: null });
    const stroke = { ...strokeOf(paint(i, "line")), strokeWidth: 2 };
    const bar = [
      link([row], { x1: ends.slice(0, 1), x2: ends.slice(1), y1: at(1), y2: at(1), ...stroke }),
      dot(ends, { x: ends, y: at(2), symbol: endBar("up"), fill: "none", ...stroke }),
    ];
    return [
      link([row], { x1: x, x2: x, y1: [accuracy], y2: at(1), ...stroke, strokeWidth: 1, strokeDasharray: "1 3" }),
      ...(ends.length === 2 ? bar : []),
      dot([row], { x, y: at(1), r: 3.5, ...fillOf(paint(i)), stroke: "none" }),
      dot([row], { x, y: [accuracy], r: 8.5, ...stroke }),
    ];
  });
}
