// One visit: a folder served under the portal's own policy, a fresh browser, one page. Whatever the page utters as an
// error, and every request to another host, fails it.
import assert from 'node:assert/strict';
import { launch, DESKTOP } from './browser.js';
import { serve } from './server.js';

/**
 * Serves `of` (root and prefix) and calls `act` with the page, with `go(rel)`, and with `asked`: the addresses asked
 * for so far. `init` is a script that runs before the page's own; all other options are the browser context's.
 */
export async function visit(of, { init, ...options }, act) {
  const server = await serve(of.root, { prefix: of.prefix ?? '/', csp: true });
  const browser = await launch({ port: server.port });
  try {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    if (init) await context.addInitScript(init);
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
    const asked = [];
    page.on('request', (request) => { if (!/^(blob|data):/.test(request.url())) asked.push(request.url()); });
    await act({ page, server, asked, go: (rel) => page.goto(`${server.url}${rel}`, { waitUntil: 'load' }) });
    assert.deepEqual(faults, []);
    assert.deepEqual(asked.filter((url) => !url.startsWith(server.url)), []);
  } finally {
    await browser.close();
    await server.close();
  }
}
