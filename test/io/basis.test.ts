import { describe, expect, it } from "vitest";
import type { Basis } from "../../src/basis/basis.ts";
import { fitCentre } from "../../src/basis/fitCentre.ts";
import { fitDiscriminant } from "../../src/basis/fitDiscriminant.ts";
import { fitViews } from "../../src/basis/fitViews.ts";
import { fitWithin } from "../../src/basis/fitWithin.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { readBasis } from "../../src/io/readBasis.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { writeBasis } from "../../src/io/writeBasis.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 5, rowsPerClass: 8, dims: 14, views: 3, seed: 3 });
const pool = augmented!;
const discriminant = fitDiscriminant(features, labels, { ridge: 0.5 });
const few = Array.from({ length: 3 }, (_, i) => i);
const bases: [string, Basis][] = [
  ["centre", fitCentre(features)],
  ["within", fitWithin(features, labels, { ridge: 0.2 })],
  ["within by Cholesky", fitWithin(features, labels, { ridge: 0.2, root: "cholesky", normalize: "none" })],
  ["discriminant", discriminant],
  ["views", fitViews(pool.matrix, pool.views, { ridge: 1 })],
  ["views of few images, low rank", fitViews(pool.matrix, pool.views, { ridge: 1, images: few, root: "symmetric" })],
  ["views by Cholesky", fitViews(pool.matrix, pool.views, { ridge: 1, root: "cholesky" })],
];

describe("a basis as a file", () => {
  it.each(bases)("%s comes back to the bit", (_, basis) => {
    expect(readBasis(leavesAlone(basis, () => writeBasis(basis)))).toEqual(basis);
  });

  it("serves fitProbe as the one that was fitted", () => {
    const loaded = readBasis(writeBasis(discriminant));
    for (const probe of ["softmax", "plda"] as const)
      expect(fitProbe(features, labels, { basis: loaded, probe })).toEqual(fitProbe(features, labels, { basis: discriminant, probe }));
  });

  it("is refused by name where the file is another, or broken", () => {
    const wrong = (changes: Record<string, unknown>, kind: typeof RangeError | typeof TypeError, message: string) => {
      const arrays = new Map<string, unknown>(readNpz(writeBasis(discriminant)));
      for (const [key, array] of Object.entries(changes)) array === null ? arrays.delete(key) : arrays.set(key, array);
      refuses(() => readBasis(writeNpz([...arrays] as never), "b.npz"), kind, `readBasis: b.npz${message}`);
    };
    const { data } = readNpz(writeBasis(discriminant)).get("psi")!;
    wrong(
      { schema: { data: ["softprobe/basis@9"], shape: [] } },
      RangeError,
      ' has schema "softprobe/basis@9", expected softprobe/basis@1',
    );
    wrong({ kind: { data: ["pear"], shape: [] } }, RangeError, ':kind is "pear", expected one of centre, within, discriminant, views');
    wrong({ mean: null }, RangeError, ' has no array "mean", expected one, as softprobe/basis@1 says');
    wrong({ psi: { data: (data as Float64Array).slice(1), shape: [3] } }, RangeError, ":psi has shape 3, expected 4");
    wrong({ psi: { data: Float64Array.of(1, 2, -3, 4), shape: [4] } }, RangeError, ".psi[2] is -3, expected finite numbers of at least 0");
    wrong(
      { transform: null, psi: null },
      RangeError,
      " has kind discriminant and 0 matrices, expected one matrix, or kind centre, which has none",
    );
  });
});
