import type { OptionNames } from "../core/checkOptions.ts";
import { dataOptions, fitOptions, trainingOptions, viewOptions } from "../plan/optionTable.ts";
import type { ProbeOptions as MaskedOptions } from "../plan/prepareFit.ts";
import type { Combination } from "./combination.ts";

/** How a probe is trained: with a mask and a basis, or with a combination of maps instead of both. */
export interface ProbeOptions extends MaskedOptions {
  /** What `fitCombination` learned from base classes, or `fitSupportCombination` from this support: its maps take the place of mask and basis, and the head is a · softmax + b · density. */
  readonly combination?: Combination;
}

const ownNames: OptionNames<ProbeOptions, MaskedOptions> = { combination: true };
/** The names of all of {@link ProbeOptions}. */
export const probeOptionNames = [viewOptions, dataOptions, trainingOptions, fitOptions, { seed: true }, ownNames] as const;
