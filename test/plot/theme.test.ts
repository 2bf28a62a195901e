import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { linearTicks } from "../../src/plot/linearTicks.ts";
import { CELL_OPACITY, darkStyle, SERIES, TONES } from "../../src/plot/palette.ts";
import { confusionPlot, curvePlot, forestPlot, gridPlot, profilePlot, reliabilityPlot, theoryPlot, toSvg } from "../../src/plot.ts";
import { confusionMatrix } from "../../src/statistics/confusionMatrix.ts";
import { reliabilityBins } from "../../src/statistics/reliabilityBins.ts";
import { refuses } from "../properties/refuses.ts";
import { evaluation, named } from "../report/fixtures.ts";
import { document, readXml } from "./drawing.ts";
import { grid, measured, theory, tuned } from "./results.ts";

const knees = named.map(({ name, curve }) => ({ name, curve: measured(curve, 0.05, [0.01, 0.2]) }));
/** Every plot, with its options. */
const plots: Readonly<Record<string, (options: Parameters<typeof curvePlot>[1]) => SVGSVGElement>> = {
  curvePlot: (options) => curvePlot(knees, options),
  theoryPlot: (options) => theoryPlot(theory, options),
  "forestPlot of eval": (options) => forestPlot(evaluation, options),
  "forestPlot of tune": (options) => forestPlot(tuned, options),
  gridPlot: (options) => gridPlot(grid, options),
  profilePlot: (options) =>
    profilePlot(
      [
        { name: "a", values: [1, 2] },
        { name: "b", values: [2, 1] },
      ],
      { ...options, order: "first" },
    ),
  reliabilityPlot: (options) => reliabilityPlot(reliabilityBins([0.7, 0.6], [1, 0], 3), options),
  confusionPlot: (options) => confusionPlot(confusionMatrix([1, 2], [1, 1]), options),
};

/** A colour's channels, 0 … 1. */
const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
/** Contrast of two colours by WCAG 2, 1 … 21. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const light = (rgb: readonly number[]): number => {
    const [r, g, blue] = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe("every plot", () => {
  it.each(Object.keys(plots))("%s turns dark by classes that its style sheet knows, and touches nothing of the page around it", (name) => {
    const svg = toSvg(plots[name]({ document }));
    const style = /<style>(.*)<\/style>/.exec(svg)?.[1] ?? "";
    expect(style).toBe(darkStyle());
    const known = new Set(style.match(/(?<=\.sp-auto \.)[\w-]+/g));
    const used = [...svg.matchAll(/ class="([^"]*)"/g)].slice(1).flatMap(([, list]) => list.split(" "));
    expect(used.filter((each) => !known.has(each))).toEqual([]);
    expect(style.match(/[^{}]*(?=\{)/g)?.filter((rule) => rule && !/^\.sp-auto( |$)|^@media/.test(rule))).toEqual([]);
  });

  it.each(Object.keys(plots))("%s leaves no colour to chance: what draws has one of the theme's", (name) => {
    const colours = (side: 0 | 1) =>
      new Set<string>([...SERIES.map((pair) => pair[side]), ...Object.values(TONES).map((pair) => pair[side]), "none"]);
    for (const [theme, side] of [
      ["light", 0],
      ["dark", 1],
    ] as const) {
      const svg = toSvg(plots[name]({ document, theme }));
      expect(svg).not.toContain("<style");
      const inherited = svg.replace(' fill="currentColor"', "");
      const used = [...inherited.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour);
      expect(used.filter((colour) => !colours(side).has(colour))).toEqual([]);
    }
  });

  it.each(Object.keys(plots))("%s draws the same bytes in another document", (name) => {
    const other = parseHTML("<!doctype html><html><body><p>A page</p></body></html>").document;
    const before = other.documentElement.outerHTML;
    expect(toSvg(plots[name]({ document: other }))).toBe(toSvg(plots[name]({ document })));
    expect(other.documentElement.outerHTML).toBe(before);
  });

  it.each(Object.keys(plots))("%s draws the same bytes where there is no page and no document is given", (name) => {
    expect(toSvg(plots[name]({}))).toBe(toSvg(plots[name]({ document })));
  });

  it.each(Object.keys(plots))("%s takes the page's document where there is one", (name) => {
    const page = parseHTML("<!doctype html><html><body></body></html>").document;
    (globalThis as { document?: Document }).document = page;
    try {
      const element = plots[name]({});
      page.body.append(element);
      expect(page.querySelector("svg.softprobe-plot")).toBe(element);
    } finally {
      delete (globalThis as { document?: Document }).document;
    }
  });

  it.each(Object.keys(plots))("%s names itself by its title, in a width of its caller's", (name) => {
    const element = plots[name]({ document, title: `Cats & "dogs"`, width: 375 });
    expect(element.getAttribute("width")).toBe("375");
    expect(element.getAttribute("aria-label")).toBe(`Cats & "dogs"`);
    expect(toSvg(element)).toContain("<title>Cats &amp; &quot;dogs&quot;</title>");
  });
});

describe("the palette", () => {
  it("keeps text at a contrast of 4.5 on its ground and on the fullest cell, in both themes", () => {
    for (const side of [0, 1] as const) {
      const [ink, muted, paper, cell] = [TONES.ink, TONES.muted, TONES.paper, TONES.cell].map((pair) => channels(pair[side]));
      expect(contrast(ink, paper)).toBeGreaterThan(4.5);
      expect(contrast(muted, paper)).toBeGreaterThan(4.5);
      const full = cell.map((value, i) => CELL_OPACITY * value + (1 - CELL_OPACITY) * paper[i]);
      expect(contrast(ink, full)).toBeGreaterThan(4.5);
    }
  });

  it("keeps the first two series, which alone carry a meaning, at a contrast of 3 on their ground", () => {
    for (const side of [0, 1] as const)
      for (const pair of SERIES.slice(0, 2)) expect(contrast(channels(pair[side]), channels(TONES.paper[side]))).toBeGreaterThan(3);
  });
});

describe("linearTicks", () => {
  it("holds both ends between round values, labelled with the digits that the step needs", () => {
    expect(linearTicks(-3.2, 4.1, 5).map(({ label }) => label)).toEqual(["-4", "-2", "0", "2", "4", "6"]);
    expect(linearTicks(0, 0.25, 5).map(({ label }) => label)).toEqual(["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]);
    expect(linearTicks(3, 3, 5).length).toBeGreaterThanOrEqual(2);
  });
});

describe("toSvg", () => {
  it("refuses what no plot returned", () => {
    refuses(() => toSvg(undefined as never), TypeError, "toSvg: element is undefined, expected the svg element that a plot returned");
    refuses(
      () => toSvg(document.createElement("p") as never),
      TypeError,
      /^toSvg: element is .*, expected the svg element that a plot returned$/,
    );
  });

  it("keeps attributes and text of any kind well-formed", () => {
    const element = plots.curvePlot({ document });
    element.setAttribute("data-note", "\u0000<&>\"'");
    expect(readXml(toSvg(element).trimEnd())[0]).toBe("svg");
  });
});
