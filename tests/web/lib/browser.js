// The current Chromium, driven by playwright-core, with everything off that talks to the outside.
import fs from 'node:fs';
import { chromium } from 'playwright-core';
import { STRANGE_HOST } from './site.js';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const DESKTOP = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

/** Starts the browser; with `port`, the strange portal's host name leads to that local port. */
export async function launch({ port = null, args = [] } = {}) {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find((c) => fs.existsSync(c));
  if (!executablePath) throw new Error('no Chromium found; ./test installs it');
  const rules = port === null ? [] : [`--host-resolver-rules=MAP ${STRANGE_HOST}:80 127.0.0.1:${port}`];
  return chromium.launch({ executablePath, args: [...FLAGS, ...rules, ...args] });
}

/** Runs `work` over `items` with `width` pages of one browser context side by side. */
export async function inParallel(context, items, width, work) {
  const queue = [...items];
  const lane = async () => {
    const page = await context.newPage();
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(page, item);
    await page.close();
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}

/** Address of `rel` below `base`, each segment escaped as a browser writes it. */
export function address(base, rel) {
  return base + rel.split('/').map(encodeURIComponent).join('/');
}

/** Fails with the first few of `problems`, if there are any. */
export function none(problems, what) {
  if (problems.length === 0) return;
  const shown = problems.slice(0, 25).map((p) => `  ${p}`).join('\n');
  const more = problems.length > 25 ? `\n  … and ${problems.length - 25} more` : '';
  throw new Error(`${problems.length} × ${what}\n${shown}${more}`);
}
