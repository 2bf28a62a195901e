import { describe, expect, it } from "vitest";
import { mostBytes } from "../../src/kernels/bumpMemory.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import type { KernelMemory } from "../../src/kernels/kernels.ts";
import { cheaperForm, prepareSoftmax, type SoftmaxSetting } from "../../src/solve/prepareSoftmax.ts";

const solve = (setting: SoftmaxSetting, request: { C: number }) =>
  withKernels("auto", (kernels) => prepareSoftmax(kernels, setting, "test").solve(request));

describe("which form", () => {
  it("is the span of the rows where they are few, and d dimensions where they are many", () => {
    expect([cheaperForm(5, 640, 5), cheaperForm(25, 1280, 5), cheaperForm(100, 1280, 20), cheaperForm(10, 2, 2)]).toEqual(
      new Array(4).fill("dual"),
    );
    expect([cheaperForm(500, 512, 20), cheaperForm(1797, 64, 10), cheaperForm(100_000, 256, 10)]).toEqual(new Array(3).fill("primal"));
  });

  it.each([
    // Rows, columns and classes up to which the span of the rows costs less, by operations over their measured speed.
    [241, 640, 5],
    [89, 64, 2],
    [85, 64, 20],
    [27, 16, 100],
    [180, 4000, 2],
    [306, 512, 10],
    [71, 8, 3],
  ])("changes after %d rows of %d columns in %d classes", (n, d, k) => {
    expect([cheaperForm(n, d, k), cheaperForm(n + 1, d, k)]).toEqual(["dual", "primal"]);
  });

  it("is never the Gram matrix where it would take half of the kernels' memory beside the rows: 4 n² + n · d doubles", () => {
    expect([cheaperForm(100, 2_683_954, 10), cheaperForm(100, 2_683_955, 10)]).toEqual(["dual", "primal"]);
  });

  it("is by default the cheaper: dual coefficients come from one form alone", () => {
    const random = Float64Array.from({ length: 80 }, (_, at) => Math.sin(7 * at));
    const setting = (n: number, form?: "dual" | "primal"): SoftmaxSetting => ({
      features: { data: random.slice(0, n), rows: n, cols: 1 },
      ...{ codes: Int32Array.from({ length: n }, (_, i) => i % 2), k: 2, fitIntercept: true, form },
    });
    const isDual = (n: number, form?: "dual" | "primal"): boolean => solve(setting(n, form), { C: 1 }).dual !== null;
    const most = Array.from({ length: 80 }, (_, n) => n)
      .filter((n) => n > 3 && cheaperForm(n, 1, 2) === "dual")
      .at(-1)!;
    expect([isDual(most), isDual(most + 1), isDual(most, "primal"), isDual(most + 1, "dual")]).toEqual([true, false, false, true]);
  });

  it("refuses more rows than memory has room for, and says how many fit and what takes half as much", () => {
    const refusal = (data: Float64Array | Float32Array, form: "dual" | "primal", room: number): string => {
      const kernels = createKernels("js");
      // All but so many bytes are taken.
      const memory: KernelMemory = Object.create(kernels.memory, { mark: { value: () => mostBytes - room } });
      try {
        const features = { data, rows: 10, cols: 2 } as SoftmaxSetting["features"];
        prepareSoftmax(
          { ...kernels, memory },
          { features, codes: Int32Array.from(data.subarray(10), (_, i) => i % 2), k: 2, fitIntercept: true, form },
          "test",
        );
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    const [double, single] = [Float64Array, Float32Array].map((type) => new type(20).map((_, at) => Math.sin(at)));
    const ofGram = 8 * (5 * 100 + 2 * 20 + 20 * 10 * 3);
    for (const data of [double, single]) {
      const ofRows = data.BYTES_PER_ELEMENT * 20 + 40 * 10 * 3 + 80 * 2 * 2;
      for (const [form, bytes] of [
        ["dual", ofGram],
        ["primal", ofRows],
      ] as const) {
        expect(refusal(data, form, bytes)).toBe("");
        const half = data === double ? ", or a Float32Array, which takes half as much" : "";
        expect(refusal(data, form, bytes - 1)).toMatch(
          new RegExp(`^test: features has 10 rows of 2 numbers, .* expected at most 9 rows, for kernels address [^,]*${half}$`),
        );
      }
    }
  });

  it("refuses, in its caller's name, what is not finite and rows whose squares no double holds", () => {
    const setting = (value: number, form: "dual" | "primal"): SoftmaxSetting => ({
      features: { data: Float64Array.of(1, 2, value, 3), rows: 2, cols: 2 },
      ...{ codes: Int32Array.of(0, 1), k: 2, fitIntercept: true, form },
    });
    for (const form of ["dual", "primal"] as const) {
      expect(() => solve(setting(Number.NaN, form), { C: 1 })).toThrow("test: features row 1, column 0 is NaN, expected finite numbers");
      expect(() => solve(setting(1e160, form), { C: 1 })).toThrow(
        /^test: features row 1 has norm (1e\+160|Infinity), expected at most 1e\+150, as after l2Normalize$/,
      );
      expect(() => solve(setting(1e150, form), { C: 1 })).not.toThrow();
    }
  });
});
