/**
 * Loads a package that is installed only by those who need it.
 *
 * @param load - `() => import("package")`, written out where it is called so that bundlers see the name
 * @throws Error saying what to install, where the package is not there
 */
export async function optionalPeer<T>(load: () => Promise<T>, peer: string, caller: string, name: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new Error(`${caller}: ${name} could not be read without the package ${peer}, expected it beside softprobe: npm i ${peer}`, {
      cause: error,
    });
  }
}
