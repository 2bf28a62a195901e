import type { Axes } from "./axes.ts";
import { fullAccuracy, type NamedCurve } from "./checkResults.ts";
import { paintCurve } from "./terminal.ts";

/** The glyph of each curve's points in the terminal. */
export const MARKERS = ["●", "▲", "■", "◆", "▼", "○", "△", "□", "◇", "▽"];

/** A sheet of characters; whose colour each has, −1 for nobody's. */
export interface Sheet {
  readonly cols: number;
  readonly rows: number;
  readonly text: string[];
  readonly owner: Int16Array;
}

/** A blank sheet. */
export function makeSheet(cols: number, rows: number): Sheet {
  return { cols, rows, text: Array(cols * rows).fill(" "), owner: new Int16Array(cols * rows).fill(-1) };
}

/** The dot column of a place on the x axis, two a cell. */
export const dotColumn = (sheet: Sheet, at: number) => Math.round(at * (2 * sheet.cols - 1));
/** The dot row of a place on the y axis, four a cell, from above. */
export const dotRow = (sheet: Sheet, at: number) => Math.round((1 - at) * (4 * sheet.rows - 1));

function put(sheet: Sheet, col: number, row: number, text: string, owner: number): void {
  sheet.text[row * sheet.cols + col] = text;
  sheet.owner[row * sheet.cols + col] = owner;
}

/** Draws accuracy with all dimensions as a dashed line. */
export function drawFull(sheet: Sheet, axes: Axes, { curve }: NamedCurve, owner: number): void {
  const full = fullAccuracy(curve);
  if (!Number.isFinite(full)) return;
  const row = dotRow(sheet, axes.y(full)) >> 2;
  for (let col = 0; col < sheet.cols; col++) put(sheet, col, row, "╌", owner);
}

/** Calls `visit` at every dot column between successive points, with the share of the way from one point to the next. */
function alongCurve(
  sheet: Sheet,
  axes: Axes,
  { curve: { points } }: NamedCurve,
  visit: (dot: number, from: number, share: number) => void,
): void {
  for (let i = 0; i + 1 < points.length; i++) {
    const start = dotColumn(sheet, axes.x(points[i].fraction));
    const end = dotColumn(sheet, axes.x(points[i + 1].fraction));
    for (let dot = start; dot <= end; dot++) visit(dot, i, end === start ? 0 : (dot - start) / (end - start));
  }
}

/** Shades the 95 % interval, a cell where the band covers half of its height. */
export function drawBand(sheet: Sheet, axes: Axes, entry: NamedCurve, owner: number): void {
  const { points } = entry.curve;
  const { rows } = sheet;
  alongCurve(sheet, axes, entry, (dot, i, share) => {
    const [low, high] = [0, 1].map((end) => axes.y((1 - share) * points[i].ci95[end] + share * points[i + 1].ci95[end]) * rows);
    if (!Number.isFinite(points[i].ci95[0] + points[i].ci95[1] + points[i + 1].ci95[0] + points[i + 1].ci95[1])) return;
    for (let row = 0; row < rows; row++) {
      const overlap = Math.min(high, rows - row) - Math.max(low, rows - row - 1);
      if (overlap >= 0.5) put(sheet, dot >> 1, row, "░", owner);
    }
  });
}

/** Which bit of a braille character is the dot at column `dot % 2`, row `row % 4`. */
const BRAILLE = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];

/** Draws the line through the points in braille dots, two by four a cell. */
export function drawLine(sheet: Sheet, axes: Axes, entry: NamedCurve, owner: number): void {
  const { points } = entry.curve;
  let previous = -1;
  alongCurve(sheet, axes, entry, (dot, i, share) => {
    const here = dotRow(sheet, (1 - share) * axes.y(points[i].accuracy) + share * axes.y(points[i + 1].accuracy));
    // A steep line leaves no gap: it fills the dots between its neighbour's row and its own.
    const from = previous < 0 ? here : previous + Math.sign(here - previous);
    for (let row = Math.min(from, here); row <= Math.max(from, here); row++) {
      const cell = (row >> 2) * sheet.cols + (dot >> 1);
      const code = sheet.text[cell].charCodeAt(0);
      const dots = (code & 0xff00) === 0x2800 ? code : 0x2800;
      put(sheet, dot >> 1, row >> 2, String.fromCharCode(dots | BRAILLE[4 * (dot & 1) + (row & 3)]), owner);
    }
    previous = here;
  });
}

/** Puts a glyph at each point. */
export function drawMarkers(sheet: Sheet, axes: Axes, { curve }: NamedCurve, owner: number): void {
  for (const { fraction, accuracy } of curve.points) {
    put(sheet, dotColumn(sheet, axes.x(fraction)) >> 1, dotRow(sheet, axes.y(accuracy)) >> 2, MARKERS[owner % MARKERS.length], owner);
  }
}

/** One row of the sheet as text, runs of one owner in one colour. */
export function printRow({ cols, text, owner }: Sheet, row: number, colour: boolean): string {
  let line = "";
  for (let col = 0; col < cols; ) {
    const start = row * cols + col;
    let end = start + 1;
    while (end < (row + 1) * cols && owner[end] === owner[start]) end++;
    const run = text.slice(start, end).join("");
    line += owner[start] < 0 ? run : paintCurve(run, owner[start], colour);
    col += end - start;
  }
  return line;
}
