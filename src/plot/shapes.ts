import type { PlotDocument } from "./plotDocument.ts";

export type Attributes = Readonly<Record<string, string | number>>;

/** An element to be: its name, its attributes, and its text or what stands in it. */
export type Shape = readonly [name: string, attributes: Attributes, content?: string | readonly Shape[]];

/** Pixels to a hundredth: more digits would be bytes that nobody sees. */
export const pixels = (value: number): string => String(Math.round(100 * value) / 100 + 0);

/** Makes an element of a document, with all that stands in it. */
export function drawShape(document: PlotDocument, [name, attributes, content = []]: Shape): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, typeof value === "number" ? pixels(value) : value);
  if (typeof content === "string") element.appendChild(document.createTextNode(content));
  else for (const shape of content) element.appendChild(drawShape(document, shape));
  return element;
}
