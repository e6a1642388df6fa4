// axe-core finds nothing against WCAG 2.2 AA on any type of page: of any office on a desktop in the plain state;
// of one in high contrast, in the largest size and on a phone.
import test from 'node:test';
import fs from 'node:fs';
import { address, inParallel, launch, none, DESKTOP, PHONE } from './lib/browser.js';
import { chooseReading } from './lib/reading.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

const AXE = fs.readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const STATES = { 标准: [], 高对比: ['高对比'], 特大: ['特大'], '特大与高对比': ['特大', '高对比'] };

for (const site of variants()) {
  for (const [device, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    // On a phone, and on the strange portal, the plainest and the fullest state hold whatever one alone would show.
    const isEvery = site.name === 'sample' && device === 'desktop';
    const states = Object.entries(STATES).filter(([state]) => isEvery || state === '标准' || state === '特大与高对比');
    for (const [state, choices] of states) {
      test(`${site.name}: axe, ${device}, ${state}`, async () => {
        const server = await serve(site.root, { prefix: site.prefix });
        const browser = await launch({ port: server.port });
        const problems = [];
        try {
          const context = await browser.newContext({ viewport });
          await chooseReading(context, server.url, site, choices);
          // Offices differ in nothing but their colours and their lists: each is looked at once.
          const everyOffice = device === 'desktop' && state === '标准';
          const samples = site.samples({ everyOffice }).filter((s) => s.type !== 'redirect');
          await inParallel(context, samples, 3, async (page, { rel, type }) => {
            await page.goto(address(server.url, rel), { waitUntil: 'load' });
            await page.evaluate(AXE);
            const result = await page.evaluate((tags) => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), TAGS);
            for (const v of result.violations) {
              for (const node of v.nodes) {
                const detail = (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? v.help;
                problems.push(`${type} ${rel}: ${v.id} at ${node.target.join(' ')}: ${detail}`);
              }
            }
          });
        } finally {
          await browser.close();
          await server.close();
        }
        none(problems, 'violation found by axe');
      });
    }
  }
}
