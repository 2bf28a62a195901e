import { describe, expect, it, vi } from "vitest";
import { doWork, doWorkInSlices, partOf, type Work } from "../../src/core/work.ts";

function* counted(total: number, log: string[] = []): Work<string> {
  try {
    for (let done = 1; done <= total; done++) yield { done, total };
    return "done";
  } finally {
    log.push("given back");
  }
}

describe("work as a part of longer work", () => {
  it("goes from where it begins to where it ends, and returns what it returns", () => {
    const steps: { done: number; total: number }[] = [];
    const work = partOf(counted(4), 0.5, 0.9);
    let step = work.next();
    for (; !step.done; step = work.next()) steps.push(step.value);
    expect(step.value).toBe("done");
    expect(steps.map(({ total }) => total)).toEqual([1, 1, 1, 1]);
    [0.6, 0.7, 0.8, 0.9].forEach((done, at) => {
      expect(steps[at].done).toBeCloseTo(done, 12);
    });
    expect(doWork(partOf(counted(2), 10, 30, 40))).toBe("done");
    expect(partOf(counted(2), 10, 30, 40).next().value).toEqual({ done: 20, total: 40 });
  });

  it("hands on what it waits for, and gives back what it holds where it ends early", () => {
    const until = Promise.resolve();
    const log: string[] = [];
    const waiting = function* (): Work<null> {
      yield { done: 1, total: 2, until };
      return yield* counted(1, log) as unknown as Work<null>;
    };
    const work = partOf(waiting(), 0, 1);
    expect(work.next().value).toEqual({ done: 0.5, total: 1, until });
    work.next();
    work.return(null);
    expect(log).toEqual(["given back"]);
  });
});

describe("work in slices that waits", () => {
  it("waits for each promise, tells at most every 25 ms, and not what it waits for", async () => {
    let arrived = 0;
    const work = function* (): Work<number> {
      for (let done = 0; done < 200; done++) {
        yield {
          ...{ done, total: 200 },
          until: Promise.resolve().then(() => {
            arrived++;
          }),
        };
        expect(arrived).toBe(done + 1);
      }
      return arrived;
    };
    let now = 0;
    // A millisecond a look at the clock.
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now++);
    const told: object[] = [];
    try {
      expect(await doWorkInSlices(work(), "test", { onProgress: (progress) => told.push(progress) })).toBe(200);
    } finally {
      clock.mockRestore();
    }
    expect(told.length).toBeGreaterThan(4);
    expect(told.length).toBeLessThanOrEqual(10);
    expect(told.at(-1)).toEqual({ done: 200, total: 200 });
    for (const each of told) expect(Object.keys(each)).toEqual(["done", "total"]);
  });
});
