import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkStudy } from "../../src/study/checkStudy.ts";
import { type Study, studyCells } from "../../src/study/study.ts";
import { studySchema } from "../../src/study/studySchema.ts";
import { refuses } from "../properties/refuses.ts";

const bySchema = new Ajv({ strict: true, strictRequired: false, allErrors: false }).compile(studySchema());
const small: Study = {
  schema: "softprobe/study@1",
  models: ["mobilenetv2", "dino.v2-b"],
  datasets: ["grocery"],
  features: "features/{model}/{dataset}.npy",
  labels: "labels/{dataset}.npy",
  ways: [5, 2],
  shots: [1, 5],
  masks: ["none", "pair@oracle/top:0.02"],
};
const full: Study = {
  ...small,
  augmented: "augmented/{model}.npy",
  baseFeatures: "base/{model}.npy",
  baseLabels: "base/labels.npy",
  poolAugmented: "pool.npy",
  probes: ["softmax", "centroid"],
  metrics: ["macroF1"],
  queries: "all",
  episodes: 20,
  seed: 3,
  drawsPerTask: 2,
  C: 0.5,
  trainOn: "augmented",
  normalize: "none",
};
const accepts = (value: unknown): boolean => {
  try {
    checkStudy(value, "study.yaml");
    return true;
  } catch (error) {
    // Whatever the document, a named error and nothing else.
    expect((error as Error).message).toMatch(/^checkStudy: study\.yaml.*(, expected |: )/s);
    return false;
  }
};

describe("checkStudy", () => {
  it("takes studies with and without the optional settings", () => {
    expect(checkStudy(small, "study.yaml")).toBe(small);
    expect(checkStudy(full, "study.yaml")).toBe(full);
  });

  it("tells file, path, what came and what was expected", () => {
    const wrong = (change: object, message: string, kind: typeof RangeError | typeof TypeError = RangeError) =>
      refuses(() => checkStudy({ ...small, ...change }, "study.yaml"), kind, `checkStudy: study.yaml ${message}`);
    wrong({ shot: [1] }, 'has "shot", expected "shots"?');
    wrong(
      { colour: 1 },
      'has "colour", expected keys among schema, models, datasets, features, labels, ways, shots, masks, augmented, baseFeatures, baseLabels, poolAugmented, columns, drop, delimiter, ignoreLabels, probes, metrics, queries, seed, drawsPerTask, episodes, C, classWeight, trainOn, normalize',
    );
    wrong({ shots: [1, "five"] }, 'shots[1] is "five", expected a whole number of at least 1');
    wrong({ shots: 5 }, "shots is 5, expected a list, each a whole number of at least 1", TypeError);
    wrong({ ways: [] }, "ways is empty, expected at least one, a whole number of at least 2");
    wrong({ ways: [5, 5] }, "ways[1] is 5, as ways[0], expected each once");
    wrong({ models: ["a", "A"] }, 'models[1] is "A", as models[0], expected each once');
    wrong({ models: [1] }, "models[0] is 1, expected a name of letters, digits and ._- (a letter or digit first, at most 64)");
    wrong({ labels: undefined }, "has no labels, expected one");
    wrong({ schema: "softprobe/study@2" }, 'schema is "softprobe/study@2", expected "softprobe/study@1"');
    wrong({ features: "{models}.npy" }, 'features is "{models}.npy", expected a path, in which {model} and {dataset} may stand for names');
    wrong({ baseFeatures: "b.npy" }, "has no baseLabels, expected baseFeatures and baseLabels together");
    wrong({ trainOn: "augmented" }, 'trainOn is "augmented", expected augmented views to train on');
    wrong({ C: 0 }, 'C is 0, expected a finite number greater than 0, or "auto"');
    wrong(
      { models: Array.from({ length: 2000 }, (_, i) => `m${i}`), datasets: Array.from({ length: 2000 }, (_, i) => `d${i}`) },
      "has 16000000 cells, expected at most 1000000",
    );
    refuses(() => checkStudy({ ...small, masks: ["pair@orcale/top:0.1"] }, "s.yaml"), RangeError, /^checkStudy: s\.yaml masks\[0\]: /);
    refuses(() => checkStudy(null, "s.yaml"), TypeError, "checkStudy: s.yaml is null, expected a study: an object of settings");
  });

  it.each(["../x", "..", ".", "a/b", "a\\b", "/etc", "", "a b", "~", "a\0", "con:", "-rf", "x".repeat(65), "ü"])(
    "refuses the name %j, which might lead out of the folder",
    (name) => {
      for (const key of ["models", "datasets"]) expect(accepts({ ...small, [key]: [name] })).toBe(false);
    },
  );

  it("accepts what its schema accepts and refuses what it refuses, but for masks' grammar, names' case and the number of cells", () => {
    for (const study of [small, full]) expect(bySchema(study)).toBe(true);
    const junk = fc.oneof(
      fc.constantFrom(
        ...[
          null,
          true,
          0,
          1,
          2,
          5,
          -1,
          1.5,
          Number.NaN,
          1e300,
          "",
          "a",
          "all",
          "none",
          "l2",
          "augmented",
          "{model}",
          "{x}",
          "../a",
          {},
          [],
        ],
      ),
      fc.array(fc.constantFrom(...[1, 2, 5, 1.5, "a", "b", "none", "softmax", "macroF1", "../a", "", null, []]), { maxLength: 3 }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(small, full),
        fc.constantFrom(...Object.keys(full), "extra", "constructor"),
        junk,
        fc.boolean(),
        (study, key, value, removed) => {
          const document: Record<string, unknown> = { ...study, [key]: value };
          if (removed) delete document[key];
          if (key === "masks" && !removed) return !accepts(document) || bySchema(document);
          return accepts(document) === bySchema(document);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("has its schema in docs, as the table of options tells it", () => {
    const written = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/study.schema.json"), "utf8"));
    expect(written, "write it anew by softprobe study schema --out docs/study.schema.json").toEqual(
      JSON.parse(JSON.stringify(studySchema())),
    );
  });

  it("pollutes nothing", () => {
    expect(accepts(JSON.parse('{"__proto__":{"polluted":1}}'))).toBe(false);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe("studyCells", () => {
  it("lists models × data sets × ways × shots, each with a name that is safe and its own, and its files", () => {
    const cells = studyCells(full);
    expect(cells).toHaveLength(8);
    expect(cells[0]).toEqual({
      name: "mobilenetv2+grocery+5way+1shot",
      ...{ model: "mobilenetv2", dataset: "grocery", ways: 5, shots: 1 },
      files: {
        features: "features/mobilenetv2/grocery.npy",
        labels: "labels/grocery.npy",
        augmented: "augmented/mobilenetv2.npy",
        baseFeatures: "base/mobilenetv2.npy",
        baseLabels: "base/labels.npy",
        poolAugmented: "pool.npy",
      },
    });
    expect(new Set(cells.map(({ name }) => name.toLowerCase())).size).toBe(8);
    for (const { name } of cells) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/);
  });
});
