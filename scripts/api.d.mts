/** Writes docs/api and returns the names of its pages. */
export function writeApi(): Promise<string[]>;
/** The sidebar's items, for the pages that are written. */
export function apiSidebar(): { text: string; link: string }[];
