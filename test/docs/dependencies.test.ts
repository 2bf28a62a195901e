import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly type?: string;
  readonly module?: string;
  readonly types?: string;
  readonly typings?: string;
  readonly exports?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}
interface LockEntry {
  readonly resolved?: string;
  readonly integrity?: string;
  /** Whether it comes within another package. */
  readonly inBundle?: boolean;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as T;
const ours = read<Manifest>("package.json");
const manifest = (name: string): Manifest => read<Manifest>(`node_modules/${name}/package.json`);
const lock = read<{ packages: Record<string, LockEntry> }>("package-lock.json").packages;
const page = readFileSync(new URL("../../docs/dependencies.md", import.meta.url), "utf8");

/** Rows of the table under a heading: [package, range, licence]. */
function listed(heading: string): string[][] {
  const [, section] = page.split(`## ${heading}\n`);
  return [...section.split("\n## ")[0].matchAll(/^\| `([^`]+)` \| (\S+) \| (\S+) \| \S.+ \|$/gm)].map(([, ...cells]) => cells);
}
const runtime = Object.keys(ours.dependencies ?? {});
const wanted = (ranges: Readonly<Record<string, string>> = {}): string[][] =>
  Object.entries(ranges).map(([name, range]) => [name, range, manifest(name).license ?? "none"]);

/** Packages and all that they need, as they are installed. */
function closure(names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    Object.keys(manifest(name).dependencies ?? {}).forEach(visit);
  };
  names.forEach(visit);
  return [...found];
}

describe("an installation of softprobe", () => {
  it("brings at most five packages, itself among them", () => {
    const brought = Object.entries(lock).filter(
      ([path, { dev, devOptional, peer, optional }]) => path && !dev && !devOptional && !peer && !optional,
    );
    expect(brought.map(([path]) => path.replace("node_modules/", "")).sort()).toEqual(closure(runtime).sort());
    expect(brought.length + 1).toBeLessThanOrEqual(5);
  });
});

describe("docs/dependencies.md", () => {
  it("names every runtime dependency and every peer, with the range and the licence that it has", () => {
    expect(listed("Runtime")).toEqual(wanted(ours.dependencies));
    expect(listed("Peers")).toEqual(wanted(ours.peerDependencies));
  });
});

describe.each(closure(runtime))("the runtime package %s", (name) => {
  const own = manifest(name);
  it("runs nothing when it is installed, and is free to use", () => {
    expect(Object.keys(own.scripts ?? {}).filter((script) => /^(?:pre|post)?install$/.test(script))).toEqual([]);
    expect(existsSync(new URL(`../../node_modules/${name}/binding.gyp`, import.meta.url))).toBe(false);
    expect(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "Unlicense"]).toContain(own.license);
  });

  // yaml serves Node, where the command alone loads it, as CommonJS.
  if (!runtime.includes(name) || name === "yaml") return;
  it("has ES modules and types", () => {
    const exports = JSON.stringify(own.exports ?? {});
    expect(own.type === "module" || own.module !== undefined || exports.includes('"import"')).toBe(true);
    // Named, or beside the module.
    const beside = [...exports.matchAll(/"import":"([^"]+)\.js"/g)].map(([, path]) => `../../node_modules/${name}/${path}.d.ts`);
    const found = beside.some((path) => existsSync(new URL(path, import.meta.url)));
    expect(own.types !== undefined || own.typings !== undefined || exports.includes('"types"') || found).toBe(true);
  });
});

describe("package-lock.json", () => {
  const entries = Object.entries(lock).filter(([path, { link }]) => path.startsWith("node_modules/") && !link);
  it("pins every package by its hash, and names no other place than the npm registry", () => {
    expect(entries.length).toBeGreaterThan(runtime.length);
    for (const [path, { resolved, integrity, inBundle }] of entries) {
      // Without a place it is the registry that npm is set to.
      expect(resolved ?? "https://registry.npmjs.org/", path).toMatch(/^https:\/\/registry\.npmjs\.org\//);
      if (!inBundle) expect(integrity, path).toMatch(/^sha512-/);
    }
  });

  it("has no runtime package with an install script, and is that of package.json", () => {
    expect(entries.filter(([, { dev, devOptional, hasInstallScript }]) => hasInstallScript && !dev && !devOptional)).toEqual([]);
    expect((lock[""] as Manifest).dependencies).toEqual(ours.dependencies);
  });
});
