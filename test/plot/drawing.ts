import { parseHTML } from "linkedom";
import { expect } from "vitest";
import { toSvg } from "../../src/plot.ts";

/** One that can be searched, as a page's. */
export const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** Names of elements as they open; fails on anything that is not well-formed. */
export function readXml(text: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const token =
    /<(\/?)([a-z]+)((?: [A-Za-z0-9-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)(\/?)>|([^<&]+)|&(?:amp|lt|gt|quot|#39);/y;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`not well-formed: ${text.slice(at, at + 60)}`);
    const [, closes, name, , empty] = found;
    if (!name) continue;
    if (closes) expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return names;
}

/** Texts that a reader sees, in order. */
export const textsOf = (element: Element): string[] => Array.from(element.querySelectorAll("text"), (each) => each.textContent ?? "");

/** What stands on markers and cells, to be read by pointing at them. */
export const titlesOf = (element: Element): string[] =>
  Array.from(element.querySelectorAll("title"), (each) => each.textContent ?? "").slice(1);

/** Every coordinate pair of a path or of a translation, in the order of the document. */
function cornersOf(element: Element): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (const each of Array.from(element.querySelectorAll("[d], [transform], [cx]"))) {
    const moved = /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(each.getAttribute("transform") ?? "");
    const [dx, dy] = moved ? [Number(moved[1]), Number(moved[2])] : [0, 0];
    for (const [, x, y] of (each.getAttribute("d") ?? "").matchAll(/[ML](-?[\d.]+)[ ,](-?[\d.]+)/g))
      pairs.push([dx + Number(x), dy + Number(y)]);
    if (each.hasAttribute("cx")) pairs.push([Number(each.getAttribute("cx")) + dx, Number(each.getAttribute("cy")) + dy]);
  }
  return pairs;
}

/** What every picture keeps: one well-formed standalone element with a name and a description, nothing from outside, nothing that is no number, the same bytes again. */
export function keepsTheLaws(draw: () => SVGSVGElement): void {
  const element = draw();
  const svg = toSvg(element);
  expect(readXml(svg.trimEnd()).slice(0, 3)).toEqual(["svg", "title", "desc"]);
  expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(element.getAttribute("role")).toBe("img");
  expect(element.getAttribute("aria-label")).toBe(element.querySelector("title")?.textContent);
  // One image: what is within it has no roles of its own.
  expect(svg.match(/ (?:aria-[a-z]+|role)="/g)).toHaveLength(2);
  expect(element.querySelector("desc")?.textContent?.length).toBeGreaterThan(40);
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|href|url\(|@import|<script| id="/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(svg).not.toMatch(/ (?!aria)[\w-]+="[^"]*\d\.\d{3}/);
  const [width, height] = ["width", "height"].map((name) => Number(element.getAttribute(name)));
  expect(element.getAttribute("viewBox")).toBe(`0 0 ${width} ${height}`);
  for (const [x, y] of cornersOf(element)) {
    expect(x).toBeGreaterThanOrEqual(-0.01);
    expect(x).toBeLessThanOrEqual(width + 0.01);
    expect(y).toBeGreaterThanOrEqual(-0.01);
    expect(y).toBeLessThanOrEqual(height + 0.01);
  }
  expect(toSvg(draw())).toBe(svg);
}
