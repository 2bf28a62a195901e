import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fitParts } from "../../src/basis/fitParts.ts";
import { type GroupedRows, partSpace } from "../../src/basis/partSpace.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { logitsOfParts, type PartEpisode, softmaxLogits } from "../../src/pipeline/partLogits.ts";
import type { EvidenceAt } from "../../src/tune/combinationEvidence.ts";
import { combinationWeights } from "../../src/tune/combinationWeights.ts";

interface Case {
  readonly shots: number;
  readonly evidence: readonly { readonly fold: number[]; readonly support: number[]; readonly query: number[] }[];
  readonly beta: number[];
  readonly logLoss: number;
  readonly fixedScale: number;
  readonly half: number[];
  readonly scales: number[];
  readonly support: number[];
  readonly query: number[];
  readonly kernels: number[][];
  readonly centroidLogits: number[][];
  readonly logits: number[];
}
/** What combine.py of the shared golden folder wrote with numpy and scipy. */
const golden = JSON.parse(readFileSync(new URL("../golden/combine.json", import.meta.url), "utf8")) as {
  readonly dims: number;
  readonly base: { readonly rows: number[]; readonly labels: number[] };
  readonly task: { readonly rows: number[] };
  readonly cases: readonly Case[];
};

const { dims: d, base, task } = golden;
const baseCount = base.labels.length;
const rows = [...base.rows, ...task.rows];
const everyone = base.labels.map((_, i) => i);
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};

function grouped(list: readonly number[]): GroupedRows {
  const starts = list.flatMap((row, i) => (i === 0 || base.labels[row] !== base.labels[list[i - 1]] ? [i] : []));
  return { rows: Int32Array.from(list), starts: Int32Array.from([...starts, list.length]) };
}

/** An episode whose rows are listed as support and query, by positions in `list`. */
function episodeOf(support: readonly number[], query: readonly number[], list: readonly number[]): PartEpisode {
  return {
    support: Int32Array.from(support, (row) => list.indexOf(row)),
    supportLabels: Int32Array.from(support, (_, i) => Math.floor((i * 5) / support.length)),
    query: Int32Array.from(query, (row) => list.indexOf(row)),
    ways: 5,
  };
}

describe.each(["wasm", "js"] as const)("METHOD.md's combination by numpy and scipy, %s kernels", (choice) => {
  const kernels = createKernels(choice);
  const space = partSpace(kernels, { data: Float64Array.from(rows), rows: rows.length / d, cols: d });
  const whole = fitParts(space, grouped(everyone));

  it.each(golden.cases.map((each) => [each.shots, each] as const))("%d shots: kernels, logits, weights and answers", (shots, own) => {
    const list = [...own.support, ...own.query].map((row) => row + baseCount);
    const parts = whole.of(Int32Array.from(list));
    const [n, q, m] = [own.support.length, own.query.length, list.length];
    parts.grams.forEach((gram, p) => {
      const cross = Array.from({ length: q * n }, (_, i) => gram[(n + Math.floor(i / n)) * m + (i % n)]);
      expect(furthest(cross, own.kernels[p])).toBeLessThan(1e-9);
    });
    const episode = episodeOf(
      own.support.map((row) => row + baseCount),
      own.query.map((row) => row + baseCount),
      list,
    );
    const logits = logitsOfParts(parts, episode);
    expect(furthest(logits, own.centroidLogits.flat())).toBeLessThan(1e-9);

    const episodes = own.evidence.map(({ fold, support, query }) => {
      const out = everyone.filter((row) => fold.includes(base.labels[row]));
      const held = fitParts(space, grouped(everyone.filter((row) => !fold.includes(base.labels[row])))).of(Int32Array.from(out));
      const each = episodeOf(support, query, out);
      const labels = Int32Array.from(query, (_, i) => Math.floor((i * 5) / query.length));
      return { parts: held, episode: each, labels, logits: logitsOfParts(held, each), classes: new Int32Array(5), own: null };
    });
    const at: EvidenceAt = { shots, ways: 5, episodes };
    const found = combinationWeights(kernels, at, { share: 0.5, C: [1] });
    expect(furthest(found.evidence.weights, own.beta)).toBeLessThan(1e-6);
    expect(Math.abs(found.evidence.logLoss - own.logLoss)).toBeLessThan(1e-8);
    expect(Math.abs(found.fixedScale - own.fixedScale)).toBeLessThan(1e-6);
    expect(furthest(found.weights, own.half.slice(0, 6))).toBeLessThan(1e-6);
    expect(furthest(found.scales, own.scales)).toBeLessThan(1e-6);

    const [a, b] = found.scales;
    const { logits: soft } = softmaxLogits(kernels, parts, found.weights, episode, 1);
    const answer = soft.map((value, i) => a * value + b * logits[7 * i + 6]);
    expect(furthest(answer, own.logits)).toBeLessThan(1e-6);
  });
});

describe("fewer base rows than dimensions", () => {
  it("gives the same kernels as their own space, by Woodbury's identity: columns of zeros change the mean variance alone", () => {
    const kernels = createKernels();
    const wide = 8 * d;
    const data = new Float64Array((rows.length / d) * wide);
    rows.forEach((value, i) => {
      data[Math.floor(i / d) * wide + (i % d)] = value;
    });
    const few = grouped(everyone);
    expect(few.rows.length).toBeLessThan(wide);
    const list = Int32Array.from({ length: task.rows.length / d }, (_, i) => baseCount + i);
    const narrow = fitParts(partSpace(kernels, { data: Float64Array.from(rows), rows: rows.length / d, cols: d }), few).of(list);
    // ρλ̄ is the same where ρ is eight times as large and λ̄ an eighth.
    const ridges = { whitened: [8 * 0.3, 8 * 3, 8 * 30], directions: 8 * 3, density: 8 };
    for (const kept of [3000, 0]) {
      const found = fitParts(partSpace(kernels, { data, rows: rows.length / d, cols: wide }, kept), few, ridges).of(list);
      found.grams.forEach((gram, p) => {
        expect(furthest(gram, narrow.grams[p])).toBeLessThan(1e-11);
      });
      expect(furthest(found.psi, narrow.psi)).toBeLessThan(1e-9);
      const products = (values: Float64Array): number[] => {
        const r = values.length / list.length;
        return Array.from(list, (_, i) => Array.from({ length: r }, (_, j) => values[j] * values[i * r + j]).reduce((x, y) => x + y, 0));
      };
      expect(furthest(products(found.coordinates), products(narrow.coordinates))).toBeLessThan(1e-9);
    }
  });
});
