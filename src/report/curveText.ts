import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { curveAxes, type Tick } from "./axes.ts";
import { allDimensions, type Curves, checkCurves, fullAccuracy, type NamedCurve } from "./checkResults.ts";
import { percent } from "./numbers.ts";
import { dotColumn, dotRow, drawBand, drawFull, drawLine, drawMarkers, MARKERS, makeSheet, printRow, type Sheet } from "./sheet.ts";
import { displayWidth, paint, paintCurve, printable } from "./terminal.ts";

/** How large a picture for the terminal is. */
export interface CurveTextOptions {
  /** Columns of the whole picture, at least 30; default 72. */
  readonly width?: number;
  /** Rows of the whole picture, at least 10; default 20. A long legend may add rows. */
  readonly height?: number;
  /** Use the terminal's colours; default false. Whether to (a terminal? NO_COLOR?) is the caller's to decide. Curves also differ by glyph. */
  readonly colour?: boolean;
}

const curveTextOptionNames: OptionNames<CurveTextOptions> = { width: true, height: true, colour: true };

/**
 * Draws redundancy curves for the terminal in Unicode: accuracy against the share of dimensions kept on a log scale, a line of braille
 * dots with a glyph at each point, the 95 % interval as shading where it is wider than the line, and the accuracy with all dimensions as
 * a dashed line. Needs a UTF-8 terminal; every curve has its own glyph.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @param options - size and colour
 * @returns lines joined by newlines, without one at the end, none wider than `width` unless a curve's name is
 * @throws TypeError when a curve is not a result of `redundancyCurve`; RangeError when its schema is unknown, it has no points, a fraction is outside (0, 1], or the picture is too small
 * @example
 * ```ts
 * import { type RedundancyCurve } from "softprobe";
 * import { curveText } from "softprobe/report";
 *
 * const difference = { mean: 0, ci95: [0, 0], p: 1 } as const;
 * const curve: RedundancyCurve = {
 *   schema: "softprobe/curve@1", config: { ways: 5, shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   points: [
 *     { fraction: 0.02, dimensions: 26, accuracy: 0.849, ci95: [0.84, 0.858], difference: { mean: 0.043, ci95: [0.035, 0.051], p: 1e-9 } },
 *     { fraction: 1, dimensions: 1280, accuracy: 0.806, ci95: [0.797, 0.815], difference },
 *   ],
 * };
 * console.log(curveText(curve, { width: 60, height: 12 }).split("\n").at(-1)); // → ● 5-way 1-shot  ╌ all dimensions 80.6 %  ░ 95 % interval
 * ```
 */
export function curveText(curves: Curves, options: CurveTextOptions = {}): string {
  checkOptions(options, "curveText", curveTextOptionNames);
  const named = checkCurves(curves, "curveText");
  const { colour = false } = options;
  const width = checkCount(options.width ?? 72, "curveText", "options.width", 30);
  const height = checkCount(options.height ?? 20, "curveText", "options.height", 10);

  const legend = legendLines(named, width, colour);
  const rows = Math.max(5, height - legend.length - 4);
  const axes = curveAxes(named, Math.max(2, Math.floor(rows / 3)));
  const margin = Math.max(...axes.yTicks.map((tick) => tick.label.length));
  const cols = width - margin - 2;
  const sheet = makeSheet(cols, rows);
  named.forEach((entry, i) => void drawFull(sheet, axes, entry, i));
  named.forEach((entry, i) => void drawBand(sheet, axes, entry, i));
  named.forEach((entry, i) => void drawLine(sheet, axes, entry, i));
  named.forEach((entry, i) => void drawMarkers(sheet, axes, entry, i));

  const faint = (text: string) => paint(text, "faint", colour);
  const labels = new Map(axes.yTicks.map((tick) => [dotRow(sheet, tick.at) >> 2, tick.label]));
  const lines = ["accuracy %"];
  for (let row = 0; row < rows; row++) {
    const label = labels.get(row);
    lines.push(`${(label ?? "").padStart(margin)} ${faint(label === undefined ? "│" : "┤")}${printRow(sheet, row, colour)}`.trimEnd());
  }
  const [axis, ticks] = xAxis(sheet, axes.xTicks);
  const d = allDimensions(named[0].curve);
  const total = d !== undefined && named.every(({ curve }) => allDimensions(curve) === d) ? `${d} ` : "";
  const clauses = [`% of ${total}dimensions kept`, ", most important first", ", log scale"];
  while (clauses.length > 1 && clauses.join("").length > width) clauses.pop();
  const caption = clauses.join("");
  lines.push(`${" ".repeat(margin + 1)}${faint(`└${axis}`)}`, `${" ".repeat(margin + 2)}${ticks}`.trimEnd());
  lines.push(`${" ".repeat(Math.max(0, Math.min(margin + 2, width - caption.length)))}${caption}`, ...legend);
  return lines.join("\n");
}

/** The axis with its ticks, and the labels below: both ends first, then what fits between. */
function xAxis(sheet: Sheet, ticks: readonly Tick[]): [string, string] {
  const axis: string[] = Array(sheet.cols).fill("─");
  const labels: string[] = Array(sheet.cols).fill(" ");
  const order = [ticks[ticks.length - 1], ticks[0], ...ticks.slice(1, -1)];
  for (const { at, label } of order) {
    const col = dotColumn(sheet, at) >> 1;
    const start = Math.max(0, Math.min(sheet.cols - label.length, col - (label.length >> 1)));
    if (labels.slice(Math.max(0, start - 1), start + label.length + 1).some((character) => character !== " ")) continue;
    axis[col] = "┬";
    for (let i = 0; i < label.length; i++) labels[start + i] = label[i];
  }
  return [axis.join(""), labels.join("")];
}

function legendLines(curves: readonly NamedCurve[], width: number, colour: boolean): string[] {
  const entries = curves.flatMap(({ name, curve }, i) => {
    const full = fullAccuracy(curve);
    const title = `${MARKERS[i % MARKERS.length]}${name ? ` ${printable(name)}` : " accuracy"}`;
    const all = Number.isFinite(full) ? `╌ all dimensions ${percent(full)} %` : "";
    if (curves.length === 1) return [title, all].filter(Boolean).map((text) => ({ text, i }));
    return [{ text: all ? `${title} (${all.replace("dimensions ", "")})` : title, i }];
  });
  const lines: string[] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const { text, i } of [...entries, { text: "░ 95 % interval", i: -1 }]) {
    const painted = i < 0 ? paint(text, "faint", colour) : paintCurve(text, i, colour);
    if (used + 2 + displayWidth(text) > width) {
      lines.push(painted);
      used = displayWidth(text);
    } else {
      lines[lines.length - 1] += `  ${painted}`;
      used += 2 + displayWidth(text);
    }
  }
  return lines;
}
