// A static server as dumb as the ones the portal may meet: it serves files by their exact name and
// nothing else. The only index it knows is `prefix/` -> index.html, so a link that names a folder is
// dead here. With `csp` each answer carries the header the pages have to live under; with
// `errorPages` a missing name under an office gets that office's 404.html, at whatever depth.
import http from 'node:http';
import fs from 'node:fs';
import path from 'node:path';

export const POLICY = "default-src 'self'";

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.pdf': 'application/pdf',
  '.woff2': 'font/woff2',
};

/** All files under `root`, as paths with `/`, sorted. */
export function filesUnder(root) {
  const out = [];
  const walk = (dir, rel) => {
    for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
      const name = rel ? `${rel}/${entry.name}` : entry.name;
      if (entry.isDirectory()) walk(path.join(dir, entry.name), name);
      else out.push(name);
    }
  };
  walk(root, '');
  return out.sort();
}

/** Starts a server on a free local port; `missing` collects what was asked for and is not there. */
export async function serve(root, { prefix = '/', csp = false, errorPages = false } = {}) {
  const files = new Set(filesUnder(root));
  const missing = [];
  const server = http.createServer((req, res) => {
    const headers = { 'Cache-Control': 'no-store' };
    if (csp) headers['Content-Security-Policy'] = POLICY;
    let rel = null;
    try {
      const pathname = decodeURIComponent(req.url.split(/[?#]/)[0]);
      if (pathname.startsWith(prefix)) rel = pathname.slice(prefix.length) || 'index.html';
    } catch {
      rel = null;
    }
    let status = 200;
    if (rel === null || !files.has(rel)) {
      missing.push(req.url);
      status = 404;
      const page = errorPages && rel !== null ? `${rel.split('/')[0]}/404.html` : null;
      if (page === null || !files.has(page)) {
        res.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('not found');
        return;
      }
      rel = page;
    }
    headers['Content-Type'] = TYPES[path.extname(rel).toLowerCase()] ?? 'application/octet-stream';
    res.writeHead(status, headers);
    fs.createReadStream(path.join(root, rel)).pipe(res);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = server.address().port;
  return {
    port,
    prefix,
    missing,
    origin: `http://127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}${prefix}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
