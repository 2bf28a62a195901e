import { log } from "../core/log.ts";

type Ends = readonly [first: number, last: number];

/** From a value to a pixel of the picture. */
export type Scale = (value: number) => number;

/** Equal steps of the value are equal steps of the picture. */
export function linearScale([low, high]: Ends, [from, to]: Ends): Scale {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** Equal ratios of the value are equal steps of the picture. */
export function logScale([low, high]: Ends, range: Ends): Scale {
  const scale = linearScale([log(low), log(high)], range);
  return (value) => scale(log(value));
}

/** `count` bands of one width, apart by a share `padding` of the step from one to the next, and by as much from both ends. */
export function bandScale(count: number, [from, to]: Ends, padding: number): { readonly start: Scale; readonly width: number } {
  const step = (to - from) / (count + padding);
  return { start: (i) => from + step * (i + padding), width: step * (1 - padding) };
}
