// One visit of a screen: over http under the portal's header, or from the folder; the page's faults are collected.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { launch } from './browser.js';

export const POLICY = "default-src 'self'; img-src 'self' data:";
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.webm': 'video/webm', '.gif': 'image/gif' };
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/**
 * A dumb server that can go away and come back: `server.away = true` breaks every connection. `immutable`: it tells browsers to
 * keep the files of a version, as docs/kiosk.md recommends.
 */
export async function serve(root, { immutable = false } = {}) {
  const state = { away: false, asked: [], beacons: [] };
  const server = http.createServer((req, res) => {
    if (state.away) { req.socket.destroy(); return; }
    const [pathname, query] = decodeURIComponent(req.url).split('?');
    state.asked.push(req.url);
    const caching = immutable && pathname.startsWith('/v/') ? 'max-age=31536000, immutable' : 'no-cache';
    const headers = { 'Content-Security-Policy': POLICY, 'Cache-Control': caching };
    if (pathname === '/b.gif') {
      state.beacons.push(query);
      res.writeHead(200, { ...headers, 'Content-Type': 'image/gif' }).end(GIF);
      return;
    }
    const file = path.join(root, pathname);
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) { res.writeHead(404, headers).end('no'); return; }
    res.writeHead(200, { ...headers, 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    fs.createReadStream(file).pipe(res);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return Object.assign(state, { url: `http://127.0.0.1:${server.address().port}/`, close });
}

let browser = null;
let engine = '--expose-gc';
/** Without the compilers that come late: what they make counts as heap, and would pass for something that is never given back. */
export function interpretOnly() { engine += ' --no-opt --no-sparkplug --no-maglev'; }
export async function theBrowser() {
  browser ??= await launch({ args: [`--js-flags=${engine}`, '--autoplay-policy=no-user-gesture-required', '--enable-precise-memory-info'] });
  return browser;
}
export async function closeBrowser() { if (browser) await browser.close(); browser = null; }

export const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-kiosk-'));

/** Opens the screen in `root`; `way` is http or file. Whatever is uttered as an error stands in `faults`. */
export async function visit(root, way, act, { init, clock, immutable, ...options } = {}) {
  const server = await serve(root, { immutable });
  const context = await (await theBrowser()).newContext({ viewport: { width: 1280, height: 720 }, hasTouch: true, ...options });
  try {
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`); });
    if (init) await page.addInitScript(init);
    if (clock) await page.clock.install({ time: clock });
    const url = way === 'file' ? `file://${root}/index.html` : `${server.url}index.html`;
    await act({ page, server, faults, url, context, go: () => page.goto(url) });
  } finally {
    await context.close();
    await server.close();
  }
}

/* In a page, before anything else: time begins at `start` and runs `times` as fast, timers as well. */
export function speedUp(times, start) {
  const { setTimeout } = window;
  const performanceNow = performance.now.bind(performance);
  let stoppedAt = null;
  let lost = 0;
  let waiting = [];
  const run = (act) => () => { if (stoppedAt === null) act(); else waiting.push(act); };
  window.setTimeout = (act, ms) => setTimeout.call(window, run(act), (ms || 0) / times);
  performance.now = () => ((stoppedAt === null ? performanceNow() : stoppedAt) - lost) * times;
  Date.now = () => Math.floor(start + performance.now());
  window.stopClock = () => { stoppedAt = performanceNow(); };
  window.startClock = () => {
    const due = waiting;
    waiting = [];
    lost += performanceNow() - stoppedAt;
    stoppedAt = null;
    due.forEach((act) => act());
  };
}
