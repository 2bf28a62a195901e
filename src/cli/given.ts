import type { OptionTable } from "../core/option.ts";
import type { Values } from "./commandTable.ts";

type FromFiles<Table> = { [Name in keyof Table]: Table[Name] extends { readonly kind: "file" | "data" } ? Name : never }[keyof Table];

/** Those values of a command line that are a group's options, as the library takes them; files are left to whoever reads them. */
export function given<const Table extends OptionTable>(values: object, table: Table): Values<Omit<Table, FromFiles<Table>>> {
  const all = values as Readonly<Record<string, unknown>>;
  const names = Object.keys(table).filter((name) => table[name].kind !== "file" && all[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Values<Omit<Table, FromFiles<Table>>>;
}
