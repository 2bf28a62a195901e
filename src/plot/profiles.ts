import { argsortDescending } from "../core/argsort.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { share } from "../report/numbers.ts";
import { rankCorrelation } from "./rankCorrelation.ts";

const caller = "profilePlot";
export const profileOrders = ["own", "first", "dimension"] as const;
export type ProfileOrder = (typeof profileOrders)[number];

/** An importance or a mask, with a name: `oracle`, `estimate`. */
export interface Profile {
  readonly name: string;
  /** d values ≥ 0, one a dimension. */
  readonly values: ArrayLike<number>;
}

/** A checked profile: its values relative to their mean, and what its name ends with. */
export interface RelativeProfile {
  readonly name: string;
  readonly values: Float64Array;
  /** Its rank correlation with the first, where that is to be seen. */
  readonly end: string;
}

/** Each profile relative to its mean, for its scale says nothing: rows are scaled to norm 1 after a mask. */
export function checkProfiles(profiles: readonly Profile[], order: ProfileOrder): readonly RelativeProfile[] {
  if (!Array.isArray(profiles)) throw kindError(caller, "profiles", profiles, "an array of { name, values }");
  if (profiles.length === 0) throw shapeError(caller, "profiles", "no entries", "at least 1");
  const d = profiles[0]?.values?.length;
  const relative = profiles.map((profile, i) => {
    const argument = `profiles[${i}]`;
    if (profile === null || typeof profile !== "object") throw kindError(caller, argument, profile, "{ name, values }");
    const { name, values } = profile as Profile;
    if (typeof name !== "string") throw kindError(caller, `${argument}.name`, name, "a string");
    if (values === null || typeof values !== "object") throw kindError(caller, `${argument}.values`, values, "an array of numbers");
    if (values.length !== d || d < 2)
      throw shapeError(caller, `${argument}.values`, `${values.length} entries`, i === 0 ? "at least 2" : `${d}, as the first`);
    let sum = 0;
    for (let j = 0; j < d; j++) {
      if (!(values[j] >= 0 && values[j] < Number.POSITIVE_INFINITY))
        throw valueError(caller, `${argument}.values[${j}]`, `is ${values[j]}`, "a finite number of at least 0");
      sum += values[j];
    }
    if (!(sum > 0)) throw valueError(caller, `${argument}.values`, "are all 0", "a number above 0");
    return { name, values: Float64Array.from(values, (value) => (value * d) / sum) };
  });
  return relative.map(({ name, values }, i) => {
    const correlation = rankCorrelation(relative[0].values, values);
    const said = Number.isFinite(correlation) ? correlation.toFixed(2).replace("-", "−") : "n/a";
    return { name, values, end: i === 0 || order === "own" ? "" : ` (rank correlation ${said})` };
  });
}

/** Values as a plot in that order shows them. */
export function orderProfiles(profiles: readonly RelativeProfile[], order: ProfileOrder): readonly Float64Array[] {
  const first = argsortDescending(profiles[0].values);
  return profiles.map(({ values }) => {
    if (order === "dimension") return values;
    return Float64Array.from(order === "first" ? first : argsortDescending(values), (i) => values[i]);
  });
}

/** What the picture says, for those who can't see it. */
export function describeProfiles(profiles: readonly RelativeProfile[], order: ProfileOrder): string {
  const d = profiles[0].values.length;
  const said = profiles.map(({ name, values, end }) => {
    const sorted = Float64Array.from(argsortDescending(values), (j) => values[j]);
    let [sum, kept] = [0, 0];
    while (sum < d / 2 && kept < d) sum += sorted[kept++];
    return `${name}${end}: half of the whole lies in ${kept} dimensions (${share(kept / d)} %), the largest is ${sorted[0].toFixed(1)} times the mean.`;
  });
  const by = { own: "each by falling value", first: "in the order of the first", dimension: "dimension by dimension" }[order];
  return `Importance over ${d} dimensions, ${by}. ${said.join(" ")}`;
}
