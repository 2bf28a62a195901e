import { axisX, gridX, gridY, type Markish, ruleY, text } from "@observablehq/plot";
import { type Area, fillOf, strokeOf } from "./frame.ts";
import { SIZE } from "./palette.ts";
import { textWidth } from "./textWidth.ts";

/** A value on an axis and its label. */
export interface AxisTick {
  readonly value: number;
  readonly label: string;
}

/** The ticks whose labels stand apart, `at` telling each one's pixel: both ends first, then what fits between. */
function thinTicks<T extends AxisTick>(ticks: readonly T[], at: (tick: T) => number): readonly T[] {
  const kept = new Set<T>();
  for (const tick of [...ticks.slice(-1), ...ticks.slice(0, 1), ...ticks.slice(1, -1)]) {
    const half = (other: T): number => textWidth(other.label, SIZE) / 2;
    if ([...kept].every((other) => Math.abs(at(other) - at(tick)) >= half(other) + half(tick) + 8)) kept.add(tick);
  }
  return ticks.filter((tick) => kept.has(tick));
}

const valuesOf = (ticks: readonly AxisTick[]): number[] => ticks.map(({ value }) => value);

/** The x axis: a tick or a grid line each, a label where it fits; `at` tells a tick's pixel. */
export function xAxisMarks<T extends AxisTick>(
  { paint }: Area,
  ticks: readonly T[],
  at: (tick: T) => number,
  lines: "grid" | "ticks" = "ticks",
): Markish[] {
  const shown = thinTicks(ticks, at);
  return [
    lines === "grid"
      ? gridX(valuesOf(ticks), { ...strokeOf(paint("grid", "line")), strokeOpacity: 1 })
      : axisX(valuesOf(ticks), { ...strokeOf(paint("muted", "line")), fill: "none", tickSize: 5, label: null }),
    // Not the axis' own labels: on a log scale Plot leaves out some, whatever the format.
    text(valuesOf(shown), {
      ...{ x: valuesOf(shown), text: shown.map(({ label }) => label), ...fillOf(paint("muted")) },
      ...{ frameAnchor: "bottom", lineAnchor: "top", dy: 9 },
    }),
  ];
}

/** The y axis: a grid line and a label a tick, and a line at the bottom of the data. */
export function yAxisMarks({ paint }: Area, ticks: readonly AxisTick[], bottom: number): Markish[] {
  return [
    gridY(valuesOf(ticks), { ...strokeOf(paint("grid", "line")), strokeOpacity: 1 }),
    text(valuesOf(ticks), {
      ...{ y: valuesOf(ticks), text: ticks.map(({ label }) => label), ...fillOf(paint("muted")) },
      ...{ frameAnchor: "left", textAnchor: "end", dx: -8 },
    }),
    ruleY([bottom], strokeOf(paint("muted", "line"))),
  ];
}
