import { describe, expect, it } from "vitest";
import { type CheckedOptions, type OptionTable, readOptions, wanted } from "../../src/core/option.ts";
import { refuses } from "../properties/refuses.ts";

const table = {
  count: { kind: "integer", least: 2, default: 5, says: "A count." },
  rate: { kind: "number", above: 0, words: { loo: "leaveOneOut" }, default: 1, says: "A rate." },
  shares: { kind: "number", noun: "share", above: 0, most: 1, many: true, ascending: true, default: [0.5, 1], says: "Shares." },
  side: { kind: "choice", choices: ["left", "right"], default: "left", says: "A side." },
  names: { kind: "choice", choices: ["a", "b"], many: true, default: [], says: "Names." },
  loud: { kind: "flag", says: "Loud." },
  title: { kind: "text", says: "A title." },
  anything: { kind: "data", flag: null, of: undefined as (() => void) | undefined, says: "Not checked here." },
} as const satisfies OptionTable;
const read = (options: object): CheckedOptions<typeof table> => readOptions(table, options, "caller");

describe("readOptions", () => {
  it("fills in defaults, and leaves without one what is not given", () => {
    expect(read({ other: 1 })).toEqual({
      ...{ count: 5, rate: 1, shares: [0.5, 1], side: "left", names: [] },
      ...{ loud: undefined, title: undefined, anything: undefined },
    });
  });

  it("gives back what is given, undefined as not given", () => {
    const given = { count: 2, rate: "leaveOneOut", shares: [0.1, 0.2], side: "right", names: ["b"], loud: true, title: "", anything: 3 };
    expect(read(given)).toEqual(given);
    expect(read({ count: undefined }).count).toBe(5);
  });

  it.each([
    [{ count: 1 }, RangeError, "caller: count is 1, expected a whole number of at least 2"],
    [{ count: "3" }, TypeError, 'caller: count is "3", expected a number'],
    [{ rate: 0 }, RangeError, 'caller: rate is 0, expected a finite number greater than 0, or "leaveOneOut"'],
    [{ rate: "loo" }, TypeError, 'caller: rate is "loo", expected a finite number greater than 0, or "leaveOneOut"'],
    [{ shares: 0.5 }, TypeError, "caller: shares is 0.5, expected an array of shares"],
    [{ shares: [] }, RangeError, "caller: shares has 0 entries, expected at least 1"],
    [{ shares: [0.5, 1.5] }, RangeError, "caller: shares[1] is 1.5, expected a share in (0, 1]"],
    [{ shares: [0.5, 0.5] }, RangeError, "caller: shares[1] is 0.5, expected more than the one before, 0.5"],
    [{ side: "up" }, RangeError, 'caller: side is "up", expected one of left, right'],
    [{ names: ["a", "c"] }, RangeError, 'caller: names[1] is "c", expected one of a, b'],
    [{ loud: 1 }, TypeError, "caller: loud is 1, expected true or false"],
    [{ title: null }, TypeError, "caller: title is null, expected a string"],
  ] as const)("refuses %j", (options, kind, message) => {
    refuses(() => read(options), kind, message);
  });
});

describe("wanted", () => {
  const number = (range: object) => wanted({ kind: "number", says: "", ...range });
  it("says a number's range with the brackets of an interval", () => {
    expect(number({})).toBe("a finite number");
    expect(number({ least: 0 })).toBe("a finite number of at least 0");
    expect(number({ above: 0, below: 1 })).toBe("a number between 0 and 1");
    expect(number({ least: 0, below: 1, noun: "loss" })).toBe("a loss in [0, 1)");
    expect(wanted({ kind: "integer", least: 1, most: 9, says: "" })).toBe("a whole number in 1…9");
  });
});
