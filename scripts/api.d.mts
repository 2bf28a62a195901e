/** Writes docs/api and returns how many pages of functions there are. */
export function writeApi(): Promise<number>;
/** The stages, with an item for each page that is written. */
export function apiSidebar(): { text: string; link: string; collapsed: boolean; items: { text: string; link: string }[] }[];
/** What stands where: the path of each page, and its functions with the entry point of each. */
export function apiPages(): {
  path: string;
  functions: { name: string; from: string }[];
  members: { name: string; file: string; type: boolean }[];
}[];
