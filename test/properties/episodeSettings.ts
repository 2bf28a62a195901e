import fc from "fast-check";

/** Labels and options that fit each other: the largest classes hold every way's rows. */
export interface EpisodeSettings {
  readonly labels: number[];
  readonly options: {
    readonly ways: number;
    readonly shots: number | number[];
    readonly queries: number | number[] | "all";
    readonly seed: number;
    readonly classes?: number[];
  };
}

/** Any settings of an episode: equal or unequal shots and queries, all remaining rows, fixed classes, classes that are too small. */
export function episodeSettings(): fc.Arbitrary<EpisodeSettings> {
  return fc
    .record({
      ways: fc.integer({ min: 2, max: 5 }),
      spare: fc.integer({ min: 0, max: 3 }),
      tiny: fc.integer({ min: 0, max: 2 }),
      counts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 }),
      unequal: fc.boolean(),
      queryKind: fc.constantFrom("same", "unequal", "all"),
      fixed: fc.boolean(),
      seed: fc.maxSafeNat(),
      order: fc.array(fc.nat(), { minLength: 80, maxLength: 80 }),
    })
    .map(({ ways, spare, tiny, counts, unequal, queryKind, fixed, seed, order }) => {
      const shots = unequal ? counts.slice(0, ways) : counts[0];
      const queries = queryKind === "all" ? "all" : queryKind === "unequal" ? counts.slice(5, 5 + ways) : counts[5];
      const labels: number[] = [];
      for (let c = 0; c < ways + spare; c++) for (let i = 0; i < 8 + (order[c] % 3); i++) labels.push(c);
      for (let c = 0; c < tiny; c++) labels.push(100 + c);
      const shuffled = labels.map((label, i) => ({ label, key: order[i % 80] * 31 + i })).sort((a, b) => a.key - b.key);
      return {
        labels: shuffled.map(({ label }) => label),
        options: {
          ways,
          shots,
          queries: queries as number | number[] | "all",
          seed,
          ...(fixed && { classes: Array.from({ length: ways }, (_, way) => ways - 1 - way) }),
        },
      };
    });
}
