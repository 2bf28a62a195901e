import { markerPath } from "./markers.ts";
import { CELL_OPACITY, type Painter, SERIES, SIZE } from "./palette.ts";
import { pixels, type Shape } from "./shapes.ts";
import { fitText, textWidth } from "./textWidth.ts";

/** What stands before a legend's text, in a box of 24 × 12 pixels. */
type Swatch =
  | { readonly kind: "series"; readonly series: number; readonly dashed?: boolean; readonly marker?: boolean }
  | { readonly kind: "cell" | "band" | "ring" | "bar" | "dashed" | "full" | "hollow" | "diamond"; readonly series?: number };

export interface LegendEntry {
  readonly swatch: Swatch;
  readonly text: string;
  /** Ends the text, and is left whole where the rest is cut. */
  readonly end?: string;
}

/** Height of a line of the legend, in pixels. */
const LINE = 21;

/** A marker of a series about a point, with the ground's colour about it. */
function markerShape(paint: Painter, series: number, x: number, y: number): Shape {
  const [fill, halo] = [paint(series), paint("paper", "line")];
  const place = { d: markerPath(series, SERIES.length), transform: `translate(${pixels(x)},${pixels(y)})` };
  return ["path", { class: `${fill.className} ${halo.className}`, ...place, fill: fill.colour, stroke: halo.colour }];
}

function swatchShapes(swatch: Swatch, paint: Painter, x: number, y: number): Shape[] {
  const from = `M${pixels(x)},${pixels(y)}`;
  const role = swatch.series ?? "muted";
  const [fill, line] = [paint(role), paint(role, "line")];
  const stroke = { class: line.className, stroke: line.colour, fill: "none", "stroke-width": 2 };
  const middle = { cx: x + 12, cy: y };
  switch (swatch.kind) {
    case "series": {
      const dash = swatch.dashed ? "5 4" : "none";
      const drawn: Shape = ["path", { ...stroke, d: `${from}h24`, "stroke-dasharray": dash }];
      return swatch.marker ? [drawn, markerShape(paint, swatch.series, x + 12, y)] : [drawn];
    }
    case "dashed":
      return [["path", { ...stroke, "stroke-width": 1.25, d: `${from}h24`, "stroke-dasharray": "5 4" }]];
    case "band":
      return [["rect", { class: fill.className, x, y: y - 6, width: 24, height: 12, fill: fill.colour, "fill-opacity": 0.25 }]];
    case "cell": {
      const cell = paint("cell");
      return [["rect", { class: cell.className, x, y: y - 6, width: 24, height: 12, fill: cell.colour, "fill-opacity": CELL_OPACITY }]];
    }
    case "bar":
      return [["path", { ...stroke, d: `${from}h24m-24,-4v8m24,-8v8` }]];
    case "ring":
      return [["circle", { ...stroke, ...middle, r: 6.5 }]];
    case "full":
      return [["circle", { class: fill.className, ...middle, r: 5, fill: fill.colour }]];
    case "hollow":
      return [["circle", { ...stroke, ...middle, r: 4.5 }]];
    case "diamond":
      return [["path", { ...stroke, d: `${from}m12,-6l6,6l-6,6l-6,-6Z` }]];
  }
}

/** Lays the entries out from left to right, in as many lines as the width asks; shapes from `top` down, and how high they are. */
export function legendShapes(
  entries: readonly LegendEntry[],
  { width, top, paint }: { readonly width: number; readonly top: number; readonly paint: Painter },
): { readonly shapes: readonly Shape[]; readonly height: number } {
  const shapes: Shape[] = [];
  const ink = paint("ink");
  let [x, line] = [16, 0];
  for (const entry of entries) {
    const { end = "" } = entry;
    const text = `${fitText(entry.text, SIZE, width - 62 - textWidth(end, SIZE))}${end}`;
    const wide = 30 + textWidth(text, SIZE);
    if (x > 16 && x + wide > width - 12) [x, line] = [16, line + 1];
    const y = top + 14 + line * LINE;
    shapes.push(...swatchShapes(entry.swatch, paint, x, y - 5));
    shapes.push(["text", { class: ink.className, x: x + 31, y, fill: ink.colour, "text-anchor": "start" }, text]);
    x += wide + 16;
  }
  return { shapes, height: entries.length === 0 ? 0 : (line + 1) * LINE + 8 };
}
