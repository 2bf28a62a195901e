import { type LegendEntry, legendShapes } from "./legend.ts";
import { darkStyle, FONT, type Paint, type Painter, painter, SIZE, TITLE_SIZE } from "./palette.ts";
import type { CheckedOptions } from "./plotOptions.ts";
import { type Attributes, drawShape, type Shape } from "./shapes.ts";
import { fitClauses, fitText } from "./textWidth.ts";

/** The rectangle in which data are drawn, in pixels of the picture. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly paint: Painter;
}

/** What a plot hands to its frame. */
export interface Frame {
  readonly options: CheckedOptions;
  /** What the picture says, for those who can't see it. */
  readonly description: string;
  readonly legend: readonly LegendEntry[];
  /** Pixels left of the data, for the labels of the y axis; default 62. */
  readonly left?: number;
  /** Pixels below the data, for the labels of the x axis; default 54. */
  readonly below?: number;
  /** Height of the data, where the caller asks for none; default 320. */
  readonly tall?: number;
  /** The data are at least this tall, whatever the caller asks for; default 100. */
  readonly least?: number;
  /** The name of the x axis with its unit: what does not fit is left out from the end. */
  readonly xLabel: readonly string[];
  readonly yLabel?: string;
  /** Shapes of the data and of the axes, the lowest first. */
  readonly draw: (area: Area) => readonly Shape[];
}

/** A paint as the attributes of what is filled with it, or drawn in its line. */
export const fillOf = ({ className, colour }: Paint): Attributes => ({ class: className, fill: colour });
export const strokeOf = ({ className, colour }: Paint): Attributes => ({ class: className, stroke: colour });
/** Filled with one paint, with a line of another. */
export const bothOf = (fill: Paint, line: Paint): Attributes => ({
  class: `${fill.className} ${line.className}`,
  fill: fill.colour,
  stroke: line.colour,
});

/** A line of text as a shape. */
function textShape(paint: Paint, text: string, attributes: Attributes): Shape {
  return ["text", { ...fillOf(paint), "text-anchor": "middle", ...attributes }, text];
}

/** Draws data within title, legend and labels of the axes, none of which overlap. */
export function drawFrame(frame: Frame): SVGSVGElement {
  const { options, left = 62, below = 54, tall = 320, least = 100 } = frame;
  const { document, title, width, theme } = options;
  const paint = painter(theme);
  const legend = legendShapes(frame.legend, { width, top: 40, paint });
  const top = 48 + legend.height;
  const height = Math.max(options.height ?? top + tall + below, top + least + below);
  const area: Area = { left, top, right: width - 24, bottom: height - below, paint };
  const [ink, paper] = [paint("ink"), paint("paper")];
  const style = theme === "auto" ? [["style", {}, darkStyle()] satisfies Shape] : [];
  const shapes: Shape[] = [
    ["title", {}, title],
    ["desc", {}, frame.description],
    ...style,
    ["rect", { ...fillOf(paper), width, height }],
    textShape(ink, fitText(title, TITLE_SIZE, width - 32), {
      ...{ x: 16, y: 28, "text-anchor": "start", "font-size": TITLE_SIZE, "font-weight": 600 },
    }),
    ...legend.shapes,
    textShape(ink, fitClauses(frame.xLabel, SIZE, width - 24), { x: place(frame, area, width), y: height - 12 }),
  ];
  const middle = Math.round((area.top + area.bottom) / 2);
  if (frame.yLabel !== undefined) shapes.push(textShape(ink, frame.yLabel, { x: 20, y: middle, transform: `rotate(-90 20 ${middle})` }));
  shapes.push(...frame.draw(area));
  const attributes = {
    class: `softprobe-plot sp-${theme}`,
    ...{ role: "img", "aria-label": title, viewBox: `0 0 ${width} ${height}`, width, height },
    ...{ "font-family": FONT, "font-size": SIZE, "text-anchor": "middle", fill: "currentColor" },
  };
  return drawShape(document, ["svg", attributes, shapes]) as SVGSVGElement;
}

/** The middle of the data, or of the picture where the label is too long to stand there. */
function place({ xLabel }: Frame, { left, right }: Area, width: number): number {
  const whole = fitClauses(xLabel, SIZE, width - 24);
  return whole === fitClauses(xLabel, SIZE, right - left + 24) ? (left + right) / 2 : width / 2;
}
