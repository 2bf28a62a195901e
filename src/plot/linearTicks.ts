import { log } from "../core/log.ts";
import { niceStep } from "../report/axes.ts";
import type { AxisTick } from "./axisMarks.ts";

/** Round values from at or below `low` to at or above `high`, about `count` steps, labelled by `format` with as many digits as the step needs. */
export function linearTicks(
  low: number,
  high: number,
  count: number,
  format: (value: number, digits: number) => string = (value, digits) => value.toFixed(digits),
): readonly AxisTick[] {
  const step = niceStep(Math.max(high - low, 1e-9) / Math.max(1, count));
  const digits = Math.max(0, -Math.floor(log(step) / Math.LN10 + 1e-9));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = Number(((first + i) * step).toPrecision(12));
    return { value, label: format(value, digits) };
  });
}
