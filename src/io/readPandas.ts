/** What the "pandas" metadata of a parquet or Arrow file say of its columns. */
export interface PandasColumns {
  /** Columns that are the frame's index, which `pandas.read_parquet` makes an index again. A RangeIndex is no column. */
  readonly index: ReadonlySet<string>;
  /** Columns of durations, which parquet keeps as whole numbers. */
  readonly durations: ReadonlySet<string>;
}

/** What pyarrow calls an index without a name: it is one in files without metadata too. */
const nameless = /^__index_level_\d+__$/;

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;

/**
 * Reads what pandas wrote of a frame beside it; nothing where there is no such note, or one that cannot be read.
 *
 * @see https://arrow.apache.org/docs/python/pandas.html#handling-pandas-indexes
 */
export function readPandas(metadata: string | null | undefined, names: readonly string[]): PandasColumns {
  let document: unknown = null;
  try {
    document = JSON.parse(metadata ?? "null");
  } catch {
    // What is no JSON says nothing.
  }
  const [indices, columns] = [field(document, "index_columns"), field(document, "columns")];
  const index = new Set<unknown>(Array.isArray(indices) ? indices : []);
  const durations = new Set<unknown>(
    (Array.isArray(columns) ? columns : [])
      .filter((column) => /^timedelta/.test(String(field(column, "numpy_type"))))
      .map((column) => field(column, "field_name") ?? field(column, "name")),
  );
  return {
    index: new Set(names.filter((name) => index.has(name) || nameless.test(name))),
    durations: new Set(names.filter((name) => durations.has(name))),
  };
}
