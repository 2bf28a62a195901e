import type { CompletedCommand, OptionValue } from "./completionTable.ts";

const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function action(value: OptionValue): string {
  if (value === "file") return " -r -F";
  if (value === null) return " -x";
  return value === undefined ? "" : ` -x -a ${quoted(value.join(" "))}`;
}

/** A script for fish, by its `complete`. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, says }) => `complete -c softprobe -f -n __fish_use_subcommand -a ${name} -d ${quoted(says)}`);
  const options = commands.flatMap(({ name, options, words }) => {
    const within = `complete -c softprobe -n '__fish_seen_subcommand_from ${name}'`;
    const own = options.map(
      ({ name: option, value, says }) => `${within} -l ${option}${action(value)}${says ? ` -d ${quoted(says)}` : ""}`,
    );
    const rest = words === "file" ? `${within} -F` : `${within} -f${Array.isArray(words) ? ` -a ${quoted(words.join(" "))}` : ""}`;
    return [rest, ...own];
  });
  return `# fish completion of softprobe: softprobe completion fish | source
${[...names, ...options].join("\n")}
`;
}
