import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What pages may do: run this site's own scripts and those that VitePress writes into them, by their hashes; nothing made of strings, nothing from elsewhere. */
function policyOf(inlineScripts: readonly string[]): string {
  const hashes = [...new Set(inlineScripts)].map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`).sort();
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(" ")}`.trim(),
    // Code blocks and Vue set colours as attributes of elements; no sheet of styles comes from elsewhere.
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The scripts that stand in a page, not those that it loads. */
function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
}

/** After a build: writes the policy of all its pages as text, and as the `_headers` file that static hosts read. */
export function writePolicy(outDir: string): void {
  const pages = readdirSync(outDir, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".html"));
  const policy = policyOf(pages.flatMap((file) => inlineScripts(readFileSync(join(outDir, file), "utf8"))));
  writeFileSync(join(outDir, "content-security-policy.txt"), `${policy}\n`);
  writeFileSync(join(outDir, "_headers"), `/*\n  Content-Security-Policy: ${policy}\n  X-Content-Type-Options: nosniff\n`);
}
