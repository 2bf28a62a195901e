// Measures what docs/science.md tells, by the built command on the shared pairs: numbers to docs/results/*.json, tables into docs/science.md.
// node scripts/science.mjs            measure what is not there yet, then write the tables
// node scripts/science.mjs --fresh    measure everything anew       --tables   write the tables only       --cli PATH   another build
// --only NAME…            those runs alone, anew                       --workers N   threads of eval: the same figures
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

process.chdir(join(import.meta.dirname, ".."));
const flag = (name) => process.argv.includes(name);
const after = (name) => process.argv.slice(process.argv.indexOf(name) + 1);
const cli = flag("--cli") ? after("--cli")[0] : "dist/cli.js";
const workers = flag("--workers") ? ["--workers", after("--workers")[0]] : [];
const only = flag("--only") ? after("--only") : null;
const folder = "docs/results";
const pairs = ["grocery-mobilenetv2", "cifar10-mobilenetv2"];
const shotsOfMasks = [1, 5];

const masks = [
  ...["none", "random/top:0.1", "variance@augmented/top:0.1", "variance@augmented/power:0.5", "simple"],
  ...["pair@oracle/top:0.02", "pair@oracle/top:0.1", "pair@augmented/top:0.02", "pair@augmented/top:0.1"],
  ...["pair@augmented/power:0.5", "pair@augmented/power:1", "wiener@augmented/power:1"],
  ...["wiener@augmented+base/power:1", "wiener@prior/power:1", "wiener@posterior/power:1"],
];
const bases = ["centre>none", "within:0.2>none", "discriminant:1>none", "discriminant:1>bayes@prior/power:1"];
const trained = ["none", "pair@augmented/power:0.5", "wiener@posterior/power:1"];

/** Every run: its name, the files it needs, and its command line. Bases fitted anew for each task share it among 4 draws. */
const runs = pairs.flatMap((pair) => {
  const file = (name) => `../shared/features/${pair}/${name}.npy`;
  const hasBase = existsSync(file("base_features"));
  const data = ["--features", file("features"), "--labels", file("labels")];
  const views = ["--augmented", file("augmented")];
  const base = hasBase ? ["--base-features", file("base_features"), "--base-labels", file("base_labels")] : [];
  const each = (list) => list.flatMap((mask) => ["--mask", mask]);
  const perTask = ["--episodes", "200", "--draws-per-task", "4"];
  return [
    { name: `grid-${pair}`, args: ["grid", ...data, "--shots", "1,5,20", "--ways", "2,5,10,20", "--episodes", "200"] },
    { name: `theory-${pair}`, args: ["theory", ...data, "--shots", "1,5,20", "--episodes", "600"] },
    ...shotsOfMasks.flatMap((shots) => {
      const own = ["eval", ...data, ...views, "--shots", String(shots), "--per-episode"];
      const fixed = hasBase ? bases : [];
      return [
        { name: `masks-${pair}-${shots}`, args: [...own, ...base, "--episodes", "600", ...each([...masks, ...fixed])] },
        { name: `trained-${pair}-${shots}`, args: [...own, ...base, "--episodes", "600", "--train-on", "augmented", ...each(trained)] },
        ...(hasBase ? [] : [{ name: `bases-${pair}-${shots}`, args: [...own, ...perTask, ...each(["none", ...bases])] }]),
        { name: `views-${pair}-${shots}`, args: [...own, ...perTask, ...each(["none", "views:1>none", "views-support:16>none"])] },
      ];
    }),
  ].map((run) => ({
    ...run,
    pair,
    features: file("features"),
    command: `softprobe ${run.args.map((arg) => (/[>|]/.test(arg) ? `"${arg}"` : arg)).join(" ")}`,
  }));
});

/** The combination beside single masks, each at the paper's C and at its own: three pairs, five ways, and twenty where there are so many classes (CIFAR-10 has ten). */
const banking = "banking77-use";
const combinedCells = [
  ...[...pairs, banking].flatMap((pair) => [1, 5, 20].map((shots) => ({ pair, shots, ways: 5 }))),
  ...[banking, pairs[0]].flatMap((pair) => [1, 5, 20].map((shots) => ({ pair, shots, ways: 20 }))),
];
const ownC = [1, "auto"];
/** Tasks of five draws each; at 20 ways of 20 shots, where choosing C takes seconds, fewer. */
const tasksOf = ({ shots, ways }) => (ways === 20 ? (shots === 20 ? 8 : 20) : 40);
const singles = ["none", "pair@augmented/power:0.5", "discriminant:1>none"];
const combinedName = ({ pair, shots, ways }, C) => `combined-${pair}-${ways}x${shots}-C${C}`;
for (const cell of combinedCells) {
  const { pair, shots, ways } = cell;
  const file = (name) => `../shared/features/${pair}/${name}.npy`;
  for (const C of ownC) {
    const args = ["eval", "--features", file("features"), "--labels", file("labels"), "--augmented", file("augmented")];
    if (existsSync(file("base_features"))) args.push("--base-features", file("base_features"), "--base-labels", file("base_labels"));
    args.push("--ways", String(ways), "--shots", String(shots), "--queries", shots === 20 ? "10" : "15");
    args.push("--episodes", String(5 * tasksOf(cell)), "--draws-per-task", "5");
    args.push("--metric", "logLoss", "--metric", "expectedCalibrationError", "--per-episode");
    args.push("--C", String(C), ...[...singles, "tuned"].flatMap((mask) => ["--mask", mask]));
    const command = `softprobe ${args.map((arg) => (/[>|]/.test(arg) ? `"${arg}"` : arg)).join(" ")}`;
    runs.push({ name: combinedName(cell, C), pair, features: file("features"), args, command, combined: true });
  }
}
/** Nothing but the support and its views: `tuned` without base classes beside its parts, each at its own C. */
const aloneMasks = ["none", "tuned", "views-support:16>none", "pair@augmented/power:0.5"];
const aloneName = (pair, shots) => `alone-${pair}-${shots}`;
for (const pair of [...pairs, banking]) {
  const file = (name) => `../shared/features/${pair}/${name}.npy`;
  for (const shots of [1, 5]) {
    const args = [
      "eval",
      "--features",
      file("features"),
      "--labels",
      file("labels"),
      "--augmented",
      file("augmented"),
      "--base-classes",
      "none",
    ];
    args.push(
      "--shots",
      String(shots),
      "--episodes",
      "200",
      "--draws-per-task",
      "5",
      "--metric",
      "logLoss",
      "--metric",
      "expectedCalibrationError",
    );
    args.push("--C", "auto", ...aloneMasks.flatMap((mask) => ["--mask", mask]));
    const command = `softprobe ${args.map((arg) => (/[>|]/.test(arg) ? `"${arg}"` : arg)).join(" ")}`;
    runs.push({ name: aloneName(pair, shots), pair, features: file("features"), args, command });
  }
}

/** A base set of the other pair: what `tuned` does with classes of another domain. */
for (const [pair, other, prefix] of [
  [pairs[0], pairs[1], ""],
  [pairs[1], pairs[0], "base_"],
]) {
  const file = (of, name) => `../shared/features/${of}/${name}.npy`;
  for (const shots of [1, 5]) {
    const args = ["eval", "--features", file(pair, "features"), "--labels", file(pair, "labels"), "--shots", String(shots)];
    args.push("--base-features", file(other, `${prefix}features`), "--base-labels", file(other, `${prefix}labels`));
    args.push("--episodes", "200", "--draws-per-task", "5", "--mask", "none", "--mask", "tuned");
    runs.push({ name: `swapped-${pair}-${shots}`, pair, features: file(pair, "features"), args, command: `softprobe ${args.join(" ")}` });
  }
}

/** Whether base classes resemble the task's: each pair's own, then those of the other pair. */
const [grocery, cifar10] = pairs;
const swaps = [
  [grocery, grocery, "base_"],
  [grocery, cifar10, ""],
  [cifar10, grocery, "base_"],
];
for (const [pair, other, prefix] of swaps) {
  const file = (of, name) => `../shared/features/${of}/${name}.npy`;
  const args = ["eval", "--features", file(pair, "features"), "--labels", file(pair, "labels"), "--episodes", "600"];
  args.push("--base-features", file(other, `${prefix}features`), "--base-labels", file(other, `${prefix}labels`));
  const kept = ({ command, domain }) => ({ command, domain });
  runs.push({
    name: `domain-${pair}-by-${other}`,
    pair,
    features: file(pair, "features"),
    args,
    kept,
    command: `softprobe ${args.join(" ")}`,
  });
}

const path = (name) => join(folder, `${name}.json`);
const known = (name) => existsSync(path(name));
const load = (name) => JSON.parse(readFileSync(path(name), "utf8"));
/** Numbers to 5 significant digits: beyond is noise of the episodes. */
const rounded = (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value);

async function measure() {
  mkdirSync(folder, { recursive: true });
  const { pairedDifference } = await import(
    pathToFileURL(join(cli.startsWith("/") ? "" : process.cwd(), cli.replace(/cli\.js$/, "statistics.js"))).href
  );
  const counted = new Map();
  for (const run of runs) {
    if (!existsSync(run.features)) {
      console.log(`${run.name}: skipped, ${run.pair} is not there`);
      continue;
    }
    // Training on views is compared with training on the support: that takes both runs' counts.
    const partner = run.name.startsWith("masks-") && !known(run.name.replace("masks", "trained"));
    if (only ? !only.includes(run.name) : !(flag("--fresh") || !known(run.name) || partner)) continue;
    const started = Date.now();
    const text = execFileSync(process.execPath, [cli, ...run.args, ...(run.args[0] === "eval" ? workers : []), "--json"], {
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const result = JSON.parse(text);
    for (const each of run.kept ? [] : (result.results ?? [])) {
      if (!each.perEpisode) continue;
      const values = each.perEpisode.map(({ correct, total }) => correct / total);
      delete each.perEpisode;
      counted.set(`${run.name} ${each.mask}`, values);
      const plain = run.name.startsWith("trained-") && counted.get(`${run.name.replace("trained", "masks")} none`);
      if (!plain) continue;
      const { mean, ci, p } = pairedDifference(values, plain);
      each.differenceToSupport = { mean, ci95: ci, p };
    }
    if (run.combined) {
      // `tuned`, which has a C of its own, against each single mask at this C.
      for (const each of result.results) {
        const { mean, ci, p } = pairedDifference(
          perTask(counted.get(`${run.name} tuned`)),
          perTask(counted.get(`${run.name} ${each.mask}`)),
        );
        each.gainOfTuned = { mean, ci95: ci, p };
      }
    }
    const document = { command: run.command, ...result };
    writeFileSync(path(run.name), `${JSON.stringify(run.kept ? run.kept(document) : document, rounded)}\n`);
    console.log(`${run.name}: ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

/** Means over the five draws of each task. */
function perTask(values) {
  return Array.from({ length: values.length / 5 }, (_, t) => values.slice(5 * t, 5 * t + 5).reduce((sum, value) => sum + value, 0) / 5);
}

const percent = (value) => (100 * value).toFixed(1);
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)}`;
const half = ([low, high]) => percent((high - low) / 2);
const table = (head, rows) =>
  [head, head.map((_, j) => (j === 0 ? ":---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const titles = { grocery: "Grocery Store × MobileNetV2", cifar10: "CIFAR-10 × MobileNetV2", banking77: "Banking77 × USE" };
const title = (pair) => titles[pair.slice(0, pair.indexOf("-"))];
const shotsWord = (shots) => `${shots} shot${shots === 1 ? "" : "s"}`;
const commandsOf = (names) => names.map((name) => `    ${load(name).command}`).join("\n");

/** Tables over shots and ways. */
function gridTables() {
  return pairs.flatMap((pair) => {
    if (!known(`grid-${pair}`)) return [];
    const { cells, skipped, config, episodes, command } = load(`grid-${pair}`);
    const rows = (figure) =>
      config.ways
        .filter((ways) => cells.some((cell) => cell.ways === ways))
        .map((ways) => [
          `${ways}-way`,
          ...config.shots.map((shots) => {
            const cell = cells.find((each) => each.ways === ways && each.shots === shots);
            return cell ? figure(cell) : "–";
          }),
        ]);
    const head = (name) => [name, ...config.shots.map(shotsWord)];
    const range = ([low, high], write) => `[${write(low)}, ${write(high)}]`;
    const share = (value) => String(Number((100 * value).toPrecision(2)));
    const gain = ({ points }) => {
      const best = points.reduce((most, point) => (point.accuracy > most.accuracy ? point : most));
      return `${signed(best.difference.mean)} ± ${half(best.difference.ci95)} at ${share(best.fraction)} %`;
    };
    const left = skipped.map(({ ways, shots }) => `${ways}-way ${shots}-shot`).join(", ");
    return [
      `### ${title(pair)}`,
      `${episodes} episodes a cell, oracle \`pair\` importance, softmax probe.${left ? ` Too few classes or rows for: ${left}.` : ""}`,
      table(
        head("Knee, % of dimensions [95 %]"),
        rows(({ knee }) => `${share(knee.fraction)} ${range(knee.ci95.fraction, share)}`),
      ),
      table(
        head("Redundancy index [95 %]"),
        rows(({ redundancyIndex: { value, ci95 } }) => `${value.toFixed(3)} ${range(ci95, (end) => end.toFixed(3))}`),
      ),
      table(
        head("Accuracy %, all dimensions"),
        rows(({ accuracy }) => `${percent(accuracy.accuracy)} ± ${half(accuracy.ci95)}`),
      ),
      table(head("Paired difference, best of the curve to all"), rows(gain)),
      table(
        head("Paired difference, 1 % kept to all"),
        rows(({ points: [first] }) => `${signed(first.difference.mean)} ± ${half(first.difference.ci95)}`),
      ),
      `    ${command}`,
    ];
  });
}

/** Theory beside measurement. */
function theoryTables() {
  return pairs.flatMap((pair) => {
    if (!known(`theory-${pair}`)) return [];
    const { shots, dimensions, episodes, command } = load(`theory-${pair}`);
    const head = ["Kept %", ...shots.flatMap((each) => [`${shotsWord(each.shots)}, theory`, "measured"])];
    const rows = shots[0].points.map(({ fraction }, p) => [
      String(100 * fraction),
      ...shots.flatMap(({ points }) => [percent(points[p].theory), `${percent(points[p].measured)} ± ${half(points[p].ci95)}`]),
    ]);
    rows.push(["Best by theory", ...shots.flatMap(({ best }) => [`${percent(best.fraction)} % of dimensions`, ""])]);
    rows.push(["Useful by theory", ...shots.flatMap(({ usefulDimensions }) => [`${usefulDimensions} of ${dimensions}`, ""])]);
    return [`### ${title(pair)}`, `2-way nearest centroid, accuracy in %, ${episodes} episodes.`, table(head, rows), `    ${command}`];
  });
}

/** All masks and controls, 1 and 5 shots side by side. */
function maskTables() {
  return pairs.flatMap((pair) => {
    const kinds = ["masks", "trained", "bases", "views"];
    const names = kinds.flatMap((kind) => shotsOfMasks.map((shots) => `${kind}-${pair}-${shots}`)).filter(known);
    if (names.length === 0) return [];
    const rows = kinds.flatMap((kind) => {
      const documents = shotsOfMasks.map((shots) => (known(`${kind}-${pair}-${shots}`) ? load(`${kind}-${pair}-${shots}`) : null));
      const first = documents.find(Boolean);
      if (!first) return [];
      return first.results.flatMap(({ mask, difference }, r) => {
        if (kind !== "masks" && kind !== "trained" && difference === null) return [];
        const cells = documents.flatMap((document) => {
          if (!document) return ["–", "–"];
          const own = document.results[r];
          const gap = kind === "trained" ? own.differenceToSupport : own.difference;
          const mark = gap && gap.p < 0.05 ? "\\*" : "";
          return [percent(own.accuracy), gap ? `${signed(gap.mean)} ± ${half(gap.ci95)}${mark}` : ""];
        });
        const note = kind === "trained" ? ", trained on views too" : "";
        const draws = first.config.drawsPerTask;
        return [[`\`${mask}\`${note}`, draws ? `${first.episodes / draws} × ${draws}` : String(first.episodes), ...cells]];
      });
    });
    const head = ["Mask", "Episodes", ...shotsOfMasks.flatMap((shots) => [`${shotsWord(shots)}, %`, "difference"])];
    const commands = kinds.map((kind) => `${kind}-${pair}-1`).filter(known);
    return [`### ${title(pair)}`, table(head, rows), commandsOf(commands)];
  });
}

/** Every cell of the combination: accuracy, log loss and calibration error of each arm, single masks at the paper's C and at their own. */
function combinedTables() {
  const cells = combinedCells.filter((cell) => ownC.every((C) => known(combinedName(cell, C))));
  const left = combinedCells
    .filter((cell) => !cells.includes(cell))
    .map(({ pair, shots, ways }) => `${title(pair)} ${ways}-way ${shots}-shot`);
  const tables = [...new Set(cells.map(({ pair, ways }) => `${pair} ${ways}`))].flatMap((group) => {
    const own = cells.filter(({ pair, ways }) => `${pair} ${ways}` === group);
    const [{ pair, ways }] = own;
    const arms = [...ownC.flatMap((C) => singles.map((mask) => ({ mask, C }))), { mask: "tuned", C: null }];
    const rows = arms.map(({ mask, C }) => [
      `\`${mask}\`${C === null ? "" : C === "auto" ? ", its own C" : `, C = ${C}`}`,
      ...own.flatMap((cell) => {
        const { accuracy, metrics, gainOfTuned } = load(combinedName(cell, C ?? "auto")).results.find((each) => each.mask === mask);
        const mark = gainOfTuned.p < 0.05 ? "\\*" : "";
        return [
          percent(accuracy),
          metrics.logLoss.mean.toFixed(2),
          metrics.expectedCalibrationError.mean.toFixed(2),
          mask === "tuned" ? "" : `${signed(gainOfTuned.mean)} ± ${half(gainOfTuned.ci95)}${mark}`,
        ];
      }),
    ]);
    const head = ["Arm", ...own.flatMap(({ shots }) => [`${shotsWord(shots)}, %`, "log loss", "ECE", "`tuned` gains"])];
    const tasks = own.map(({ shots }) => `${tasksOf({ shots, ways })} at ${shotsWord(shots)}`).join(", ");
    return [
      `### ${title(pair)}, ${ways} ways`,
      `Tasks of five draws: ${tasks}.`,
      table(head, rows),
      commandsOf([combinedName(own[0], "auto")]),
    ];
  });
  return [...tables, ...(left.length > 0 ? [`Not measured yet: ${left.join(", ")}.`] : []), ...verdictsOf(cells)];
}

const starred = (difference) => `${signed(difference.mean)} ± ${half(difference.ci95)}${difference.p < 0.05 ? "\\*" : ""}`;

/** Where the combination is not first in a figure, and what the paper's mask gains over no mask at its own C: read from the results. */
function verdictsOf(cells) {
  const place = ({ pair, shots, ways }) => `${title(pair).split(" ")[0]}, ${ways}-way ${shots}-shot`;
  const results = (cell, C) => load(combinedName(cell, C)).results;
  const resultOf = (cell, mask) => results(cell, "auto").find((each) => each.mask === mask);
  const others = (cell) =>
    ownC.flatMap((C) =>
      results(cell, C)
        .filter(({ mask }) => mask !== "tuned")
        .map((each) => ({ ...each, arm: `\`${each.mask}\` at ${C === "auto" ? "its own C" : `C = ${C}`}` })),
    );
  const notFirst = (metric) =>
    cells.flatMap((cell) => {
      const own = resultOf(cell, "tuned").metrics[metric].mean;
      const lower = others(cell).filter(({ metrics }) => metrics[metric].mean < own);
      const told = lower.map(({ arm, metrics }) => `${arm} ${metrics[metric].mean.toFixed(3)}`).join(", ");
      return lower.length > 0 ? [`${place(cell)} (${own.toFixed(3)}; ${told})`] : [];
    });
  const equal = cells.flatMap((cell) =>
    others(cell).flatMap(({ arm, gainOfTuned: { p, mean } }) => (p < 0.05 && mean > 0 ? [] : [`${place(cell)}: ${arm}`])),
  );
  const list = (entries) => (entries.length > 0 ? entries.join("; ") : "nowhere");
  const paper = cells.map((cell) => [place(cell), starred(resultOf(cell, "pair@augmented/power:0.5").difference)]);
  return [
    `Where \`tuned\` does not gain significantly: ${list(equal)}.`,
    `Where its log loss is not the lowest: ${list(notFirst("logLoss"))}.`,
    `Where its calibration error is not the lowest: ${list(notFirst("expectedCalibrationError"))}.`,
    "What the paper's mask, `pair@augmented/power:0.5`, gains over no mask, both at their own C:",
    table(["Cell", "Points"], paper),
  ];
}

/** Without base classes: the combination of the support and its views beside its parts. */
function aloneTables() {
  const cells = [...pairs, banking]
    .flatMap((pair) => [1, 5].map((shots) => ({ pair, shots })))
    .filter(({ pair, shots }) => known(aloneName(pair, shots)));
  if (cells.length === 0) return [];
  const rows = cells.flatMap(({ pair, shots }) =>
    load(aloneName(pair, shots)).results.map(({ mask, accuracy, difference, metrics }) => [
      `${title(pair)}, ${shotsWord(shots)}`,
      `\`${mask}\``,
      percent(accuracy),
      difference ? starred(difference) : "",
      metrics.logLoss.mean.toFixed(3),
      metrics.expectedCalibrationError.mean.toFixed(3),
    ]),
  );
  const [{ pair, shots }] = cells;
  return [table(["Task", "Arm", "%", "over `none`", "log loss", "ECE"], rows), commandsOf([aloneName(pair, shots)])];
}

/** Base sets of the other pair. */
function swappedTables() {
  const names = pairs.flatMap((pair) => [1, 5].map((shots) => `swapped-${pair}-${shots}`)).filter(known);
  if (names.length === 0) return [];
  const rows = names.map((name) => {
    const { results, config } = load(name);
    const [none, tuned] = results;
    const pair = pairs.find((each) => name.includes(each));
    return [title(pair), String(config.shots), percent(none.accuracy), percent(tuned.accuracy), signed(tuned.difference.mean)];
  });
  return [table(["Task", "Shots", "`none`, %", "`tuned`, base set of the other pair", "difference"], rows), commandsOf(names.slice(0, 1))];
}

/** Domain checks. */
function domainTables() {
  const names = swaps.map(([pair, other]) => `domain-${pair}-by-${other}`);
  const there = swaps.filter((_, i) => known(names[i]));
  if (there.length === 0) return [];
  const word = (pair) => (pair === grocery ? "Grocery Store" : "CIFAR-10");
  const rows = there.map(([pair, other]) => {
    const { verdict, unexplained, expected, p } = load(`domain-${pair}-by-${other}`).domain;
    const chance = p < 0.001 ? "< 0.001" : p.toFixed(2);
    return [
      word(pair),
      pair === other ? "its own base set" : word(other),
      `${percent(unexplained)} %`,
      `${percent(expected)} %`,
      chance,
      verdict,
    ];
  });
  const head = ["Task's classes", "Base classes", "Energy unexplained", "of base classes left out", "p", "Verdict"];
  return [table(head, rows), commandsOf(names.filter(known))];
}

/** One row a situation of docs/what-to-use.md: gains over no mask at 1 and 5 shots, each arm at its own C. */
function choiceTables() {
  const three = [...pairs, banking];
  const gap = (difference) => (difference ? starred(difference) : "–");
  const of = (name, mask) => (known(name) ? load(name).results.find((each) => each.mask === mask) : null);
  const combined = (mask) => (pair, shots) => gap(of(combinedName({ pair, shots, ways: 5 }, "auto"), mask)?.difference);
  const alone = (mask) => (pair, shots) => gap(of(aloneName(pair, shots), mask)?.difference);
  const single = (kind, mask) => (pair, shots) => {
    const found = of(`${kind}-${pair}-${shots}`, mask);
    return gap(found && (found.differenceToSupport ?? found.difference));
  };
  const situations = [
    ["labelled classes of the domain", "`tuned`", combined("tuned")],
    ["views of an unlabelled pool", "`views:1>none`, C = 1", single("views", "views:1>none")],
    ["the support's views", "`tuned`, without base classes", alone("tuned")],
    ["the support's views", "`views-support:16>none`", alone("views-support:16>none")],
    ["the support's views", "`pair@augmented/power:0.5` (the paper's)", alone("pair@augmented/power:0.5")],
    ["the support's views", "`none`, trained on views too, C = 1", single("trained", "none")],
  ];
  const rows = situations.map(([have, use, cell]) => [have, use, ...three.flatMap((pair) => [1, 5].map((shots) => cell(pair, shots)))]);
  const head = ["You have", "Use", ...three.flatMap((pair) => [`${title(pair).split(" ")[0]}, 1 shot`, "5 shots"])];
  const five = combinedName({ pair: banking, shots: 1, ways: 5 }, "auto");
  const commands = [five, aloneName(banking, 1), `views-${pairs[0]}-1`, `trained-${pairs[0]}-1`].filter(known);
  return [table(head, rows), "Both sides of a difference have their own C, unless the row says C = 1.", commandsOf(commands)];
}

function writeTables() {
  writeInto("docs/science.md", {
    grid: gridTables,
    theory: theoryTables,
    masks: maskTables,
    domain: domainTables,
    combined: combinedTables,
    alone: aloneTables,
    swapped: swappedTables,
  });
  writeInto("docs/what-to-use.md", { choice: choiceTables });
}

function writeInto(file, figures) {
  let text = readFileSync(file, "utf8");
  for (const [name, make] of Object.entries(figures)) {
    const [open, close] = [`<!-- figures: ${name} -->`, `<!-- end: ${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`${file}: no place for the figures "${name}", expected ${open} … ${close}`);
    text = `${text.slice(0, start + open.length)}\n\n${make().join("\n\n")}\n\n${text.slice(end)}`;
  }
  writeFileSync(file, text);
}

if (!flag("--tables")) await measure();
writeTables();
