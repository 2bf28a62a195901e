import type { LabelIndex } from "../core/labels.ts";
import { type CandidateGain, gainOver } from "./chooseCandidate.ts";
import { chooseSupport } from "./chooseSupport.ts";
import type { HeldOutRows } from "./supportEvidence.ts";
import type { TuneCandidate } from "./tuneEvidence.ts";

/** What one candidate achieved on support rows that it had not seen, at the C with the least log loss. */
export interface SupportTuneRow {
  readonly mask: string;
  readonly trainOn: "support" | "augmented";
  readonly C: number;
  readonly accuracy: number;
  readonly logLoss: number;
  /**
   * The gain in accuracy and in log loss (above 0: a lower loss), paired over rows. It is relative to the unmasked probe at its own C; for
   * the unmasked probe itself, relative to C = 1.
   */
  readonly gain: CandidateGain;
  readonly logLossGain: CandidateGain;
}

/** What `tuneSupport` chose by. Fields of the command, such as its files, may stand beside these. */
export interface SupportTuneConfig {
  readonly rows?: number;
  readonly classes?: number;
  /** Rows of the smallest class. */
  readonly leastRows?: number;
  /** Augmented views of each row; 0 without any. */
  readonly views?: number;
  readonly normalize?: "l2" | "none";
  /** The largest p at which a candidate wins. */
  readonly level?: number;
  /** The values of C to choose from, if they were given. */
  readonly C?: readonly number[];
  readonly [other: string]: unknown;
}

/** The result of `tuneSupport`: a plain JSON document. */
export interface SupportTuneResult {
  readonly schema: "softprobe/tune@1";
  readonly config: SupportTuneConfig;
  readonly choice: TuneCandidate & { readonly C: number };
  /** Why, in a sentence. */
  readonly reason: string;
  /**
   * The gain in accuracy, over the unmasked probe at C = 1, to expect from this way of choosing. It is measured on rows that took no part
   * in the choice: half of the rows choose and the other half measures, and then the reverse. null if nothing could be measured.
   */
  readonly expectedGain: { readonly mean: number; readonly standardError: number } | null;
  readonly evidence: readonly SupportTuneRow[];
  /** Candidates that so small a support cannot judge, and why. */
  readonly unknown: readonly (TuneCandidate & { readonly why: string })[];
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Chooses by held-out rows, the unmasked probe's at C = 1 and each judged candidate's at every C, and tells why and what the choice is worth. */
export function supportResult(
  {
    index,
    judged,
    unknown,
    config,
    level,
  }: Pick<SupportTuneResult, "unknown" | "config"> & {
    readonly index: LabelIndex;
    readonly judged: readonly TuneCandidate[];
    readonly level: number;
  },
  plain: HeldOutRows,
  measured: readonly (readonly HeldOutRows[])[],
): SupportTuneResult {
  const everyone = Array.from(index.codes.keys());
  const chosen = chooseSupport(plain, measured, everyone, level);
  const halves: [number[], number[]] = [[], []];
  // Every class in both halves, as evenly as may be.
  index.rows.forEach((row, place) => {
    halves[place % 2].push(row);
  });
  const crossed = halves.map((half, h) => gainOver(chooseSupport(plain, measured, half, level).rows.hits, plain.hits, halves[1 - h]));
  const own = chosen.at.map(({ candidate, rows, over }): SupportTuneRow => {
    const { mask, trainOn } = judged[candidate];
    return {
      ...{ mask, trainOn, C: rows.C, accuracy: mean(rows.hits), logLoss: mean(rows.losses) },
      gain: gainOver(rows.hits, over.hits, everyone),
      logLossGain: gainOver(over.losses, rows.losses, everyone),
    };
  });
  const baseline: SupportTuneRow = {
    ...{ mask: "none", trainOn: "support", C: 1, accuracy: mean(plain.hits), logLoss: mean(plain.losses) },
    ...{ gain: gainOver(plain.hits, plain.hits, everyone), logLossGain: gainOver(plain.losses, plain.losses, everyone) },
  };
  return {
    schema: "softprobe/tune@1",
    config,
    choice: { mask: judged[chosen.candidate].mask, trainOn: judged[chosen.candidate].trainOn, C: chosen.rows.C },
    reason: reasonOf(chosen, own, plain),
    expectedGain: {
      mean: (crossed[0].mean + crossed[1].mean) / 2,
      standardError: Math.sqrt(crossed[0].standardError ** 2 + crossed[1].standardError ** 2) / 2,
    },
    evidence: [baseline, ...own],
    unknown,
  };
}

function reasonOf(
  chosen: { readonly candidate: number; readonly rows: HeldOutRows },
  own: readonly SupportTuneRow[],
  plain: HeldOutRows,
): string {
  const { mask, trainOn, C, logLoss, logLossGain } = own[chosen.candidate];
  const penalty = `C = ${Number(C.toPrecision(3))}`;
  const what = `${mask}${trainOn === "augmented" ? " trained on views" : ""} at ${penalty}`;
  const told = `${logLossGain.mean.toFixed(3)} ± ${logLossGain.standardError.toFixed(3)}`;
  if (chosen.candidate > 0) return `${what} has a held-out log loss lower than the unmasked probe's by ${told}`;
  if (chosen.rows === plain) return "no candidate beat the unmasked probe at C = 1 significantly on held-out rows";
  return `no candidate beat the unmasked probe; at ${penalty} it has a held-out log loss of ${logLoss.toFixed(3)}, lower than at C = 1 by ${told}`;
}
