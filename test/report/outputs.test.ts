import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/evaluate/results.ts";
import { escapeMarkdown, markdownParagraph } from "../../src/report/columns.ts";
import { curveLatex } from "../../src/report/curveLatex.ts";
import { evaluationCsv } from "../../src/report/evaluationCsv.ts";
import { evaluationLatex } from "../../src/report/evaluationLatex.ts";
import { evaluationMarkdown } from "../../src/report/evaluationMarkdown.ts";
import { evaluationTable } from "../../src/report/evaluationTable.ts";
import { escapeLatex, latexColumns } from "../../src/report/latex.ts";
import { curveOf } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "softprobe-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = [
  "none",
  "pair@oracle/top:0.02",
  "discriminant:1>bayes@prior/power:1",
  'a_b_ *c* [d](e) & 100 % ~~f~~ {g} $h$ #1 <b> "i", \\j^k|l',
];
const evaluation: Evaluation = {
  schema: "softprobe/eval@1",
  config: { ways: 5, shots: 1 },
  digest: "f00d",
  episodes: 600,
  excludedClasses: ["50 % _grey_ #1"],
  results: names.map((mask, i) => ({
    mask,
    probe: "softmax",
    accuracy: 0.8 + 0.01 * i,
    ci95: [0.79 + 0.01 * i, 0.81 + 0.01 * i] as const,
    difference: i === 0 ? null : { mean: 0.01 * i - 0.02, ci95: [-0.1, 0.1] as const, p: i === 1 ? 1e-5 : 0.2 },
  })),
};

const five: Evaluation = {
  ...evaluation,
  config: { ways: 5, shots: 5 },
  excludedClasses: [],
  results: evaluation.results.slice(0, 2).map((result) => ({ ...result, accuracy: 0.93, ci95: [0.925, 0.935] as const })),
};

describe("several evaluations in one table", () => {
  const both = [
    { name: "", evaluation },
    { name: "", evaluation: five },
  ];

  it("have a column each, a star where a difference is significant, and what not all say with their names", () => {
    expect(evaluationTable(both, { width: 1000 }).split("\n")).toEqual([
      expect.stringMatching(/^mask +probe +5-way 1-shot +5-way 5-shot$/),
      expect.stringMatching(/^─/),
      expect.stringMatching(/^none +softmax +80.0 ± 1.0 +93.0 ± 0.5$/),
      expect.stringMatching(/^pair@oracle\/top:0.02 +softmax +81.0 ± 1.0 {2}\* +93.0 ± 0.5 {2}\*$/),
      expect.stringMatching(/^discriminant\S+ +softmax +82.0 ± 1.0$/),
      expect.stringContaining("softmax"),
      expect.stringMatching(/^Accuracy in %\. 5-way 1-shot: 600 episodes.*5-way 1-shot: Excluded for too few rows: 1 class/),
    ]);
    expect(evaluationMarkdown(both).split("\n")[0]).toBe("| mask | probe | 5-way 1-shot |  | 5-way 5-shot |  |");
    expect(evaluationLatex(both)).toContain("none & softmax & 80.0 $\\pm$ 1.0 &  & 93.0 $\\pm$ 0.5 &  \\\\");
  });

  it("bear the names that they are given, and are refused by their place", () => {
    expect(evaluationTable([{ name: "flowers", evaluation }]).split("\n")[0]).toMatch(/^mask +probe +flowers$/);
    expect(() => evaluationTable([])).toThrow("evaluationTable: evaluations has no entries, expected at least 1");
    expect(() => evaluationLatex([evaluation as never])).toThrow(
      "evaluationLatex: evaluations[0] is Object, expected { name, evaluation }",
    );
    expect(() => evaluationMarkdown([{ name: 1 as never, evaluation }])).toThrow("evaluationMarkdown: evaluations[0].name is 1");
    expect(() => evaluationMarkdown([{ name: "a", evaluation: {} as never }])).toThrow("evaluations[0].evaluation.schema is undefined");
  });
});

/** The renderer that typedoc brings, GitHub's tables among what it knows. */
const markdown: { render(text: string): string } = (() => {
  const resolve = createRequire(createRequire(import.meta.url).resolve("typedoc"));
  const MarkdownIt = resolve("markdown-it");
  return new MarkdownIt({ html: true, linkify: false });
})();
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

describe("a Markdown renderer (markdown-it)", () => {
  it("shows a table whose cells are the names and figures themselves", () => {
    const html = markdown.render(evaluationMarkdown(evaluation));
    const cells = [...html.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell);
    expect(html).not.toMatch(/<(?:em|strong|code|a|s|b)\b/);
    expect(cells.filter((_, i) => i % 7 === 0).map(textOf)).toEqual(names);
    expect(cells[10]).toBe("−1.0");
    expect(html).toContain("<p>600 episodes, 5-way 1-shot;");
    expect(textOf(html)).toContain("(50 % _grey_ #1)");
  });

  it("shows any text as it is, in a paragraph and in a cell, and the source has no escape that it could do without", () => {
    const piece = fc.oneof(fc.constantFrom(..."\\`*_[]()|~#&<>+-=.!:\"' ab1é;", "&amp;", "<b>", "1. ", "[a](b)", "**", "~~"), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces
          .join("")
          .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}]/gu, "")
          .replaceAll(/\s+/g, " ")
          .trim();
        fc.pre(text !== "");
        const [, cell] = /<td>(.*?)<\/td>/s.exec(markdown.render(`| h |\n|---|\n| ${escapeMarkdown(text)} |\n`)) ?? [];
        expect(textOf(cell).trim()).toBe(text);
        expect(textOf(markdown.render(markdownParagraph(text))).trim()).toBe(text);
      }),
      { numRuns: 2000 },
    );
    for (const plain of ["[+3.5, +5.1]", "*", "<0.001", "80.6 ± 0.8", "pair@oracle/top:0.02", "a_b", "p < 0.05"])
      expect(escapeMarkdown(plain)).toBe(plain);
  });
});

describe("LaTeX with booktabs", () => {
  it("has a row a result, numbers to the right, and its notes as comments", () => {
    expect(evaluationLatex(evaluation).split("\n")).toEqual([
      "% Needs \\usepackage{booktabs}.",
      "% 600 episodes, 5-way 1-shot; ± is half the 95 % interval.",
      "% Differences are paired, in points, to none with the same probe.",
      "% * p < 0.05, paired t test, not corrected for the number of comparisons.",
      "% An oracle mask sees the queries: for analysis, never for a claim.",
      "% Excluded for too few rows: 1 class (50 % _grey_ #1).",
      "\\begin{tabular}{llrrrrl}",
      "\\toprule",
      "mask & probe & accuracy \\% & difference & 95 \\% interval & p &  \\\\",
      "\\midrule",
      "none & softmax & 80.0 $\\pm$ 1.0 &  &  &  &  \\\\",
      "pair@oracle/top:0.02 & softmax & 81.0 $\\pm$ 1.0 & $-$1.0 & {[}$-$10.0, +10.0] & $<$0.001 & {*} \\\\",
      "discriminant:1$>$bayes@prior/power:1 & softmax & 82.0 $\\pm$ 1.0 & 0.0 & {[}$-$10.0, +10.0] & 0.200 &  \\\\",
      "a\\_b\\_ {*}c{*} {[}d](e) \\& 100 \\% \\textasciitilde{}\\textasciitilde{}f\\textasciitilde{}\\textasciitilde{} \\{g\\} \\$h\\$ \\#1 $<$b$>$ \\textquotedbl{}i\\textquotedbl{}, \\textbackslash{}j\\textasciicircum{}k$|$l & softmax & 83.0 $\\pm$ 1.0 & +1.0 & {[}$-$10.0, +10.0] & 0.200 &  \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "",
    ]);
  });

  const hasLatex =
    spawnSync("kpsewhich", ["booktabs.sty"], { encoding: "utf8" }).status === 0 && spawnSync("pdflatex", ["--version"]).status === 0;
  it.skipIf(!hasLatex)("is set by pdflatex without a warning (needs texlive-latex-base and texlive-latex-recommended)", () => {
    const characters = [...'\\{}$&#%_~^<>|"[]*−±–…×ε@/:+'].map((each) => [{ text: `${each}${each}` }, { text: "1" }]);
    const all = latexColumns(
      [
        { title: "[x] *", align: "left" },
        { title: "n", align: "right" },
      ],
      characters,
      ["a % note"],
    );
    const body = [
      evaluationLatex(evaluation),
      evaluationLatex([
        { name: "a & b_c", evaluation },
        { name: "", evaluation: five },
      ]),
      curveLatex(curveOf(1, [0.7, 0.75, 0.8, 0.82, 0.8, 0.79, 0.78])),
      all,
    ].join("\n\\newpage\n");
    writeFileSync(
      join(folder, "t.tex"),
      `\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\usepackage[margin=1cm,paperwidth=60cm]{geometry}\\begin{document}${body}\\end{document}\n`,
    );
    execFileSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "t.tex"], { cwd: folder });
    expect(readFileSync(join(folder, "t.log"), "utf8")).not.toMatch(/^! |Missing character|Overfull/m);
  });

  it("escapes what LaTeX takes for commands", () => {
    expect(escapeLatex("50 % of $x_1$ & {y}")).toBe("50 \\% of \\$x\\_1\\$ \\& \\{y\\}");
  });
});

describe("CSV", () => {
  const python = "/usr/bin/python3";
  const hasPandas = spawnSync(python, ["-c", "import pandas"]).status === 0;
  it.skipIf(!hasPandas)("is read by pandas: names whole, numbers as numbers, what is missing as missing (needs python3-pandas)", () => {
    writeFileSync(join(folder, "t.csv"), evaluationCsv(evaluation));
    const code =
      "import pandas, json, sys; t = pandas.read_csv(sys.argv[1]); print(json.dumps([list(t['mask']), list(t['accuracy']), int(t['difference'].isna().sum()), str(t['p'].dtype)]))";
    const read = JSON.parse(execFileSync(python, ["-c", code, join(folder, "t.csv")], { encoding: "utf8" }));
    expect(read).toEqual([names, evaluation.results.map(({ accuracy }) => accuracy), 1, "float64"]);
  });
});
