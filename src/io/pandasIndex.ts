/** What pyarrow calls an index without a name. */
const nameless = /^__index_level_\d+__$/;

/**
 * The columns of a parquet or Arrow file that are the index of the pandas frame it was written from, which `pandas.read_parquet` makes an index again: those that the file's
 * "pandas" metadata name, and pyarrow's own names for an index without one. A RangeIndex is no column.
 *
 * @see https://arrow.apache.org/docs/python/pandas.html#handling-pandas-indexes
 */
export function pandasIndex(metadata: string | null | undefined, columns: Iterable<string>): ReadonlySet<string> {
  let named: unknown = null;
  try {
    named = (JSON.parse(metadata ?? "null") as { index_columns?: unknown } | null)?.index_columns;
  } catch {
    // What is no JSON says nothing.
  }
  const index = new Set(Array.isArray(named) ? named.filter((each) => typeof each === "string") : []);
  return new Set([...columns].filter((column) => index.has(column) || nameless.test(column)));
}
