// Nothing scrolls sideways: every page at 360 px, and each type of page in the largest size and with
// high contrast, on the narrowest phone, a tablet and the common desktop.
import test from 'node:test';
import { address, inParallel, launch, none } from './lib/browser.js';
import { chooseReading } from './lib/reading.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

/** In the page: how far it scrolls sideways, and what sticks out. */
function overflow() {
  const root = document.scrollingElement;
  const over = root.scrollWidth - root.clientWidth;
  window.scrollTo(50, 0);
  const moved = window.scrollX;
  if (over <= 0 && moved === 0) return null;
  const out = [];
  for (const el of document.querySelectorAll('body *')) {
    const box = el.getBoundingClientRect();
    if (box.right + window.scrollX > root.clientWidth + 1 && box.width > 0) {
      const scrolls = (() => {
        for (let p = el.parentElement; p && p !== document.body; p = p.parentElement) {
          if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true;
        }
        return false;
      })();
      if (!scrolls) out.push(`${el.tagName.toLowerCase()}.${el.getAttribute('class') ?? ''} (to ${Math.round(box.right)} px)`);
    }
    if (out.length === 3) break;
  }
  return `${over} px: ${out.join(', ')}`;
}

const CASES = [
  { name: '360 px', viewport: { width: 360, height: 740 }, choices: [], all: true },
  { name: '360 px, 特大', viewport: { width: 360, height: 740 }, choices: ['特大'] },
  { name: '360 px, 特大, 高对比', viewport: { width: 360, height: 740 }, choices: ['特大', '高对比'] },
  { name: '768 px, 大', viewport: { width: 768, height: 1024 }, choices: ['大'] },
  { name: '1366 px, 特大', viewport: { width: 1366, height: 768 }, choices: ['特大'] },
  { name: '1366 px', viewport: { width: 1366, height: 768 }, choices: [] },
];

for (const site of variants()) {
  for (const { name, viewport, choices, all } of CASES) {
    test(`${site.name}: no sideways scroll, ${name}`, async () => {
      const server = await serve(site.root, { prefix: site.prefix });
      const browser = await launch({ port: server.port });
      const problems = [];
      try {
        const context = await browser.newContext({ viewport });
        await chooseReading(context, server.url, site, choices);
        const pages = all ? site.html.map((rel) => ({ rel, type: site.types.get(rel) })) : site.samples();
        await inParallel(context, pages.filter((p) => p.type !== 'redirect'), 3, async (page, { rel, type }) => {
          await page.goto(address(server.url, rel), { waitUntil: 'load' });
          const found = await page.evaluate(overflow);
          if (found) problems.push(`${type} ${rel}: ${found}`);
        });
      } finally {
        await browser.close();
        await server.close();
      }
      none(problems, 'page that scrolls sideways');
    });
  }
}
