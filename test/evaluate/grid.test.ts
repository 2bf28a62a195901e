import { expect, it } from "vitest";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { redundancyGrid } from "../../src/evaluate/redundancyGrid.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";

const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 60, seed: 2 });
const plain = { queries: 5, episodes: 8, fractions: [0.05, 0.2, 1] };

it("holds in each cell what redundancyCurve gives at its shots and ways", async () => {
  const grid = await redundancyGrid(features, labels, { ...plain, shots: [1, 3], ways: [2, 4] });
  expect(grid.schema).toBe("softprobe/grid@1");
  expect(grid.config).toMatchObject({ shots: [1, 3], ways: [2, 4], importance: "pair@oracle" });
  expect(grid.cells.map(({ ways, shots }) => [ways, shots])).toEqual([
    [2, 1],
    [2, 3],
    [4, 1],
    [4, 3],
  ]);
  for (const cell of grid.cells) {
    const curve = await redundancyCurve(features, labels, { ...plain, shots: cell.shots, ways: cell.ways });
    expect(cell.points).toEqual(curve.points);
    expect(cell.knee).toEqual(curve.knee);
    expect(cell.redundancyIndex).toEqual(curve.redundancyIndex);
    expect(cell.accuracy).toEqual(curve.points[2]);
    expect(cell.digest).toBe(curve.digest);
  }
});

it("names the cells that the data cannot give, with the reason, and gives the others", async () => {
  const grid = await redundancyGrid(features, labels, { ...plain, shots: [1, 16], ways: [2, 7] });
  expect(grid.cells.map(({ ways, shots }) => [ways, shots])).toEqual([[2, 1]]);
  expect(grid.skipped.map(({ ways, shots }) => [ways, shots])).toEqual([
    [2, 16],
    [7, 1],
    [7, 16],
  ]);
  expect(grid.skipped[0].reason).toMatch(/^ways is 2, but 0 classes have shots \+ queries = 21 rows/);
  expect(grid.skipped[1].reason).toMatch(/^ways is 7, but 6 classes/);
});

it("takes a fault of the options for what it is: it throws and skips nothing", async () => {
  await expect(redundancyGrid(features, labels, { shots: [0] })).rejects.toThrow(/redundancyGrid: shots\[0\] is 0/);
  await expect(redundancyGrid(features, labels, { ways: [1] })).rejects.toThrow(/redundancyGrid: ways\[0\] is 1/);
  await expect(redundancyGrid(features, labels, { shots: [] })).rejects.toThrow(/shots has 0 entries/);
  await expect(redundancyGrid(features, labels, { shots: [1, 1] })).rejects.toThrow(/shots\[1\] is 1 again/);
  await expect(redundancyGrid(features, labels, { shots: 1 as unknown as number[] })).rejects.toThrow(TypeError);
  await expect(redundancyGrid(features, labels, { ...plain, fractions: [2] })).rejects.toThrow(/fractions\[0\] is 2/);
  await expect(redundancyGrid(features, labels, { shots: [99], ways: [2] })).rejects.toThrow(/0 classes have shots/);
});

it("reports progress over all cells, and stops when told to", async () => {
  const seen: number[] = [];
  let most = 0;
  await redundancyGrid(features, labels, {
    ...plain,
    shots: [1, 2],
    ways: [2],
    onProgress: ({ done, total }) => {
      seen.push(done);
      most = total;
    },
  });
  expect(most).toBe(16);
  expect(seen.at(-1)).toBe(16);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(redundancyGrid(features, labels, { ...plain, signal })).rejects.toThrow("enough");
});
