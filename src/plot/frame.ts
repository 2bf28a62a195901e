import { type MarkOptions, type PlotOptions as ObservableOptions, plot } from "@observablehq/plot";
import { type LegendEntry, legendShapes } from "./legend.ts";
import { darkStyle, FONT, type Paint, type Painter, painter, SIZE, TITLE_SIZE } from "./palette.ts";
import type { CheckedOptions } from "./plotOptions.ts";
import { drawShapes, type Shape } from "./shapes.ts";
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
  /** Scales and marks within the area. */
  readonly draw: (area: Area) => Pick<ObservableOptions, "x" | "y" | "marks" | "r">;
}

const GEOMETRY = ["d", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "fill-opacity"];

/** Takes back the half pixel by which Plot moves marks on coarse screens: a picture is the same on each. All other shifts of marks are whole pixels. */
function unshift(group: Element): void {
  const shift = /^translate\((-?[\d.]+),(-?[\d.]+)\)$/.exec(group.getAttribute("transform") ?? "");
  if (!shift) return;
  const [x, y] = [Math.floor(Number(shift[1])), Math.floor(Number(shift[2]))];
  if (x === 0 && y === 0) group.removeAttribute("transform");
  else group.setAttribute("transform", `translate(${x},${y})`);
}

/** Coordinates to a hundredth of a pixel, and no roles within the one picture that it is for a screen reader. */
function tidy(element: Element): void {
  for (const name of ["aria-label", "aria-description", "aria-hidden"]) element.removeAttribute(name);
  for (const name of GEOMETRY) {
    const value = element.getAttribute(name);
    if (value === null || value.endsWith("em")) continue;
    element.setAttribute(
      name,
      value.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => String(Math.round(100 * Number(number)) / 100 + 0)),
    );
  }
  if (element.localName === "g") unshift(element);
  for (const child of Array.from(element.children)) tidy(child);
}

/** A paint as the options of a mark that fills, or that strokes. */
export const fillOf = ({ className, colour }: Paint): Pick<MarkOptions, "className" | "fill"> => ({ className, fill: colour });
export const strokeOf = ({ className, colour }: Paint): Pick<MarkOptions, "className" | "stroke"> => ({ className, stroke: colour });

/** A line of text as a shape. */
function textShape({ className, colour }: Paint, text: string, attributes: Readonly<Record<string, string | number>>): Shape {
  return ["text", { class: className, fill: colour, "text-anchor": "middle", ...attributes }, text];
}

/** Draws data by Observable Plot within title, legend and labels of the axes, none of which overlap. */
export function drawFrame(frame: Frame): SVGSVGElement {
  const { options, left = 62, below = 54, tall = 320, least = 100 } = frame;
  const { document, title, width, theme } = options;
  const paint = painter(theme);
  const legend = legendShapes(frame.legend, { width, top: 40, paint });
  const top = 48 + legend.height;
  const height = Math.max(options.height ?? top + tall + below, top + least + below);
  const area: Area = { left, top, right: width - 24, bottom: height - below, paint };
  const { x, y, ...rest } = frame.draw(area);
  const element = plot({
    ...rest,
    // Axes are among the marks.
    ...{ x: { ...x, axis: null }, y: { ...y, axis: null } },
    ...{ document, width, height, className: "softprobe-plot", figure: false },
    ...{ marginLeft: left, marginTop: top, marginRight: 24, marginBottom: below },
  }) as SVGSVGElement;
  // Plot's own style sheet goes: a picture is one on its own, and needs none but this.
  for (const style of Array.from(element.children).filter(({ localName }) => localName === "style")) style.remove();
  const first = element.firstChild;
  const [ink, paper] = [paint("ink"), paint("paper")];
  const style = theme === "auto" ? [["style", {}, darkStyle()] satisfies Shape] : [];
  const shapes: Shape[] = [
    ["title", {}, title],
    ["desc", {}, frame.description],
    ...style,
    ["rect", { class: paper.className, width, height, fill: paper.colour }],
    textShape(ink, fitText(title, TITLE_SIZE, width - 32), {
      ...{ x: 16, y: 28, "text-anchor": "start", "font-size": TITLE_SIZE, "font-weight": 600 },
    }),
    ...legend.shapes,
    textShape(ink, fitClauses(frame.xLabel, SIZE, width - 24), { x: place(frame, area, width), y: height - 12 }),
  ];
  const middle = Math.round((area.top + area.bottom) / 2);
  if (frame.yLabel !== undefined) shapes.push(textShape(ink, frame.yLabel, { x: 20, y: middle, transform: `rotate(-90 20 ${middle})` }));
  drawShapes(element, shapes, first);
  tidy(element);
  const attributes = {
    class: `softprobe-plot sp-${theme}`,
    ...{ role: "img", "aria-label": title, "font-family": FONT, "font-size": SIZE },
  };
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** The middle of the data, or of the picture where the label is too long to stand there. */
function place({ xLabel }: Frame, { left, right }: Area, width: number): number {
  const whole = fitClauses(xLabel, SIZE, width - 24);
  return whole === fitClauses(xLabel, SIZE, right - left + 24) ? (left + right) / 2 : width / 2;
}
