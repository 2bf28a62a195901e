// What choosing C is worth, on the shared pairs, by the built package: figures for docs/science.md.
// node scripts/penalty.mjs small      200 small problems: the C of each method against that of exact leave-one-out, by log loss on other rows
// node scripts/penalty.mjs fixed      one row a class: log loss and accuracy at fixed values of C, over 200 episodes a pair
import { join } from "node:path";
import { choosePenalty, fitSoftmax, l2Normalize, predictProba, sampleEpisode, takeRows } from "../dist/index.js";
import { readFeatures, readLabels } from "../dist/node.js";

const root = join(import.meta.dirname, "../../shared/features");
const pairs = await Promise.all(
  ["grocery-mobilenetv2", "cifar10-mobilenetv2", "banking77-use"].map(async (name) => ({
    name,
    features: l2Normalize(await readFeatures(join(root, name, "features.npy"))),
    labels: await readLabels(join(root, name, "labels.npy")),
  })),
);

/** Mean log loss and accuracy on an episode's queries of a probe trained at C. */
function judge({ features }, { support, supportLabels, query, queryLabels }, C) {
  const head = fitSoftmax(takeRows(features, support), supportLabels, { C });
  const { data, cols: k } = predictProba(head, takeRows(features, query));
  let [loss, hits] = [0, 0];
  queryLabels.forEach((code, i) => {
    const row = Array.from(data.subarray(i * k, (i + 1) * k));
    loss -= Math.log(Math.max(row[code], 1e-300)) / queryLabels.length;
    hits += Number(row.indexOf(Math.max(...row)) === code) / queryLabels.length;
  });
  return { loss, hits };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

if (process.argv[2] === "small") {
  const methods = ["leaveOneOut", "approximate", "folds", "auto"];
  const sums = Object.fromEntries(methods.map((method) => [method, { loss: [], hits: [], seconds: 0 }]));
  for (let e = 0; e < 200; e++) {
    const pair = pairs[e % pairs.length];
    const [ways, shots] = [2 + (e % 7), 2 + (Math.floor(e / 7) % 9)];
    const episode = sampleEpisode(pair.labels, { ways, shots, queries: 20, seed: 1 }, e);
    const support = takeRows(pair.features, episode.support);
    for (const method of methods) {
      const start = process.cpuUsage().user;
      const { C } = choosePenalty(support, episode.supportLabels, { method });
      sums[method].seconds += (process.cpuUsage().user - start) / 1e6;
      const { loss, hits } = judge(pair, episode, C);
      sums[method].loss.push(loss);
      sums[method].hits.push(hits);
    }
  }
  const least = mean(sums.leaveOneOut.loss);
  console.log("200 problems of 2 to 8 ways and 2 to 10 shots; log loss and accuracy on 20 other rows a way");
  for (const method of methods) {
    const { loss, hits, seconds } = sums[method];
    const more = ((mean(loss) / least - 1) * 100).toFixed(2);
    console.log(
      `${method.padEnd(12)} log loss ${mean(loss).toFixed(4)} (${more} %)  accuracy ${(100 * mean(hits)).toFixed(2)} %  ${seconds.toFixed(2)} s`,
    );
  }
} else if (process.argv[2] === "fixed") {
  const values = [0.3, 1, 3, 10, 30, 100, 300, 1000, 3000];
  for (const pair of pairs) {
    for (const [ways, shots] of [
      [5, 1],
      [10, 1],
      [5, 2],
    ]) {
      const episodes = Array.from({ length: 200 }, (_, e) => sampleEpisode(pair.labels, { ways, shots, queries: 15, seed: 2 }, e));
      const cells = values.map((C) => {
        const found = episodes.map((episode) => judge(pair, episode, C));
        return `${C}: ${mean(found.map(({ loss }) => loss)).toFixed(3)}/${(100 * mean(found.map(({ hits }) => hits))).toFixed(1)}`;
      });
      console.log(`${pair.name} ${ways}-way ${shots}-shot, log loss/accuracy  ${cells.join("  ")}`);
    }
  }
}
