import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandName, commands, flagOf, optionsOfCommand } from "../../src/cli/commandTable.ts";
import { completionTable } from "../../src/cli/completionTable.ts";
import { generalHelp } from "../../src/cli/helpText.ts";
import { golden, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const has = (shell: string) => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const scriptOf = (shell: string) => join(folder, `completion.${shell}`);
const namesOf = (command: string) => optionsOfCommand(command as CommandName).map(([name, option]) => flagOf(name, option));
const sorted = (words: readonly string[]) => [...words].sort();

beforeAll(async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout, stderr } = await softprobe(["completion", shell]);
    expect([code, stderr]).toEqual([0, ""]);
    writeFileSync(scriptOf(shell), stdout);
  }
});

describe("the table of completion", () => {
  it("has every command that has help, with every option that it parses", () => {
    expect(completionTable().map(({ name }) => name)).toEqual(Object.keys(commands));
    for (const { name, options } of completionTable())
      expect(
        options.map((option) => option.name),
        name,
      ).toEqual(namesOf(name));
  });

  it("has a command for each line of the general help, and says what it is for", () => {
    const listed = [...generalHelp().matchAll(/^ {2}([a-z]+) {2,}\w/gm)].map(([, name]) => name);
    expect(sorted(listed)).toEqual(sorted(Object.keys(commands)));
    expect(completionTable().filter(({ says }) => says === "")).toEqual([]);
  });

  it("tells an option's words, and where files are meant", () => {
    const [evaluation] = completionTable();
    const value = Object.fromEntries(evaluation.options.map((option) => [option.name, option.value]));
    expect(value).toMatchObject({
      features: "file",
      out: "file",
      kernels: ["auto", "wasm", "js"],
      shots: null,
      queries: ["all"],
      mask: null,
      json: undefined,
    });
    const demo = completionTable().find(({ name }) => name === "demo");
    expect(demo?.options.find(({ name }) => name === "features")).toMatchObject({
      value: "file",
      says: expect.stringContaining("Features"),
    });
  });
});

describe("every command's help", () => {
  for (const name of Object.keys(commands)) {
    it(`of ${name} begins with the command line and ends with an example that starts with it`, async () => {
      const { code, stdout } = await softprobe([name, "--help"]);
      expect(code).toBe(0);
      expect(stdout.startsWith(`softprobe ${name} `)).toBe(true);
      expect(stdout).toMatch(new RegExp(`\\nExample: (?:source <\\()?softprobe ${name}\\b[^\\n]*\\n$`));
    });
  }
});

describe.skipIf(!has("bash"))("completion in bash (needs bash)", () => {
  /** What bash offers for the last of these words, by the function that `complete` registered. */
  function offered(...words: string[]): string[] {
    const code = [
      `source '${scriptOf("bash")}'`,
      'function=$(complete -p softprobe | sed "s/.*-F \\([^ ]*\\) .*/\\1/")',
      `COMP_WORDS=(softprobe ${words.map((word) => `'${word}'`).join(" ")})`,
      `COMP_CWORD=${words.length}`,
      "$function softprobe",
      `for word in "\${COMPREPLY[@]}"; do printf "%s\\n" "$word"; done`,
    ];
    return execFileSync("bash", ["--norc", "-c", code.join("\n")], { cwd: golden, encoding: "utf8" })
      .split("\n")
      .slice(0, -1);
  }

  it("is registered for the command", () => {
    const printed = execFileSync("bash", ["--norc", "-c", `source '${scriptOf("bash")}'; complete -p softprobe`], { encoding: "utf8" });
    expect(printed).toBe("complete -F _softprobe softprobe\n");
  });

  it("offers the commands, by what is typed of them", () => {
    expect(sorted(offered(""))).toEqual(sorted([...Object.keys(commands), "--help", "--version"]));
    expect(offered("cur")).toEqual(["curve"]);
  });

  it("offers exactly the options that each command parses", () => {
    for (const name of Object.keys(commands))
      expect(sorted(offered(name, "--")), name).toEqual(sorted(namesOf(name).map((each) => `--${each}`)));
  });

  it("offers an option's words, also behind an equals sign, files where a file is meant, and nothing for a number", () => {
    expect(offered("eval", "--kernels", "")).toEqual(["auto", "wasm", "js"]);
    expect(offered("curve", "--probe", "s")).toEqual(["softmax"]);
    expect(offered("eval", "--normalize", "=", "n")).toEqual(["none"]);
    expect(offered("eval", "--normalize", "=")).toEqual(["l2", "none"]);
    expect(offered("eval", "--features", "feat")).toEqual(["features.npy"]);
    expect(offered("eval", "--shots", "")).toEqual([]);
    expect(offered("completion", "f")).toEqual(["fish"]);
  });
});

describe.skipIf(!has("zsh"))("completion in zsh (needs zsh)", () => {
  it("registers with its completion system and parses", () => {
    const code = `autoload -Uz compinit; compinit -u -d '${join(folder, "zcompdump")}'; source '${scriptOf("zsh")}'; print $_comps[softprobe]`;
    expect(execFileSync("zsh", ["-f", "-c", code], { encoding: "utf8" })).toBe("_softprobe\n");
  });
});

describe.skipIf(!has("fish"))("completion in fish (needs fish)", () => {
  const offered = (line: string) =>
    execFileSync("fish", ["--no-config", "-c", `source '${scriptOf("fish")}'; complete -C '${line}'`], { cwd: golden, encoding: "utf8" })
      .split("\n")
      .map((each) => each.split("\t")[0])
      .filter(Boolean);

  it("offers commands, options and their words", () => {
    expect(sorted(offered("softprobe "))).toEqual(sorted(Object.keys(commands)));
    expect(sorted(offered("softprobe eval --"))).toEqual(sorted(namesOf("eval").map((name) => `--${name}`)));
    expect(offered("softprobe eval --kernels ")).toEqual(["auto", "js", "wasm"]);
  });
});

describe("softprobe completion", () => {
  it("refuses another shell, with those that it knows", async () => {
    expect(await softprobe(["completion", "tcsh"])).toEqual({
      code: 2,
      stdout: "",
      stderr: 'softprobe: shell is "tcsh", expected one of bash, zsh, fish (see softprobe completion --help)\n',
    });
  });
});
