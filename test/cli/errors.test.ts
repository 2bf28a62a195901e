import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { golden, small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** A golden npy file with `edit` made to its data, which begin at the offset given. */
function edited(file: string, name: string, edit: (bytes: Buffer, start: number) => Uint8Array | undefined): string {
  const bytes = readFileSync(join(golden, file));
  return write(name, edit(bytes, 10 + bytes.readUInt16LE(8)) ?? bytes);
}

/** What a command line complains of: its exit code and the one line that it leaves, with nothing on stdout. */
async function complaint(args: readonly string[]): Promise<[number, string]> {
  const { code, stdout, stderr } = await softprobe(args);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^softprobe: [^\n]+\n$/);
  return [code, stderr];
}

describe("a wrong command line ends with exit code 2 and one line that says what was expected", () => {
  const cases: readonly [title: string, args: readonly string[], says: string][] = [
    [
      "no command",
      [],
      "no command; one of eval, curve, grid, theory, tune, stats, fit, probe, predict, merge, table, study, demo, completion",
    ],
    [
      "an unknown command",
      ["banana"],
      'unknown command "banana", expected one of eval, curve, grid, theory, tune, stats, fit, probe, predict, merge, table, study, demo, completion',
    ],
    ["a mistyped command", ["evla"], "did you mean eval?"],
    ["a name of every object is no command", ["constructor"], 'unknown command "constructor"'],
    ["a mistyped option", ["eval", ...small, "--shotz", "3"], "unknown option --shotz, did you mean --shots?"],
    ["an unknown option", ["eval", ...small, "--entirely-else"], "unknown option --entirely-else"],
    ["an option of another command", ["curve", ...small, "--per-episode"], "unknown option --per-episode"],
    ["an unknown letter", ["eval", "-x"], "-x"],
    ["a word too many", ["eval", ...small, "more"], "'more'"],
    ["an option without its value", ["eval", ...small, "--shots"], "--shots has no value"],
    ["an option that swallows the next", ["eval", ...small, "--shots", "--json"], "--shots has no value"],
    ["a value for a flag", ["eval", ...small, "--json=yes"], "--json"],
    ["no features", ["eval", "--labels", "labels.npy"], "--features is missing (see softprobe eval --help)"],
    ["no labels", ["curve", "--features", "features.npy"], "--labels is missing"],
    ["labels alone in demo", ["demo", "--labels", "labels.npy"], "--features is missing"],
    ["shots that are no number", ["eval", ...small, "--shots", "one"], '--shots is "one", expected a whole number'],
    ["shots in halves", ["eval", ...small, "--shots", "1.5"], '--shots is "1.5", expected a whole number'],
    ["no shots", ["eval", ...small, "--shots", "0"], '--shots is "0", expected a whole number of at least 1'],
    ["one way", ["eval", ...small, "--ways", "1"], '--ways is "1", expected a whole number of at least 2'],
    ["no episodes", ["eval", ...small, "--episodes", "0"], '--episodes is "0", expected a whole number of at least 1'],
    ["a negative seed", ["eval", ...small, "--seed", "-1"], '--seed is "-1", expected a whole number of at least 0'],
    ["a negative C", ["eval", ...small, "--C", "-1"], '--C is "-1", expected a finite number greater than 0'],
    ["a negative C behind an equals sign", ["eval", ...small, "--C=-.5"], '--C is "-.5", expected a finite number greater than 0'],
    ["an empty number", ["eval", ...small, "--C", ""], '--C is "", expected a finite number'],
    ["an unknown mask", ["eval", ...small, "--mask", "sharp"], '--mask: "sharp" is no mask, expected none, simple'],
    ["an unknown source", ["eval", ...small, "--mask", "pair@orakel/top:0.1"], 'has source "orakel", expected one of oracle'],
    ["a share above 1", ["eval", ...small, "--mask", "pair@oracle/top:2"], "expected top:FRACTION with a share in (0, 1]"],
    ["an unknown probe", ["eval", ...small, "--probe", "svm"], '--probe is "svm", expected one of softmax, centroid, cosine'],
    ["a probe that has no curve", ["curve", ...small, "--probe", "cosine"], '--probe is "cosine", expected one of softmax, centroid'],
    ["an unknown importance", ["curve", ...small, "--importance", "loud@oracle"], 'has importance "loud", expected one of pair'],
    ["fractions of nothing", ["curve", ...small, "--fractions", "0,1"], '--fractions has "0", expected a share in (0, 1]'],
    [
      "fractions out of order",
      ["curve", ...small, "--fractions", "0.5,0.1"],
      "--fractions has 0.1 after 0.5, expected each more than the one before",
    ],
    ["a word for train-on", ["eval", ...small, "--train-on", "all"], '--train-on is "all", expected one of support, augmented'],
    ["a word for normalize", ["eval", ...small, "--normalize", "l1"], '--normalize is "l1", expected one of l2, none'],
    ["a picture of another kind", ["eval", ...small, "--plot", "gain.png"], '--plot is "gain.png", expected the name of an .svg file'],
    [
      "differences of one mask",
      ["eval", ...small, "--plot", "gain.svg"],
      "--plot draws differences to the first --mask, expected at least two",
    ],
    ["an option of before", ["curve", ...small, "--svg", "curve.svg"], "unknown option --svg"],
    ["half a base set", ["eval", ...small, "--base-features", "base_features.npy"], "--base-features and --base-labels go together"],
  ];
  for (const [title, args, says] of cases) {
    it(title, async () => {
      expect(await complaint(args)).toEqual([2, expect.stringContaining(says)]);
    });
  }
});

describe("bad data end with exit code 1 and one line that names the file, the place and what was expected", () => {
  const nan = edited("features.npy", "nan.npy", (bytes, start) => void bytes.writeFloatLE(Number.NaN, start + 4 * (24 * 3 + 5)));
  const infinite = edited("features.npy", "infinite.npy", (bytes, start) => void bytes.writeFloatLE(-Infinity, start + 4 * 24 * 111));
  const truncated = edited("features.npy", "truncated.npy", (bytes) => bytes.subarray(0, 5000));
  const trailing = edited("features.npy", "trailing.npy", (bytes) => Buffer.concat([bytes, bytes.subarray(0, 8)]));
  const header = edited("features.npy", "header.npy", (bytes) => bytes.subarray(0, 9));
  const text = write("text.npy", "apple,fig,kiwi\n1,2,3\n");
  const nothing = write("nothing.npy", "");
  const fewer = edited("labels.npy", "fewer.npy", (bytes, start) => {
    const changed = Buffer.from(bytes.toString("latin1").replace("(112,)", "(110,)"), "latin1");
    return changed.subarray(0, start + 110 * 24);
  });
  const one = edited("labels.npy", "one.npy", (bytes, start) => {
    for (let row = 1; row < 112; row++) bytes.copyWithin(start + 24 * row, start, start + 24);
    return undefined;
  });
  const badViews = edited("augmented.npy", "views.npy", (bytes, start) => void bytes.writeUInt16LE(0x7e00, start + 2 * (24 * 30 + 9)));
  const list = (name: string, content: unknown) => write(name, typeof content === "string" ? content : JSON.stringify(content));
  const from = (name: string, content: unknown) => ["eval", ...small, "--episodes-from", list(name, content)];

  const cases: readonly [title: string, args: readonly string[], says: readonly string[]][] = [
    ["NaN", ["eval", ...small, "--features", nan], [nan, "row 3, column 5 is NaN", "expected finite numbers"]],
    ["Infinity", ["eval", ...small, "--features", infinite], [infinite, "row 111, column 0 is -Infinity"]],
    ["NaN in views", ["eval", ...small, "--augmented", badViews], [badViews, "row 30, column 9 is NaN"]],
    ["a truncated npy", ["eval", ...small, "--features", truncated], [truncated, "truncated", "expected 10752"]],
    ["an npy with more behind it", ["eval", ...small, "--features", trailing], [trailing, "10760", "10752"]],
    ["an npy cut in its header", ["eval", ...small, "--features", header], [header, "expected"]],
    ["a file of another kind", ["eval", ...small, "--features", text], [text, "not an npy file"]],
    ["an empty file", ["eval", ...small, "--features", nothing], [nothing, "expected"]],
    ["no such file", ["eval", ...small, "--features", "absent.npy"], ["absent.npy", "ENOENT", "expected a readable file"]],
    ["a folder", ["eval", ...small, "--labels", folder], [folder, "EISDIR"]],
    ["strings for features", ["eval", ...small, "--features", "labels.npy"], ["labels.npy", "expected features, which are numbers"]],
    ["features for labels", ["eval", ...small, "--labels", "features.npy"], ["features.npy", "(112, 24)", "a label a row"]],
    ["fewer labels than rows", ["eval", ...small, "--labels", fewer], [fewer, "110 labels", "expected 112", "features.npy"]],
    ["one class", ["eval", ...small, "--labels", one], ["ways is 5"]],
    ["features for views", ["eval", ...small, "--augmented", "features.npy"], ["features.npy", "n × views × d"]],
    [
      "labels of another base set",
      ["eval", ...small, "--base-features", "base_features.npy", "--base-labels", "labels.npy"],
      ["labels.npy has 112 labels", "expected 60", "base_features.npy"],
    ],
    ["more shots than rows", ["eval", ...small, "--shots", "20"], ["shots + queries = 28", '"apple" has 14']],
    ["more ways than classes", ["eval", ...small, "--ways", "9"], ["ways is 9", "8 classes"]],
    [
      "a mask without its views",
      ["eval", ...small, "--mask", "pair@augmented/power:1"],
      ["pair@augmented/power:1", "needs augmented views"],
    ],
    ["a variance of one shot", ["eval", ...small, "--mask", "pair@support/power:1"], ["at least 2 shots"]],
    ["training on views without views", ["eval", ...small, "--train-on", "augmented"], ["expected augmented views"]],
    ["episodes that are no JSON", from("broken.json", "[{"), ["broken.json", "is not JSON"]],
    ["episodes that are a number", from("number.json", 3), ["number.json is 3", "expected an array"]],
    ["no episodes", from("none.json", []), ["none.json has 0 episodes"]],
    ["an episode without queries", from("half.json", [{ support: [0, 1] }]), ["half.json", "episode 0 query"]],
    ["a row that is not there", from("row.json", [{ support: [0, 1], query: [112] }]), ["row.json", "episode 0", "112", "0…111"]],
    ["a row in support and query", from("leak.json", [{ support: [0, 1], query: [1] }]), ["leak.json", "row 1", "disjoint"]],
  ];
  for (const [title, args, says] of cases) {
    it(title, async () => {
      const [code, line] = await complaint(args);
      expect(code).toBe(1);
      for (const each of says) expect(line).toContain(each);
    });
  }

  it("curve and demo refuse the same", async () => {
    for (const command of ["curve", "demo"]) {
      const [code, line] = await complaint([command, ...small, "--features", nan]);
      expect([code, line]).toEqual([1, expect.stringContaining("row 3, column 5 is NaN")]);
    }
  });

  it("a folder that can't be written to is refused, and nothing is left there or here", async () => {
    const path = join(folder, "absent", "out.json");
    const before = readdirSync(folder);
    for (const more of [
      ["--out", path],
      ["--json", "--out", path],
    ]) {
      const [code, line] = await complaint(["eval", ...small, ...more]);
      expect([code, line]).toEqual([1, expect.stringContaining(path)]);
      expect(line).toContain("expected a writable folder");
    }
    expect(await complaint(["curve", ...small, "--plot", path.replace(".json", ".svg")])).toEqual([
      1,
      expect.stringContaining(join(folder, "absent", "out.svg")),
    ]);
    expect(readdirSync(folder)).toEqual(before);
  });
});
