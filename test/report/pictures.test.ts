import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveAxes } from "../../src/report/axes.ts";
import { curveText } from "../../src/report/curveText.ts";
import { displayWidth } from "../../src/report/terminal.ts";
import { anyCurve, curveOf, named, oneShot } from "./fixtures.ts";

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
