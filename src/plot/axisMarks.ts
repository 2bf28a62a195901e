import { type Area, fillOf, strokeOf } from "./frame.ts";
import { labels, segments } from "./marks.ts";
import { SIZE } from "./palette.ts";
import type { Scale } from "./scales.ts";
import type { Shape } from "./shapes.ts";
import { textWidth } from "./textWidth.ts";

/** A value on an axis and its label. */
export interface AxisTick {
  readonly value: number;
  readonly label: string;
}

/** The ticks whose labels stand apart: both ends first, then what fits between. */
function thinTicks(ticks: readonly AxisTick[], x: Scale): readonly AxisTick[] {
  const kept = new Set<AxisTick>();
  for (const tick of [...ticks.slice(-1), ...ticks.slice(0, 1), ...ticks.slice(1, -1)]) {
    const half = (other: AxisTick): number => textWidth(other.label, SIZE) / 2;
    if ([...kept].every((other) => Math.abs(x(other.value) - x(tick.value)) >= half(other) + half(tick) + 8)) kept.add(tick);
  }
  return ticks.filter((tick) => kept.has(tick));
}

/** The x axis: a tick or a grid line each, a label where it fits. */
export function xAxisMarks(
  { paint, top, bottom }: Area,
  ticks: readonly AxisTick[],
  x: Scale,
  lines: "grid" | "ticks" = "ticks",
): readonly Shape[] {
  const [style, from, to] = lines === "grid" ? [paint("grid", "line"), top, bottom] : [paint("muted", "line"), bottom, bottom + 5];
  return [
    segments(
      strokeOf(style),
      ticks.map(({ value }) => [
        [x(value), from],
        [x(value), to],
      ]),
    ),
    labels(
      fillOf(paint("muted")),
      thinTicks(ticks, x).map(({ value, label }) => ({ place: [x(value), bottom + 9], text: label })),
      "below",
    ),
  ];
}

/** A line across the data, from the left to the right. */
export const across = ({ left, right }: Area, y: number) =>
  [
    [left, y],
    [right, y],
  ] as const;

/** The y axis: a grid line and a label a tick, and a line at `lowest`. */
export function yAxisMarks(area: Area, ticks: readonly AxisTick[], y: Scale, lowest: number): readonly Shape[] {
  const { paint, left } = area;
  return [
    segments(
      strokeOf(paint("grid", "line")),
      ticks.map(({ value }) => across(area, y(value))),
    ),
    labels(
      { ...fillOf(paint("muted")), "text-anchor": "end" },
      ticks.map(({ value, label }) => ({ place: [left - 8, y(value)], text: label })),
    ),
    segments(strokeOf(paint("muted", "line")), [across(area, y(lowest))]),
  ];
}
