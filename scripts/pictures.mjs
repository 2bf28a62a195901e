// Draws the pictures of docs/plots.md by the built package, from seeded synthetic features, to docs/pictures/*.svg; and docs/redundancy.svg from real ones,
// where they are beside the project.
// node scripts/pictures.mjs            write them        --check    say which differ from what is there, exit code 1 if any does
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pairImportance } from "../dist/importance.js";
import { evaluate, fitProbe, predict, predictProba, redundancyCurve, redundancyGrid, syntheticFeatures, takeRows } from "../dist/index.js";
import { readFeatures, readLabels } from "../dist/node.js";
import {
  confusionPlot,
  curvePlot,
  forestPlot,
  gridPlot,
  plotDocument,
  profilePlot,
  reliabilityPlot,
  theoryPlot,
  toSvg,
} from "../dist/plot.js";
import { classStatistics, confusionMatrix, reliabilityBins } from "../dist/statistics.js";
import { compareTheory } from "../dist/theory.js";
import { tuneMask } from "../dist/tune.js";

const folder = join(import.meta.dirname, "../docs/pictures");
const document = await plotDocument();
const { features, labels, augmented } = syntheticFeatures({ classes: 12, rowsPerClass: 40, dims: 400, views: 4, seed: 7 });
const run = { ways: 5, queries: 10, episodes: 100, seed: 0 };

const curves = [];
for (const shots of [1, 5, 20]) {
  const curve = await redundancyCurve(features, labels, { ...run, shots });
  curves.push({ name: `${shots} shot${shots === 1 ? "" : "s"}`, curve });
}
const masks = ["none", "pair@oracle/top:0.05", "pair@augmented/top:0.05", "pair@augmented/power:0.5", "wiener@posterior/power:1"];
const evaluation = await evaluate(features, labels, { ...run, shots: 1, augmented, masks });
const tuned = tuneMask(features, labels, { ways: 5, shots: 1, queries: 10, augmented });
const grid = await redundancyGrid(features, labels, { ...run, episodes: 60, shots: [1, 5, 20], ways: [2, 5, 10] });
const theory = await compareTheory(features, labels, { queries: run.queries, episodes: run.episodes, seed: run.seed, shots: [1, 5] });

// A task of four classes: the estimate sees three rows a class, the oracle all.
const names = ["apple", "banana", "cherry", "damson"];
const rowsOf = (from, to) => names.flatMap((_, c) => Array.from({ length: to - from }, (_, i) => 40 * c + from + i));
const namesOf = (rows) => rows.map((row) => names[labels[row]]);
const [support, query] = [rowsOf(0, 3), rowsOf(3, 40)];
const importanceOf = (rows) => pairImportance(classStatistics(takeRows(features, rows), namesOf(rows)));
const profiles = [
  { name: "oracle", values: importanceOf(rowsOf(0, 40)) },
  { name: "3 shots", values: importanceOf(support) },
];
const probe = fitProbe(takeRows(features, support), namesOf(support), { C: 100 });
const queries = takeRows(features, query);
const predicted = predict(probe, queries);
const actual = namesOf(query);
const probabilities = predictProba(probe, queries);
const confidence = predicted.map((_, i) => Math.max(...probabilities.data.subarray(4 * i, 4 * i + 4)));
const correct = predicted.map((name, i) => name === actual[i]);

const pictures = {
  curve: curvePlot(curves, { document, title: "Accuracy by share of dimensions kept" }),
  evaluation: forestPlot(evaluation, { document }),
  tune: forestPlot(tuned, { document, title: "Candidates' gains on base classes" }),
  grid: gridPlot(grid, { document }),
  theory: theoryPlot(theory, { document }),
  profile: profilePlot(profiles, { document }),
  "profile-first": profilePlot(profiles, { document, order: "first", title: "What three shots make of the oracle's order" }),
  "profile-dimension": profilePlot(profiles, { document, order: "dimension", title: "Importance by dimension" }),
  reliability: reliabilityPlot(reliabilityBins(confidence, correct, 10), { document }),
  confusion: confusionPlot(confusionMatrix(actual, predicted), { document }),
};

// The README's: 5-way episodes of real features, which are not part of the project.
const real = join(import.meta.dirname, "../../shared/features/grocery-mobilenetv2");
if (existsSync(real)) {
  const [own, names] = [await readFeatures(join(real, "features.npy")), await readLabels(join(real, "labels.npy"))];
  const fractions = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  const series = [];
  for (const shots of [1, 5, 20])
    series.push({
      name: `${shots} shot${shots === 1 ? "" : "s"}`,
      curve: await redundancyCurve(own, names, { ways: 5, shots, queries: 10, episodes: 300, fractions }),
    });
  pictures["../redundancy"] = curvePlot(series, { document, title: "Grocery images: accuracy by dimensions kept" });
}

let differ = 0;
mkdirSync(folder, { recursive: true });
for (const [name, picture] of Object.entries(pictures)) {
  const path = join(folder, `${name}.svg`);
  const svg = toSvg(picture);
  if (!process.argv.includes("--check")) writeFileSync(path, svg);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== svg) {
    console.error(`docs/pictures/${name}.svg is not what scripts/pictures.mjs draws`);
    differ++;
  }
}
process.exitCode = differ ? 1 : 0;
