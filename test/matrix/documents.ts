import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { randomStream, randomUniform } from "../../src/core/random.ts";
import {
  choosePenalty,
  domainCheck,
  evaluate,
  fitDomain,
  fitProbe,
  fitTemperature,
  headToJSON,
  leaveOneOut,
  predictProba,
  redundancyCurve,
  redundancyGrid,
  syntheticFeatures,
  takeRows,
  toMatrix,
} from "../../src/index.ts";
import { classStatistics } from "../../src/statistics.ts";
import { theoreticalRedundancyCurve } from "../../src/theory.ts";
import { tuneMask } from "../../src/tune.ts";

/** Named SHA-256 digests, and one over all of them. */
export type Digests = Readonly<Record<string, string>>;

/** A number as its 64 bits, so that −0, and the last digit that JSON would still write, count. */
function bitsOf(value: unknown): unknown {
  if (typeof value === "number") {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16);
  }
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, bitsOf);
  if (Array.isArray(value)) return value.map(bitsOf);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, bitsOf(entry)]));
  return value;
}

const digest = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(JSON.stringify(bitsOf(value) ?? null))));

/**
 * What the library makes of the same inputs, as digests of every bit: equal wherever it runs.
 *
 * @param only - names of parts to make (default: all)
 */
export async function documentDigests(only?: readonly string[]): Promise<Digests> {
  const { features, labels, augmented } = syntheticFeatures({ classes: 10, rowsPerClass: 14, dims: 48, views: 3, seed: 5 });
  const run = { ways: 4, shots: 3, queries: 4, episodes: 12, seed: 3, augmented } as const;
  const oneShot = { ...run, shots: 1 } as const;
  const random = randomStream(1, "synthetic");
  const uniform = toMatrix(Array.from({ length: 30 }, () => Array.from({ length: 9 }, () => randomUniform(random))));
  const three = Array.from({ length: 30 }, (_, i) => i % 3);
  const ninety = Array.from({ length: 90 }, (_, i) => i % 3);
  const [base, rest] = [Array.from({ length: 112 }, (_, i) => i), Array.from({ length: 28 }, (_, i) => 112 + i)];
  const masks = [
    ...["none", "simple", "random/top:0.25", "pair@oracle/top:0.1", "pair@augmented/power:0.5", "fisher@augmented/power:0.7"],
    ...["pair@support/magnitude", "variance@support/power:0.3", "wiener@posterior/power:1.3", "wiener@support/power:1"],
    ...["centre>none", "within:0.2>none", "discriminant:1>bayes@prior/power:1", "views:1>none"],
  ];
  const parts: Readonly<Record<string, () => unknown>> = {
    synthetic: () => [features.data, augmented?.matrix.data],
    evaluate: () =>
      evaluate(features, labels, { ...run, masks, probes: ["softmax", "centroid", "cosine"], perEpisode: true, metrics: ["macroF1"] }),
    curve: () => redundancyCurve(features, labels, { ...oneShot, episodes: 20 }),
    grid: () => redundancyGrid(features, labels, { ...run, ways: [2, 5], shots: [1, 5] }),
    fitProbe: () =>
      ["none", "simple", "wiener@support/power:1.3", "variance@support/magnitude"].map((mask) => {
        const probe = fitProbe(features, labels, { mask });
        return [headToJSON(probe), predictProba(probe, features).data];
      }),
    tuneMask: () => tuneMask(features, labels, { ways: 3, shots: 3, queries: 4, seed: 3, augmented }),
    choosePenalty: () => [
      choosePenalty(uniform, three),
      leaveOneOut(uniform, three),
      fitTemperature({ ...uniform, rows: 90, cols: 3 }, ninety),
    ],
    theory: () => theoreticalRedundancyCurve(classStatistics(features, labels), { shots: 2, fractions: [0.05, 0.3, 1] }),
    domain: () =>
      domainCheck(
        fitDomain(features, labels, { rows: base }),
        takeRows(features, rest),
        rest.map((row) => labels[row]),
      ),
  };
  const found: Record<string, string> = {};
  for (const [name, make] of Object.entries(parts)) if (only?.includes(name) ?? true) found[name] = digest(await make());
  return { ...found, all: digest(found) };
}
