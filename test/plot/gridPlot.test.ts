import { describe, expect, it } from "vitest";
import { gridPlot } from "../../src/plot.ts";
import { refuses } from "../properties/refuses.ts";
import { document, keepsTheLaws, textsOf, titlesOf } from "./drawing.ts";
import { grid } from "./results.ts";

describe("gridPlot", () => {
  it("keeps the laws of every picture", () => keepsTheLaws(() => gridPlot(grid, { document })));

  it("has a marker a cell and a line for each number of ways, on axes of shots and of shares", () => {
    const element = gridPlot(grid, { document });
    expect(titlesOf(element)).toHaveLength(5);
    expect(titlesOf(element)[1]).toBe("2-way 5-shot: knee at 2 % (26 dimensions), 95 % interval 1–4 %");
    expect(textsOf(element)).toEqual(
      expect.arrayContaining(["2 ways", "10 ways", "1", "5", "0.5", "20", "shots (support rows a class)", "dimensions needed (%)"]),
    );
  });

  it("names the cells that the data could not give", () => {
    expect(gridPlot(grid, { document }).querySelector("desc")?.textContent).toContain("Left out, for too few data: 10-way 20-shot.");
  });

  it("puts more shots further right, and lines of different ways a little apart", () => {
    const element = gridPlot(grid, { document });
    const [two, ten] = [0, 1].map((series) =>
      Array.from(element.querySelectorAll(`g.sp-series${series}.sp-paper-line path`), (path) =>
        Number(/translate\(([\d.]+)/.exec(path.getAttribute("transform") ?? "")?.[1]),
      ),
    );
    expect(two[1] - two[0]).toBeCloseTo(two[2] - two[1], 1);
    expect(ten[0] - two[0]).toBeGreaterThan(8);
    expect(ten[0] - two[0]).toBeLessThan((two[1] - two[0]) / 4);
  });

  it("puts a larger knee higher", () => {
    const heights = Array.from(gridPlot(grid, { document }).querySelectorAll("g.sp-series0.sp-paper-line path"), (path) =>
      Number(/translate\([\d.]+,([\d.]+)\)/.exec(path.getAttribute("transform") ?? "")?.[1]),
    );
    expect(heights).toHaveLength(3);
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
  });

  it("draws a grid of one cell", () => keepsTheLaws(() => gridPlot({ ...grid, cells: grid.cells.slice(0, 1) }, { document, width: 375 })));

  it("refuses what is no grid, by name", () => {
    const draw = (value: unknown) => () => gridPlot(value as typeof grid, { document });
    refuses(draw("x"), TypeError, 'gridPlot: grid is "x", expected a softprobe/grid@1 document');
    refuses(draw({ ...grid, schema: 1 }), RangeError, 'gridPlot: grid.schema is 1, expected "softprobe/grid@1"');
    refuses(draw({ ...grid, cells: [] }), RangeError, "gridPlot: grid.cells has no entries, expected at least 1");
    const [cell] = grid.cells;
    const broken = { ...grid, cells: [{ ...cell, knee: { ...cell.knee, fraction: 0 } }] };
    refuses(draw(broken), RangeError, "gridPlot: grid.cells[0].knee.fraction is 0, expected a share above 0 and at most 1");
  });
});
