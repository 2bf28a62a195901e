import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curvePlot, toSvg } from "../../src/plot.ts";
import { refuses } from "../properties/refuses.ts";
import { anyCurve, named, oneShot } from "../report/fixtures.ts";
import { document, keepsTheLaws, readXml, textsOf, titlesOf } from "./drawing.ts";
import { measured } from "./results.ts";

const knees = named.map(({ name, curve }, i) => ({ name, curve: measured(curve, [0.02, 0.05, 0.1][i], [0.01, 0.2]) }));

/** y of the path's corners that a group of the class draws, by x. */
function heights(element: Element, selector: string): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const path of Array.from(element.querySelectorAll(selector))) {
    for (const [, x, y] of (path.getAttribute("d") ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g))
      found.set(Number(x), [...(found.get(Number(x)) ?? []), Number(y)]);
  }
  return found;
}

describe("curvePlot", () => {
  it("keeps the laws of every picture, for one curve and several, points alone and knees", () => {
    for (const curves of [oneShot, named, knees]) keepsTheLaws(() => curvePlot(curves, { document }));
  });

  it("has a marker a point that tells its figures", () => {
    const titles = titlesOf(curvePlot(named, { document }));
    expect(titles).toHaveLength(21);
    expect(titles[0]).toBe("1 shot: 1 % (13 dimensions), 78.2 ± 1.2 %");
  });

  it("labels the axes with their units, shares at 1, 2 and 5 on a log scale, accuracy at round numbers", () => {
    const texts = textsOf(curvePlot(oneShot, { document }));
    for (const label of ["1", "2", "5", "10", "20", "50", "100"]) expect(texts.filter((text) => text === label)).toHaveLength(1);
    expect(texts).toEqual(expect.arrayContaining(["78", "80", "82", "84", "86", "88"]));
    expect(texts).toContain("% of 1280 dimensions kept, most important first, log scale");
    expect(texts).toContain("accuracy (%)");
  });

  it("draws a band that holds the curve, as wide as the interval", () => {
    const element = curvePlot(oneShot, { document });
    const band = heights(element, "g[fill-opacity='0.22'] path");
    const line = heights(element, "g.sp-series0-line[stroke-width='2'] path");
    expect(band.size).toBe(7);
    for (const [x, [y]] of [...line].filter(([x]) => band.has(x))) {
      const [low, high] = [Math.max(...band.get(x)!), Math.min(...band.get(x)!)];
      expect(y).toBeCloseTo((low + high) / 2, 1);
    }
    const pixels = (element: Element) =>
      [...heights(element, "g[fill-opacity='0.22'] path").values()].map((ys) => Math.max(...ys) - Math.min(...ys));
    // 2.4 points of the 14 from 76 to 90.
    const grid = Array.from(element.querySelectorAll("g.sp-grid-line line"), (line) => Number(line.getAttribute("y1")));
    const tall = Math.max(...grid) - Math.min(...grid);
    expect(new Set(pixels(element).map((height) => height.toFixed(0)))).toEqual(new Set([((2.4 / 14) * tall).toFixed(0)]));
  });

  it("rings each curve's knee and draws its interval below the curves", () => {
    const element = curvePlot(knees, { document });
    expect(element.querySelectorAll("g circle[r='8.5']")).toHaveLength(3);
    expect(curvePlot(named, { document }).querySelectorAll("g circle[r='8.5']")).toHaveLength(0);
    const texts = textsOf(element);
    expect(texts).toContain("knee: within 1 point of all");
    expect(element.querySelector("desc")?.textContent).toContain("; knee at 2 % (26); 600 episodes.");
    // Below the lowest grid line, each on a height of its own.
    const floor = Math.max(...Array.from(element.querySelectorAll("g.sp-grid-line line"), (line) => Number(line.getAttribute("y1"))));
    const dots = Array.from(element.querySelectorAll("g circle[r='3.5']"), (dot) => Number(dot.getAttribute("cy")));
    expect(new Set(dots).size).toBe(3);
    expect(Math.min(...dots)).toBeGreaterThan(floor);
  });

  it("says in the legend what each curve's dashed line is", () => {
    const texts = textsOf(curvePlot(named, { document }));
    expect(texts).toEqual(expect.arrayContaining(["1 shot (all: 80.6 %)", "20 shots (all: 96.8 %)", "all dimensions", "95 % interval"]));
    const description = curvePlot(named, { document }).querySelector("desc")?.textContent;
    expect(description).toContain("1 shot: 80.6 % with all dimensions, 87.4 % at best, with 10 % (128) of them; 600 episodes.");
  });

  it("keeps the legend above the data, whatever the number of curves", () => {
    for (const count of [1, 3, 9]) {
      for (const width of [375, 640]) {
        const curves = Array.from({ length: count }, (_, i) => ({ name: `a rather long name of curve ${i}`, curve: oneShot }));
        const element = curvePlot(curves, { document, width });
        const top = Math.min(...Array.from(element.querySelectorAll("g.sp-grid-line line"), (line) => Number(line.getAttribute("y1"))));
        const legend = Array.from(element.querySelectorAll("svg > text[text-anchor='start']"), (text) => Number(text.getAttribute("y")));
        expect(legend.length).toBeGreaterThan(count);
        expect(Math.max(...legend)).toBeLessThan(top - 8);
      }
    }
  });

  it("keeps every text of the caller's text: nothing in it becomes an element, an attribute or ill-formed", () => {
    const hostile = curvePlot([{ name: '<script>alert("1")</script>&', curve: oneShot }], { document, title: `"><image href='x'/>` });
    const svg = toSvg(hostile);
    expect(readXml(svg.trimEnd())).not.toContain("script");
    expect(readXml(svg.trimEnd())).not.toContain("image");
    expect(hostile.getAttribute("aria-label")).toBe(`"><image href='x'/>`);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (name, title) => {
        const text = toSvg(curvePlot([{ name, curve: oneShot }], { document, title: title + name }));
        readXml(text.trimEnd());
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 forbids
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(text).not.toMatch(/\p{Surrogate}/u);
      }),
      { numRuns: 40 },
    );
  });

  it("draws any curve, of a single point or of intervals that are not finite, inside the picture", () => {
    fc.assert(
      fc.property(anyCurve, (curve) => keepsTheLaws(() => curvePlot(curve, { document, width: 300, height: 240 }))),
      { numRuns: 40 },
    );
  });

  it("changes none of the curves", () => {
    const before = JSON.stringify(knees);
    curvePlot(knees, { document });
    expect(JSON.stringify(knees)).toBe(before);
  });

  it("refuses what it cannot draw, by name", () => {
    const draw =
      (curve: unknown, options: object = {}) =>
      () =>
        curvePlot(curve as typeof oneShot, { document, ...options });
    refuses(draw(null), TypeError, "curvePlot: curve is null, expected a softprobe/curve@1 document");
    refuses(draw({ ...oneShot, points: [] }), RangeError, "curvePlot: curve.points has no entries, expected at least 1");
    refuses(draw({ ...oneShot, schema: "x" }), RangeError, 'curvePlot: curve.schema is "x", expected "softprobe/curve@1"');
    refuses(draw(measured(oneShot, 2, [1, 1])), RangeError, "curvePlot: knee.fraction is 2, expected a share above 0 and at most 1");
    refuses(draw(oneShot, { title: 7 }), TypeError, "curvePlot: options.title is 7, expected a string");
    refuses(draw(oneShot, { width: 100 }), RangeError, "curvePlot: options.width is 100, expected a whole number of at least 240");
    refuses(draw(oneShot, { height: 2.5 }), RangeError, "curvePlot: options.height is 2.5, expected a whole number of at least 180");
    refuses(draw(oneShot, { theme: "blue" }), RangeError, 'curvePlot: options.theme is "blue", expected one of auto, light, dark');
    refuses(draw(oneShot, { document: "page" }), TypeError, 'curvePlot: options.document is "page", expected a document of the DOM');
    refuses(() => curvePlot(oneShot, null as never), TypeError, "curvePlot: options is null, expected an object");
  });
});
