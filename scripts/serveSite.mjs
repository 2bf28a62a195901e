// Serves docs/.vitepress/dist as a host should: with the Content-Security-Policy that the build wrote, for pages and for workers.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ...{
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
  },
  ...{ ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png", ".txt": "text/plain; charset=utf-8" },
};

/** Starts a server on a port (0: any that is free) and returns its address and how to end it. */
export async function serveSite(port = 0, folder = "docs/.vitepress/dist") {
  const policy = readFileSync(join(folder, "content-security-policy.txt"), "utf8").trim();
  const server = createServer(({ url = "/" }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    const named = [path, `${path}.html`, join(path, "index.html")].map((file) => join(folder, file));
    const found = named.find((file) => existsSync(file) && statSync(file).isFile());
    response.statusCode = found ? 200 : 404;
    const file = found ?? join(folder, "404.html");
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    response.setHeader("content-security-policy", policy);
    response.setHeader("x-content-type-options", "nosniff");
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((resolve) => server.close(resolve)) };
}
