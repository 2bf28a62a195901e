import type { OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import type { PlotTheme } from "./palette.ts";
import { type PlotDocument, plotDocument } from "./plotDocument.ts";

/** Options that every plot takes. */
export interface PlotOptions {
  /** The document that creates the elements. The default is `plotDocument()`: the page's or, outside a page, one that is enough for `toSvg`. */
  readonly document?: PlotDocument;
  /** The heading of the picture, and its name for screen readers. */
  readonly title?: string;
  /** Pixels, at least 240; default 640. The picture scales with its `viewBox`. */
  readonly width?: number;
  /** Pixels, at least 180; larger if the legend or the rows need it. */
  readonly height?: number;
  /** Default `auto`: light, or dark if the reader's system prefers it. */
  readonly theme?: PlotTheme;
}

export const plotOptionNames: OptionNames<PlotOptions> = { document: true, title: true, width: true, height: true, theme: true };

export interface CheckedOptions extends Required<Omit<PlotOptions, "height">> {
  readonly height: number | undefined;
}

/** Checks the options of a plot and fills in what is left out. */
export function checkPlotOptions(options: PlotOptions, caller: string, title: string): CheckedOptions {
  const { document = plotDocument() } = options;
  if (typeof document?.createElementNS !== "function") throw kindError(caller, "options.document", document, "a document of the DOM");
  const name = options.title ?? title;
  if (typeof name !== "string") throw kindError(caller, "options.title", name, "a string");
  return {
    document,
    title: name,
    width: checkCount(options.width ?? 640, caller, "options.width", 240),
    height: options.height === undefined ? undefined : checkCount(options.height, caller, "options.height", 180),
    theme: checkChoice(options.theme ?? "auto", caller, "options.theme", ["auto", "light", "dark"]),
  };
}
