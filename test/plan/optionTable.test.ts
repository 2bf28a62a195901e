import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flagOf } from "../../src/cli/commandTable.ts";
import type { Option } from "../../src/core/option.ts";
import { episodeOptions } from "../../src/episodes/episodeOptions.ts";
import * as tables from "../../src/plan/optionTable.ts";

const root = join(import.meta.dirname, "../../src");
const sources = readdirSync(root, { recursive: true })
  .map(String)
  .map((file) => file.replaceAll("\\", "/"))
  // The rooms before plan/ hold functions with options of their own.
  .filter((file) => /^(?:episodes.episodeOptions|plan|estimate|pipeline|score|tune|run|evaluate|report|study|node|cli).*\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

/** The files that write an option down: its descriptor, an options type that declares it, a check of its value, or its flag. */
function filesThatSpell(name: string, flag: string): string[] {
  const patterns = [
    new RegExp(`\\b${name}: \\{\\s*kind: "`),
    new RegExp(`interface \\w*Options\\b[^}]*\\breadonly ${name}\\?: `),
    new RegExp(`check(?:Choice|Count|Positive|Probability)\\([^;()]*, "${name}"[,)]`),
    ...(/^[a-z]+$/i.test(flag) ? [] : [new RegExp(`["'\`]${flag}["'\`]`)]),
  ];
  return sources.filter(({ text }) => patterns.some((pattern) => pattern.test(text))).map(({ file }) => file);
}

describe("an option is written down once", () => {
  const sample = ["drawsPerTask", "trainOn", "priorDegrees", "baseClasses", "metrics", "perEpisode", "epsilon", "fractions"];
  sample.push("temperature", "coverage", "rejectBy", "baseLabels", "replay", "domain", "pool");
  const every: Readonly<Record<string, Option>> = Object.assign(
    {},
    episodeOptions,
    ...Object.values(tables).filter((table) => typeof table === "object" && !Array.isArray(table)),
  );

  it.each(sample)("%s", (name) => {
    const files = filesThatSpell(name, flagOf(name, every[name]));
    expect(files).toEqual([name in episodeOptions ? "episodes/episodeOptions.ts" : "plan/optionTable.ts"]);
  });

  it("with a sentence that ends for its help, and a default that it would accept", () => {
    for (const [name, option] of Object.entries(every)) expect(option.says, name).toMatch(/[.…]$/);
  });
});
