import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RedundancyCurve } from "../../src/evaluate/results.ts";
import { curveAxes } from "../../src/report/axes.ts";
import { curveSvg } from "../../src/report/curveSvg.ts";
import { curveText } from "../../src/report/curveText.ts";
import { displayWidth } from "../../src/report/terminal.ts";
import { curveOf, named, oneShot } from "./fixtures.ts";

/** Names of elements as they open; fails on anything that is not well-formed. */
function readXml(text: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [A-Za-z-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)(\/?)>|([^<&]+)|&(?:amp|lt|gt|quot|#39);/y;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`not well-formed: ${text.slice(at, at + 60)}`);
    const [, closes, name, , empty] = found;
    if (!name) continue;
    if (closes) expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return names;
}

/** Curves of one to six points anywhere, intervals sometimes not finite. */
const anyCurve = fc
  .array(
    fc.record({
      fraction: fc.double({ min: 1e-6, max: 1, noNaN: true }),
      accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
      half: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((points): RedundancyCurve => {
    const difference = { mean: 0, ci95: [0, 0], p: 1 } as const;
    return {
      ...oneShot,
      points: points.map(({ fraction, accuracy, half }) => ({
        fraction,
        dimensions: 3,
        accuracy,
        ci95: [accuracy - half, accuracy + half],
        difference,
      })),
    };
  });

describe("curveAxes", () => {
  it("ends on nice accuracies that hold all points, their intervals and the full accuracy", () => {
    const { y, yTicks } = curveAxes([{ name: "", curve: oneShot }], 5);
    expect(yTicks.map((tick) => tick.label)).toEqual(["75", "80", "85", "90"]);
    expect(y(0.75)).toBeCloseTo(0, 12);
    expect(y(0.9)).toBeCloseTo(1, 12);
  });

  it("has a log scale of shares, labelled at 1, 2 and 5", () => {
    const { x, xTicks } = curveAxes(named, 5);
    expect(xTicks.map((tick) => tick.label)).toEqual(["1", "2", "5", "10", "20", "50", "100"]);
    expect(x(0.1)).toBeCloseTo(0.5, 12);
  });

  it("puts every point of any curve within 0 … 1, on rising ticks", () => {
    fc.assert(
      fc.property(anyCurve, fc.integer({ min: 2, max: 8 }), (curve, ticks) => {
        const points = [...curve.points].sort((a, b) => a.fraction - b.fraction);
        const { x, y, xTicks, yTicks } = curveAxes([{ name: "", curve: { ...curve, points } }], ticks);
        for (const place of [
          ...points.flatMap((point) => [x(point.fraction), y(point.accuracy)]),
          ...[...xTicks, ...yTicks].map((tick) => tick.at),
        ]) {
          expect(place).toBeGreaterThanOrEqual(-1e-9);
          expect(place).toBeLessThanOrEqual(1 + 1e-9);
        }
        for (const list of [xTicks, yTicks]) {
          expect(list.length).toBeGreaterThanOrEqual(2);
          for (let i = 1; i < list.length; i++) expect(list[i].at).toBeGreaterThan(list[i - 1].at);
        }
        expect(new Set(yTicks.map((tick) => tick.label)).size).toBe(yTicks.length);
      }),
    );
  });
});

describe("curveText", () => {
  it("draws points, line, band and full accuracy between labelled axes", () => {
    const curve = curveOf(1, [0.782, 0.849, 0.869, 0.874, 0.861, 0.836, 0.806], 0.03);
    expect(curveText(curve, { width: 64, height: 16 }).split("\n")).toEqual([
      "accuracy %",
      "100 ┤",
      "    │",
      "    │",
      " 90 ┤",
      "    │         ░░░░░░░░░⣀⣀●⣀⣀⣀⠤⠤⠤⠤⠤●⠤⠤⣀⣀⣀⣀⡀░░░░░░░░",
      "    │     ░░⢀⡠●⠒⠒⠒⠒⠉⠉⠉⠉░░░░░░░░░░░░░░░░░░⠈⠉●⠉⠒⠒⠒⠢⠤⠤⢄⣀⣀⡀░░░░░",
      "    │ ░░░⡠⠔⠊⠁░░░░                              ░░░░░░░●⠉⠉⠒⠒⠤⠤⣀⣀░",
      " 80 ┤●⠤⠒⠉░░╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌░░░░░●",
      "    │░░░",
      "    │",
      " 70 ┤",
      "    └┬────────┬──────────┬────────┬────────┬──────────┬────────┬",
      "     1        2          5       10       20         50      100",
      "     % of 1280 dimensions kept, most important first, log scale",
      "● 5-way 1-shot  ╌ all dimensions 80.6 %  ░ 95 % interval",
    ]);
  });

  it("has as many rows as asked for, and none wider", () => {
    for (const [width, height] of [
      [44, 12],
      [72, 20],
      [100, 40],
    ]) {
      const lines = curveText(oneShot, { width, height }).split("\n");
      expect(lines).toHaveLength(height);
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
    }
  });

  it("tells several curves apart by glyph without colour", () => {
    const text = curveText(named);
    for (const glyph of ["●", "▲", "■"]) expect(text.split(glyph).length - 1).toBeGreaterThanOrEqual(6);
    expect(text).toContain("■ 20 shots (╌ all 96.8 %)");
    expect(text).not.toContain("\u001b");
  });

  it("prints the same text with colour as without", () => {
    const colour = curveText(named, { colour: true });
    expect(colour).toContain("\u001b[38;5;32m");
    const bare = (text: string) =>
      text
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n");
    expect(bare(stripVTControlCharacters(colour))).toBe(bare(curveText(named)));
  });

  it("puts a higher accuracy on a higher row", () => {
    const lines = curveText(curveOf(1, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]), { height: 30 }).split("\n");
    const columns = lines
      .map((line) => line.indexOf("●"))
      .filter((column) => column >= 0)
      .slice(0, 7);
    expect(columns).toHaveLength(7);
    expect(columns).toEqual([...columns].sort((a, b) => b - a));
  });

  it("draws any curve, of a single point or of intervals that are not finite", () => {
    fc.assert(
      fc.property(anyCurve, (curve) => {
        const lines = curveText(curve, { width: 40, height: 12 }).split("\n");
        expect(lines.length).toBeGreaterThanOrEqual(12);
        expect(lines.join("")).toContain("●");
        expect(lines.join("")).not.toMatch(/NaN|undefined|null/);
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(40);
      }),
    );
  });

  it("refuses a picture too small to read", () => {
    expect(() => curveText(oneShot, { width: 10 })).toThrow("curveText: options.width is 10, expected a whole number of at least 30");
    expect(() => curveText(oneShot, { height: 2.5 })).toThrow("curveText: options.height is 2.5, expected a whole number of at least 10");
  });
});

describe("curveSvg", () => {
  it("is one well-formed standalone element with title, description, axes, legend, bands and a marker a point", () => {
    const svg = curveSvg(named, { title: "Dimensions" });
    const names = readXml(svg.trimEnd());
    expect(names.slice(0, 4)).toEqual(["svg", "title", "desc", "style"]);
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(svg).toContain('role="img" aria-label="Dimensions"');
    expect(svg).toContain("1 shot: 80.6 % with all dimensions, 87.4 % at best, with 10 % (128) of them; 600 episodes.");
    expect(svg).toContain(">accuracy, %</text>");
    expect(svg).toContain(">% of 1280 dimensions kept, most important first, log scale</text>");
    expect(svg.match(/fill-opacity="0.22"/g)).toHaveLength(3);
    expect(svg.match(/<title>[^<]* dimensions\), [^<]*<\/title>/g)).toHaveLength(21);
    expect(svg).toContain("20 shots (dashed: all dimensions, 96.8 %)");
  });

  it("turns dark where the reader prefers it, every class of the picture but none of the page around it", () => {
    const svg = curveSvg(named);
    const style = /<style>@media \(prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg)?.[1] ?? "";
    const dark = new Set(style.match(/(?<=\.softprobe-curve \.)\w+/g));
    const used = new Set(
      [...svg.matchAll(/class="([^"]*)"/g)].flatMap(([, list]) => list.split(" ")).filter((name) => name !== "softprobe-curve"),
    );
    expect([...used].filter((name) => !dark.has(name))).toEqual([]);
    expect(
      style
        .split("}")
        .filter(Boolean)
        .every((rule) => rule.startsWith(".softprobe-curve .")),
    ).toBe(true);
  });

  it("keeps every text of the caller's text: nothing in it becomes an element, an attribute or ill-formed", () => {
    const svg = curveSvg([{ name: '<script>alert("1")</script>&', curve: oneShot }], { title: `"><image href='x'/>` });
    expect(readXml(svg.trimEnd())).not.toContain("script");
    expect(readXml(svg.trimEnd())).not.toContain("image");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (name, title) => {
        const text = curveSvg([{ name, curve: oneShot }], { title: title + name });
        readXml(text.trimEnd());
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 forbids
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(text).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });

  it("refers to nothing outside itself", () => {
    expect(curveSvg(named).replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|href|url\(|@import|<script/);
  });

  it("draws any curve with finite coordinates inside the picture", () => {
    fc.assert(
      fc.property(anyCurve, (curve) => {
        const svg = curveSvg(curve, { width: 300, height: 240 });
        readXml(svg.trimEnd());
        expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
        for (const [, x, y] of svg.matchAll(/translate\(([-\d.e]+) ([-\d.e]+)\)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(300);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(240);
        }
      }),
    );
  });

  it("is the same for the same curves, and changes none of them", () => {
    const before = JSON.stringify(named);
    expect(curveSvg(named)).toBe(curveSvg(named));
    expect(JSON.stringify(named)).toBe(before);
  });

  it("refuses a title that is no text and a picture too small to read", () => {
    expect(() => curveSvg(oneShot, { title: 7 as unknown as string })).toThrow(
      TypeError("curveSvg: options.title is 7, expected a string"),
    );
    expect(() => curveSvg(oneShot, { width: 100 })).toThrow("curveSvg: options.width is 100, expected a whole number of at least 240");
  });
});
