import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { checkOptions } from "../../src/core/checkOptions.ts";
import { indexLabels } from "../../src/core/labels.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import * as importance from "../../src/importance.ts";
import * as incremental from "../../src/incremental.ts";
import * as library from "../../src/index.ts";
import * as io from "../../src/io.ts";
import * as ndarray from "../../src/ndarray.ts";
import * as node from "../../src/node.ts";
import * as plot from "../../src/plot.ts";
import * as report from "../../src/report.ts";
import * as run from "../../src/run.ts";
import * as statistics from "../../src/statistics.ts";
import * as theory from "../../src/theory.ts";
import * as tune from "../../src/tune.ts";
import { refuses } from "../properties/refuses.ts";

const entries = { index: library, importance, incremental, io, ndarray, node, plot, report, run, statistics, theory, tune };
const source = join(import.meta.dirname, "../../src");

/** A public function with an options object: where that stands among its arguments, and what its type calls the options. */
interface Taker {
  readonly entry: keyof typeof entries;
  readonly name: string;
  readonly place: number;
  readonly options: readonly string[];
  /** What an editor shows of them. */
  readonly shown: readonly string[];
}

/** Every exported function and the places of its parameters, as the compiler reads them. */
function optionTakers(): { readonly takers: readonly Taker[]; readonly functions: readonly string[] } {
  const files = Object.keys(entries).map((entry) => join(source, `${entry}.ts`));
  const settings = { target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
  const program = ts.createProgram(files, {
    ...settings,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const takers: Taker[] = [];
  const functions: string[] = [];
  for (const entry of Object.keys(entries) as (keyof typeof entries)[]) {
    const file = checker.getSymbolAtLocation(program.getSourceFile(join(source, `${entry}.ts`))!)!;
    for (const exported of checker.getExportsOfModule(file)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!symbol.valueDeclaration) continue;
      const signatures = checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration).getCallSignatures();
      if (signatures.length === 0) continue;
      functions.push(exported.name);
      const parameters = signatures[signatures.length - 1].getParameters();
      parameters.forEach((parameter, place) => {
        const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, symbol.valueDeclaration!));
        if (parameter.name !== "options") return;
        const typed = type
          .getProperties()
          .map((property) => ({ name: property.name, type: checker.getTypeOfSymbolAtLocation(property, symbol.valueDeclaration!) }))
          // Undefined alone stands where the compiler refuses an option of another function.
          .filter((property) => !(property.type.flags & ts.TypeFlags.Undefined));
        takers.push({
          ...{ entry, name: exported.name, place, options: typed.map((property) => property.name) },
          shown: typed.map((property) => `${property.name}: ${checker.typeToString(property.type)}`),
        });
      });
    }
  }
  return { takers, functions };
}

const { takers, functions } = optionTakers();

/** The error of a call, whether at once, at the first step or by a promise. */
async function errorOf(run: () => unknown): Promise<Error> {
  try {
    const result = run() as { next?: () => unknown } | undefined;
    await (typeof result?.next === "function" ? result.next() : result);
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

const call = ({ entry, name, place }: Taker, options: unknown): Promise<Error> =>
  errorOf(() => (entries[entry] as unknown as Record<string, (...args: unknown[]) => unknown>)[name](...new Array(place), options));

describe("every exported function refuses an option that it does not have, before it looks at anything else", () => {
  it("of which there are these", () => {
    expect(functions.length).toBeGreaterThan(150);
    expect(takers.length).toBeGreaterThan(70);
  });

  it.each(takers.map((taker) => [taker.name, taker] as const))("%s", async (name, taker) => {
    for (const wrong of [
      { sampel_weihgt: 1 },
      { [`${taker.options[0]}_`]: 1 },
      { [taker.options[0].toUpperCase()]: "x", [taker.options[0]]: 1 },
    ]) {
      const error = await call(taker, wrong);
      const misspelt = Object.keys(wrong)[0];
      if (taker.options.includes(misspelt)) continue;
      expect(error.message).toContain(`${name}: options.${misspelt} is not an option, expected `);
      expect(error).toBeInstanceOf(RangeError);
      // Of a name that is nearly right, the right one alone.
      if (misspelt.endsWith("_")) expect(error.message).toMatch(new RegExp(`expected options\\.${taker.options[0]}$`));
    }
  });

  it.each(takers.map((taker) => [taker.name, taker] as const))(
    "%s refuses what is no object of options, and takes each of its own by name",
    async (name, taker) => {
      for (const wrong of [null, 3, "softmax", [1, 2], Float64Array.of(1)]) {
        const error = await call(taker, wrong);
        expect(error.message).toMatch(new RegExp(`^${name}: options is .+, expected an object$`));
        expect(error).toBeInstanceOf(TypeError);
      }
      for (const own of taker.options) {
        const error = await call(taker, { [own]: undefined, [`${own}`]: Symbol("any") }).catch(() => new Error("none"));
        expect(error.message).not.toContain("is not an option");
      }
    },
  );
});

it.each([
  [
    "episodeDigest",
    () => library.episodeDigest({ rows: 1, cols: 1 }, [1], { episodes: 1, way: 2 } as never),
    "source.way is not an option, expected source.ways",
  ],
  [
    "rejectionThreshold",
    () => statistics.rejectionThreshold([1], { targetCoverage: 0.5, corect: [1] } as never),
    "target.corect is not an option, expected target.correct",
  ],
])("%s refuses a name that it does not have in the object that says what to do", (name, run, message) => {
  refuses(run, RangeError, `${name}: ${message}`);
});

it("an editor shows options by types that a reader knows, never by how their table is read", () => {
  const shown = takers.flatMap(({ name, shown }) => shown.map((text) => `${name} ${text}`));
  expect(shown.filter((text) => /\b(One|Taken|Parsed|ByKind|Words|OptionsOf|OptionNames)</.test(text))).toEqual([]);
  for (const text of [
    'evaluate C: number | "auto" | undefined',
    "evaluate perEpisode: boolean | undefined",
    'fitProbe normalize: "l2" | "none" | undefined',
    'evaluate metrics: readonly ("balancedAccuracy" | "macroF1" | "expectedCalibrationError" | "logLoss")[] | undefined',
  ])
    expect(shown).toContain(text);
});

describe("options of other programs and of other functions", () => {
  const X = toMatrix([
    [0, 1],
    [1, 0],
    [0, 0.9],
    [0.8, 0],
  ]);
  const y = ["b", "a", "b", "a"];
  const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 10, seed: 1 });

  it("are refused with the name that is meant", async () => {
    const { fitSoftmax, fitProbe, choosePenalty, fitTemperature, fitCalibratedProbe, evaluate } = library;
    const { incrementalSoftmax } = incremental;
    const not = (caller: string, given: string, meant: string): string => `${caller}: options.${given} is not an option, expected ${meant}`;
    refuses(() => fitSoftmax(X, y, { c: 100 } as object), RangeError, not("fitSoftmax", "c", "options.C"));
    refuses(
      () => fitSoftmax(X, y, { sample_weight: [1, 1, 0, 0] } as object),
      RangeError,
      not("fitSoftmax", "sample_weight", "options.sampleWeight"),
    );
    refuses(() => fitProbe(X, y, { c: 100 } as object), RangeError, not("fitProbe", "c", "options.C"));
    refuses(
      () => choosePenalty(X, y, { Cs: [1] } as object),
      RangeError,
      /^choosePenalty: options\.Cs is not an option, expected one of .*path, rule/,
    );
    refuses(
      () => fitTemperature(X, [0, 1, 0, 1], { weights: [1, 2, 1, 1] } as object),
      RangeError,
      /options\.weights is not an option, expected one of sampleWeight, smoothing$/,
    );
    refuses(() => fitCalibratedProbe(X, y, { reject: 0.9 } as object), RangeError, not("fitCalibratedProbe", "reject", "options.rejectBy"));
    refuses(() => incrementalSoftmax(3, { c: 3 } as object), RangeError, not("incrementalSoftmax", "c", "options.C"));
    refuses(() => syntheticFeatures({ dim: 10 } as object), RangeError, not("syntheticFeatures", "dim", "options.dims"));
    const run = { ways: 3, shots: 5, queries: 5, episodes: 5 };
    await expect(evaluate(features, labels, { ...run, c: 3 } as object)).rejects.toThrow(not("evaluate", "c", "options.C"));
    await expect(evaluate(features, labels, { ...run, probe: "centroid" } as object)).rejects.toThrow(
      not("evaluate", "probe", "options.probes"),
    );
    await expect(library.redundancyCurve(features, labels, { ...run, probes: ["centroid"] } as object)).rejects.toThrow(
      not("redundancyCurve", "probes", "options.probe"),
    );
    await expect(library.redundancyGrid(features, labels, { replay: [] } as object)).rejects.toThrow(
      "redundancyGrid: options.replay is not an option",
    );
    refuses(() => library.sampleEpisode(indexLabels(y), { way: 2 } as object, 0), RangeError, not("sampleEpisode", "way", "options.ways"));
  });

  it("whose value is undefined change nothing", () => {
    expect(library.fitSoftmax(X, y, { c: undefined } as object)).toEqual(library.fitSoftmax(X, y));
  });
});

describe("checkOptions", () => {
  it("knows no names but an object's own: none that every object has", () => {
    const known = { C: true } as const;
    for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"])
      refuses(
        () => checkOptions(Object.fromEntries([[name, 1]]) as object, "f", known),
        RangeError,
        `f: options.${name} is not an option, expected one of C`,
      );
  });

  it("takes options from an object of any class, or of none", () => {
    const bare = Object.assign(Object.create(null), { C: 1 });
    expect(() => checkOptions(bare as { C?: number }, "f", { C: true })).not.toThrow();
    expect(() =>
      checkOptions(
        new (class Settings {
          C = 1;
        })(),
        "f",
        { C: true },
      ),
    ).not.toThrow();
  });
});
