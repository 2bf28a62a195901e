import { writeWhole } from "../node/writeWhole.ts";
import { checkFolders, deliver, notice, wantsColour } from "./output.ts";
import { UsageError } from "./usageError.ts";

/** How a result is written: a table for people, or for a program. */
export type TextFormat = "table" | "json" | "jsonl" | "csv" | "md" | "tex";

/** What a file's ending says of its format. */
const byEnding: Readonly<Record<string, TextFormat | "svg">> = {
  ...{ ".txt": "table", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".md": "md", ".tex": "tex", ".svg": "svg" },
};

/** What a command line says of its output. */
export interface OutputValues {
  readonly out?: readonly string[];
  readonly format?: TextFormat;
  readonly json?: boolean;
  readonly plot?: string;
}

/** One place that a result is written to; stdout without a path. */
interface Output {
  readonly format: TextFormat | "svg";
  readonly path?: string;
}

/** Writers of a result, by format; a picture is drawn only when asked for, and so imported only then. */
export interface Writers {
  readonly table: (look: { readonly colour: boolean }) => string;
  readonly json: () => unknown;
  readonly jsonl?: () => string;
  readonly csv?: () => string;
  readonly md?: () => string;
  readonly tex?: () => string;
  readonly svg?: () => Promise<SVGSVGElement>;
}

/**
 * Where a result goes, checked before the work: `--out` by its ending (several if given), else by `--format`; `--plot` a picture too. Nothing is printed where
 * something is written by `--out`.
 *
 * @param can - the formats that the command writes
 */
export async function outputsOf(values: OutputValues, can: readonly (TextFormat | "svg")[]): Promise<readonly Output[]> {
  const { out = [], json, plot } = values;
  if (json && values.format !== undefined && values.format !== "json")
    throw new UsageError("--format and --json are two ways to say it: one of them");
  const asked = json ? "json" : values.format;
  const outputs = out.map((path): Output => {
    const ending = Object.keys(byEnding).find((each) => path.toLowerCase().endsWith(each));
    const format = ending === undefined ? (asked ?? "table") : byEnding[ending];
    if (asked !== undefined && format !== asked && format !== "svg")
      throw new UsageError(`--out is "${path}", expected a name that fits ${json ? "--json" : `--format ${asked}`}, or neither of the two`);
    if (!can.includes(format)) {
      const endings = Object.keys(byEnding).filter((each) => can.includes(byEnding[each]));
      throw new UsageError(`--out is "${path}", expected a name that ends in one of ${endings.join(", ")}`);
    }
    return { format, path };
  });
  if (plot !== undefined && !/\.svg$/i.test(plot)) throw new UsageError(`--plot is "${plot}", expected the name of an .svg file`);
  const pictures: readonly Output[] = plot === undefined ? [] : [{ format: "svg", path: plot }];
  await checkFolders([...outputs, ...pictures].map(({ path }) => path!));
  return [...pictures, ...(outputs.length > 0 ? outputs : [{ format: asked ?? "table" }])];
}

/** Whether a picture is among the outputs. */
export const draws = (outputs: readonly Output[]): boolean => outputs.some(({ format }) => format === "svg");

/** Writes a result to each of its outputs, each whole or not at all. */
export async function writeOutputs(outputs: readonly Output[], writers: Writers): Promise<void> {
  for (const { format, path } of outputs) {
    if (format === "svg") {
      const { toSvg } = await import("../plot/toSvg.ts");
      await writeWhole(path!, toSvg(await writers.svg!()));
    } else {
      const written =
        format === "json" ? JSON.stringify(writers.json()) : writers[format]!({ colour: path === undefined && wantsColour() });
      await deliver(written, path);
    }
    // Whoever watches sees where it went; a program reads nothing that it must pass over.
    if (path !== undefined && process.stderr.isTTY) notice(`written: ${path}`);
  }
}
