import { numberOption, type OptionValues } from "./options.ts";
import { UsageError } from "./usage.ts";

/** Whole numbers of at least `least`, separated by commas, else undefined. */
export function countsOption(values: OptionValues, name: string, least: number): readonly number[] | undefined {
  return (values[name] as string | undefined)?.split(",").map((text) => {
    const count = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isSafeInteger(count) || count < least)
      throw new UsageError(`--${name} has "${text}", expected whole numbers of at least ${least}, such as 2,5,20`);
    return count;
  });
}

/** Ascending shares in (0, 1], separated by commas, else undefined. */
export function fractionsOption(values: OptionValues): readonly number[] | undefined {
  const fractions = (values.fractions as string | undefined)?.split(",").map((text) => {
    const fraction = text.trim() === "" ? Number.NaN : Number(text);
    if (!(fraction > 0 && fraction <= 1)) throw new UsageError(`--fractions has "${text}", expected shares in (0, 1], such as 0.01,0.1,1`);
    return fraction;
  });
  fractions?.forEach((fraction, i) => {
    if (i > 0 && !(fraction > fractions[i - 1]))
      throw new UsageError(`--fractions has ${fraction} after ${fractions[i - 1]}, expected ascending shares`);
  });
  return fractions;
}

/** ε of the knee, else undefined. */
export function epsilonOption(values: OptionValues): number | undefined {
  const epsilon = numberOption(values, "epsilon", false);
  if (epsilon !== undefined && !(epsilon >= 0 && epsilon < 1))
    throw new UsageError(`--epsilon is "${String(values.epsilon)}", expected a loss in accuracy in [0, 1), such as 0.01`);
  return epsilon;
}
