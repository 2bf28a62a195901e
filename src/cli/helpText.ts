import type { Option } from "../core/option.ts";
import { type Command, type CommandName, commands, flagOf, isRepeatable } from "./commandTable.ts";

/** Columns of a help text, and the widest flag that its explanation stands beside. */
const width = 110;
const widestFlag = 30;

/** Words in lines of at most `columns`. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Names in the first column, what they are beside them, in even columns. */
function twoColumns(rows: readonly (readonly [name: string, says: string])[], indent = "  "): string[] {
  const column = Math.min(widestFlag, Math.max(...rows.map(([name]) => name.length))) + indent.length + 2;
  return rows.flatMap(([name, says]) => {
    const [first, ...rest] = wrap(says, width - column);
    const start = `${indent}${name}`;
    const below = rest.map((line) => " ".repeat(column) + line);
    return start.length + 2 > column ? [start, " ".repeat(column) + first, ...below] : [start.padEnd(column) + first, ...below];
  });
}

/** What stands for an option's value in the help; undefined for a flag. */
function placeholder(option: Option): string | undefined {
  const { kind, value, words = {} } = option;
  if (kind === "flag") return undefined;
  if (value !== undefined) return value;
  const one =
    kind === "choice"
      ? [...option.choices, ...(option.module ? ["FILE.mjs"] : [])].join("|")
      : [kind === "text" ? "TEXT" : "N", ...Object.keys(words)].join("|");
  return option.many && !isRepeatable(option) ? `${one},…` : one;
}

/** What an option does: its sentence, its default, whether it may be repeated. */
function explain(option: Option): string {
  const { says, default: by } = option;
  const shown = Array.isArray(by) ? by.join(",") : by;
  const known = by === undefined || option.kind === "flag" || shown === "" ? "" : `default ${String(shown)}`;
  const more = [isRepeatable(option) ? "repeatable" : "", known].filter(Boolean).join("; ");
  return more ? `${says.replace(/\.$/, "")} (${more}).` : says;
}

/** The help of one command. */
export function commandHelp(name: CommandName): string {
  const { line, about, options, notes, example }: Command = commands[name];
  const sections = Object.entries(options).map(([title, table]) => {
    const rows = Object.entries(table)
      .filter(([, option]) => option.flag !== null)
      .map(([key, option]) => [[`--${flagOf(key, option)}`, placeholder(option)].filter(Boolean).join(" "), explain(option)] as const);
    return { title, rows };
  });
  // One column for all sections of a command.
  const lines = twoColumns(sections.flatMap(({ rows }) => rows));
  let at = 0;
  const told = sections.map(({ title, rows }) => {
    const from = at;
    for (let left = rows.length; at < lines.length && (left > 0 || !lines[at].startsWith("  --")); at++)
      if (lines[at].startsWith("  --")) left--;
    return [`${title}:`, ...lines.slice(from, at)].join("\n");
  });
  return [
    `softprobe ${name} ${line}`,
    wrap(about, width).join("\n"),
    ...told,
    ...(notes ? [wrap(notes, width).join("\n")] : []),
    `Example: ${example}`,
  ].join("\n\n");
}

/** The three commands that most people want. */
const first = [
  ["softprobe demo", commands.demo.says],
  ["softprobe eval --features F.npy --labels L.npy", commands.eval.says],
  ["softprobe curve --features F.npy --labels L.npy", commands.curve.says],
] as const;

/** The help of all commands. */
export function generalHelp(): string {
  return [
    "softprobe: few-shot linear probing of frozen features",
    ["Start here:", ...first.map(([line, says]) => `  ${line.padEnd(47)}  ${says}`)].join("\n"),
    ["Commands:", ...twoColumns(Object.entries<Command>(commands).map(([name, { says }]) => [name, says]))].join("\n"),
    "softprobe COMMAND --help lists the options of a command; softprobe --version prints the version.",
  ].join("\n\n");
}
