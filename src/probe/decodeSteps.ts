import { checkDepth, decodeFields, decodeRecord, headReader, listOf, objectOf } from "./headDecoder.ts";
import { stepFields } from "./headFields.ts";
import { type Step, type StepPart, stepColumns } from "./steps.ts";

const caller = headReader;
/** No probe of ours has more than 8 in a list, nor lists within lists deeper than 3. */
const mostSteps = 64;
const mostDepth = 8;

/** Steps as `headToJSON` writes them, checked against the columns that come to them. */
export function decodeSteps(
  list: unknown,
  path: string,
  cols: number,
  depth = 0,
): { readonly steps: readonly Step[]; readonly width: number } {
  const given = listOf(list, path, "steps", `at most ${mostSteps}`, 0, mostSteps);
  checkDepth(depth, mostDepth, path);
  let width = cols;
  const steps = given.map((value, s) => {
    const own = `${path}[${s}]`;
    const isParts = (value as Step | null)?.kind === "parts";
    const step = isParts ? decodeParts(value, own, width, depth) : (decodeRecord(value, stepFields, own, []) as unknown as Step);
    width = stepColumns(step, width, caller, own);
    return step;
  });
  return { steps, width };
}

function decodeParts(value: unknown, path: string, cols: number, depth: number): Step {
  const { parts: list } = objectOf(value, path, ["kind", "parts"]);
  const inner = `${path}.parts`;
  const parts = listOf(list, inner, "parts", `1 to ${mostSteps}`, 1, mostSteps).map((given, p): StepPart => {
    const own = `${inner}[${p}]`;
    const fields = decodeFields(given, { name: "text", weight: "number" }, own, ["steps"]);
    const { steps } = decodeSteps((given as { steps: unknown }).steps, `${own}.steps`, cols, depth + 1);
    return { ...(fields as unknown as StepPart), steps };
  });
  return { kind: "parts", parts };
}
