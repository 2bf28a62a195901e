// The playground's pictures: softprobe/plot's, without the style sheet of the theme `auto`, which a strict policy refuses.
import type { Evaluation, MeasuredCurve } from "../../../src/index.ts";
import * as plot from "../../../src/plot.ts";
import type { ImportanceProfile } from "./messages.ts";

export { toSvg } from "../../../src/plot.ts";

export interface PictureOptions {
  readonly theme: "light" | "dark";
  /** Pixels. */
  readonly width: number;
}

const wide = ({ theme, width }: PictureOptions) => ({ theme, width: Math.max(240, Math.round(width)) });

/** Accuracy against the share of dimensions kept. */
export function curvePlot(curve: MeasuredCurve, options: PictureOptions): SVGSVGElement {
  return plot.curvePlot(curve, wide(options));
}

/** Importances over dimensions in the order of the first. */
export function profilePlot(profiles: readonly ImportanceProfile[], options: PictureOptions): SVGSVGElement {
  return plot.profilePlot(profiles, { ...wide(options), order: "first" });
}

/** Paired differences to the first mask; null where there is no second. */
export function forestPlot(evaluation: Evaluation, options: PictureOptions): SVGSVGElement | null {
  return evaluation.results.some(({ difference }) => difference) ? plot.forestPlot(evaluation, wide(options)) : null;
}
