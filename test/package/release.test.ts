import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { version } from "../../src/core/version.ts";
import { temporaryFolder } from "../cli/run.ts";
import { printed, root, tool } from "./tarball.ts";

const folder = temporaryFolder();
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { permissions?: Record<string, string>; steps: Step[]; "timeout-minutes": number }>>;
}

const folderOfWorkflows = ".github/workflows";
const workflows = Object.fromEntries(
  readdirSync(join(root, folderOfWorkflows)).map((file) => [file, parse(read(`${folderOfWorkflows}/${file}`)) as Workflow]),
);
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

describe("every workflow", () => {
  it("may read and nothing else, unless one of its jobs says so", () => {
    for (const [file, { permissions }] of Object.entries(workflows)) expect(permissions, file).toEqual({ contents: "read" });
  });

  it("uses actions by a version, puts no text of strangers into a shell, and ends by itself", () => {
    for (const [file, workflow] of Object.entries(workflows)) {
      expect(Object.keys(workflow.on), file).not.toContain("pull_request_target");
      for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"], file).toBeGreaterThan(0);
      for (const { uses, run } of stepsOf(workflow)) {
        if (uses !== undefined) expect(uses, file).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
        // `${{ … }}` in a script is pasted before the shell reads it.
        if (run !== undefined) expect(run, file).not.toMatch(/\$\{\{/);
      }
    }
  });

  it("runs scripts that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const runs = Object.values(workflows).flatMap((workflow) =>
      stepsOf(workflow).flatMap((step) =>
        [step.run, step.with?.version].map(String).flatMap((line) => [...line.matchAll(/npm run ([\w:]+)/g)]),
      ),
    );
    expect(runs.map(([, name]) => name)).toEqual(expect.arrayContaining(["version"]));
    for (const [, name] of runs) expect(Object.keys(scripts)).toContain(name);
  });
});

describe("the release", () => {
  it("publishes with provenance, after the tests, by the one job that may sign", () => {
    const { jobs, on } = workflows["release.yml"];
    expect(on).toEqual({ push: { branches: ["main"] } });
    expect(jobs.release.permissions).toEqual({ contents: "write", "pull-requests": "write", "id-token": "write" });
    const { steps } = jobs.release;
    const publishes = steps.findIndex(({ with: inputs }) => String(inputs?.publish).includes("changeset publish"));
    expect(steps[publishes].env).toMatchObject({ NPM_CONFIG_PROVENANCE: "true" });
    const place = (line: RegExp) => steps.findIndex(({ run }) => line.test(run ?? ""));
    expect(place(/^npm test$/)).toBeGreaterThan(0);
    expect(place(/^npm test$/)).toBeLessThan(publishes);
    expect(place(/repository\.url=/)).toBeLessThan(publishes);
    const { publishConfig } = JSON.parse(read("package.json"));
    expect(publishConfig).toEqual({ access: "public", provenance: true });
    const others = Object.entries(workflows).filter(([file]) => file !== "release.yml");
    for (const [, workflow] of others) expect(JSON.stringify(workflow)).not.toContain("id-token");
  });

  it("has one version in package.json, its lockfile and what results are signed with", () => {
    expect(JSON.parse(read("package.json")).version).toBe(version);
    expect(JSON.parse(read("package-lock.json")).version).toBe(version);
  });

  it("turns a changeset into a version and a line of the changelog (changesets)", async () => {
    for (const file of ["package.json", "CHANGELOG.md", ".changeset", "scripts/version.mjs", "src/core/version.ts"])
      cpSync(join(root, file), join(folder, file), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    const git = (...args: string[]) =>
      printed("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", ...args], folder);
    await git("init", "-q", "-b", "main");
    writeFileSync(join(folder, ".gitignore"), "node_modules\n");
    mkdirSync(join(folder, ".changeset"), { recursive: true });
    writeFileSync(join(folder, ".changeset/quiet-pears.md"), '---\n"softprobe": minor\n---\n\nPears ripen sooner.\n');
    await git("add", "-A");
    await git("commit", "-q", "-m", "first");
    await printed(tool("changeset"), ["version"], folder);
    await printed(process.execPath, ["scripts/version.mjs", folder], folder);
    const [major, minor] = version.split(".").map(Number);
    const next = `${major}.${minor + 1}.0`;
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version).toBe(next);
    expect(readFileSync(join(folder, "src/core/version.ts"), "utf8")).toContain(`version = "${next}"`);
    const changelog = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
    expect(changelog).toMatch(
      new RegExp(`^# Changelog\\n\\n## ${next.replaceAll(".", "\\.")}\\n[^#]*### Minor Changes\\n[^#]*Pears ripen sooner\\.`),
    );
    expect(changelog.indexOf(`## ${version}`)).toBeGreaterThan(changelog.indexOf(`## ${next}`));
    expect(readdirSync(join(folder, ".changeset")).sort()).toEqual(["README.md", "config.json"]);
  });
});

describe("the repository", () => {
  it("tells how to contribute, to report a vulnerability and to behave", () => {
    for (const file of ["LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md"])
      expect(read(file).length, file).toBeGreaterThan(200);
    const { scripts } = JSON.parse(read("package.json"));
    for (const [, name] of read("CONTRIBUTING.md").matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const [, file] of read("CONTRIBUTING.md").matchAll(/`((?:src|scripts|\.github)\/[\w/.-]+)`/g))
      expect(existsSync(join(root, file)), file).toBe(true);
  });

  it("has issue forms that GitHub can show", () => {
    for (const file of ["bug.yml", "result.yml", "idea.yml"]) {
      const form = parse(read(`.github/ISSUE_TEMPLATE/${file}`));
      expect(form, file).toMatchObject({ name: expect.any(String), description: expect.any(String) });
      const fields = form.body.filter(({ type }: { type: string }) => type !== "markdown");
      expect(fields.length, file).toBeGreaterThan(0);
      expect(new Set(fields.map(({ id }: { id: string }) => id)).size, file).toBe(fields.length);
      for (const { type, attributes } of fields) {
        expect(["input", "textarea", "dropdown", "checkboxes"], file).toContain(type);
        expect(attributes.label.length, file).toBeGreaterThan(0);
      }
    }
  });

  it("has a README of at most 150 lines", () => {
    expect(read("README.md").split("\n").length).toBeLessThanOrEqual(150);
  });
});
