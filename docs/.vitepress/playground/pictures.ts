// The playground's pictures, in one place: by Observable Plot, the same calls as softprobe/plot's.
import * as Plot from "@observablehq/plot";
import type { Evaluation, MeasuredCurve } from "../../../src/index.ts";
import type { ImportanceProfile } from "./messages.ts";

export interface PictureOptions {
  readonly theme: "light" | "dark";
  /** Pixels. */
  readonly width: number;
}

const tones = {
  light: { ink: "#1b1f24", paper: "#ffffff", grid: "#dfe3e8", series: ["#0072B2", "#D55E00"] },
  dark: { ink: "#e6e8eb", paper: "#1b1b1f", grid: "#343a42", series: ["#56B4E9", "#E69F00"] },
};

/** A picture without Plot's own sheet of styles, which a strict policy refuses, and with a name for screen readers. */
function finish(plot: Element, title: string, { theme }: PictureOptions): SVGSVGElement {
  const svg = plot as SVGSVGElement;
  for (const style of Array.from(svg.querySelectorAll("style"))) style.remove();
  // Plot names its groups, which have no role for a name; the picture has one as a whole.
  for (const group of Array.from(svg.querySelectorAll("[aria-label]"))) group.removeAttribute("aria-label");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", title);
  svg.setAttribute("font-family", "system-ui, sans-serif");
  svg.setAttribute("font-size", "13");
  svg.setAttribute("fill", tones[theme].ink);
  svg.setAttribute("color", tones[theme].ink);
  return svg;
}

const frame = ({ width }: PictureOptions) => ({
  width,
  height: Math.round(Math.min(360, 120 + width / 2)),
  marginLeft: 48,
  marginBottom: 44,
  marginTop: 28,
});

/** Accuracy against the share of dimensions kept. */
export function curvePlot(curve: MeasuredCurve, options: PictureOptions): SVGSVGElement {
  const { series, grid } = tones[options.theme];
  const points = curve.points.map(({ fraction, accuracy, ci95 }) => ({
    share: 100 * fraction,
    accuracy: 100 * accuracy,
    low: 100 * ci95[0],
    high: 100 * ci95[1],
  }));
  const all = points.at(-1)?.accuracy ?? 0;
  const plot = Plot.plot({
    ...frame(options),
    x: { type: "log", label: "% of dimensions kept, most important first →", ticks: points.map(({ share }) => share), tickFormat: String },
    y: { label: "↑ accuracy (%)", grid: false, nice: true },
    marks: [
      Plot.gridY({ stroke: grid, strokeOpacity: 1 }),
      Plot.areaY(points, { x: "share", y1: "low", y2: "high", fill: series[0], fillOpacity: 0.2 }),
      Plot.ruleY([all], { stroke: series[0], strokeDasharray: "5 4" }),
      Plot.lineY(points, { x: "share", y: "accuracy", stroke: series[0], strokeWidth: 2 }),
      Plot.dot(points, { x: "share", y: "accuracy", fill: series[0], r: 4 }),
    ],
  });
  return finish(plot, `Accuracy by the share of dimensions kept, over ${curve.episodes} episodes; ${all.toFixed(1)} % with all`, options);
}

/** Importances over dimensions in the order of the first, each relative to its mean. */
export function profilePlot(profiles: readonly ImportanceProfile[], options: PictureOptions): SVGSVGElement {
  const { series, grid } = tones[options.theme];
  const order = Array.from(profiles[0].values.keys()).sort((a, b) => profiles[0].values[b] - profiles[0].values[a]);
  const rows = profiles.flatMap(({ name, values }, i) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return order.map((dimension, rank) => ({ i, name, share: (100 * (rank + 1)) / order.length, value: values[dimension] / mean }));
  });
  const plot = Plot.plot({
    ...frame(options),
    x: { type: "log", label: "% of dimensions, in the order of the oracle →", tickFormat: String },
    y: { label: "↑ importance (multiples of its mean)", grid: false, zero: true },
    color: { domain: profiles.map(({ name }) => name), range: series },
    marks: [
      Plot.gridY({ stroke: grid, strokeOpacity: 1 }),
      Plot.dot(
        rows.filter(({ i }) => i === 1),
        { x: "share", y: "value", fill: series[1], r: 1.8 },
      ),
      Plot.lineY(
        rows.filter(({ i }) => i === 0),
        { x: "share", y: "value", stroke: series[0], strokeWidth: 2 },
      ),
    ],
  });
  return finish(plot, `Importance of each dimension in the first episode: ${profiles.map(({ name }) => name).join("; ")}`, options);
}

/** Paired differences to the first mask. */
export function forestPlot(evaluation: Evaluation, options: PictureOptions): SVGSVGElement | null {
  const { series, grid, ink, paper } = tones[options.theme];
  const several = new Set(evaluation.results.map(({ probe }) => probe)).size > 1;
  const rows = evaluation.results.flatMap(({ mask, probe, difference }) =>
    difference
      ? [
          {
            name: several ? `${mask}, ${probe}` : mask,
            mean: 100 * difference.mean,
            low: 100 * difference.ci95[0],
            high: 100 * difference.ci95[1],
          },
        ]
      : [],
  );
  if (rows.length === 0) return null;
  const plot = Plot.plot({
    ...{ width: options.width, height: 70 + 44 * rows.length, marginLeft: 12, marginBottom: 44, marginTop: 20 },
    x: { label: "difference to the first mask (points) →", nice: true },
    y: { axis: null, domain: rows.map(({ name }) => name), padding: 0.6 },
    marks: [
      Plot.gridX({ stroke: grid, strokeOpacity: 1 }),
      Plot.ruleX([0], { stroke: ink }),
      Plot.ruleY(rows, { y: "name", x1: "low", x2: "high", stroke: series[0], strokeWidth: 2 }),
      Plot.dot(rows, { x: "mean", y: "name", fill: series[0], r: 4 }),
      Plot.text(rows, { y: "name", text: "name", frameAnchor: "left", dy: -14, fill: ink, stroke: paper, strokeWidth: 5, fontSize: 12 }),
    ],
  });
  return finish(
    plot,
    `Paired differences to the first mask: ${rows.map(({ name, mean }) => `${name} ${mean.toFixed(1)} points`).join("; ")}`,
    options,
  );
}

/** A picture as a file. */
export function toSvg(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}
