// Booklets: the page numbers of their contents are those of the paper, links between their pages stay in them, no id is
// there twice, and each chapter has its own footnotes.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { address, launch, none, DESKTOP } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

const site = variants().find((one) => one.name === 'sample');
const booklets = site.html.filter((rel) => rel.startsWith('east/') && rel.endsWith('/booklet.html'));
const squeeze = (text) => text.replace(/\s+/g, '');

test('there is a booklet of each sort', () => {
  for (const of of ['east/series/', 'east/cases/', 'east/topics/']) assert.ok(booklets.some((rel) => rel.startsWith(of)), of);
});

test('contents name the pages of the paper', async () => {
  const server = await serve(site.root, { prefix: site.prefix, csp: true });
  const browser = await launch({ port: server.port });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-booklet-'));
  const problems = [];
  try {
    const page = await (await browser.newContext({ viewport: DESKTOP })).newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    const few = [...booklets.filter((rel) => /\/(series|cases|policy)\//.test(rel)), booklets.find((rel) => rel.includes('/topics/'))];
    for (const rel of few) {
      await page.goto(address(server.url, rel), { waitUntil: 'load' });
      await page.waitForFunction(() => document.querySelector('[data-page-of]').textContent !== '');
      const pdf = path.join(folder, 'a.pdf');
      await page.pdf({ path: pdf, preferCSSPageSize: true });
      const said = await page.evaluate(() => [...document.querySelectorAll('[data-page-of]')].map((one) => Number(one.textContent)));
      const paper = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).split('\f').map(squeeze);
      const real = said.map((_, n) => paper.findIndex((text) => text.startsWith(n + 1 < said.length ? `第${n + 1}篇` : '笔记')) + 1);
      if (String(said) !== String(real)) problems.push(`${rel}: contents say ${said}, paper has ${real}`);
    }
  } finally {
    await browser.close();
    await server.close();
    fs.rmSync(folder, { recursive: true });
  }
  none(problems, 'page numbers');
});

test('links between pages of a booklet stay in it, and lead somewhere', () => {
  const problems = [];
  let inside = 0;
  for (const rel of booklets) {
    const html = site.text(rel);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
    if (new Set(ids).size < ids.length) problems.push(`${rel}: ids twice: ${ids.filter((id, at) => ids.indexOf(id) < at).slice(0, 3)}`);
    for (const [, to] of html.matchAll(/ href="#([^"]+)"/g)) {
      if (/^k\d+(-|$)/.test(to)) inside += 1;
      if (!ids.includes(decodeURIComponent(to)) && to !== 'z-main') problems.push(`${rel}: #${decodeURIComponent(to)} is nowhere`);
    }
  }
  none(problems, 'links');
  assert.ok(inside > booklets.length * 2);
});

test('Chromium 78 numbers the contents too', async () => {
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    const rel = booklets.find((one) => one.includes('/series/'));
    assert.deepEqual(await page.open(`file://${path.join(site.root, rel)}`, { settle: 600 }), []);
    const said = await page.evaluate(() => [...document.querySelectorAll('[data-page-of]')].map((one) => Number(one.textContent)));
    assert.ok(said.length > 3 && said.every((n, at) => n > (said[at - 1] ?? 2)), String(said));
  } finally {
    await browser.close();
  }
});
