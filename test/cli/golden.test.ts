import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { golden, root, softprobe } from "./run.ts";

interface GoldenEpisode {
  readonly support: readonly number[];
  readonly query: readonly number[];
  readonly correct: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Document {
  readonly episodes: number;
  readonly results: readonly { mask: string; probe: string; perEpisode: readonly { correct: number; total: number }[] }[];
}

/** Replays golden episodes through the command, and holds every count of every mask and probe to the file's. */
async function holds(file: string, masks: readonly string[], probes: readonly string[], data: readonly string[]): Promise<void> {
  const episodes: readonly GoldenEpisode[] = JSON.parse(readFileSync(file, "utf8")).episodes;
  const { code, stdout, stderr } = await softprobe([
    ...["eval", ...data, "--episodes-from", file, "--per-episode", "--json"],
    ...masks.flatMap((mask) => ["--mask", mask]),
    ...probes.flatMap((probe) => ["--probe", probe]),
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  const document: Document = JSON.parse(stdout);
  expect(document.episodes).toBe(episodes.length);
  expect(document.results.map(({ mask, probe }) => [mask, probe])).toEqual(masks.flatMap((mask) => probes.map((probe) => [mask, probe])));
  for (const { mask, probe, perEpisode } of document.results) {
    const wanted = episodes.map(({ correct, query }) => ({ correct: correct[mask][probe], total: query.length }));
    expect(perEpisode, `${mask} ${probe}`).toEqual(wanted);
  }
}

const shared = join(root, "../shared");
const grocery = join(shared, "features/grocery-mobilenetv2");
const groceryEpisodes = join(shared, "golden/episodes.json");

describe("replayed episodes give exactly the counts of scikit-learn and numpy", () => {
  it("on eight fruit in 24 dimensions, for every mask and for softmax, centroid and cosine", () =>
    holds(
      join(golden, "episodes.json"),
      ["none", "pair@oracle/top:0.25", "pair@oracle/power:1", "pair@augmented/power:0.5", "wiener@augmented+base/power:1", "simple"],
      ["softmax", "centroid", "cosine"],
      [
        ...["--features", "features.npy", "--labels", "labels.npy", "--augmented", "augmented.npy"],
        ...["--base-features", "base_features.npy", "--base-labels", "base_labels.npy"],
      ],
    ));

  it.skipIf(!existsSync(groceryEpisodes) || !existsSync(grocery))(
    "on Grocery's 1280 dimensions of MobileNetV2, for softmax and centroid (needs ../shared)",
    () =>
      holds(
        groceryEpisodes,
        ["none", "pair@oracle/top:0.02", "pair@oracle/power:1", "pair@augmented/power:0.5", "wiener@augmented+base/power:1"],
        ["softmax", "centroid"],
        [
          ...["--features", join(grocery, "features.npy"), "--labels", join(grocery, "labels.npy")],
          ...["--augmented", join(grocery, "augmented.npy")],
          ...["--base-features", join(grocery, "base_features.npy"), "--base-labels", join(grocery, "base_labels.npy")],
        ],
      ),
  );

  it.skipIf(!existsSync(groceryEpisodes) || !existsSync(grocery))("on Grocery in its discriminant basis (needs ../shared)", () =>
    holds(
      groceryEpisodes,
      ["discriminant:1>none", "discriminant:1>bayes@prior/power:1"],
      ["softmax", "centroid"],
      [
        ...["--features", join(grocery, "features.npy"), "--labels", join(grocery, "labels.npy")],
        ...["--augmented", join(grocery, "augmented.npy")],
        ...["--base-features", join(grocery, "base_features.npy"), "--base-labels", join(grocery, "base_labels.npy")],
      ],
    ),
  );
});
