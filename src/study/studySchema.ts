import type { Option } from "../core/option.ts";
import { axes, namePattern, required, studyOptions } from "./studyOptions.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The schema of one value of an option. */
function schemaOfOne(option: Option): Schema {
  const one = (): Schema => {
    switch (option.kind) {
      case "integer":
        return { type: "integer", minimum: option.least, maximum: option.most ?? Number.MAX_SAFE_INTEGER };
      case "number": {
        const bounds = { minimum: option.least, exclusiveMinimum: option.above, maximum: option.most, exclusiveMaximum: option.below };
        return { type: "number", ...Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== undefined)) };
      }
      case "choice":
        return { enum: option.choices };
      case "flag":
        return { type: "boolean" };
      case "file":
        return { type: "string", minLength: 1, pattern: "^(?:[^{}]|\\{model\\}|\\{dataset\\})+$" };
      default:
        return { type: "string" };
    }
  };
  const words = Object.values(option.words ?? {});
  return words.length === 0 ? one() : { anyOf: [one(), ...words.map((word) => ({ const: word }))] };
}

const listOf = (items: Schema): Schema => ({ type: "array", minItems: 1, uniqueItems: true, items });

function schemaOf(option: Option): Schema {
  const { default: by, says, many } = option;
  const known =
    by === undefined || (Array.isArray(by) && by.length === 0) ? "" : ` Default ${Array.isArray(by) ? by.join(", ") : String(by)}.`;
  return { ...(many ? listOf(schemaOfOne(option)) : schemaOfOne(option)), description: `${says}${known}` };
}

/**
 * The JSON schema of study files, for editors: docs/study.schema.json is this, and `checkStudy` accepts what it accepts, but for the masks' grammar, names that differ by
 * case alone, and the number of cells.
 */
export function studySchema(): Schema {
  const names = (what: string): Schema => ({
    ...listOf({ type: "string", pattern: namePattern }),
    description: `Names of ${what}, each a part of cells' file names.`,
  });
  const options = Object.fromEntries(studyOptions().map(({ key, option }) => [key, schemaOf(option)]));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "softprobe/study@1",
    title: "softprobe study",
    description:
      "Models × data sets × ways × shots, with the same masks and probes: what `softprobe study run` takes, as YAML or JSON. Paths are relative to the file; {model} and {dataset} in them stand for names.",
    type: "object",
    additionalProperties: false,
    required,
    dependencies: { baseFeatures: ["baseLabels"], baseLabels: ["baseFeatures"] },
    if: { properties: { trainOn: { const: "augmented" } }, required: ["trainOn"] },
    // biome-ignore lint/suspicious/noThenProperty: the name that JSON schema has for it
    then: { required: ["augmented"] },
    properties: {
      schema: { const: "softprobe/study@1" },
      models: names("models"),
      datasets: names("data sets"),
      ...Object.fromEntries(
        Object.entries(axes).map(([name, option]) => [
          name,
          { ...listOf(schemaOfOne(option)), description: `${option.says} A cell each.` },
        ]),
      ),
      ...options,
    },
  };
}
