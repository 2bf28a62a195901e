import { checkCount } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import { type Axes, curveAxes } from "./axes.ts";
import { allDimensions, type Curves, checkCurves, fullAccuracy, type NamedCurve } from "./checkResults.ts";
import { percent, plusMinus, share } from "./numbers.ts";
import { element, escapeXml, fitText, pixel, textWidth } from "./svg.ts";
import { drawLegend } from "./svgLegend.ts";
import { COLOURS, darkStyle, drawMarker, FONT, GRID, MUTED, PAPER, SIZE, shape, write } from "./svgTheme.ts";

/** What a picture is called and how large it is. */
export interface CurveSvgOptions {
  /** Stands above the picture, and is its name for a screen reader; default `Feature redundancy`. */
  readonly title?: string;
  /** Pixels, at least 240; default 720. The picture scales with its `viewBox`. */
  readonly width?: number;
  /** Pixels, at least 180; default 440; a long legend may add some. */
  readonly height?: number;
}

/** The rectangle in which curves are drawn, in pixels. */
interface Plot {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly axes: Axes;
}

/**
 * Draws redundancy curves as a standalone SVG: accuracy in percent against the share of dimensions kept on a log scale, each curve with the band of its 95 % interval,
 * a marker a point (hover for its figures) and a dashed line at the accuracy with all dimensions. Light or dark as the reader prefers; Okabe and Ito's colours, and
 * markers that differ by shape, for readers who see colours differently; title and description for a screen reader. No script, no font and no reference from outside.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @param options - title and size
 * @returns one `<svg>` element, with a newline at the end; every text in it is escaped
 * @throws TypeError when a curve is no document or the title no string; RangeError when its schema is another, it has no points, a fraction is outside (0, 1], or the picture is too small
 * @see Okabe and Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/
 * @example
 * ```ts
 * import { curveSvg, type RedundancyCurve } from "softprobe";
 *
 * const curve: RedundancyCurve = {
 *   schema: "softprobe/curve@1", config: { shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   points: [{ fraction: 0.02, dimensions: 26, accuracy: 0.849, ci95: [0.84, 0.858], difference: { mean: 0.043, ci95: [0.035, 0.051], p: 1e-9 } }],
 * };
 * console.log(/<title>.*<\/title>/.exec(curveSvg(curve, { title: "Cats & dogs" }))?.[0]); // → <title>Cats &amp; dogs</title>
 * ```
 */
export function curveSvg(curves: Curves, options: CurveSvgOptions = {}): string {
  const named = checkCurves(curves, "curveSvg");
  if (options === null || typeof options !== "object") throw kindError("curveSvg", "options", options, "an object");
  const { title = "Feature redundancy" } = options;
  if (typeof title !== "string") throw kindError("curveSvg", "options.title", title, "a string");
  const width = checkCount(options.width ?? 720, "curveSvg", "options.width", 240);
  const wanted = checkCount(options.height ?? 440, "curveSvg", "options.height", 180);

  const legend = drawLegend(named, width);
  const top = 44 + legend.height;
  const height = Math.max(wanted, top + 60 + 52);
  const bottom = height - 52;
  const axes = curveAxes(named, Math.max(2, Math.min(8, Math.floor((bottom - top) / 44))));
  const plot: Plot = { left: 62, top, right: width - 22, bottom, axes };
  const body = [
    element("title", {}, escapeXml(title)),
    element("desc", {}, escapeXml(description(named))),
    element("style", {}, darkStyle()),
    shape("rect", "paper", { width, height, fill: PAPER[0] }),
    write(fitText(title, 18, width - 32), 16, 27, { "font-size": 16, "font-weight": 600 }),
    ...legend.parts,
    ...drawAxes(plot, named),
    ...named.map((entry, i) => drawFull(plot, entry, i)),
    ...named.map((entry, i) => drawBand(plot, entry, i)),
    ...named.map((entry, i) => drawCurve(plot, entry, i)),
  ].filter(Boolean);
  const frame = { xmlns: "http://www.w3.org/2000/svg", class: "softprobe-curve", role: "img", "aria-label": title };
  const font = { "font-family": FONT, "font-size": SIZE };
  return `${element("svg", { ...frame, viewBox: `0 0 ${width} ${height}`, width, height, ...font }, `\n${body.join("\n")}\n`)}\n`;
}

const across = ({ left, right, axes }: Plot, fraction: number) => left + axes.x(fraction) * (right - left);
const up = ({ top, bottom, axes }: Plot, accuracy: number) => bottom - axes.y(accuracy) * (bottom - top);

function drawAxes(plot: Plot, curves: readonly NamedCurve[]): string[] {
  const { left, top, right, bottom, axes } = plot;
  const parts = axes.yTicks.flatMap(({ at, label }) => {
    const y = bottom - at * (bottom - top);
    return [
      shape("path", "grid", { d: `M${pixel(left)} ${pixel(y)}H${pixel(right)}`, stroke: GRID[0], fill: "none" }),
      write(label, left - 8, y + 4, { "text-anchor": "end" }, "muted"),
    ];
  });
  let end = Number.NEGATIVE_INFINITY;
  for (const { at, label } of axes.xTicks) {
    const x = left + at * (right - left);
    const half = textWidth(`${label} %`, SIZE) / 2;
    parts.push(shape("path", "axis", { d: `M${pixel(x)} ${pixel(bottom)}v5`, stroke: MUTED[0], fill: "none" }));
    if (x - half < end + 4) continue;
    parts.push(write(label, x, bottom + 19, { "text-anchor": "middle" }, "muted"));
    end = x + half;
  }
  const d = allDimensions(curves[0].curve);
  const total = d !== undefined && curves.every(({ curve }) => allDimensions(curve) === d) ? `${d} ` : "";
  const clauses = [`% of ${total}dimensions kept`, ", most important first", ", log scale"];
  while (clauses.length > 1 && textWidth(clauses.join(""), SIZE) > right - left) clauses.pop();
  const middle = (top + bottom) / 2;
  return [
    ...parts,
    shape("path", "axis", { d: `M${pixel(left)} ${pixel(bottom)}H${pixel(right)}`, stroke: MUTED[0], fill: "none" }),
    write(clauses.join(""), (left + right) / 2, bottom + 40, { "text-anchor": "middle" }),
    write("accuracy, %", 20, middle, { "text-anchor": "middle", transform: `rotate(-90 20 ${pixel(middle)})` }),
  ];
}

function drawFull(plot: Plot, { curve }: NamedCurve, i: number): string {
  const full = fullAccuracy(curve);
  if (!Number.isFinite(full)) return "";
  const [light] = COLOURS[i % COLOURS.length];
  const d = `M${pixel(plot.left)} ${pixel(up(plot, full))}H${pixel(plot.right)}`;
  return shape("path", `line${i % COLOURS.length}`, {
    d,
    stroke: light,
    fill: "none",
    "stroke-width": 1.25,
    "stroke-dasharray": "5 4",
    "stroke-opacity": 0.85,
  });
}

function drawBand(plot: Plot, { curve }: NamedCurve, i: number): string {
  const known = curve.points.filter(({ ci95 }) => Number.isFinite(ci95?.[0]) && Number.isFinite(ci95?.[1]));
  if (known.length < 2) return "";
  const corner = (fraction: number, accuracy: number) => `${pixel(across(plot, fraction))} ${pixel(up(plot, accuracy))}`;
  const above = known.map(({ fraction, ci95 }) => corner(fraction, ci95[1]));
  const below = known.map(({ fraction, ci95 }) => corner(fraction, ci95[0])).reverse();
  return shape("path", `area${i % COLOURS.length}`, {
    d: `M${[...above, ...below].join("L")}z`,
    fill: COLOURS[i % COLOURS.length][0],
    "fill-opacity": 0.22,
  });
}

function drawCurve(plot: Plot, { name, curve }: NamedCurve, i: number): string {
  const [light] = COLOURS[i % COLOURS.length];
  const corners = curve.points.map(({ fraction, accuracy }) => [across(plot, fraction), up(plot, accuracy)] as const);
  const d = `M${corners.map(([x, y]) => `${pixel(x)} ${pixel(y)}`).join("L")}`;
  const line = shape("path", `line${i % COLOURS.length}`, {
    d,
    stroke: light,
    fill: "none",
    "stroke-width": 2,
    "stroke-linejoin": "round",
  });
  const markers = curve.points.map((point, j) => {
    const text = `${name ? `${name}: ` : ""}${share(point.fraction)} % (${point.dimensions} dimensions), ${plusMinus(point.accuracy, point.ci95)} %`;
    return drawMarker(i, corners[j][0], corners[j][1], element("title", {}, escapeXml(text)));
  });
  return [line, ...markers].join("\n");
}

/** What the picture says, for those who can't see it. */
function description(curves: readonly NamedCurve[]): string {
  const said = curves.map(({ name, curve }) => {
    const best = curve.points.reduce((most, point) => (point.accuracy > most.accuracy ? point : most));
    const full = fullAccuracy(curve);
    const all = Number.isFinite(full) ? `${percent(full)} % with all dimensions, ` : "";
    const top = `${percent(best.accuracy)} % at best, with ${share(best.fraction)} % (${best.dimensions}) of them`;
    return `${name ? `${name}: ` : ""}${all}${top}; ${curve.episodes} ${curve.episodes === 1 ? "episode" : "episodes"}.`;
  });
  return `Few-shot accuracy against the share of dimensions kept, from ${share(curves[0].curve.points[0].fraction)} %. ${said.join(" ")}`;
}
