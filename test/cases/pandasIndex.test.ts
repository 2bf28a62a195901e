import { describe, expect, it } from "vitest";
import { readArrow } from "../../src/io/readArrow.ts";
import { readCsv } from "../../src/io/readCsv.ts";
import { readParquet } from "../../src/io/readParquet.ts";
import { readBytes } from "../../src/node/readBytes.ts";
import { readFeatures, readLabels } from "../../src/node/readFiles.ts";
import { data, refusal } from "./shared.ts";

const file = (name: string): string => data(`index/${name}`);
const kept = ["plain", "shuffled", "named", "range", "strings", "dates", "multi", "label", "bare"];

describe("the index of a pandas frame", () => {
  it.each(kept.flatMap((name) => [`${name}.parquet`, `${name}.feather`]))("is no feature: %s", async (name) => {
    const { rows, cols, columns } = await readFeatures(file(name));
    expect([rows, cols, columns]).toEqual([40, 3, ["a", "b", "c"]]);
    expect(new Set(Array.from(await readLabels(file(name)), Number))).toEqual(new Set([0, 1, 2, 3]));
  });

  it("is no feature of the readers of single formats either", async () => {
    const bytes = await readBytes(file("shuffled.parquet"));
    expect((await readParquet(bytes, "x", { label: "label" })).columns).toEqual(["a", "b", "c"]);
    expect((await readArrow(await readBytes(file("named.feather")), "x", { label: "label" })).columns).toEqual(["a", "b", "c"]);
    expect(() => readCsv("Unnamed: 0,a\n5,1\n", "x")).toThrow('x has a column without a name, "Unnamed: 0"');
    expect(readCsv("Unnamed: 0,a\n5,1\n", "x", { drop: ["Unnamed: 0"] }).columns).toEqual(["a"]);
  });

  it("may be asked for by its name", async () => {
    expect((await readFeatures(file("named.parquet"), { columns: ["a", "sample_id"] })).columns).toEqual(["a", "sample_id"]);
  });

  it.each([
    ["unnamed.csv", 'index/unnamed.csv has a column without a name, "Unnamed: 0"', 'leave it out by --drop "Unnamed: 0"'],
    ["written.csv", 'index/written.csv has a column without a name, "Unnamed: 0"', "to_csv(index=False)"],
    ["multi.csv", 'has a column without a name, "Unnamed: 0"', 'leave it out by --drop "Unnamed: 0,Unnamed: 1"'],
    ["reset.csv", 'has column "index", which numbers the rows: an index', "leave it out by --drop index"],
    ["reset.parquet", 'has column "index", which numbers the rows: an index', "leave it out by --drop index"],
    ["reset.feather", 'has column "index", which numbers the rows: an index', "leave it out by --drop index"],
    ["reset.jsonl", 'has column "index", which numbers the rows: an index', "leave it out by --drop index"],
    ["sample_id.csv", 'has column "sample_id", which numbers the rows: an index', "leave it out by --drop sample_id"],
  ])("is refused where it was written as a column: %s", async (name, found, advice) => {
    const message = await refusal(readFeatures(file(name)));
    expect(message).toContain(found);
    expect(message).toContain(advice);
    const [, option] = /--drop (?:"([^"]*)"|\S+)/.exec(advice) ?? [];
    const drop = (option ?? (/--drop (\S+)/.exec(advice)?.[1] || "Unnamed: 0")).split(",");
    expect((await readFeatures(file(name), { drop })).columns).toEqual(["a", "b", "c"]);
  });

  it("under a name of its own it is told of", async () => {
    const notes: string[] = [];
    const { cols } = await readFeatures(file("origin.csv"), { onNotice: (note) => notes.push(note) });
    expect(cols).toBe(4);
    expect(notes).toEqual([
      expect.stringContaining(
        'column "origin", which numbers the rows, is among the features; if it is an index, leave it out by --drop origin',
      ),
    ]);
  });
});

describe("columns that are chosen", () => {
  it("go by name, by number or by range, and what is dropped is left out", async () => {
    const columns = async (options: object) => (await readFeatures(file("unnamed.csv"), options)).columns;
    expect(await columns({ columns: ["c", "a"] })).toEqual(["c", "a"]);
    expect(await columns({ columns: ["1:"] })).toEqual(["a", "b", "c"]);
    expect(await columns({ columns: ["1:3"] })).toEqual(["a", "b"]);
    expect(await columns({ columns: ["3", "1:2"] })).toEqual(["c", "a"]);
    expect(await columns({ columns: [":"], drop: ["0", "b"] })).toEqual(["a", "c"]);
    expect(await refusal(columns({ columns: ["d"] }))).toContain(
      'index/unnamed.csv, by --columns, has no column "d", expected names, or numbers and ranges below 5',
    );
    expect(await refusal(columns({ drop: ["7"] }))).toContain('by --drop, has no column "7"');
  });

  it("let a table with text be read", async () => {
    const text = data("columnNames/more.csv");
    expect(await refusal(readFeatures(text))).toContain(
      'column "name" is "x", expected a finite number; leave the column out by --drop name',
    );
    expect((await readFeatures(text, { drop: ["name"] })).columns).toEqual(["c", "a", "b", "more"]);
    expect((await readFeatures(text, { columns: ["a", "b", "c"] })).columns).toEqual(["a", "b", "c"]);
  });

  it("go by number in arrays and lists", async () => {
    expect((await readFeatures(data("columnNames/abc.npy"), { columns: ["2", "0"] })).cols).toBe(2);
    expect((await readFeatures(data("textCells/lists.jsonl"), { columns: ["1:4"] })).cols).toBe(3);
    expect(await refusal(readFeatures(data("columnNames/abc.npy"), { columns: ["a"] }))).toContain('has no column "a"');
  });
});
