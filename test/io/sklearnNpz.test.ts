import { describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { readSklearnNpz } from "../../src/io/readSklearnNpz.ts";
import type { NpyInput } from "../../src/io/writeNpy.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { writeSklearnNpz } from "../../src/io/writeSklearnNpz.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { foldHead } from "../../src/probe/foldHead.ts";
import { predictProba } from "../../src/probe/predict.ts";
import type { LinearHead } from "../../src/probe/probe.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { ourError } from "./shared.ts";

const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 6, dims: 9, seed: 2 });
const linear = (classes: LinearHead["classes"]): LinearHead => ({
  ...{ kind: "linear", classes, cols: 2 },
  coef: Float64Array.from({ length: 2 * classes.length }, (_, i) => i / 4),
  intercept: Float64Array.from({ length: classes.length }, (_, c) => c),
});

describe("a head goes to scikit-learn's arrays and comes back", () => {
  it("with every bit, where there are three classes or more", () => {
    const head = fitSoftmax(features, labels);
    const { coef, intercept, classes, cols } = head;
    expect(readSklearnNpz(writeSklearnNpz(head))).toEqual({ kind: "linear", coef, intercept, classes, cols });
    expect(readSklearnNpz(writeSklearnNpz(head, { compress: true }))).toEqual(readSklearnNpz(writeSklearnNpz(head)));
  });

  it("as a probe, where rows are normalised first", () => {
    for (const mask of ["none", "pair@support/power:0.5"]) {
      const probe = fitProbe(features, labels, { mask });
      const back = readSklearnNpz(writeSklearnNpz(probe));
      expect(back.kind).toBe("probe");
      expect(back.kind === "probe" && back.steps).toEqual(foldHead(probe).steps);
      expect(farthest(predictProba(back, features).data, predictProba(probe, features).data)).toBeLessThan(1e-14);
    }
  });

  it("as one logit of two classes, shared evenly", () => {
    const bytes = writeSklearnNpz(linear(["a", "b"]));
    const arrays = readNpz(bytes);
    expect(arrays.get("coef_")).toMatchObject({ data: Float64Array.of(0.5, 0.5), shape: [1, 2], dtype: "<f8" });
    expect(arrays.get("intercept_")).toMatchObject({ data: Float64Array.of(1), shape: [1] });
    expect(readSklearnNpz(bytes)).toMatchObject({ coef: Float64Array.of(-0.25, -0.25, 0.25, 0.25), intercept: Float64Array.of(-0.5, 0.5) });
  });

  it("with the names of its classes, as the array that numpy would have", () => {
    const cases = [
      [["fig", "pear", "ünïcode 木"], "<U9"],
      [[-3, 0, 7], "<i8"],
      [[1, 2n ** 60n, -(2n ** 63n)], "<i8"],
      [[0.5, 1, Number.POSITIVE_INFINITY], "<f8"],
    ] as const;
    for (const [classes, dtype] of cases) {
      const bytes = writeSklearnNpz(linear(classes));
      expect(readNpz(bytes).get("classes_")?.dtype).toBe(dtype);
      expect((readSklearnNpz(bytes) as LinearHead).classes).toEqual(classes);
    }
  });
});

describe("writeSklearnNpz refuses", () => {
  it("what is not linear, naming it", () => {
    const simple = fitProbe(features, labels, { mask: "simple" });
    refuses(
      () => writeSklearnNpz(simple),
      RangeError,
      "writeSklearnNpz: head has a step left that is not linear (simple), expected masks and l2 alone; or writeOnnx",
    );
  });

  it("class names for which numpy has no array", () => {
    refuses(
      () => writeSklearnNpz(linear([1, "a"])),
      RangeError,
      "writeSklearnNpz: classes are numbers and strings, expected one kind, as an array of numpy has",
    );
    refuses(
      () => writeSklearnNpz(linear([0.5, 2n ** 60n])),
      RangeError,
      "writeSklearnNpz: classes are fractions and whole numbers beyond 2^53, expected one kind, as an array of numpy has",
    );
    refuses(
      () => writeSklearnNpz(linear([1, 2n ** 63n])),
      RangeError,
      "writeSklearnNpz: class 9223372036854775808 is beyond 64 bits, expected whole numbers of int64",
    );
    refuses(
      () => writeSklearnNpz(linear(["a", "a\0"])),
      RangeError,
      'writeSklearnNpz: class "a\\u0000" ends in a zero character, expected names that numpy keeps',
    );
  });
});

describe("readSklearnNpz refuses, with a reason", () => {
  const good: Record<string, NpyInput> = {
    coef_: { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
    intercept_: { data: Float64Array.of(0, 0, 0), shape: [3] },
    classes_: { data: ["a", "b", "c"], shape: [3] },
  };
  const reading = (patch: Record<string, NpyInput | undefined>) => () =>
    readSklearnNpz(
      writeNpz(Object.entries({ ...good, ...patch }).filter((pair): pair is [string, NpyInput] => pair[1] !== undefined)),
      "head.npz",
    );

  it("arrays that are missing or do not fit", () => {
    refuses(
      reading({ classes_: undefined }),
      RangeError,
      "readSklearnNpz: head.npz has no array classes_, expected coef_, intercept_, classes_; there is coef_, intercept_",
    );
    refuses(
      reading({ classes_: { data: ["a", "b"], shape: [2] } }),
      RangeError,
      "readSklearnNpz: head.npz:coef_ has 3 rows, expected 1 or 2, for 2 classes",
    );
    refuses(
      reading({ coef_: { data: Float64Array.of(1, 2), shape: [1, 2] } }),
      RangeError,
      "readSklearnNpz: head.npz:coef_ has 1 rows, expected 3, one a class",
    );
    refuses(
      reading({ intercept_: { data: Float64Array.of(1), shape: [1] } }),
      RangeError,
      "readSklearnNpz: head.npz:intercept_ has 1 values, expected 3, one a row of coef_",
    );
    refuses(
      reading({ intercept_: { data: Float64Array.of(1, 2, 3), shape: [3, 1] } }),
      RangeError,
      "readSklearnNpz: head.npz:intercept_ has shape (3, 1), expected one axis",
    );
    refuses(
      reading({ scale_: { data: Float64Array.of(1), shape: [1] } }),
      RangeError,
      "readSklearnNpz: head.npz:scale_ has 1 values, expected 2, one a column of coef_",
    );
  });

  it("classes that come twice, one class, NaN and what is no array", () => {
    refuses(
      reading({ classes_: { data: ["a", "b", "a"], shape: [3] } }),
      RangeError,
      'readSklearnNpz: head.npz:classes_ names "a" twice, expected every class once',
    );
    refuses(
      reading({ classes_: { data: ["a"], shape: [1] } }),
      RangeError,
      "readSklearnNpz: head.npz:classes_ has 1 classes, expected at least 2",
    );
    refuses(
      reading({ coef_: { data: Float64Array.of(1, 2, 3, Number.NaN, 5, 6), shape: [3, 2] } }),
      RangeError,
      "readSklearnNpz: head.npz:coef_ row 1, column 1 is NaN, expected finite numbers",
    );
    refuses(
      reading({ intercept_: { data: ["a", "b", "c"], shape: [3] } }),
      TypeError,
      /^readSklearnNpz: head\.npz:intercept_ is "strings", expected features, which are numbers/,
    );
    refuses(() => readSklearnNpz("head" as unknown as Uint8Array), TypeError, /^readSklearnNpz: bytes is "head"/);
  });

  it("a file cut off or changed anywhere, without crashing", () => {
    const bytes = writeSklearnNpz(fitSoftmax(features, labels));
    for (let at = 0; at < bytes.length; at += 13) {
      ourError(() => void readSklearnNpz(bytes.slice(0, at)));
      const changed = bytes.slice();
      changed[at] ^= 0xff;
      ourError(() => void readSklearnNpz(changed));
    }
  });
});
