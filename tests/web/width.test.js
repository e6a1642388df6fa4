// Nothing scrolls sideways: every page at 360 px (an article that several
// offices show, once), and each type of page in the largest size and with
// high contrast, on the narrowest phone, a tablet and the common desktop.
import test from 'node:test';
import { address, inParallel, launch, none } from './lib/browser.js';
import { overflow } from './lib/overflow.js';
import { chooseReading } from './lib/reading.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

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
        const pages = all ? site.distinct() : site.samples({ everyOffice: false });
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
