import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount, checkPositive, checkProbability } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, indexGiven, indexLabels, type LabelIndex, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import type { OptionsOf } from "../core/option.ts";
import { version } from "../core/version.ts";
import { partOf, type Work } from "../core/work.ts";
import { drawRows, splitRows } from "../episodes/stratifiedRows.ts";
import { takeRows } from "../features/takeRows.ts";
import { doHeldOutWork, type HeldOutCrew, type PlacedOptions, placedOptionNames } from "../heldout/heldOutCrew.ts";
import { choosePipelinePenalty } from "../pipeline/choosePipelinePenalty.ts";
import { prepareProbe } from "../pipeline/prepareProbe.ts";
import type { linearProbeOptions } from "../plan/optionTable.ts";
import type { ProbeOptions } from "../plan/prepareFit.ts";
import { balancedAccuracy } from "../statistics/balancedAccuracy.ts";
import { expectedCalibrationError } from "../statistics/expectedCalibrationError.ts";
import { macroF1 } from "../statistics/macroF1.ts";
import { meanInterval } from "../statistics/meanInterval.ts";
import { proportionInterval } from "../statistics/proportionInterval.ts";
import { worstPairs } from "../statistics/worstPairs.ts";
import { tunedCombination } from "../tune/tunedCombination.ts";
import type { LearningPoint, LinearProbeResult } from "./linearProbeResult.ts";
import { type Tested, testProbe } from "./testProbe.ts";

export interface LinearProbeOptions
  extends Omit<ProbeOptions, "C" | "augmented" | "trainOn" | "sampleWeight" | "combination">,
    OptionsOf<typeof linearProbeOptions>,
    PlacedOptions {
  /** Test rows, d columns as the training rows; with `testLabels`. Without them, a share of the training rows (`split`). */
  readonly test?: Matrix;
  readonly testLabels?: Labels;
}

const linearProbeOptionNames: OptionNames<LinearProbeOptions, PlacedOptions> = {
  test: true,
  testLabels: true,
  split: true,
  C: true,
  shots: true,
  draws: true,
  seed: true,
  normalize: true,
  kernels: true,
  classWeight: true,
  priorDegrees: true,
  base: true,
  pool: true,
  mask: true,
  basis: true,
  probe: true,
  power: true,
};

const caller = "linearProbe";

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function checkShots(given: ArrayLike<number | "all"> | undefined): readonly (number | "all")[] {
  if (given === undefined) return [];
  if (given === null || typeof given !== "object" || typeof given.length !== "number")
    throw kindError(caller, "shots", given, 'an array of whole numbers or "all"');
  return Array.from(given, (shots, i) => (shots === "all" ? shots : checkCount(shots, caller, `shots[${i}]`)));
}

function checkPath(C: LinearProbeOptions["C"]): readonly number[] | null {
  if (C === undefined || C === "auto") return null;
  if (typeof C === "number") return [checkPositive(C, caller, "C")];
  if (C === null || typeof C !== "object" || typeof C.length !== "number")
    throw kindError(caller, "C", C, 'a number, an array of numbers, or "auto"');
  if (C.length === 0) throw shapeError(caller, "C", "0 values", "at least 1");
  return Array.from(C, (value, i) => checkPositive(value, caller, `C[${i}]`));
}

/** The test's classes as positions among the training classes. */
function codesAmong(index: LabelIndex, classes: readonly ClassName[]): Int32Array {
  const position = new Map(classes.map((name, c) => [name, c]));
  const places = index.classes.map((name) => {
    const at = position.get(name);
    if (at === undefined)
      throw valueError(caller, "testLabels", `has class ${String(name)}, which no training row has`, "the training rows' classes");
    return at;
  });
  return index.codes.map((code) => places[code]);
}

/**
 * The ordinary linear probe: trains on all training rows, with C chosen by held-out ones, and measures it on test rows. On request it
 * does the same with fewer rows a class, as a learning curve. The protocol of CLIP's appendix (fit on train, sweep C on a held-out part
 * of it, score on test) is
 * `linearProbe(train, labels, { test, testLabels, normalize: "none" })`.
 *
 * The mask `tuned` combines maps by evidence: on the base rows where `base` has any (`fitCombination`), else on the training rows (`fitSupportCombination`).
 *
 * Test rows take no part in choosing C or a mask. Intervals of one probe are over test rows, those of a learning curve's points over draws of training rows.
 *
 * Runs in slices of some 25 ms, so that a page or a server stays alive; learning what `tuned` combines is one piece. With `on`, workers do the held-out fits
 * that choose C.
 *
 * @param train - n × d training rows, finite
 * @param labels - n labels of at least two classes
 * @param options - test, testLabels or split; C, shots, draws; those of `fitProbe`; on (used if C is chosen), onProgress and signal
 * @returns the result document, `softprobe/probe@1`
 * @throws RangeError or TypeError naming the argument, row or class at fault; the signal's reason when aborted; Error naming a worker that was lost
 * @see Radford et al., "Learning transferable visual models from natural language supervision", 2021, appendix A.3
 * @example
 * ```ts
 * import { linearProbe, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 5, rowsPerClass: 40, dims: 32, seed: 1 });
 * const { accuracy, ci, chosenBy, curve } = await linearProbe(features, labels, { split: 0.5, shots: [1, 5, "all"], draws: 3 });
 * console.log(accuracy > ci[0], chosenBy, curve.map(({ rows }) => rows)); // → true heldOut [ 5, 25, 100 ]
 * ```
 */
export async function linearProbe(train: Matrix, labels: Labels, options: LinearProbeOptions = {}): Promise<LinearProbeResult> {
  checkOptions(options, caller, linearProbeOptionNames, placedOptionNames);
  return doHeldOutWork(caller, options, (own, crew) => probing(train, labels, own, crew));
}

function* probing(given: Matrix, givenLabels: Labels, options: LinearProbeOptions, crew: HeldOutCrew | null): Work<LinearProbeResult> {
  const { test: asked, testLabels, split, C, shots: shotsAsked, draws: drawsAsked, ...fitting } = options;
  checkFinite(given, caller, "train");
  const all = indexGiven(givenLabels, caller);
  if (all.codes.length !== given.rows) throw shapeError(caller, "labels", `${all.codes.length} rows`, `${given.rows}, one a row of train`);
  const shots = checkShots(shotsAsked);
  const draws = checkCount(drawsAsked ?? 5, caller, "draws");
  const seed = checkCount(options.seed ?? 0, caller, "seed", 0);
  const path = checkPath(C);
  checkChoice(options.normalize ?? "l2", caller, "normalize", ["l2", "none"]);
  if ((asked === undefined) !== (testLabels === undefined))
    throw valueError(caller, asked === undefined ? "test" : "testLabels", "is missing", "test rows and their labels, or neither");
  if (asked !== undefined && split !== undefined) throw valueError(caller, "split", "is given beside test", "one of the two");
  const share = checkProbability(split ?? 0.2, caller, "split");
  const parts = asked === undefined ? splitRows(all, share, seed) : null;
  const nameOf = (row: number): ClassName => all.classes[all.codes[row]];
  const train = parts ? takeRows(given, parts.train) : given;
  const trainLabels = parts ? parts.train.map(nameOf) : Array.from(all.codes, (code) => all.classes[code]);
  const test = parts ? takeRows(given, parts.test) : checkFinite(asked!, caller, "test");
  if (test.cols !== train.cols) throw shapeError(caller, "test", `${test.cols} columns`, `${train.cols}, as train`);
  if (test.rows === 0) throw shapeError(caller, "test", "0 rows", "at least 1");
  const testIndex = indexGiven(parts ? parts.test.map(nameOf) : testLabels!, caller, "testLabels");
  if (testIndex.codes.length !== test.rows)
    throw shapeError(caller, "testLabels", `${testIndex.codes.length} rows`, `${test.rows}, one a row of test`);
  const index = indexLabels(trainLabels);
  const { classes } = index;
  const codes = codesAmong(testIndex, classes);

  // A probe takes about as long as it has rows to train on.
  const jobs = shots.map((count) => ({
    count,
    drawn: count === "all" ? [] : Array.from({ length: draws }, (_, draw) => drawRows(index, count, seed, draw)),
  }));
  const total = train.rows + jobs.reduce((sum, { drawn }) => sum + drawn.reduce((rows, { length }) => rows + length, 0), 0);
  let done = 0;
  const { mask, base, pool, ...beside } = fitting;
  const tuned = mask === "tuned" ? tunedCombination(caller, { base, pool, seed, kernels: options.kernels }) : null;
  const probeOn = function* (rows: readonly number[] | null) {
    const own = rows ? takeRows(train, rows) : train;
    const names = rows ? rows.map((row) => trainLabels[row]) : trainLabels;
    const at = (share: number): number => done + share * own.rows;
    yield { done, total };
    const prepared = tuned
      ? prepareProbe(caller, own, names, { ...beside, C: path?.length === 1 ? path[0] : "auto", combination: tuned(own, names) })
      : prepareProbe(caller, own, names, { ...fitting, C: "auto" });
    yield { done, total };
    const chosen = yield* partOf(choosePipelinePenalty(caller, prepared, path, crew), at(0), at(0.85), total);
    const head = yield* partOf(prepared.training(chosen.C, true), at(0.85), at(0.95), total);
    const probe = prepared.complete(head, chosen.C);
    const tested = yield* partOf(testProbe(probe, test, codes), at(0.95), at(1), total);
    done += own.rows;
    return { ...chosen, probe, tested, calibration: expectedCalibrationError(tested.confidences, tested.hits) };
  };

  const full = yield* probeOn(null);
  const curve: LearningPoint[] = [];
  for (const { count, drawn } of jobs) {
    const each: ReturnType<typeof measured>[] = [];
    if (count === "all") each.push(measured(full));
    for (const rows of drawn) each.push(measured(yield* probeOn(rows)));
    const rows = count === "all" ? train.rows : drawn[draws - 1].length;
    const spread = meanInterval(each.map(({ accuracy }) => accuracy));
    const alone = proportionInterval(Math.round(each[0].accuracy * test.rows), test.rows);
    curve.push({
      ...{ shots: count, rows, draws: each.length, accuracy: spread.mean, ci: each.length > 1 ? spread.ci : alone },
      logLoss: mean(each.map(({ logLoss }) => logLoss)),
      expectedCalibrationError: mean(each.map(({ calibration }) => calibration)),
      perDraw: each.map(({ C: own, accuracy, logLoss }) => ({ C: own, accuracy, logLoss })),
    });
  }

  const { hits, losses, guesses } = full.tested;
  const k = classes.length;
  const counts = new Float64Array(k * k);
  codes.forEach((code, i) => {
    counts[code * k + guesses[i]]++;
  });
  const confusion = { classes, counts };
  const right = hits.reduce((sum, hit) => sum + hit, 0);
  const { head, provenance } = full.probe;
  const { C: _C, rows: _rows, ...used } = provenance!.options;
  return {
    schema: "softprobe/probe@1",
    version,
    config: {
      ...used,
      C: path ? (path.length === 1 ? path[0] : path) : "auto",
      ...(parts ? { split: share } : {}),
      ...(shots.length ? { shots, draws } : {}),
    },
    ...{ trainRows: train.rows, testRows: test.rows, C: full.C, chosenBy: full.from, penalty: full.penalty },
    converged: head.kind === "softmax" ? head.converged : null,
    ...{ accuracy: right / test.rows, ci: proportionInterval(right, test.rows) },
    ...{ balancedAccuracy: balancedAccuracy(confusion), macroF1: macroF1(confusion), logLoss: mean(losses) },
    expectedCalibrationError: full.calibration,
    confusion: { classes, counts: Array.from(counts) },
    worstPairs: worstPairs(confusion),
    curve,
  };
}

function measured({ C, tested, calibration }: { readonly C: number; readonly tested: Tested; readonly calibration: number }) {
  return { C, accuracy: mean(tested.hits), logLoss: mean(tested.losses), calibration };
}
