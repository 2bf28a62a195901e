/** The palette of curves, 256-colour codes near Okabe and Ito's: all legible on black and on white. */
const CURVE_COLOURS = [32, 166, 36, 175, 178, 74];

/** Wraps `text` in a terminal's escape for what it means; leaves it alone without `colour`. */
export function paint(text: string, meaning: "better" | "worse" | "none" | "faint" | "strong", colour: boolean): string {
  if (!colour || meaning === "none" || text === "") return text;
  const code = { better: "32", worse: "31", faint: "2", strong: "1" }[meaning];
  return `\u001b[${code}m${text}\u001b[0m`;
}

/** Wraps `text` in the colour of curve number `index`. */
export function paintCurve(text: string, index: number, colour: boolean): string {
  return colour ? `\u001b[38;5;${CURVE_COLOURS[index % CURVE_COLOURS.length]}m${text}\u001b[0m` : text;
}

/** Makes a name safe to print: control characters, which could move the cursor, and bidirectional overrides become `�`. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "�");
}

/** Columns that `text` takes in a terminal: none for combining marks, two for wide scripts and emoji. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}|\p{Cf}/u.test(character)) continue;
    width += /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u.test(character)
      ? 2
      : 1;
  }
  return width;
}

/** Cuts `text` in its middle to at most `width` columns: a spec string differs at both ends. */
export function cutMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const characters = [...text];
  const head: string[] = [];
  const tail: string[] = [];
  let left = width - 1;
  while (characters.length > 0) {
    const fromHead = displayWidth(head.join("")) <= displayWidth(tail.join(""));
    const next = (fromHead ? characters.shift() : characters.pop()) ?? "";
    left -= displayWidth(next);
    if (left < 0) break;
    if (fromHead) head.push(next);
    else tail.unshift(next);
  }
  return `${head.join("")}…${tail.join("")}`;
}

/** Breaks `text` at spaces into lines of at most `width` columns; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
