import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { prepareEvaluation } from "../src/plan/prepareEvaluation.ts";
import { maskScore } from "../src/score/maskScore.ts";
import { benchFeatures, joined, sampleEpisodes } from "./data.ts";
import { interleave, pair, type Result, repeated } from "./measure.ts";
import type { Room } from "./room.ts";

const queries = 15;
const cases = [
  { ways: 5, shots: 1, dims: 640, count: 20 },
  { ways: 5, shots: 5, dims: 640, count: 20 },
  { ways: 5, shots: 5, dims: 1280, count: 20 },
  { ways: 20, shots: 5, dims: 1280, count: 6 },
] as const;

/** An episode against native.c, the same algorithm compiled for this very machine. Both are given the episodes' rows. */
export const nativeRoom: Room = {
  names: ["native"],
  async run(bench) {
    const results: Result[] = [];
    const program = join(bench.folder, "native");
    try {
      execFileSync("gcc", ["-O3", "-march=native", "-ffast-math", "-o", program, join("bench", "native.c"), "-lm"], { stdio: "ignore" });
    } catch {
      bench.say("no C compiler (gcc): rows against native code are left out");
      return results;
    }
    for (const { ways, shots, dims, count } of cases) {
      const { features, labels, index } = benchFeatures({ dims });
      const episodes = sampleEpisodes(index, { ways, shots, queries, seed: 7 }, count);
      const [rows, list] = [join(bench.folder, "features.f32"), join(bench.folder, "episodes.i32")];
      writeFileSync(rows, features.data);
      writeFileSync(list, joined(episodes.flatMap(({ support, query }) => [support, query])));
      const child = spawn(program, [rows, list, ...[dims, ways, shots, queries, count].map(String)]);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const ask = async (repeats: number): Promise<readonly number[]> => {
        child.stdin.write(`${repeats}\n`);
        const { value, done } = await lines.next();
        if (done) throw new Error("bench: native.c stopped");
        return value.split(" ").map(Number);
      };
      const score = maskScore(prepareEvaluation("bench", features, labels, { replay: episodes }));
      const correct = new Int32Array(1);
      let right = 0;
      for (let e = 0; e < count; e++) {
        score.count(e, correct);
        right += correct[0];
      }
      const [once, theirRight] = await ask(1);
      const repeats = Math.max(1, Math.ceil(0.02 / (once * count)));
      const sides = [
        repeated("ours", count, () => {
          for (let e = 0; e < count; e++) score.count(e, correct);
        }),
        { label: "theirs", run: async () => (await ask(repeats))[0] },
      ];
      const [ours, theirs] = await interleave(sides, { seconds: bench.quick ? 0.3 : 2.5, rounds: 10 });
      child.stdin.end();
      const note = `share of native speed, theirs wholly in double and to 1e-10; correct predictions ${right} and ${theirRight}`;
      results.push(
        pair(
          { name: "native", case: `${ways}-way ${shots}-shot, d = ${dims}`, target: [0.45, 0.85], note },
          ours,
          "native C, same algorithm",
          theirs,
        ),
      );
    }
    return results;
  },
};
