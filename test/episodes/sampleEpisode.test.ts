import fc from "fast-check";
import { expect, it } from "vitest";
import { indexLabels, type LabelIndex } from "../../src/core/labels.ts";
import { type Episode, type EpisodeOptions, episodeSampler, sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { expectUniform } from "../properties/chiSquare.ts";
import { episodeSettings } from "../properties/episodeSettings.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** Labels of classes 0, 1, … with these numbers of rows, dealt in turn so that classes are not contiguous. */
function dealt(sizes: readonly number[]): number[] {
  const left = [...sizes];
  const labels: number[] = [];
  while (left.some((count) => count > 0)) {
    left.forEach((count, c) => {
      if (count > 0) {
        labels.push(c);
        left[c]--;
      }
    });
  }
  return labels;
}
const index = indexLabels(dealt([6, 5, 7, 5, 9]));

/** The counts of `labels`: how many rows each way has. */
const perWay = (labels: Int32Array, ways: number) =>
  Array.from({ length: ways }, (_, way) => labels.filter((label) => label === way).length);

function expectSound(episode: Episode, { codes }: LabelIndex): void {
  const { support, supportLabels, query, queryLabels, classes } = episode;
  expect(new Set(classes).size).toBe(classes.length);
  expect(new Set([...support, ...query]).size).toBe(support.length + query.length);
  expect([support.length, query.length]).toEqual([supportLabels.length, queryLabels.length]);
  expect(Array.from(support, (row) => codes[row])).toEqual(Array.from(supportLabels, (way) => classes[way]));
  expect(Array.from(query, (row) => codes[row])).toEqual(Array.from(queryLabels, (way) => classes[way]));
  for (const labels of [supportLabels, queryLabels]) expect(labels).toEqual(labels.slice().sort((a, b) => a - b));
}

it("classes and rows come without replacement, support and query share no row, each row is of the class its label says", () => {
  fc.assert(
    fc.property(episodeSettings(), fc.maxSafeNat(), ({ labels, options }, e) => {
      const own = indexLabels(labels);
      const episode = leavesAlone([own, options], () => sampleEpisode(own, options, e));
      expect(episode.episode).toBe(e);
      expect(episode.classes.length).toBe(options.ways);
      expectSound(episode, own);
      const each = (counts: number | readonly number[]) => (typeof counts === "number" ? new Array(options.ways).fill(counts) : counts);
      expect(perWay(episode.supportLabels, options.ways)).toEqual(each(options.shots));
      const sizes = Array.from(episode.classes, (c) => own.starts[c + 1] - own.starts[c]);
      const queries = options.queries === "all" ? sizes.map((size, way) => size - each(options.shots)[way]) : each(options.queries);
      expect(perWay(episode.queryLabels, options.ways)).toEqual(queries);
      const { most } = episodeSampler(own, options);
      expect(episode.support.length).toBe(most.support);
      expect(episode.query.length).toBeLessThanOrEqual(most.query);
      if (options.queries !== "all") expect(episode.query.length).toBe(most.query);
    }),
  );
});

it("an episode is a pure function of seed and number: any order of asking, and a sampler of one's own, give the same", () => {
  fc.assert(
    fc.property(episodeSettings(), fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 5 }), ({ labels, options }, numbers) => {
      const own = indexLabels(labels);
      const sampler = episodeSampler(own, options);
      const inOrder = numbers.map((e) => sampler.sample(e));
      const backwards = [...numbers].reverse().map((e) => sampler.sample(e));
      expect(backwards.reverse()).toEqual(inOrder);
      expect(numbers.map((e) => sampleEpisode(own, options, e))).toEqual(inOrder);
    }),
  );
});

it("another seed and another number give another episode", () => {
  const options = { ways: 3, shots: 2, queries: 2 };
  const drawn = new Set<string>();
  for (let i = 0; i < 10; i++) {
    drawn.add(JSON.stringify({ ...sampleEpisode(index, { ...options, seed: i }, 0), episode: 0 }));
    drawn.add(JSON.stringify({ ...sampleEpisode(index, { ...options, seed: 0 }, i), episode: 0 }));
  }
  expect(drawn.size).toBe(19);
});

it("the episodes never change: a seed of today gives the same rows with any later version", () => {
  expect(sampleEpisode(index, { ways: 3, shots: 1, queries: 2, seed: 42 }, 7)).toEqual({
    episode: 7,
    classes: Int32Array.of(0, 2, 1),
    support: Int32Array.of(20, 12, 6),
    supportLabels: Int32Array.of(0, 1, 2),
    query: Int32Array.of(0, 25, 22, 28, 11, 1),
    queryLabels: Int32Array.of(0, 0, 1, 1, 2, 2),
  });
});

it("labels enter by the order of their classes only: renamed, they give the same episodes", () => {
  const names = indexLabels(Array.from(index.codes, (code) => `class ${code}`));
  for (let e = 0; e < 5; e++)
    expect(sampleEpisode(names, { ways: 3, queries: 2 }, e)).toEqual(sampleEpisode(index, { ways: 3, queries: 2 }, e));
});

it("without options an episode has 5 ways, 1 shot, 15 queries and seed 0", () => {
  const large = indexLabels(dealt(new Array(7).fill(20)));
  const episode = sampleEpisode(large, {}, 3);
  expect([episode.classes.length, episode.support.length, episode.query.length]).toEqual([5, 5, 75]);
  expect(episode).toEqual(sampleEpisode(large, { ways: 5, shots: 1, queries: 15, seed: 0 }, 3));
});

it('"all" queries are every row of the classes that is not in the support', () => {
  for (let e = 0; e < 20; e++) {
    const { classes, support, query } = sampleEpisode(index, { ways: 2, shots: [1, 3], queries: "all" }, e);
    const rows = Array.from(classes).flatMap((c) => Array.from(index.rows.subarray(index.starts[c], index.starts[c + 1])));
    expect([...support, ...query].sort((a, b) => a - b)).toEqual(rows.sort((a, b) => a - b));
  }
  expect(episodeSampler(index, { ways: 2, shots: [1, 3], queries: "all" }).most).toEqual({ support: 4, query: 9 + 7 - 4 });
});

it("with all remaining rows as queries, the supports are those of any other number of queries drawn from the same classes", () => {
  for (let e = 0; e < 5; e++) {
    const fixed = { ways: 2, shots: 2, seed: 3, classes: [4, 2] };
    expect(sampleEpisode(index, { ...fixed, queries: "all" }, e).support.slice(0, 2)).toEqual(
      sampleEpisode(index, { ...fixed, queries: 3 }, e).support.slice(0, 2),
    );
  }
});

it("fixed classes, as many as ways, come in the order given in every episode", () => {
  for (let e = 0; e < 20; e++) {
    const episode = sampleEpisode(index, { ways: 3, shots: [1, 2, 3], queries: [3, 2, 1], classes: [4, 0, 3] }, e);
    expect(episode.classes).toEqual(Int32Array.of(4, 0, 3));
    expectSound(episode, index);
  }
});

it("a fixed class needs the rows of its own way only", () => {
  const episode = sampleEpisode(index, { ways: 2, shots: [1, 8], queries: 1, classes: [1, 4] }, 0);
  expect([episode.support.length, episode.query.length]).toEqual([9, 2]);
});

it("of more fixed classes than ways, each episode draws some, and no others", () => {
  const seen = new Set<number>();
  for (let e = 0; e < 50; e++) for (const c of sampleEpisode(index, { ways: 2, queries: 2, classes: [4, 0, 3] }, e).classes) seen.add(c);
  expect([...seen].sort()).toEqual([0, 3, 4]);
});

it("classes are named as the labels are: strings, numbers or bigints", () => {
  const animals = indexLabels(["cat", "dog", "cat", "dog"]);
  expect(sampleEpisode(animals, { ways: 2, queries: 1, classes: ["dog", "cat"] }, 0).classes).toEqual(Int32Array.of(1, 0));
  const big = indexLabels(BigInt64Array.of(5n, 7n, 5n, 7n));
  expect(sampleEpisode(big, { ways: 2, queries: 1, classes: [7n, 5n] }, 0).classes).toEqual(Int32Array.of(1, 0));
});

it("a class with one row too few is left out and named, one with just enough is not", () => {
  const uneven = indexLabels(dealt([3, 4, 5, 4, 2]));
  const sampler = episodeSampler(uneven, { ways: 2, shots: 1, queries: 3 });
  expect(sampler.excludedClasses).toEqual([0, 4]);
  expect(sampler.ways).toBe(2);
  const seen = new Set<number>();
  for (let e = 0; e < 50; e++) for (const c of sampler.sample(e).classes) seen.add(c);
  expect([...seen].sort()).toEqual([1, 2, 3]);
  expect(episodeSampler(uneven, { ways: 2, shots: 3, queries: "all" }).excludedClasses).toEqual([0, 4]);
  // Of unequal ways any class may get any: each must hold the largest.
  expect(episodeSampler(uneven, { ways: 2, shots: [1, 2], queries: [2, 2] }).excludedClasses).toEqual([0, 4]);
});

it("every ordered pair of classes is equally likely", () => {
  const six = indexLabels(dealt(new Array(6).fill(3)));
  const sampler = episodeSampler(six, { ways: 2, shots: 1, queries: 1, seed: 1 });
  const counts = new Int32Array(30);
  for (let e = 0; e < 6000; e++) {
    const [a, b] = sampler.sample(e).classes;
    counts[a * 5 + (b > a ? b - 1 : b)]++;
  }
  expectUniform(counts);
});

it("every row is equally likely in the support, in the query, and in each of their places; so is every pair of support and query", () => {
  const two = indexLabels(dealt([6, 6]));
  for (const queries of [2, "all"] as const) {
    const sampler = episodeSampler(two, { ways: 2, shots: 2, queries, seed: 5 });
    const places = queries === "all" ? 2 : 4;
    const counts = Array.from({ length: places }, () => new Int32Array(12));
    const pairs = new Int32Array(30);
    const queried = new Int32Array(12);
    for (let e = 0; e < 6000; e++) {
      const { classes, support, query } = sampler.sample(e);
      for (let way = 0; way < 2; way++) {
        const own = [...support.slice(2 * way, 2 * way + 2), ...query.slice((way * query.length) / 2, (way * query.length) / 2 + 2)];
        for (let place = 0; place < places; place++) counts[place][own[place]]++;
        const [a, b] = own.slice(1, 3).map((row) => Array.from(two.rows.subarray(two.starts[classes[way]])).indexOf(row));
        if (queries !== "all") pairs[a * 5 + (b > a ? b - 1 : b)]++;
      }
      for (const row of query) queried[row]++;
    }
    counts.forEach(expectUniform);
    if (queries !== "all") expectUniform(pairs);
    const share = queries === "all" ? 4 / 6 : 2 / 6;
    for (const count of queried) expect(Math.abs(count - 6000 * share)).toBeLessThan(5 * Math.sqrt(6000 * share * (1 - share)));
  }
});

it("options out of range are refused by name", () => {
  const refused: [EpisodeOptions, string][] = [
    [{ ways: 1 }, "ways is 1, expected a whole number of at least 2"],
    [{ ways: 2.5 }, "ways is 2.5, expected a whole number of at least 2"],
    [{ ways: 2, shots: 0 }, "shots is 0, expected a whole number of at least 1"],
    [{ ways: 2, shots: [1, -1] }, "shots[1] is -1, expected a whole number of at least 1"],
    [{ ways: 3, shots: [1, 1] }, "shots has 2 numbers, expected 3, one for each way, or a single number"],
    [{ ways: 2, queries: 0 }, "queries is 0, expected a whole number of at least 1"],
    [{ ways: 2, queries: [1, 0.5] }, "queries[1] is 0.5, expected a whole number of at least 1"],
    [{ ways: 2, queries: [1] }, "queries has 1 numbers, expected 2, one for each way, or a single number"],
    [{ ways: 2, queries: "some" as "all" }, 'queries is "some", expected a number, one a way, or "all"'],
    [{ ways: 2, seed: -1 }, "seed is -1, expected a whole number of at least 0"],
    [{ ways: 2, seed: 2 ** 53 }, "seed is 9007199254740992, expected a whole number of at least 0"],
    [{ ways: 2, seed: Number.NaN }, "seed is NaN, expected a whole number of at least 0"],
    [{ ways: 2, queries: 1, classes: [0, 9] }, "classes has 9, which no row is labelled, expected labels that occur"],
    [{ ways: 2, queries: 1, classes: [0, "0"] }, 'classes has "0", which no row is labelled, expected labels that occur'],
    [{ ways: 2, queries: 1, classes: [0, 1, 0] }, "classes names a class twice, expected distinct classes"],
  ];
  for (const [options, message] of refused) refuses(() => sampleEpisode(index, options, 0), RangeError, `sampleEpisode: ${message}`);
  refuses(
    () => sampleEpisode(index, { ways: 2, queries: 1 }, -1),
    RangeError,
    "sampleEpisode: e is -1, expected a whole number of at least 0",
  );
  refuses(
    () => sampleEpisode(index, { ways: 2, queries: 1 }, 0.5),
    RangeError,
    "sampleEpisode: e is 0.5, expected a whole number of at least 0",
  );
});

it("options of the wrong kind are refused as such", () => {
  const wrong = (options: Record<string, unknown>, message: string) =>
    refuses(() => sampleEpisode(index, { ways: 2, queries: 1, ...options } as EpisodeOptions, 0), TypeError, `sampleEpisode: ${message}`);
  wrong({ ways: "2" }, 'ways is "2", expected a number');
  wrong({ shots: "1" }, 'shots is "1", expected a number or one number a way');
  wrong({ shots: { a: 1 } }, "shots is Object, expected a number or one number a way");
  wrong({ shots: [1, "1"] }, 'shots[1] is "1", expected a number');
  wrong({ seed: 1n }, "seed is 1n, expected a number");
  wrong({ classes: "ab" }, 'classes is "ab", expected an array of labels');
});

it("more ways than classes, and classes too small for shots + queries, are refused with their sizes", () => {
  refuses(
    () => sampleEpisode(index, { ways: 6, queries: 1 }, 0),
    RangeError,
    "sampleEpisode: ways is 6, but 5 classes have shots + queries = 2 rows, expected at most that many ways, or fewer shots or queries",
  );
  refuses(
    () => sampleEpisode(index, { ways: 3, shots: 4, queries: 3 }, 0),
    RangeError,
    "sampleEpisode: ways is 3, but 2 classes have shots + queries = 7 rows; too small: 0 has 6, 1 has 5, 3 has 5, expected at most that many ways, or fewer shots or queries",
  );
  refuses(
    () => sampleEpisode(indexLabels(dealt(new Array(7).fill(2))), { ways: 2, shots: 100, queries: "all" }, 0),
    RangeError,
    "sampleEpisode: ways is 2, but 0 classes have shots + queries = 101 rows; too small: 0 has 2, 1 has 2, 2 has 2, 3 has 2, 4 has 2, …, expected at most that many ways, or fewer shots or queries",
  );
  refuses(
    () => sampleEpisode(indexLabels(["pear", "pear", "fig"]), { ways: 2, queries: 1, classes: ["pear", "fig"] }, 0),
    RangeError,
    'sampleEpisode: class "fig" has 1 rows, needs shots + queries = 2, expected a larger class',
  );
  refuses(
    () => sampleEpisode(index, { ways: 2, shots: [1, 4], queries: 2, classes: [2, 1] }, 0),
    RangeError,
    "sampleEpisode: class 1 has 5 rows, needs shots + queries = 6, expected a larger class",
  );
});
