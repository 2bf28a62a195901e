import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/index.ts";
import { writeCsv, writeNpy, writeNpz } from "../../src/io.ts";
import { hasChromium } from "../chromium.ts";
import { useSite, violations } from "./page.ts";

const open = useSite();
const small =
  "playground?ways=3&shots=2&queries=5&episodes=24&seed=4&mask=none&mask=pair%40oracle%2Ftop%3A0.05&probe=softmax&probe=centroid";
const run = async (page: Page) => {
  await page.getByRole("button", { name: /^Run/ }).click();
  await page.getByText(/^Done: /).waitFor();
};
const table = async (page: Page) =>
  page
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => Array.from(row.children, (cell) => (cell.querySelector("code") ?? cell).textContent?.trim() ?? "")),
    );
const file = (name: string, bytes: Uint8Array | string) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 30, seed: 3 });
const shape = [features.rows, features.cols];

/** Lets files fall on the page's place for them, as a person would. */
async function drop(page: Page, files: readonly ReturnType<typeof file>[]): Promise<void> {
  const plain = files.map(({ name, buffer }) => ({ name, bytes: [...buffer] }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, bytes } of list) data.items.add(new File([Uint8Array.from(bytes)], name));
    return data;
  }, plain);
  await page.dispatchEvent(".drop", "drop", { dataTransfer: transfer });
}

describe.skipIf(!hasChromium)("the site (needs chromium)", () => {
  const pages = [
    "",
    "guide/quick-start",
    "concepts",
    "peers",
    "science",
    "performance",
    "api/",
    "api/mask/",
    "api/evaluate/evaluate",
    "recipes/browser",
    "playground",
  ];

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has nothing that axe-core or the browser finds fault with, and fits a telephone of 375 pixels, in ${colorScheme}`, async () => {
      const found: string[] = [];
      for (const path of pages) {
        const complaints = await open(
          path,
          async (page) => {
            found.push(...(await violations(page)).map((each) => `${path} ${each}`));
            await page.setViewportSize({ width: 375, height: 800 });
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            if (width > 375) found.push(`${path} is ${width} wide`);
          },
          { colorScheme },
        );
        found.push(...complaints.map((each) => `${path} ${each}`));
      }
      expect(found).toEqual([]);
    });
  }

  it("runs no code made of strings: its policy says so, and the browser holds it to that", async () => {
    await open("", async (page) => {
      const policy = (await page.request.get(page.url())).headers()["content-security-policy"];
      expect(policy).toMatch(/default-src 'none'; script-src 'self'(?: 'sha256-[\w+/=]+')+;/);
      expect(policy).not.toContain("unsafe-eval");
      expect(/script-src[^;]*unsafe-inline/.test(policy)).toBe(false);
      // In a task of the page's own: what a test evaluates is exempt.
      const tried = await page.evaluate(
        () =>
          new Promise<string>((resolve) =>
            setTimeout(() => {
              try {
                resolve(String(new Function("return 1")()));
              } catch (error) {
                resolve((error as Error).name);
              }
            }),
          ),
      );
      expect(tried).toBe("EvalError");
    });
  });
});

describe.skipIf(!hasChromium)("the playground (needs chromium)", () => {
  it("shows table, curve, differences and profile of a run, in its worker, without a complaint", async () => {
    const complaints = await open(small, async (page) => {
      await run(page);
      const rows = await table(page);
      expect(rows.map(([mask, probe]) => `${mask} ${probe}`)).toEqual([
        "none softmax",
        "none centroid",
        "pair@oracle/top:0.05 softmax",
        "pair@oracle/top:0.05 centroid",
      ]);
      expect(rows[2][4]).toBe("better");
      for (const picture of ["forest", "curve", "profile"]) {
        const svg = page.locator(`[data-picture=${picture}] svg`);
        expect(await svg.isVisible(), picture).toBe(true);
        expect((await svg.boundingBox())?.height, picture).toBeGreaterThan(100);
      }
      await expect.poll(() => page.workers()).toEqual([]);
      expect(await violations(page)).toEqual([]);
    });
    expect(complaints).toEqual([]);
  });

  it("writes what it ran into its address, and shows the same at that address", async () => {
    const tables: string[][][] = [];
    let address = "";
    await open("playground", async (page) => {
      await page.getByLabel("Episodes", { exact: true }).fill("24");
      await page.getByLabel("Seed").fill("11");
      await run(page);
      address = new URL(page.url()).search;
      tables.push(await table(page));
    });
    expect(address).toContain("seed=11");
    expect(address).toContain("episodes=24");
    await open(`playground${address}`, async (page) => {
      await run(page);
      tables.push(await table(page));
      await page.getByLabel("Seed").fill("12");
      await run(page);
      tables.push(await table(page));
    });
    expect(tables[1]).toEqual(tables[0]);
    expect(tables[2]).not.toEqual(tables[0]);
  });

  it("counts as the library does", async () => {
    const { evaluate } = await import("../../src/index.ts");
    const data = syntheticFeatures({ classes: 20, rowsPerClass: 40, dims: 400, views: 4, seed: 7 });
    const options = { ways: 3, shots: 2, queries: 5, episodes: 24, seed: 4, masks: ["none"], augmented: data.augmented };
    const { results } = await evaluate(data.features, data.labels, options);
    await open(small, async (page) => {
      await run(page);
      const [[, , accuracy]] = await table(page);
      expect(accuracy.split(" ")[0]).toBe((100 * results[0].accuracy).toFixed(1));
    });
  });

  it("can be cancelled, and run again", async () => {
    await open("playground?episodes=5000&shots=20", async (page) => {
      await page.getByRole("button", { name: /^Run/ }).click();
      await page.locator("tbody tr").first().waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      const said = await page.getByRole("status").textContent();
      expect(said).toMatch(/^Cancelled after \d+ of 5000 episodes\.$/);
      await expect.poll(() => page.workers()).toEqual([]);
      await page.getByLabel("Episodes", { exact: true }).fill("10");
      await page.getByLabel("Shots").fill("1");
      await run(page);
      expect(await page.getByRole("status").textContent()).toBe("Done: 10 episodes.");
    });
  });

  it("takes npz, two npy or a csv that are dropped or chosen, and runs on them", async () => {
    const npz = file("task.npz", writeNpz({ features: { data: features.data, shape }, labels: { data: labels, shape: [labels.length] } }));
    const npy = [
      file("x.npy", writeNpy({ data: features.data, shape })),
      file("y.npy", writeNpy({ data: labels, shape: [labels.length] })),
    ];
    const csv = file("table.csv", writeCsv(features, { labels: Array.from(labels, (label) => `kind ${label}`), label: "kind" }));
    const complaints = await open(
      "playground?ways=3&shots=2&queries=5&episodes=12&mask=none&mask=pair%40support%2Fpower%3A1",
      async (page) => {
        const seen: string[][][] = [];
        for (const files of [[npz], npy, [csv]]) {
          if (files === npy) await page.locator("#files").setInputFiles(npy);
          else await drop(page, files);
          await page
            .getByText(/120 rows × 30 dimensions, 6 classes/)
            .first()
            .waitFor();
          await run(page);
          seen.push(await table(page));
        }
        expect(seen[0].map(([mask]) => mask)).toEqual(["none", "pair@support/power:1"]);
        expect(seen[1]).toEqual(seen[0]);
        expect(seen[2]).toEqual(seen[0]);
        // Views are not among them: what needs views is not to be had.
        expect(await page.getByLabel("pair@augmented/power:0.5").isDisabled()).toBe(true);
      },
    );
    expect(complaints).toEqual([]);
  });

  it("says which file is malformed and how, and keeps what it had", async () => {
    const whole = writeNpy({ data: features.data, shape });
    const cases: [ReturnType<typeof file>[], RegExp][] = [
      [[file("short.npy", whole.subarray(0, whole.length - 7))], /readNpy: short\.npy /],
      [[file("empty.npz", "")], /empty\.npz is empty/],
      [[file("word.docx", "x")], /word\.docx is of no known kind, expected \.npy, \.npz, \.csv or \.tsv/],
      [[file("bad.csv", "a,b,label\n1,2,x\n3,pear,y\n")], /bad\.csv line 3 column "b" is "pear", expected a finite number/],
      [[file("x.npy", whole)], /no labels among the files, expected an array of one axis with 120 labels beside x\.npy/],
      [[file("x.npy", whole), file("y.npy", writeNpy({ data: Int32Array.of(1, 2), shape: [2] }))], /y\.npy has 2 labels, expected 120/],
    ];
    const complaints = await open("playground", async (page) => {
      for (const [files, says] of cases) {
        await drop(page, files);
        await page.getByRole("alert").filter({ hasText: says }).waitFor({ timeout: 5000 });
        expect(await page.locator("#data-now").textContent()).toMatch(/^Synthetic/);
      }
    });
    expect(complaints).toEqual([]);
  });

  it("tells what the data can't give, and what is no mask", async () => {
    await open("playground?ways=40", async (page) => {
      await page.getByRole("button", { name: /^Run/ }).click();
      await page.getByRole("alert").filter({ hasText: /ways/ }).waitFor();
      await page.getByLabel("Ways").fill("5");
      await page.getByLabel(/^Another/).fill("sharp");
      await page.getByRole("button", { name: /^Run/ }).click();
      await page
        .getByRole("alert")
        .filter({ hasText: /"sharp" is no mask/ })
        .waitFor();
    });
  });

  it("works by keyboard alone", async () => {
    await open(small, async (page) => {
      await page.locator("#ways").focus();
      const reached = new Set<string>();
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press("Tab");
        const name = await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim() || "");
        reached.add(name);
      }
      for (const id of ["shots", "queries", "episodes", "seed", "mask-none", "own-mask", "probe-softmax"])
        expect([...reached]).toContain(id);
      await page.locator("#seed").focus();
      await page.keyboard.press("Enter");
      await page.getByText(/^Done: /).waitFor();
    });
  });

  it("gives its results as JSON and its pictures as SVG", async () => {
    await open(small, async (page) => {
      await run(page);
      const saved = async (name: string) => {
        const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
        return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
      };
      const json = await saved("Download JSON");
      expect(json.name).toBe("softprobe.json");
      expect(JSON.parse(json.text)).toMatchObject({
        settings: { seed: 4, episodes: 24 },
        evaluation: { schema: "softprobe/eval@1", episodes: 24 },
        curve: { schema: "softprobe/curve@1", episodes: 24 },
      });
      for (const what of ["differences", "curve", "profile"]) {
        const { name, text } = await saved(`Download SVG of the ${what}`);
        expect(name).toMatch(/^softprobe-\w+\.svg$/);
        const parsed = await page.evaluate((svg) => {
          const document = new DOMParser().parseFromString(svg, "image/svg+xml");
          return { root: document.documentElement.localName, wrong: document.querySelector("parsererror") !== null };
        }, text);
        expect(parsed).toEqual({ root: "svg", wrong: false });
      }
    });
  });
});
