/** What a run of the playground is told; it stands in the page's address, so that a link shows the same run. */
export interface Settings {
  readonly ways: number;
  readonly shots: number;
  readonly queries: number;
  readonly episodes: number;
  readonly seed: number;
  readonly masks: readonly string[];
  readonly probes: readonly ("softmax" | "centroid" | "cosine")[];
}

export const probeNames = ["softmax", "centroid", "cosine"] as const;

/** Masks to tick, and what each is. The first that is ticked is what the others are compared with. */
export const offeredMasks: readonly { readonly spec: string; readonly says: string; readonly needs?: "views" }[] = [
  { spec: "none", says: "no mask" },
  { spec: "pair@oracle/top:0.05", says: "keeps the 5 % of dimensions that matter most; an oracle, which sees the answers, says which" },
  { spec: "pair@augmented/top:0.05", says: "keeps the 5 % that seem to matter, by augmented views of the labelled rows", needs: "views" },
  { spec: "pair@augmented/power:0.5", says: "the paper's soft mask: scales each dimension by its importance in the views", needs: "views" },
  { spec: "wiener@prior/power:1", says: "a soft mask learned from the classes outside each episode" },
  { spec: "random/top:0.1", says: "keeps a random tenth: the control" },
];

export const defaults: Settings = {
  ...{ ways: 5, shots: 1, queries: 15, episodes: 100, seed: 0 },
  masks: ["none", "pair@oracle/top:0.05", "pair@augmented/top:0.05", "pair@augmented/power:0.5"],
  probes: ["softmax"],
};

/** The numbers' least and most: what a form allows, and what an address may ask for. */
export const bounds = {
  ...{ ways: [2, 100], shots: [1, 100], queries: [1, 100], episodes: [2, 5000], seed: [0, 2 ** 31 - 1] },
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
const numbers = Object.keys(bounds) as (keyof typeof bounds)[];

/** Where on the form a problem belongs. */
export type Field = (typeof numbers)[number] | "masks" | "probes" | "files";

/** The field that an error of the library is about, by the argument that it names; null where it names none of them. */
export function fieldOf(message: string): Field | null {
  const named = /\b(ways|shots|queries|episodes|seed|masks?|probes?)\b/.exec(message)?.[1];
  if (named === undefined) return null;
  return named.startsWith("mask") ? "masks" : named.startsWith("probe") ? "probes" : (named as Field);
}

/** What is wrong with settings, in words, and where; undefined where nothing is. */
export function problemOf(settings: Settings): { readonly field: Field; readonly message: string } | undefined {
  for (const name of numbers) {
    const [least, most] = bounds[name];
    const value = settings[name];
    if (!Number.isInteger(value) || value < least || value > most)
      return { field: name, message: `${name} is ${value}, expected a whole number from ${least} to ${most}` };
  }
  if (settings.masks.length === 0) return { field: "masks", message: "No mask is ticked: tick at least one." };
  if (settings.probes.length === 0) return { field: "probes", message: "No probe is ticked: tick at least one." };
  return undefined;
}

/** Settings as the query of an address. */
export function toQuery(settings: Settings): string {
  const query = new URLSearchParams(numbers.map((name) => [name, String(settings[name])]));
  for (const mask of settings.masks) query.append("mask", mask);
  for (const probe of settings.probes) query.append("probe", probe);
  return query.toString();
}

/** Settings of an address: what it leaves out, or states wrongly, is as by default. */
export function fromQuery(text: string): Settings {
  const query = new URLSearchParams(text);
  const numeric = Object.fromEntries(
    numbers.map((name) => {
      const value = query.get(name);
      const [least, most] = bounds[name];
      const number = value === null || value === "" ? Number.NaN : Number(value);
      return [name, Number.isInteger(number) && number >= least && number <= most ? number : defaults[name]];
    }),
  ) as Record<keyof typeof bounds, number>;
  const masks = query.getAll("mask").slice(0, 20);
  const probes = probeNames.filter((name) => query.getAll("probe").includes(name));
  return { ...numeric, masks: masks.length > 0 ? masks : defaults.masks, probes: probes.length > 0 ? probes : defaults.probes };
}
