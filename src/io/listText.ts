// Lists of numbers that a table keeps as text: as pandas, numpy and databases write them, or the bytes of floats in base64, as APIs of embeddings send them.

/** What a cell of text holds: a list in brackets; what may be a list where the column is named for it (base64, or numbers without brackets); or words. */
export type TextKind = "list" | "code" | "words";

/** Why a text is no list of numbers: what was found, and what to do. */
interface ListFault {
  readonly found: string;
  readonly wanted: string;
  /** Whether it is a list all the same, but not one of finite numbers. */
  readonly list?: true;
}

const opening = /^\s*(?:(?:(?:np|numpy|torch)\.)?(?:array|tensor)\s*\(\s*)?[[({]/;
const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const holes = /^(?:[+-]?(?:nan|inf|infinity)|none|null|na|<na>)$/i;
/** numpy 2 writes the numbers of a list as np.float32(0.5). */
const wrapped = /\b(?:np|numpy)\.[a-z]+\d*\(([^()]*)\)/g;
const numbersWanted = "a list of numbers, such as [0.1, -0.2]";
const closing = { "[": "]", "(": ")", "{": "}" } as const;

/** A list in brackets as its numbers; `[1 2]` as numpy prints it, `{1,2}` as databases do, array(…) and tensor(…) about it. */
function parseBrackets(text: string): number[] | ListFault {
  const plain = text.replace(wrapped, "$1").trim();
  const [open] = opening.exec(plain) ?? [""];
  const close = closing[open.slice(-1) as keyof typeof closing];
  const end = plain.indexOf(close, open.length);
  if (end < 0) return { found: `has no ${close} at its end`, wanted: numbersWanted };
  const [inner, rest] = [plain.slice(open.length, end), plain.slice(end + 1)];
  if (/^\s*[[({]/.test(inner)) return { found: "holds lists within a list", wanted: numbersWanted, list: true };
  if (inner.includes("...")) {
    const wanted = "all of its numbers: write lists, such as frame[column].map(list), not arrays";
    return { found: "was shortened by numpy (…)", wanted, list: true };
  }
  if (!/^\s*(?:,\s*(?:dtype|device|requires_grad|grad_fn|shape)\s*=.*)?\)*$/s.test(rest))
    return { found: `goes on after ${close}`, wanted: numbersWanted };
  const pieces = inner.trim().split(/\s*[,;]\s*|\s+/);
  if (pieces.at(-1) === "") pieces.pop();
  if (pieces.length === 0) return { found: "is an empty list", wanted: numbersWanted, list: true };
  const numbers: number[] = [];
  for (const piece of pieces) {
    const value = numberText.test(piece) ? Number(piece) : /^true$/i.test(piece) ? 1 : /^false$/i.test(piece) ? 0 : Number.NaN;
    if (!Number.isFinite(value)) {
      const found = `has ${JSON.stringify(piece.slice(0, 40))} as value ${numbers.length}`;
      return { found, wanted: "finite numbers", ...(holes.test(piece) || numbers.length > 0 ? { list: true } : {}) };
    }
    numbers.push(value);
  }
  return numbers;
}

/** Numbers without brackets, at least two. */
function parseBare(text: string): number[] | null {
  const pieces = text.trim().split(/\s*[,;|]\s*|\s+/);
  return pieces.length > 1 && pieces.every((piece) => numberText.test(piece) && Number.isFinite(Number(piece))) ? pieces.map(Number) : null;
}

/** Bytes in base64, as both widths of float. */
interface CodedFloats {
  readonly singles: Float32Array;
  readonly doubles: Float64Array;
  /** Whether every number has a size that features have: bytes of another width hardly ever do. */
  readonly soundSingles: boolean;
  readonly soundDoubles: boolean;
  /** Doubles of few digits, such as 0.5: as singles, every other one is 0. */
  readonly pairs: boolean;
}

const looksSound = (value: number): boolean => value === 0 || (Math.abs(value) > 1e-12 && Math.abs(value) < 1e7);

function parseBase64(text: string): CodedFloats | null {
  const plain = text.trim();
  if (plain.length < 8 || plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) return null;
  const binary = atob(plain);
  if (binary.length % 4 !== 0) return null;
  const view = new DataView(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)).buffer);
  const singles = Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
  const count = view.byteLength % 8 === 0 ? view.byteLength / 8 : 0;
  const doubles = Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
  return {
    singles,
    doubles,
    soundSingles: singles.length > 1 && singles.every(looksSound),
    soundDoubles: doubles.length > 0 && doubles.every(looksSound),
    pairs: singles.every((value, i) => i % 2 === 1 || value === 0) && singles.some((value) => value !== 0),
  };
}

/** The width of coded floats, where it is unmistakable over all of them. */
function floatsOf(coded: readonly CodedFloats[]): readonly (Float32Array | Float64Array)[] | null {
  const doubles = coded.every(({ soundDoubles }) => soundDoubles);
  const singles = coded.every(({ soundSingles }) => soundSingles);
  const pairs =
    doubles && coded.some((each) => each.pairs) && coded.every((each) => each.pairs || each.singles.every((value) => value === 0));
  if (singles && !pairs) return coded.map((each) => each.singles);
  return doubles ? coded.map((each) => each.doubles) : null;
}

/** What a cell holds. */
export function textKind(text: string): TextKind {
  if (opening.test(text)) {
    const parsed = parseBrackets(text);
    return !("found" in parsed) || parsed.list ? "list" : "words";
  }
  const coded = parseBase64(text);
  return (coded && floatsOf([coded])) || parseBare(text) ? "code" : "words";
}

/**
 * A column of cells as its lists of numbers: doubles, or 32-bit floats where base64 holds those.
 *
 * @param refuse - the error of row i
 */
export function parseLists(
  cells: readonly unknown[],
  refuse: (row: number, found: string, wanted: string) => RangeError,
): readonly ArrayLike<number>[] {
  const coded: CodedFloats[] = [];
  const lists = cells.map((cell, i): ArrayLike<number> | null => {
    if (typeof cell !== "string") throw refuse(i, `is ${cell === null || cell === undefined ? "null" : `a ${typeof cell}`}`, numbersWanted);
    const code = opening.test(cell) ? null : parseBase64(cell);
    if (code) {
      coded.push(code);
      return null;
    }
    const parsed = opening.test(cell) ? parseBrackets(cell) : parseBare(cell);
    if (parsed === null) throw refuse(i, `is ${JSON.stringify(cell.slice(0, 40))}`, numbersWanted);
    if ("found" in parsed) throw refuse(i, parsed.found, parsed.wanted);
    return parsed;
  });
  if (coded.length === 0) return lists as ArrayLike<number>[];
  const floats = floatsOf(coded);
  if (!floats) throw refuse(lists.indexOf(null), "is base64 of what does not look like floats of 32 or 64 bits", numbersWanted);
  let next = 0;
  return lists.map((list) => list ?? floats[next++]);
}
