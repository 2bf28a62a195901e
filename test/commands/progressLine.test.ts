import { afterEach, expect, it, vi } from "vitest";
import { progressLine } from "../../src/cli/output.ts";

afterEach(() => vi.restoreAllMocks());

/** What a progress line writes of 10 steps, `seconds` apart. */
function written(isTTY: boolean, seconds: number): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const before = process.stderr.isTTY;
  process.stderr.isTTY = isTTY;
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  try {
    const tell = progressLine("fit", null);
    for (let done = 1; done <= 10; done++) {
      now += 1000 * seconds;
      tell({ done, total: 10 });
    }
  } finally {
    process.stderr.isTTY = before;
    vi.restoreAllMocks();
  }
  return lines;
}

it("a log has a line of progress every half minute, and none of a short run", () => {
  expect(written(false, 1)).toEqual([]);
  expect(written(false, 20)).toEqual([
    "softprobe: fit 20 %, 160 s left\n",
    "softprobe: fit 40 %, 120 s left\n",
    "softprobe: fit 60 %, 80 s left\n",
    "softprobe: fit 80 %, 40 s left\n",
  ]);
});

it("says no time left before anything is done", () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const before = process.stderr.isTTY;
  process.stderr.isTTY = true;
  try {
    progressLine("fit", null)({ done: 0, total: 10 });
  } finally {
    process.stderr.isTTY = before;
  }
  expect(lines).toEqual(["\r\x1b[Kfit 0 %"]);
});

it("a terminal has one line that is written over, and cleared at the end", () => {
  const lines = written(true, 1);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe("\r\x1b[Kfit 10 %, 9 s left");
  expect(lines[9]).toBe("\r\x1b[K");
});
