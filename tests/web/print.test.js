// An article printed to PDF: A4, no navigation and no controls, the whole text, and lines and pages as
// official documents have them (at most 22 lines of 28 characters).
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { address, launch, none, DESKTOP } from './lib/browser.js';
import { chooseReading } from './lib/reading.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

const squeeze = (text) => text.replace(/\s+/g, '');

for (const site of variants()) {
  for (const choices of [[], ['特大', '高对比']]) {
    test(`${site.name}: articles print as A4 without navigation${choices.length ? ', also in 特大 and 高对比' : ''}`, async () => {
      const server = await serve(site.root, { prefix: site.prefix, csp: true });
      const browser = await launch({ port: server.port });
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-print-'));
      const problems = [];
      try {
        const context = await browser.newContext({ viewport: DESKTOP });
        await chooseReading(context, server.url, site, choices);
        const page = await context.newPage();
        for (const { rel, type } of site.samples({ everyOffice: false }).filter((s) => s.type.startsWith('page:'))) {
          const say = (text) => problems.push(`${rel}: ${text}`);
          await page.goto(address(server.url, rel), { waitUntil: 'load' });
          const pdf = path.join(folder, `${type.replace(':', '-')}.pdf`);
          await page.pdf({ path: pdf, preferCSSPageSize: true });
          const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
          const size = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(info).slice(1).map(Number);
          if (Math.abs(size[0] - 595) > 2 || Math.abs(size[1] - 842) > 2) say(`paper of ${size.join(' × ')} points, not A4`);
          const text = squeeze(execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }));
          for (const word of ['您的位置', '字号', '高对比', '跳到正文', '上一篇', '下一篇', '本页内容']) {
            if (text.includes(word)) say(`prints ${word}`);
          }
          const title = squeeze(await page.evaluate(() => document.querySelector('h1').textContent));
          if (!text.includes(title)) say(`does not print its title ${title}`);
          const ends = await page.evaluate(() => [...document.querySelectorAll('main p')].filter((p) => !p.closest('nav, aside, footer, header, blockquote, table, figure, [class*=alert]') && p.children.length === 0 && p.textContent.length > 60)
            .map((p) => p.textContent.replace(/\s+/g, '').slice(0, 12)));
          const missing = ends.filter((e) => !text.includes(e));
          if (missing.length > 2) say(`does not print ${missing.length} of ${ends.length} paragraphs, as ${missing[0]}`);
          const layout = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
          // Lines of running text alone: tables and drawings have their own measure.
          const starts = new Set(ends.map((e) => e.slice(0, 8)));
          const running = layout.split('\n').map(squeeze).filter((l) => starts.has(l.slice(0, 8)));
          // Latin letters and digits are half as wide.
          const long = running.map((l) => [...l].reduce((n, c) => n + (c < '\u0100' ? 0.5 : 1), 0)).filter((n) => n > 29);
          if (ends.length > 3 && running.length === 0) say('the beginnings of its paragraphs are not found');
          if (long.length > 0) say(`lines of up to ${Math.max(...long)} characters, not 28`);
        }
      } finally {
        await browser.close();
        await server.close();
        fs.rmSync(folder, { recursive: true });
      }
      none(problems, 'problem in print');
    });
  }
}

test('print.test looks at real articles', () => {
  assert.ok(variants().every((s) => s.samples().some((x) => x.type.startsWith('page:'))));
});
