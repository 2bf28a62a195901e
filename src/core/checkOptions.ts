import { kindError, valueError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/**
 * The names of the options `Options`, written once beside that type: the compiler refuses a name that the type lacks, and a type whose option has no name here. Names of types
 * that `Options` extends are `Inherited`, and stand with those.
 */
export type OptionNames<Options, Inherited = object> = Readonly<Record<Exclude<keyof Options, keyof Inherited>, true>>;

type NamesIn<Known extends readonly object[]> = { [I in keyof Known]: keyof Known[I] }[number];
/** Nothing where every option has a name, else what no options object can be: a call that forgets names does not compile. */
type Complete<Options, Known extends readonly object[]> = [Exclude<keyof Options, NamesIn<Known>>] extends [never]
  ? unknown
  : { readonly withoutName: Exclude<keyof Options, NamesIn<Known>> };

/** Refuses a name of `given` that is none of `known`: misspelt, it would pass for its default in silence. O(names given). */
export function checkNames(given: object, caller: string, argument: string, known: readonly object[]): void {
  if (given === null || typeof given !== "object" || Array.isArray(given) || ArrayBuffer.isView(given))
    throw kindError(caller, argument, given, "an object");
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.some((names) => Object.hasOwn(names, name))) continue;
    const all = known.flatMap((names) => Object.keys(names));
    const meant = nearest(name, all);
    throw valueError(caller, `${argument}.${name}`, "is not an option", meant ? `${argument}.${meant}` : `one of ${all.join(", ")}`);
  }
}

/**
 * What every public function does first with its options object: refuses names that are not options, naming the nearest that is.
 *
 * @param options - as the user gave them
 * @param caller - the public function's name, for the error
 * @param known - {@link OptionNames} of the type of `options` and of what that type extends
 * @throws TypeError when `options` is no object; RangeError when it has a name that is none of `known`, unless its value is undefined
 */
export function checkOptions<Options extends object, const Known extends readonly object[]>(
  options: Options & Complete<Options, Known>,
  caller: string,
  ...known: Known
): void {
  checkNames(options, caller, "options", known);
}
