import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { data } from "./shared.ts";
import { softprobe } from "./softprobe.ts";

// The commands of the reports, and the right value of each: by the README of the case, or by the same rows in another form.

const folder = mkdtempSync(join(tmpdir(), "softprobe-cases-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = (name: string): string => join(folder, name);
const put = (name: string, text: string): string => {
  writeFileSync(out(name), text);
  return out(name);
};

const small = ["--shots", "3", "--queries", "5", "--normalize", "none"];
/** Accuracy of no mask, in percent and its half interval, as the table says. */
async function accuracy(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await softprobe("eval", ...args, ...small);
  return /none +softmax +([\d.]+ ± [\d.]+)/.exec(stdout)?.[1] ?? stderr;
}
const both = (path: string, key = ""): string[] => ["--features", path, "--labels", `${path}${key}`];

/** The first line that fit prints, its rows, classes and dimensions; or what it refuses. */
async function fitted(head: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await softprobe("fit", ...args, "--out", out(head));
  return /\d+ rows of \d+ classes in \d+ dimensions/.exec(stdout)?.[0] ?? stderr;
}

/** What predict measures; or what it refuses. */
async function measured(head: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await softprobe("predict", "--head", out(head), ...args);
  return /Accuracy [\d.]+ %/.exec(stdout)?.[0] ?? stderr;
}

describe("the command, by a text cell", () => {
  const asked = ["--ways", "3", "--episodes", "100"];
  it.each(["list.csv", "base64.jsonl", "lists.jsonl"])("noise stays noise: %s", async (name) => {
    const file = data(`textCells/${name}`);
    expect(await accuracy("--features", `${file}:embedding`, "--labels", `${file}:label`, ...asked)).toBe("34.4 ± 2.5");
  });

  it("a column of words is not taken for the labels, nor a column of numbers", async () => {
    const file = data("textCells/words.csv");
    expect(await accuracy("--features", `${file}:embedding`, "--labels", `${file}:label`, ...asked)).toContain(
      "words.csv:embedding holds no lists of numbers",
    );
    const table = data("labelColumn/target.csv");
    expect(await accuracy("--features", `${table}:a`, "--labels", `${table}:target`, ...asked)).toContain(
      "target.csv:a holds a value a row and is not the column of labels, expected a column of lists; to leave it out give --drop a, to take it alone --columns a",
    );
  });
});

describe("the command, by names of columns", () => {
  const asked = ["--ways", "3", "--episodes", "100"];
  it.each(["plain.parquet", "plain.feather"])("a frame in order: %s", async (name) => {
    expect(await accuracy(...both(data(`index/${name}`)), ...asked)).toBe("30.9 ± 2.1");
  });

  it.each(["shuffled.parquet", "shuffled.feather", "named.parquet"])("a shuffled frame, whose index is no feature: %s", async (name) => {
    expect(await accuracy(...both(data(`index/${name}`)), ...asked)).toBe("30.8 ± 2.3");
  });

  it("an index that was written is dropped by name, or by choosing the others", async () => {
    const file = data("index/unnamed.csv");
    expect(await accuracy(...both(file), ...asked)).toContain('leave it out by --drop "Unnamed: 0"');
    for (const options of [
      ["--drop", "Unnamed: 0"],
      ["--columns", "a,b,c"],
      ["--columns", "1:"],
      ["--columns", "a", "--columns", "b,c"],
    ])
      expect(await accuracy(...both(file), ...options, ...asked)).toBe("30.9 ± 2.1");
    const { stdout } = await softprobe("eval", ...both(file), "--drop", "Unnamed: 0", ...asked, ...small, "--json");
    expect(JSON.parse(stdout).config.reading).toEqual({ drop: ["Unnamed: 0"] });
    expect(await accuracy(...both(file), "--columns", "a,,b", ...asked)).toContain(
      '--columns is "a,,b", expected names or numbers such as a,b or 1:',
    );
    expect(await accuracy(...both(file), "--drop", '"a', ...asked)).toContain("--drop has a quote that is not closed");
  });

  it("names with commas stand in quotes", async () => {
    const file = put("commas.csv", '"a,1","a,2",label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n');
    expect(await fitted("commas.json", ...both(file), "--columns", '"a,2"')).toBe("4 rows of 2 classes in 1 dimensions");
  });

  it.each([
    ["target.csv", "target"],
    ["target.tsv", "target"],
    ["target.jsonl", "target"],
    ["target.parquet", "target"],
    ["target.feather", "target"],
    ["capital.csv", "Label"],
    ["space.csv", " label"],
  ])("the label that --labels names is no feature: %s", async (name, key) => {
    const file = data(`labelColumn/${name}`);
    expect(await fitted("label.json", "--features", file, "--labels", `${file}:${key}`)).toBe("40 rows of 4 classes in 3 dimensions");
  });

  it("shards and predict go by name", async () => {
    const file = (name: string): string => data(`columnNames/${name}`);
    const many = ["--ways", "4", "--episodes", "50"];
    expect(await accuracy(...both(file("all.csv")), ...many)).toBe("67.9 ± 3.8");
    // The same rows in another order, so other episodes: by place it was 24.7.
    expect(await accuracy(...both(file("s-*.csv")), ...many)).toBe("66.2 ± 4.8");
    expect(await fitted("names.json", ...both(file("all.csv")), "--normalize", "none", "--C", "1")).toBe(
      "40 rows of 4 classes in 3 dimensions",
    );
    expect(JSON.parse(readFileSync(out("names.json"), "utf8")).columns).toEqual(["a", "b", "c"]);
    for (const name of ["abc.csv", "bca.csv", "bca.parquet", "bca.feather", "bca.jsonl", "more.csv", "abc.npy", "all.csv"])
      expect(await measured("names.json", "--features", file(name), "--labels", file("y.csv")), name).toBe("Accuracy 90.0 %");
    expect(await measured("names.json", "--features", file("ba.csv"), "--labels", file("y.csv"))).toContain(
      'columnNames/ba.csv has no column "c", expected those that the head was trained on: a, b, c',
    );
    expect(await measured("names.json", "--features", file("bca.csv"), "--columns", "c,b,a", "--labels", file("y.csv"))).toBe(
      "Accuracy 90.0 %",
    );
    expect(await measured("names.json", "--features", file("bca.csv"), "--columns", "a,b", "--labels", file("y.csv"))).toContain(
      "has no column c",
    );
  });

  it("a base set is put into the task's order", async () => {
    const file = (name: string): string => data(`columnNames/${name}`);
    const args = [
      ...both(file("abc.csv").replace("abc", "all")),
      "--ways",
      "2",
      "--episodes",
      "20",
      "--mask",
      "wiener@base/power:1",
      "--shots",
      "1",
      "--queries",
      "5",
      "--json",
    ];
    const results = async (base: string) => {
      const { stdout, stderr } = await softprobe(
        "eval",
        ...args,
        "--base-features",
        file(base),
        "--base-labels",
        file("y.csv"),
        "--allow-base-overlap",
      );
      return stdout ? JSON.parse(stdout).results : stderr;
    };
    expect(await results("abc.csv")).toHaveLength(1);
    expect(await results("bca.csv")).toEqual(await results("abc.csv"));
    expect(await results("ba.csv")).toContain('ba.csv has no column "c"');
  });
});

describe("the command, by labels", () => {
  const file = (name: string): string => data(name);

  it("a file without a header keeps its first row", async () => {
    const path = file("headerless/mn.csv:0");
    expect(await fitted("mn.json", "--features", path, "--labels", path)).toBe("60 rows of 6 classes in 12 dimensions");
  });

  it.each(["big.jsonl", "big.csv", "big.parquet", "big.feather"])("whole numbers beyond 2^53 are four classes: %s", async (name) => {
    expect(await fitted("big.json", ...both(file(`bigIntegers/${name}`)))).toBe("24 rows of 4 classes in 4 dimensions");
  });

  it("shards decide together", async () => {
    for (const labels of ["all.csv", "l-*.csv"])
      expect(await fitted("kinds.json", "--features", file("labelKinds/x-*.csv"), "--labels", file(`labelKinds/${labels}`))).toBe(
        "6 rows of 3 classes in 2 dimensions",
      );
    expect(await fitted("kinds.json", "--features", file("labelKinds/x-*.csv"), "--labels", file("labelKinds/l-*.npy"))).toContain(
      "labels of one kind",
    );
  });

  it("1, 1.0 and 1.0e+00 are one class, True is 1, and text that is the head's number is named", async () => {
    const labels = (name: string): string => file(`labelNumbers/${name}`);
    const x = ["--features", labels("x.npy")];
    expect(await fitted("y.json", ...x, "--labels", labels("y.npy"))).toBe("40 rows of 4 classes in 4 dimensions");
    for (const name of ["y.npy", "float.csv", "savetxt.csv", "savetxt.txt", "float.parquet"])
      expect(await measured("y.json", ...x, "--labels", labels(name)), name).toBe("Accuracy 100.0 %");
    const { code, stderr } = await softprobe("predict", "--head", out("y.json"), ...x, "--labels", labels("str.npy"));
    expect([code, stderr]).toEqual([
      1,
      `softprobe: predict: ${labels("str.npy")} has the labels "0", "1", "2", "3", which are text, expected 0, 1, 2, 3, as the head of ${out("y.json")} was trained on\n`,
    ]);
    await fitted("b.json", ...x, "--labels", labels("b.npy"));
    for (const name of ["bool.csv", "bool.feather"])
      expect(await measured("b.json", ...x, "--labels", labels(name)), name).toBe("Accuracy 100.0 %");
    // A text has no types: the head says that these are words.
    await fitted("s.json", ...x, "--labels", labels("str.npy"));
    const words = put("words.csv", `label\n${Array.from({ length: 40 }, (_, i) => Math.floor(i / 10)).join("\n")}\n`);
    expect(await measured("s.json", ...x, "--labels", words)).toBe("Accuracy 100.0 %");
    expect(await measured("s.json", ...x, "--labels", labels("y.npy"))).toContain(
      'has the labels 0, 1, 2, 3, which are numbers, expected "0", "1", "2", "3"',
    );
    const { stdout } = await softprobe("predict", "--head", out("b.json"), ...x, "--labels", labels("y.npy"));
    expect(stdout).toContain(
      "20 rows have classes that the head does not know: they count as wrong.\nTheir classes are 2, 3; the head knows 0, 1.",
    );
  });

  it("missing ones are refused, and left out where they are to be ignored", async () => {
    const labels = (name: string): string => file(`missingLabels/${name}`);
    expect(await fitted("nan.json", ...both(labels("nan.csv")))).toContain(
      'line 3 has the label "nan" among numbers, expected a label; --ignore-label nan',
    );
    for (const [name, label] of [
      ["nan.csv", "nan"],
      ["na.csv", "nan"],
      ["empty.csv", "nan"],
      ["minus.csv", "-1"],
      ["float.parquet", "nan"],
      ["null.jsonl", "nan"],
    ] as const)
      expect(await fitted("nan.json", ...both(labels(name)), "--ignore-label", label), name).toBe("4 rows of 2 classes in 2 dimensions");
    const separate = ["--features", labels("x.npy"), "--labels", labels("minus.npy"), "--ignore-label", "-1"];
    expect(await fitted("minus.json", ...separate, "--augmented", labels("views.npy"), "--train-on", "augmented")).toBe(
      "4 rows of 2 classes in 2 dimensions",
    );
    const run = [...separate, "--ways", "2", "--shots", "1", "--queries", "1", "--episodes", "5", "--json"];
    for (const command of ["eval", "curve"]) {
      const { code, stdout, stderr } = await softprobe(command, ...run);
      expect([code, stderr], command).toEqual([0, ""]);
      expect(JSON.parse(stdout).config).toMatchObject({ reading: { ignoreLabels: ["-1"] } });
    }
    const { stdout: whole } = await softprobe("eval", ...run);
    const { stdout: streamed } = await softprobe("eval", ...run, "--stream");
    expect(JSON.parse(streamed).results).toEqual(JSON.parse(whole).results);
    // Every row is answered; those without a label are measured nowhere.
    const predicted = await softprobe("predict", "--head", out("minus.json"), ...separate, "--format", "csv");
    expect(predicted.stdout.split("\n").map((line) => line.split(",")[4])).toEqual(["actual", "0", "", "1", "0", "", "1", undefined]);
    expect((await softprobe("predict", "--head", out("minus.json"), ...separate)).stdout).toContain(
      "2 rows have no label: they get an answer but are not measured.",
    );
    const episodes = (rows: object): string => put("episodes.json", JSON.stringify([rows]));
    const replay = async (rows: object) => (await softprobe("eval", ...separate, "--episodes-from", episodes(rows), "--json")).stderr;
    expect(await replay({ support: [0, 2], query: [3, 5] })).toBe("");
    expect(await replay({ support: [0, 2], query: [3, 1] })).toContain("episodes.json episode 0 holds row 1, expected rows that are kept");
  });

  it("a delimiter is found and told once, or given", async () => {
    const path = file("messages/semi2.csv");
    const { code, stderr } = await softprobe("fit", ...both(path), "--out", out("semi.json"));
    expect([code, stderr]).toEqual([0, `softprobe: ${path}: columns are parted by ";" (--delimiter says otherwise)\n`]);
    expect((await softprobe("fit", ...both(path), "--delimiter", ";", "--out", out("semi.json"))).stderr).toBe("");
    expect(
      (await softprobe("fit", ...both(put("tab.csv", "a\tlabel\n1\tx\n2\ty\n")), "--delimiter", "tab", "--out", out("semi.json"))).stderr,
    ).toBe("");
    expect((await softprobe("fit", ...both(path), "--delimiter", ";;", "--out", out("semi.json"))).stderr).toContain("--delimiter: ");
  });

  it("a head of scikit-learn without intercepts answers", async () => {
    for (const name of ["svc", "ridge"]) {
      const { stdout } = await softprobe(
        "predict",
        "--head",
        file(`intercept/${name}.npz`),
        "--features",
        file("intercept/x.npy"),
        "--json",
      );
      const wanted = JSON.parse(readFileSync(file("intercept/expected.json"), "utf8"));
      expect(JSON.parse(stdout).labels).toEqual(wanted[name].labels);
    }
  });

  it("statistics of base classes read tables alike", async () => {
    const path = file("labelColumn/target.csv");
    const { stdout } = await softprobe("stats", "--base-features", path, "--base-labels", `${path}:target`, "--out", out("s.npz"));
    expect(stdout).toContain("4 classes of 40 rows in 3 dimensions");
  });
});
