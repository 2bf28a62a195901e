import { type Attributes, pixels, type Shape } from "./shapes.ts";

/** A point of the picture, in pixels. */
export type Place = readonly [x: number, y: number];

const known = ([x, y]: Place): boolean => Number.isFinite(x) && Number.isFinite(y);
const at = ([x, y]: Place): string => `${pixels(x)},${pixels(y)}`;

/** A line through the places, with a gap at each that is not known. */
export function polyline(style: Attributes, places: readonly Place[]): Shape {
  const runs: Place[][] = [[]];
  for (const place of places) {
    if (known(place)) runs[runs.length - 1].push(place);
    else runs.push([]);
  }
  // A line of one place is a dot, by its round ends.
  const d = runs.filter(({ length }) => length > 0).map((run) => `M${run.map(at).join("L")}${run.length === 1 ? "Z" : ""}`);
  return ["g", { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round", ...style }, [["path", { d: d.join("") }]]];
}

/** The ground between two lines from left to right. */
export function ribbon(style: Attributes, lower: readonly Place[], upper: readonly Place[]): Shape {
  return ["g", style, [["path", { d: `M${[...lower, ...[...upper].reverse()].map(at).join("L")}Z` }]]];
}

/** Straight lines, each from one place to another. */
export function segments(style: Attributes, ends: readonly (readonly [Place, Place])[]): Shape {
  const lines = ends.filter(([from, to]) => known(from) && known(to));
  return ["g", style, lines.map(([[x1, y1], [x2, y2]]): Shape => ["line", { x1, y1, x2, y2 }])];
}

/** What stands at a place: a circle of a radius, or the outline of a marker about it. */
export interface Mark {
  readonly place: Place;
  readonly form: number | string;
  /** To be read by pointing at it. */
  readonly title?: string;
}

export function markers(style: Attributes, marks: readonly Mark[]): Shape {
  const shapes = marks
    .filter(({ place }) => known(place))
    .map(({ place, form, title }): Shape => {
      const content: Shape[] = title === undefined ? [] : [["title", {}, title]];
      return typeof form === "number"
        ? ["circle", { cx: place[0], cy: place[1], r: form }, content]
        : ["path", { d: form, transform: `translate(${at(place)})` }, content];
    });
  return ["g", style, shapes];
}

/** Texts at places: in the middle of their height there, or below. */
export function labels(
  style: Attributes,
  texts: readonly { readonly place: Place; readonly text: string }[],
  line: "middle" | "below" = "middle",
): Shape {
  const dy = line === "middle" ? "0.32em" : "0.71em";
  return ["g", style, texts.map(({ place: [x, y], text }): Shape => ["text", { x, y, dy }, text])];
}
