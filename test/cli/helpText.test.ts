import { describe, expect, it } from "vitest";
import { type CommandName, commands } from "../../src/cli/commandTable.ts";
import { commandHelp, generalHelp } from "../../src/cli/helpText.ts";
import { nameFlags } from "../../src/cli/nameFlags.ts";

const names = Object.keys(commands) as CommandName[];

describe("the help", () => {
  it("begins with the three commands that most people want", () => {
    const lines = generalHelp().split("\n");
    expect(lines.slice(2, 6).map((line) => line.split(/ {2,}/)[1] ?? line)).toEqual([
      "Start here:",
      ...["softprobe demo", "softprobe eval --features F.npy --labels L.npy", "softprobe curve --features F.npy --labels L.npy"],
    ]);
  });

  it.each(names)("of %s has even columns, no line above 110, and says what every option does", (name) => {
    const lines = commandHelp(name).split("\n");
    const options = lines.filter((line) => line.startsWith("  --"));
    const columns = options.map((line) => line.slice(2).search(/(?<= {2})\S/)).filter((column) => column >= 0);
    expect(new Set(columns).size).toBeLessThanOrEqual(1);
    // The command line and the example are for copying, and stay whole.
    expect(lines.slice(1, -1).filter((line) => line.length > 110)).toEqual([]);
    for (const [i, line] of lines.entries())
      if (line.startsWith("  --") && !/ {2,}\S/.test(line.slice(2))) expect(lines[i + 1], line).toMatch(/^ {10,}\S/);
  });

  it("tells defaults and what may be repeated", () => {
    const text = commandHelp("eval");
    expect(text).toMatch(/--ways N +Classes in an episode \(default 5\)\./);
    expect(text).toMatch(/--probe softmax\|centroid\|cosine\|plda\|FILE\.mjs\s+Probe to compare[^(]*\(repeatable;\s+default softmax\)\./);
  });
});

describe("nameFlags", () => {
  it("names the flag where the library named an option", () => {
    expect(nameFlags('evaluate: trainOn is "augmented", expected augmented views to train on', "eval")).toBe(
      '--train-on is "augmented", expected augmented views to train on',
    );
    expect(nameFlags('evaluate: mask "simple@augmented" needs augmented views, expected the option augmented', "eval")).toBe(
      '--mask "simple@augmented" needs augmented views, expected --augmented',
    );
    expect(nameFlags("evaluate: masks[0] is 3, expected a string", "eval")).toBe("--mask[0] is 3, expected a string");
  });

  it("leaves other errors alone", () => {
    for (const message of ["readNpy: f.npy has 3 bytes, expected 10", "sampleEpisode: class 3 has 2 rows, needs 4", "anything"])
      expect(nameFlags(message, "eval")).toBe(message);
  });
});
