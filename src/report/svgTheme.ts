import { element, escapeXml, pixel } from "./svg.ts";

/** Okabe and Ito's colours (https://jfly.uni-koeln.de/color/), of each hue the one that stands out on white, then on black. */
export const COLOURS = [
  ["#0072B2", "#56B4E9"],
  ["#D55E00", "#E69F00"],
  ["#009E73", "#009E73"],
  ["#CC79A7", "#CC79A7"],
  ["#E69F00", "#F0E442"],
  ["#56B4E9", "#0072B2"],
] as const;
/** The colours of text, lesser text, grid and ground: on white, then on black. */
const INK = ["#1b1f24", "#e6e8eb"] as const;
export const MUTED = ["#57606a", "#a3abb5"] as const;
export const GRID = ["#dfe3e8", "#343a42"] as const;
export const PAPER = ["#ffffff", "#14171a"] as const;

/** Outlines of the markers about the origin; past the last colour, curves pair colours and outlines anew. */
const MARKERS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  "M0-5L4.8 3.6H-4.8z",
  "M-3.7-3.7H3.7V3.7H-3.7z",
  "M0-5.2L5.2 0L0 5.2L-5.2 0z",
  "M0 5L4.8-3.6H-4.8z",
  "M-5-1.6H-1.6V-5H1.6V-1.6H5V1.6H1.6V5H-1.6V1.6H-5z",
];
/** Of text, in pixels. */
export const SIZE = 12;
/** Faces that a reader has. */
export const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** Light colours stand in attributes, which no content policy strips and every renderer reads; the style sheet only turns them dark. */
export function darkStyle(): string {
  const rule = (name: string, property: string, colour: string) => `.softprobe-curve .${name}{${property}:${colour}}`;
  const rules = [
    rule("paper", "fill", PAPER[1]),
    rule("ink", "fill", INK[1]),
    rule("muted", "fill", MUTED[1]),
    rule("grid", "stroke", GRID[1]),
    rule("axis", "stroke", MUTED[1]),
    rule("halo", "stroke", PAPER[1]),
    ...COLOURS.flatMap(([, dark], i) => [rule(`line${i}`, "stroke", dark), rule(`area${i}`, "fill", dark)]),
  ];
  return `@media (prefers-color-scheme:dark){${rules.join("")}}`;
}

/** An element of a class, which the style sheet of the dark may colour. */
export function shape(name: string, role: string, attributes: Readonly<Record<string, string | number>>, content?: string): string {
  return element(name, { class: role, ...attributes }, content);
}

/** A line of text. */
export function write(
  text: string,
  x: number,
  y: number,
  attributes: Readonly<Record<string, string | number>> = {},
  role: "ink" | "muted" = "ink",
): string {
  return shape("text", role, { x, y, fill: (role === "ink" ? INK : MUTED)[0], ...attributes }, escapeXml(text));
}

/** The marker of curve number `i`. */
export function drawMarker(i: number, x: number, y: number, content?: string): string {
  const place = { d: MARKERS[(i + Math.floor(i / COLOURS.length)) % MARKERS.length], transform: `translate(${pixel(x)} ${pixel(y)})` };
  return shape(
    "path",
    `area${i % COLOURS.length} halo`,
    { ...place, fill: COLOURS[i % COLOURS.length][0], stroke: PAPER[0], "stroke-width": 1 },
    content,
  );
}
