/** One field: quoted where RFC 4180 asks for it; a number in full precision; nothing for what is missing or not finite. */
function field(value: string | number | null | undefined): string {
  if (typeof value === "string") return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : "";
}

/** Joins a header and rows to CSV, each line ended by a newline. */
export function toCsv(header: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return `${[header, ...rows].map((row) => row.map(field).join(",")).join("\n")}\n`;
}
