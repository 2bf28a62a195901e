import { describe, expect, it } from "vitest";
import { evaluate, indexLabels, syntheticFeatures, takeRows } from "../../src/index.ts";
import { threads } from "../../src/node/threads.ts";
import { evaluationMarkdown, evaluationTable } from "../../src/report.ts";
import { hasShared, sharedLabels, sharedMatrix } from "../basis/shared.ts";
import { workerFiles } from "../node/workerFile.ts";

const { features, labels } = syntheticFeatures({ classes: 24, rowsPerClass: 12, dims: 40, seed: 4 });
const strange = syntheticFeatures({ classes: 9, rowsPerClass: 12, dims: 40, seed: 5 });
const part = (from: number, to: number) => {
  const rows = Array.from({ length: (to - from) * 12 }, (_, i) => 12 * from + i);
  return { features: takeRows(features, rows), labels: rows.map((row) => labels[row]) };
};
const [base, task] = [part(0, 15), part(15, 24)];
const run = { ways: 3, queries: 5, episodes: 4, seed: 2 };
const files = workerFiles();

describe("evaluate's domain check", () => {
  it("says whether the features' classes look like those of the base set, in the document and under its tables", async () => {
    const like = await evaluate(task.features, task.labels, { ...run, base });
    expect(Object.keys(like.domain!)).toEqual(["score", "p", "verdict", "unexplained", "expected"]);
    expect(like.domain!.verdict).toBe("similar");
    expect(like.domain!.p).toBeGreaterThan(0.01);
    expect(evaluationTable(like).replaceAll(/\s+/g, " ")).toMatch(/Domain: these classes look like those of the base set \(p 0\.\d{3}\)\./);
    const unlike = await evaluate(strange.features, strange.labels, { ...run, base });
    expect(unlike.domain!.verdict).toBe("different");
    expect(unlike.domain!.unexplained).toBeGreaterThan(unlike.domain!.expected);
    for (const report of [evaluationTable(unlike), evaluationMarkdown(unlike)])
      expect(report.replaceAll("&lt;", "<").replaceAll(/\s+/g, " ")).toContain(
        "Domain: these classes look UNLIKE those of the base set (p <0.001): what is learned from it may cost accuracy.",
      );
  });

  it("is the same by workers, a function of the seed, and changes nothing else", async () => {
    const workerFile = await files.bundle("src/node/worker.ts");
    const one = await evaluate(task.features, task.labels, { ...run, base });
    expect(await evaluate(task.features, task.labels, { ...run, base, on: threads(2, { workerFile }) })).toEqual(one);
    const { domain, ...rest } = one;
    expect(await evaluate(task.features, task.labels, { ...run, base, domain: false })).toEqual(rest);
    // Each class has 12 rows, of which 5 and 10 are looked at: another seed looks at others.
    expect((await evaluate(task.features, task.labels, { ...run, seed: 3, base })).domain).not.toEqual(domain);
  });

  it("is left out where there are no base rows or too few classes of them, and passes over rows of zeros", async () => {
    expect("domain" in (await evaluate(task.features, task.labels, run))).toBe(false);
    expect("domain" in (await evaluate(task.features, task.labels, { ...run, base: part(0, 2) }))).toBe(false);
    const zeros = {
      features: { ...base.features, data: base.features.data.map((value, p) => (p < 12 * 40 * 13 ? 0 : value)) },
      labels: base.labels,
    };
    expect("domain" in (await evaluate(task.features, task.labels, { ...run, base: zeros }))).toBe(false);
    await expect(evaluate(task.features, task.labels, { ...run, base, domain: 1 as never })).rejects.toThrow(
      "evaluate: domain is 1, expected true or false",
    );
  });

  it.skipIf(!hasShared)("on the shared pairs: Grocery is like its base set; CIFAR-10 is not, nor is Grocery like CIFAR-10", async () => {
    const set = (name: string, part = "") => ({
      features: sharedMatrix(`${name}-mobilenetv2/${part}features.npy`),
      labels: sharedLabels(`${name}-mobilenetv2/${part}labels.npy`),
    });
    const [grocery, cifar, groceryBase] = [set("grocery"), set("cifar10"), set("grocery", "base_")];
    expect(indexLabels(groceryBase.labels).classes.length).toBeGreaterThan(10);
    const verdict = async (own: typeof grocery, of: typeof grocery) =>
      (await evaluate(own.features, own.labels, { episodes: 1, probes: ["centroid"], base: of })).domain!.verdict;
    expect(await verdict(grocery, groceryBase)).toBe("similar");
    expect(await verdict(cifar, groceryBase)).toBe("different");
    expect(await verdict(grocery, cifar)).toBe("different");
  });
});
