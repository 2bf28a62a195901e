/** `auto`: light, or dark if the reader prefers it. `light` and `dark` fix it, for a page with its own switch. */
export type PlotTheme = "auto" | "light" | "dark";

/** Okabe and Ito's colours (https://jfly.uni-koeln.de/color/), of each hue the one that stands out on white, then on black. */
export const SERIES = [
  ["#0072B2", "#56B4E9"],
  ["#D55E00", "#E69F00"],
  ["#009E73", "#009E73"],
  ["#CC79A7", "#CC79A7"],
  ["#E69F00", "#F0E442"],
  ["#56B4E9", "#0072B2"],
] as const;

/** What else is coloured, on white, then on black: text, lesser text, grid, ground, and the cells of a matrix (at most `CELL_OPACITY` of it). */
export const TONES = {
  ink: ["#1b1f24", "#e6e8eb"],
  muted: ["#57606a", "#a3abb5"],
  grid: ["#dfe3e8", "#343a42"],
  paper: ["#ffffff", "#14171a"],
  cell: ["#56B4E9", "#0072B2"],
} as const;
/** The fullest cell: text in ink keeps a contrast of 4.5 on it in both themes. */
export const CELL_OPACITY = 0.8;

/** Of text, in pixels: legible at the size of the picture, and on a telephone that shows 640 pixels as 375. */
export const SIZE = 14;
export const TITLE_SIZE = 17;
/** Faces that a reader has. */
export const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

/** A colour and the class by which the style sheet of the dark finds it: a fill, or with `line` a stroke. */
export interface Paint {
  readonly className: string;
  readonly colour: string;
}
export type Painter = (role: keyof typeof TONES | number, line?: "line") => Paint;

const nameOf = (role: string | number, line: boolean): string =>
  `sp-${typeof role === "number" ? `series${role % SERIES.length}` : role}${line ? "-line" : ""}`;

/** Colours of a theme by role: the name of a tone, or the number of a series. */
export function painter(theme: PlotTheme): Painter {
  const side = theme === "dark" ? 1 : 0;
  return (role, line) => ({
    className: nameOf(role, line === "line"),
    colour: (typeof role === "number" ? SERIES[role % SERIES.length] : TONES[role])[side],
  });
}

/** Colours stand in attributes, which no content policy strips and every renderer reads; this style sheet turns them dark, and fits the picture into its page. */
export function darkStyle(): string {
  const rule = (role: string | number, colour: string): string =>
    `.sp-auto .${nameOf(role, false)}{fill:${colour}}.sp-auto .${nameOf(role, true)}{stroke:${colour}}`;
  const rules = [...Object.entries(TONES).map(([role, [, dark]]) => rule(role, dark)), ...SERIES.map(([, dark], i) => rule(i, dark))];
  return `.sp-auto{max-width:100%;height:auto}@media (prefers-color-scheme:dark){${rules.join("")}}`;
}
