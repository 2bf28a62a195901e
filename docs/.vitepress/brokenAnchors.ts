import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The links of a built site to parts of its own pages that are not there, as `page: link`. `base` is the path under which the site is served. */
export function brokenAnchors(outDir: string, base = "/"): string[] {
  const files = readdirSync(outDir, { recursive: true })
    .map((file) => String(file).replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".html") && file !== "404.html");
  const texts = new Map(files.map((file) => [file, readFileSync(join(outDir, file), "utf8")]));
  const idsOf = new Map([...texts].map(([file, text]) => [file, new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))]));
  const broken = [];
  for (const [file, text] of texts) {
    for (const [, href] of text.matchAll(/<a\s[^>]*?href="([^"]*#[^"]+)"/g)) {
      if (/^[a-z]+:/i.test(href)) continue;
      const [path, id] = href.split("#");
      const full =
        path === "" ? `/${file}` : posix.resolve("/", posix.dirname(file), path.startsWith(base) ? `/${path.slice(base.length)}` : path);
      const own = full.slice(1);
      const page = [own, `${own}.html`, posix.join(own, "index.html")].find((name) => idsOf.has(name));
      if (!page || !idsOf.get(page)?.has(decodeURIComponent(id))) broken.push(`${file}: ${href}`);
    }
  }
  return broken;
}
