import { checkDepth, type Decoder, decodeFields, decodeList, decodeNumber, decodeRecord, decodeText, headReader } from "./headDecoder.ts";
import { stepFields } from "./headFields.ts";
import { type Step, type StepPart, stepColumns } from "./steps.ts";

/** No probe of ours has more than 8 in a list. */
const mostSteps = 64;

/** Steps as `headToJSON` writes them, checked against the columns that come to them, and the columns that they leave. */
export function decodeSteps(
  list: unknown,
  path: string,
  cols: number,
  depth = 0,
): { readonly steps: readonly Step[]; readonly width: number } {
  checkDepth(depth, path);
  let width = cols;
  const part: Decoder<StepPart> = (given, at) =>
    decodeFields(given, at, {
      ...{ name: decodeText, weight: decodeNumber, steps: (inner, own) => decodeSteps(inner, own, width, depth + 1).steps },
    });
  const table = { ...stepFields, parts: { parts: ((given, at) => decodeList(given, at, "parts", 1, mostSteps, part)) as Decoder } };
  const steps = decodeList(list, path, "steps", 0, mostSteps, (given, at) => {
    const step = decodeRecord<Step>(given, at, table);
    width = stepColumns(step, width, headReader, at);
    return step;
  });
  return { steps, width };
}
