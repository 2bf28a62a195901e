import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { choosePenalty } from "../src/heldout/choosePenalty.ts";
import { writeNpy } from "../src/io/writeNpy.ts";
import { benchFeatures } from "./data.ts";
import { interleave, pair, repeated } from "./measure.ts";
import type { Room } from "./room.ts";

const [rowsPerClass, dims, classes] = [10, 1280, 24];

/** The choice of C against scikit-learn's LogisticRegressionCV: 10 folds, 11 values. Ours looks for its values; theirs are the half decades from C · scale = 0.01 to 1000. */
export const choosePenaltyRoom: Room = {
  names: ["choose-penalty"],
  async run(bench) {
    const { python } = bench;
    if (!python) return [];
    const { features, labels } = benchFeatures({ dims, classes, rowsPerClass });
    const folder = join(bench.folder, "choose");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "features.npy"), writeNpy({ data: features.data, shape: [features.rows, dims] }));
    writeFileSync(join(folder, "labels.npy"), writeNpy({ data: labels, shape: [features.rows] }));
    await python.ask("load_plain", { task: "choose", folder });
    const { C, method, path } = choosePenalty(features, labels);
    // The first value of the search is C · scale = 1.
    const values = Array.from({ length: 11 }, (_, i) => path[0].C * 10 ** (i / 2 - 2));
    const theirs = await python.ask<{ C: number }>("choose_plain", { task: "choose", path: values });
    const [own, peer] = await interleave(
      [
        repeated("ours", 1, () => void choosePenalty(features, labels)),
        python.side("theirs", "choose_plain", { task: "choose", path: values }),
      ],
      { seconds: bench.quick ? 0.5 : 10, rounds: bench.quick ? 1 : 2, warmUp: 0 },
    );
    await python.ask("forget", { task: "choose" });
    const note = `by ${method}, ${path.length} values; C ${C.toPrecision(3)}, theirs ${theirs.C.toPrecision(3)}`;
    const row = {
      name: "choose-penalty",
      case: `${features.rows} × ${dims}, ${classes} classes`,
      unit: "seconds",
      target: [10, 50] as const,
      note,
    };
    return [pair(row, own, "LogisticRegressionCV, 10 folds, 11 values of C", peer)];
  },
};
