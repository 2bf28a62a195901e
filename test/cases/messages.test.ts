import { describe, expect, it } from "vitest";
import { readFeatures, readLabels } from "../../src/node/readFiles.ts";
import { data, featuresOfText, refusal } from "./shared.ts";

const file = (name: string): string => data(`messages/${name}`);

describe("a file that is not what it seems", () => {
  it.each([
    [
      "bf16.npy",
      'messages/bf16.npy has dtype "<V2", as bfloat16 (of ml_dtypes, JAX or PyTorch) is written',
      "np.save(file, array.astype(np.float32))",
    ],
    [
      "f8.npy",
      'messages/f8.npy has dtype "<f1", as a float of 8 bits or fewer (of ml_dtypes) is written',
      "np.save(file, array.astype(np.float32))",
    ],
    ["pool.npy", "has shape (4, 3, 1, 1), expected two axes, n × d", "of pooled maps give array.reshape(len(array), -1)"],
    ["maps.npy", "has shape (4, 3, 2, 2)", "pool the maps first"],
    ["tokens.npy", "has shape (1, 4, 3)", "drop an axis too many by array[0]; of tokens take one a row, such as array.mean(1)"],
    ["latin.npy", "element 0 is not UTF-8", "save np.char.decode(array, 'latin-1')"],
    ["semi.csv", 'messages/semi.csv line 2 column "a" is "1,5"', 'with a point, "1.5" (columns are parted by ";")'],
    ["array.jsonl", "line 1 holds all rows, expected JSON lines", "one JSON array of 1 objects: jq -c '.[]' makes lines of it"],
    ["pretty.jsonl", "line 1 is a part of one JSON document, expected JSON lines", "jq -c '.[]' makes lines of it"],
    ["openai.jsonl", 'one JSON document whose "data" is an array of objects, as an API answers', "jq -c '.data[]' makes lines of it"],
    ["utf16.csv", "messages/utf16.csv is UTF-16", "iconv -f utf-16 -t utf-8"],
    ["latin.csv", "messages/latin.csv is not UTF-8", "iconv -f latin1 -t utf-8"],
  ])("is refused with what it is and what to do: %s", async (name, found, advice) => {
    const message = await refusal(readFeatures(file(name)));
    expect(message).toContain(found);
    expect(message).toContain(advice);
  });

  it("is refused as labels in the same words", async () => {
    expect(await refusal(readLabels(file("bf16.npy")))).toContain("bfloat16");
    expect(await refusal(readLabels(file("latin.npy")))).toContain("np.char.decode");
    expect(await refusal(readLabels(file("openai.jsonl")))).toContain("as an API answers");
    expect(await refusal(readLabels(file("pretty.jsonl")))).toContain("one JSON array");
  });

  it("an npz file whose entries bear no .npy is read as numpy reads it", async () => {
    expect(await readFeatures(file("noext.npz"))).toEqual({ data: new Float32Array(12).fill(1), rows: 4, cols: 3 });
    expect(await refusal(readFeatures(file("noext.npz:README.txt")))).toContain('has no array "README.txt", expected one of features');
  });
});

describe("the delimiter of a text", () => {
  it.each([
    ["F.csv", ";", "a;b;label\n1.5;2;x\n3;4;y\n", 'F.csv: columns are parted by ";" (--delimiter says otherwise)'],
    ["F.csv", "a tab", "a\tb\tlabel\n1.5\t2\tx\n3\t4\ty\n", "F.csv: columns are parted by a tab (--delimiter says otherwise)"],
    ["F.csv", "|", "a|b|label\n1.5|2|x\n3|4|y\n", 'F.csv: columns are parted by "|" (--delimiter says otherwise)'],
    ["F.csv", "Excel's own line", "sep=;\na;b;label\n1.5;2;x\n3;4;y\n", 'F.csv: columns are parted by ";" (--delimiter says otherwise)'],
    ["F.tsv", "a comma", "a,b,label\n1.5,2,x\n3,4,y\n", "F.tsv: columns are parted by a comma (--delimiter says otherwise)"],
  ])("is found and told: %s parted by %s", async (name, _, text, note) => {
    const found = await featuresOfText(text, name.endsWith("tsv") ? "tsv" : "csv");
    expect(found).toMatchObject({ data: [1.5, 2, 3, 4], columns: ["a", "b"], notes: [note] });
  });

  it("is a space between numbers, as numpy.savetxt writes, never between words", async () => {
    expect((await featuresOfText("1.5e+00 2.0e+00\n3.0e+00 4.0e+00\n")).data).toEqual([1.5, 2, 3, 4]);
    expect(await refusal(featuresOfText("a b\n1 2\n"))).toContain('is "1 2"');
  });

  it("is no part of labels in one column", async () => {
    expect(await readLabels(file("semi2.csv:label"))).toEqual(["x", "y"]);
    expect(await readLabels(file("semi2.csv"))).toEqual(["x", "y"]);
    expect((await readFeatures(file("semi2.csv"))).data).toEqual(Float64Array.of(1.5, 2, 3, 4));
    expect((await readFeatures(file("semi2.csv"), { delimiter: ";" })).columns).toEqual(["a", "b"]);
    expect(await refusal(readFeatures(file("semi2.csv"), { delimiter: ";;" }))).toContain(
      'options.delimiter is ";;", expected one character',
    );
    expect(await refusal(readFeatures(file("semi2.csv"), { delimiter: "," }))).toContain(
      'are columns parted by ";"? say so by --delimiter',
    );
  });
});

describe("usual names", () => {
  it.each([
    ['{"embeddings":[1,2],"tokens":[7]}\n', [1, 2]],
    ['{"tokens":[7,8,9],"embedding":[1,2]}\n', [1, 2]],
    ['{"embedding":[3,4],"features":[1,2]}\n', [1, 2]],
  ])("of lists: %s", async (text, wanted) => {
    expect((await featuresOfText(text, "jsonl")).data).toEqual(wanted);
  });
});
