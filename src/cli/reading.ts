import { parseCsvRows } from "../io/csvRows.ts";
import type { ReadLabelledOptions } from "../node/readLabelled.ts";
import { readingOptions } from "../plan/optionTable.ts";
import type { Values } from "./commandTable.ts";
import { notice } from "./output.ts";
import { UsageError } from "./usageError.ts";

/** What a command line says of how its files are read. */
export type ReadingValues = Values<typeof readingOptions>;

/** Names of columns as a line of csv has them: `a,b`, or `"a,b",c` where a name holds a comma. */
function splitNames(flag: string, given: readonly string[] | undefined): readonly string[] | undefined {
  return given?.flatMap((text) => {
    const refuse = (_line: number, found: string, wanted: string) => new UsageError(`--${flag} ${found}, expected ${wanted}`) as RangeError;
    const [row, more] = [...parseCsvRows(text, ",", refuse)];
    if (!row || more || row.cells.includes("")) throw new UsageError(`--${flag} is "${text}", expected names or numbers such as a,b or 1:`);
    return row.cells;
  });
}

/** How the files of a command line are to be read; what is found in them is told once. */
export function readingOf(values: ReadingValues): ReadLabelledOptions {
  const told = new Set<string>();
  const onNotice = (text: string): void => {
    if (!told.has(text)) notice(text);
    told.add(text);
  };
  const { columns, drop, delimiter, ignoreLabels } = values;
  return { columns: splitNames("columns", columns), drop: splitNames("drop", drop), delimiter, ignoreLabels, onNotice };
}

/** Those options that a command line gives, for the record of a result; nothing where it gives none. */
export function givenReading(values: object): { readonly reading?: Readonly<Record<string, unknown>> } {
  const all = values as Readonly<Record<string, unknown>>;
  const entries = Object.keys(readingOptions).flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]] as const]));
  return entries.length === 0 ? {} : { reading: Object.fromEntries(entries) };
}
