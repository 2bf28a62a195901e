// The playground's pictures: softprobe/plot's, with what a strict policy and axe refuse taken out.
import type { Evaluation, MeasuredCurve } from "../../../src/index.ts";
import * as plot from "../../../src/plot.ts";
import type { ImportanceProfile } from "./messages.ts";

export { toSvg } from "../../../src/plot.ts";

export interface PictureOptions {
  readonly theme: "light" | "dark";
  /** Pixels. */
  readonly width: number;
}

/** Without sheets of styles, and with one name for the whole: groups have no role that takes one. */
function finish(picture: SVGSVGElement): SVGSVGElement {
  for (const style of Array.from(picture.querySelectorAll("style"))) style.remove();
  for (const group of Array.from(picture.querySelectorAll("[aria-label]"))) group.removeAttribute("aria-label");
  return picture;
}

const wide = ({ theme, width }: PictureOptions) => ({ theme, width: Math.max(240, Math.round(width)) });

/** Accuracy against the share of dimensions kept. */
export function curvePlot(curve: MeasuredCurve, options: PictureOptions): SVGSVGElement {
  return finish(plot.curvePlot(curve, wide(options)));
}

/** Importances over dimensions in the order of the first. */
export function profilePlot(profiles: readonly ImportanceProfile[], options: PictureOptions): SVGSVGElement {
  return finish(plot.profilePlot(profiles, { ...wide(options), order: "first" }));
}

/** Paired differences to the first mask; null where there is no second. */
export function forestPlot(evaluation: Evaluation, options: PictureOptions): SVGSVGElement | null {
  return evaluation.results.some(({ difference }) => difference) ? finish(plot.forestPlot(evaluation, wide(options))) : null;
}
