import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ClassName, Labels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { arrayToLabels } from "../../src/io/arrayFeatures.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { readSklearnNpz } from "../../src/io/readSklearnNpz.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { writeSklearnNpz } from "../../src/io/writeSklearnNpz.ts";
import { fitProbe, type ProbeOptions } from "../../src/pipeline/fitProbe.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { decisionFunction, predict, predictProba } from "../../src/probe/predict.ts";
import type { Head, Probe } from "../../src/probe/probe.ts";
import { hasSklearn, python } from "./python.ts";

const folder = mkdtempSync(join(tmpdir(), "softprobe-sklearn-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const rowsFile = ({ data, rows, cols }: Matrix): string => write("features.npy", writeNpy({ data, shape: [rows, cols] }));
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};
const named = (labels: Labels, name: (code: number) => ClassName): ClassName[] => Array.from(labels, (label) => name(Number(label)));
const names = ["apple", "fig", "kiwi", "pear", "plum"];

const kinds: readonly [string, (code: number) => ClassName][] = [
  ["strings", (code) => names[code]],
  ["whole numbers", (code) => 10 * code - 7],
  ["whole numbers beyond 2^53", (code) => 2n ** 60n + BigInt(code)],
  ["fractions", (code) => code + 0.25],
];

describe.skipIf(!hasSklearn())("scikit-learn (needs Debian's python3-sklearn)", () => {
  const largest = { ours: 0, theirs: 0 };

  const read = (name: string) => readNpz(new Uint8Array(readFileSync(join(folder, name))));

  /** Our heads, loaded by LogisticRegressions that predict. */
  function expectTheirs(heads: readonly (Head | Probe)[], rows: Matrix): void {
    const pairs = heads.flatMap((head, h) => [write(`head${h}.npz`, writeSklearnNpz(head)), join(folder, `answers${h}.npz`)]);
    python("sklearn.py", ["predict", rowsFile(rows), ...pairs]);
    heads.forEach((head, h) => {
      const answers = read(`answers${h}.npz`);
      const gap = apart(answers.get("probabilities")!.data as Float64Array, predictProba(head, rows).data);
      largest.ours = Math.max(largest.ours, gap);
      expect(gap).toBeLessThan(1e-12);
      expect(Array.from(arrayToLabels(answers.get("labels")!), String)).toEqual(predict(head, rows).map(String));
    });
  }

  for (const classes of [2, 5]) {
    const { features, labels } = syntheticFeatures({ classes, rowsPerClass: 8, dims: 40, seed: classes });
    it(`predicts as we do with our heads of ${classes} classes, whatever their names, and our probes, masked and normalised`, () => {
      const options: ProbeOptions[] = [
        {},
        { mask: "pair@support/power:0.5" },
        { mask: "pair@support/top:0.2", probe: "centroid" },
        { normalize: "none", mask: "wiener@support/power:1" },
        { probe: "cosine" },
      ];
      expectTheirs(
        [
          ...kinds.map(([, name]) => fitSoftmax(features, named(labels, name), { C: 0.3 })),
          ...options.map((own) => ({ ...fitProbe(features, labels, own), temperature: 0.7 })),
        ],
        features,
      );
    });

    it(`fits ${classes} classes, and we read it, predict the same and agree on the optimum`, () => {
      const rows = l2Normalize(features);
      // scikit-learn takes no fractions for classes.
      const fits = kinds.slice(0, 3).map(([, name]) => named(labels, name));
      const pairs = fits.flatMap((given, f) => {
        const data = typeof given[0] === "string" ? (given as string[]) : BigInt64Array.from(given, BigInt);
        return [write(`labels${f}.npy`, writeNpy({ data, shape: [given.length] })), join(folder, `fitted${f}.npz`)];
      });
      python("sklearn.py", ["fit", rowsFile(rows), "2", ...pairs]);
      fits.forEach((given, f) => {
        const name = `fitted${f}.npz`;
        const arrays = read(name);
        const head = readSklearnNpz(new Uint8Array(readFileSync(join(folder, name))), name);
        const gap = apart(predictProba(head, rows).data, arrays.get("probabilities")!.data as Float64Array);
        largest.theirs = Math.max(largest.theirs, gap);
        expect(gap).toBeLessThan(1e-12);
        expect(predict(head, rows).map(String)).toEqual(Array.from(arrayToLabels(arrays.get("labels")!), String));
        // The one logit of two classes is the second's less the first's.
        if (classes === 2) {
          const scores = decisionFunction(head, rows).data;
          const logits = Float64Array.from({ length: rows.rows }, (_, i) => scores[2 * i + 1] - scores[2 * i]);
          expect(apart(logits, arrays.get("scores")!.data as Float64Array)).toBeLessThan(1e-12);
        }
        const own = fitSoftmax(rows, given, { C: classes === 2 ? 1 : 2 });
        expect(head.kind === "linear" && head.classes).toEqual(own.classes);
        expect(apart(predictProba(own, rows).data, predictProba(head, rows).data)).toBeLessThan(1e-4);
      });
    });
  }

  it("and the largest differences are rounding", () => {
    console.log(
      `scikit-learn: probabilities differ by at most ${largest.ours.toExponential(1)} by our heads there, ${largest.theirs.toExponential(1)} by its models here`,
    );
    expect(largest.ours).toBeGreaterThan(0);
  });
});
