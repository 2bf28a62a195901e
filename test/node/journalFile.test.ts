import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { journalFile } from "../../src/node/journalFile.ts";
import { startTally, stretchOf, type Tally } from "../../src/run/tally.ts";
import { refuses } from "../properties/refuses.ts";

const folder = mkdtempSync(join(tmpdir(), "softprobe-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = (): string => join(folder, `${files++}.journal`);
const head = { run: "a", config: { shots: 1 } };
const [from, to, width] = [10, 40, 2];
/** What counting gives: any fixed function of the episode. */
const whole = startTally(from, to, width);
whole.counts.totals.forEach((_, i) => {
  whole.counts.totals[i] = 75 + i;
  whole.counts.correct[2 * i] = i;
  whole.counts.correct[2 * i + 1] = 3 * i;
});
const stretches = [
  [10, 15],
  [20, 21],
  [15, 20],
  [21, 30],
] as const;

/** Opens the journal of a plan of one job; `damaged` is what it tells of. */
function openJournal(path: string, own: object, tally: Tally) {
  let damaged = 0;
  const onNotice = (text: string): void => {
    damaged = Number(/has (\d+) damaged lines?:/.exec(text)![1]);
  };
  const journal = journalFile(path, { onNotice }).open(own, [tally]);
  return { ...journal, damaged };
}

function written(path: string): string {
  const journal = openJournal(path, head, startTally(from, to, width));
  for (const [a, b] of stretches) journal.append(0, a, stretchOf(whole, a, b));
  journal.close();
  return readFileSync(path, "utf8");
}

function read(path: string) {
  const tally = startTally(from, to, width);
  const journal = openJournal(path, head, tally);
  journal.close();
  return { ...tally.counts, damaged: journal.damaged };
}

describe("journalFile", () => {
  it("gives back what was appended, in whatever order, and leaves the rest to be counted", () => {
    const path = fresh();
    const text = written(path);
    const { totals, correct, damaged } = read(path);
    expect(damaged).toBe(0);
    expect(Array.from(totals)).toEqual(Array.from(whole.counts.totals, (total, i) => (i < 20 ? total : 0)));
    expect(Array.from(correct)).toEqual(Array.from(whole.counts.correct, (count, i) => (i < 40 ? count : 0)));
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("is JSON lines", () => {
    const lines = written(fresh()).trimEnd().split("\n");
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ["crc", "schema", "head"],
      ...stretches.map(() => ["crc", "from", "totals", "correct"]),
    ]);
  });

  it("keeps every whole line of a file cut anywhere behind its first line, and none of what was torn", () => {
    const path = fresh();
    const text = written(path);
    const first = text.indexOf("\n") + 1;
    for (let length = first; length <= text.length; length += 1 + (length % 5)) {
      writeFileSync(path, text.slice(0, length));
      const lines = text.slice(0, length).split("\n").length - 2;
      const { totals, damaged } = read(path);
      const known = stretches.slice(0, lines).reduce((sum, [a, b]) => sum + b - a, 0);
      expect(totals.filter((total) => total > 0)).toHaveLength(known);
      expect(damaged).toBe(text[length - 1] === "\n" ? 0 : 1);
      // What was torn is gone, so that the next line does not continue it.
      expect(readFileSync(path, "utf8").endsWith("\n")).toBe(true);
    }
  });

  it("never takes a wrong count from a file with any byte changed", () => {
    const path = fresh();
    const bytes = Buffer.from(written(path));
    const first = bytes.indexOf(10) + 1;
    fc.assert(
      fc.property(fc.integer({ min: first, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = Buffer.from(bytes);
        broken[at] ^= change;
        writeFileSync(path, broken);
        const { totals, correct, damaged } = read(path);
        expect(damaged).toBeGreaterThan(0);
        totals.forEach((total, i) => {
          if (total === 0) return;
          expect([total, correct[2 * i], correct[2 * i + 1]]).toEqual([75 + i, i, 3 * i]);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("takes no line of another run, even one that is whole", () => {
    const [path, other] = [fresh(), fresh()];
    written(path);
    const journal = openJournal(other, { ...head, run: "b" }, startTally(from, to, width));
    journal.append(0, 30, stretchOf(whole, 30, 40));
    journal.close();
    appendFileSync(path, `${readFileSync(other, "utf8").split("\n")[1]}\n`);
    const { totals, damaged } = read(path);
    expect([totals[25], damaged]).toEqual([0, 1]);
  });

  it("refuses the journal of another run, and what is none, by name", () => {
    const path = fresh();
    written(path);
    const tally = startTally(from, to, width);
    refuses(
      () => openJournal(path, { run: "a", config: { shots: 5 } }, tally),
      RangeError,
      `journalFile: ${path} is the journal of another run (config.shots 1), expected 5; remove it to count anew, or choose another output`,
    );
    for (const text of ["", "\n", "{}\n", '{"crc":"00000000","schema":"softprobe/journal@1"}\n', "words"]) {
      writeFileSync(path, text);
      if (text === "") {
        // Nothing was ever written to it.
        openJournal(path, head, tally).close();
        continue;
      }
      refuses(
        () => openJournal(path, head, tally),
        RangeError,
        `journalFile: ${path} is damaged in its first line, or no journal, expected one; remove it to count anew`,
      );
    }
  });

  it("takes two processes' lines one by one: a stretch counted twice is the same", () => {
    const path = fresh();
    const [a, b] = [0, 1].map(() => openJournal(path, head, startTally(from, to, width)));
    for (const [start, end] of stretches) {
      a.append(0, start, stretchOf(whole, start, end));
      b.append(0, start, stretchOf(whole, start, end));
    }
    a.close();
    b.close();
    const { totals, damaged } = read(path);
    expect([totals.filter((total) => total > 0).length, damaged]).toEqual([20, 0]);
  });
});
