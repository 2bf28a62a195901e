import { describe, expect, it } from "vitest";
import { fitDiscriminant } from "../../src/basis/fitDiscriminant.ts";
import { fitViews } from "../../src/basis/fitViews.ts";
import { project } from "../../src/basis/project.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { bayesImportance } from "../../src/importance/bayesImportance.ts";
import { fitCentroid } from "../../src/probe/fitCentroid.ts";
import { fitPlda } from "../../src/probe/fitPlda.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { pldaScores } from "../../src/probe/pldaScores.ts";
import { predict } from "../../src/probe/predict.ts";
import { goldenEpisodes, hasShared, sharedLabels, sharedMatrix } from "./shared.ts";

const name = `reproduces the reference's counts on Grocery${hasShared ? "" : " (skipped: ../shared is absent)"}`;

/** How many queries each probe gets right, from rows of `all` projected already. */
function correct(all: Matrix, labels: number[], support: number[], query: number[]): { softmax: number; centroid: number } {
  const rows = l2Normalize(takeRows(all, support));
  const queries = l2Normalize(takeRows(all, query));
  const y = support.map((i) => labels[i]);
  const count = (answers: ArrayLike<unknown>): number => query.filter((i, q) => answers[q] === labels[i]).length;
  return { softmax: count(predict(fitSoftmax(rows, y), queries)), centroid: count(predict(fitCentroid(rows, y), queries)) };
}

describe.skipIf(!hasShared)(name, () => {
  const features = hasShared ? sharedMatrix("grocery-mobilenetv2/features.npy") : (null as never);
  const labels = hasShared ? sharedLabels("grocery-mobilenetv2/labels.npy") : [];

  it("discriminant:1>none, exactly", () => {
    const base = fitDiscriminant(
      sharedMatrix("grocery-mobilenetv2/base_features.npy"),
      sharedLabels("grocery-mobilenetv2/base_labels.npy"),
      { ridge: 1 },
    );
    expect(base.dimensions).toBe(53);
    const projected = project(base, features);
    for (const { support, query, correct: want } of goldenEpisodes()) {
      const { softmax, centroid } = want["discriminant:1>none"];
      expect(correct(projected, labels, support, query)).toEqual({ softmax, centroid });
    }
  });

  it("discriminant:1>bayes@prior/power:1, exactly; and the PLDA probe gains points over no basis at all", () => {
    const base = fitDiscriminant(
      sharedMatrix("grocery-mobilenetv2/base_features.npy"),
      sharedLabels("grocery-mobilenetv2/base_labels.npy"),
      { ridge: 1 },
    );
    const psi = base.psi!;
    const projected = project(base, features);
    let [gained, episodes] = [0, 0];
    for (const { shots, support, query, correct: want } of goldenEpisodes()) {
      const { softmax, centroid } = want["discriminant:1>bayes@prior/power:1"];
      const weights = bayesImportance(psi, shots);
      const masked = { ...projected, data: projected.data.map((value, p) => value * weights[p % weights.length]) };
      expect(correct(masked, labels, support, query)).toEqual({ softmax, centroid });
      const head = fitPlda(
        takeRows(projected, support),
        support.map((i) => labels[i]),
        { psi },
      );
      const scores = pldaScores(head, takeRows(projected, query));
      const right = query.filter((i, q) => {
        const own = Array.from(scores.subarray(5 * q, 5 * q + 5));
        return head.classes[own.indexOf(Math.max(...own))] === labels[i];
      });
      if (shots === 1) {
        gained += (right.length - want.none.centroid) / query.length;
        episodes++;
      }
    }
    expect(gained / episodes).toBeGreaterThan(0.08);
  });

  it("views:1>none on every tenth episode, exactly, by the Cholesky root", () => {
    const views = sharedMatrix("grocery-mobilenetv2/augmented.npy");
    for (const { support, query, classes, correct: want } of goldenEpisodes().filter((_, e) => e % 10 === 3)) {
      const images = labels.map((_, i) => i).filter((i) => !classes.includes(labels[i]));
      const basis = fitViews(views, 8, { ridge: 1, root: "cholesky", images });
      const rows = project(basis, features, { rows: [...support, ...query] });
      const names = [...support, ...query].map((i) => labels[i]);
      const places = names.map((_, i) => i);
      const { softmax, centroid } = want["views:1>none"];
      expect(correct(rows, names, places.slice(0, support.length), places.slice(support.length))).toEqual({ softmax, centroid });
    }
  });
});
