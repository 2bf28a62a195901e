import type { CompletedCommand } from "./completionTable.ts";

/** A script for bash, by its own `complete` and `compgen`. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const offers = new Map<string, string[]>();
  for (const { name, options } of commands)
    for (const { name: option, value } of options) {
      if (value === undefined) continue;
      const offer = value === "file" ? "files" : value === null ? ":" : `words "${value.join(" ")}"`;
      offers.set(offer, [...(offers.get(offer) ?? []), `"${name} --${option}"`]);
    }
  const behind = Array.from(offers, ([offer, options]) => `    ${options.join(" | ")}) ${offer}; return ;;`);
  const within = commands.map(({ name, options, words }) => {
    const offer = words === "file" ? "files" : Array.isArray(words) ? `words "${words.join(" ")}"` : ":";
    return `    ${name}) if [[ $current == -* ]]; then words "${options.map((option) => `--${option.name}`).join(" ")}"; else ${offer}; fi ;;`;
  });
  return `# bash completion of softprobe: source <(softprobe completion bash)
_softprobe() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
  files() { mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; }
  # bash parts --name=value at its equals sign
  if [[ $current == = ]]; then current=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $COMP_CWORD -eq 1 ]]; then
    words "${commands.map(({ name }) => name).join(" ")} --help --version"
    return
  fi
  case "\${COMP_WORDS[1]} $before" in
${behind.join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
${within.join("\n")}
  esac
}
complete -F _softprobe softprobe
`;
}
