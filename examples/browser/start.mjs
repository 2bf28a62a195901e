// Serves this folder, and what its import map names, from the repository: node examples/browser/start.mjs [port]
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const root = join(import.meta.dirname, "../..");
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const server = createServer(({ url }, response) => {
  const path = normalize(new URL(url, "http://localhost").pathname);
  // The page's own files stand at the top; the package and its dependencies below their folders.
  const shared = /^\/(?:dist|node_modules)\//.test(path);
  const file = join(shared ? root : import.meta.dirname, path === "/" ? "index.html" : path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
server.listen(Number(process.argv[2] ?? 8080), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
