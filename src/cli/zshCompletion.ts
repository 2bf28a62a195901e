import type { CompletedCommand, OptionValue } from "./completionTable.ts";

/** Text within single quotes. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** Text within the brackets of an _arguments spec. */
const plain = (text: string) => text.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);

function action(value: OptionValue): string {
  if (value === "file") return ":file:_files";
  if (value === null) return ":value: ";
  return value === undefined ? "" : `:value:(${value.join(" ")})`;
}

/** A script for zsh, by its completion system's `_describe` and `_arguments`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const named = commands.map(({ name, says }) => `    ${quoted(`${name}:${plain(says)}`)}`);
  const cases = commands.map(({ name, options, words }) => {
    const specs = options.map(({ name: option, value, repeatable, says }) =>
      quoted(`${repeatable ? "*" : ""}--${option}[${plain(says)}]${action(value)}`),
    );
    if (words !== undefined) specs.push(quoted(`*${action(words)}`));
    return `    ${name}) _arguments -S ${specs.join(" ")} ;;`;
  });
  return `#compdef softprobe
# zsh completion of softprobe: source <(softprobe completion zsh), or save it as _softprobe in a folder of $fpath
_softprobe() {
  local -a commands=(
${named.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join("\n")}
  esac
}
if [[ $funcstack[1] == _softprobe ]]; then _softprobe "$@"; else compdef _softprobe softprobe; fi
`;
}
