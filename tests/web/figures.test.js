// Figures and files in articles: tables that sort, search and filter, by keyboard and in Chromium 78 too; charts with
// their numbers beside them; media that does not play by itself; a poster on one sheet of paper; all of it without a
// script.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { launch78 } from './lib/chromium78.js';
import { variants } from './lib/site.js';
import { visit } from './lib/visit.js';

const site = variants().find((one) => one.name === 'sample');
const strange = variants().find((one) => one.name === 'strange');
const GALLERY = 'east/handbook/zu-jian.html';
const LEDGER = strange.html.find((rel) => rel.endsWith('/tai-zhang.html'));

const withPage = (of, rel, options, act) => visit(of, options, async ({ page, go }) => {
  await go(rel);
  await act(page);
});

const firstCells = (page) => page.locator('.data').first().locator('tbody tr').evaluateAll((rows) => rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent));

test('a table is sorted and filtered with the keyboard alone', async () => {
  await withPage(site, GALLERY, {}, async (page) => {
    const data = page.locator('.data').first();
    assert.deepEqual(await firstCells(page), ['直接取消审批', '审批改为备案', '实行告知承诺', '优化审批服务']);
    const head = data.locator('thead th').nth(3);
    await head.locator('button').focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await firstCells(page), ['审批改为备案', '实行告知承诺', '直接取消审批', '优化审批服务']);
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    await page.keyboard.press('Enter');
    assert.equal((await firstCells(page))[0], '优化审批服务');
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    assert.equal(await data.locator('tfoot').isVisible(), true);
    await data.locator('select').selectOption('保留审批');
    assert.deepEqual(await firstCells(page), ['优化审批服务', '实行告知承诺']);
    assert.equal(await data.locator('[role=status]').innerText(), '共 4 条，符合的 2 条');
    assert.equal(await data.locator('tfoot').isVisible(), false);
    await data.getByRole('button', { name: '清除条件' }).click();
    assert.equal((await firstCells(page)).length, 4);
  });
});

test('a long table shows what is asked for, all of it in print', async () => {
  await withPage(strange, LEDGER, {}, async (page) => {
    const data = page.locator('.data').first();
    assert.equal((await firstCells(page)).length, 100);
    await data.locator('.data-scroll').evaluate((frame) => { frame.scrollTop = frame.scrollHeight; });
    await page.waitForFunction(() => document.querySelectorAll('.data tbody tr:not([hidden])').length === 200);
    await data.locator('input[type=search]').fill('0007号');
    assert.deepEqual(await firstCells(page), ['0007号']);
    await data.locator('input[type=search]').fill('没有的字');
    assert.equal(await data.locator('.data-none').isVisible(), true);
    await data.getByRole('button', { name: '清除条件' }).click();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    assert.equal((await firstCells(page)).length, 250);
  });
});

test('tables work in Chromium 78', async () => {
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    assert.deepEqual(await page.open(`file://${path.join(strange.root, LEDGER)}`), []);
    const seen = await page.evaluate(() => {
      const data = document.querySelector('.data');
      const first = () => data.querySelector('tbody tr:not([hidden])').cells[0].textContent;
      const click = (at) => data.querySelectorAll('thead button')[at].click();
      const out = [first()];
      click(1); out.push(first());
      click(1); out.push(first());
      const words = data.querySelector('input[type=search]');
      words.value = '0123'; words.dispatchEvent(new Event('input'));
      out.push(data.querySelectorAll('tbody tr:not([hidden])').length);
      return out;
    });
    assert.deepEqual(seen, ['0001号', '0250号', '0001号', 1]);
    assert.deepEqual(await page.open(`file://${path.join(site.root, GALLERY)}`), []);
    const drawn = await page.evaluate(() => [...document.querySelectorAll('.chart')].map((chart) => {
      const marks = chart.querySelectorAll('.rod rect, .whole rect, .field use');
      return [...marks].filter((mark) => mark.getBoundingClientRect().width > 0).length;
    }));
    assert.equal(drawn.length, 3);
    assert.ok(drawn.every((count) => count >= 4), String(drawn));
  } finally {
    await browser.close();
  }
});

test('every figure of a chart can be read as text', async () => {
  await withPage(site, GALLERY, {}, async (page) => {
    const charts = page.locator('.chart');
    for (let at = 0; at < (await charts.count()); at += 1) {
      const chart = charts.nth(at);
      await chart.locator('summary').focus();
      await page.keyboard.press('Enter');
      const rows = await chart.locator('.numbers tbody tr').count();
      const marks = await chart.locator('.group, .parts li, .axis text').count();
      assert.equal(rows, marks);
      assert.equal(await chart.locator('.numbers td').first().isVisible(), true);
    }
  });
});

test('media waits for the reader and has its words', async () => {
  await withPage(site, GALLERY, {}, async (page) => {
    for (const tag of ['video', 'audio']) {
      const media = page.locator(tag);
      assert.equal(await media.evaluate((node) => node.paused && !node.autoplay && node.controls && Boolean(node.getAttribute('aria-label'))), true);
      await media.evaluate((node) => node.readyState >= 1 || new Promise((done) => { node.onloadedmetadata = done; }));
      assert.equal(await page.locator(`.media:has(${tag}) + .script`).count(), 1);
    }
  });
});

test('a poster fills one sheet, and no more at its largest', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-poster-'));
  try {
    await withPage(site, GALLERY, {}, async (page) => {
      for (const grown of [false, true]) {
        if (grown) {
          // Up to the 500 characters that draw no warning.
          await page.evaluate(() => {
            const poster = document.querySelector('.poster');
            const panel = [...poster.querySelectorAll('.panel')].pop();
            const left = 500 - poster.textContent.replace(/\s+/g, '').length;
            for (let n = 0; n < 4; n += 1) {
              const copy = panel.cloneNode(true);
              copy.querySelector('p').textContent = '办'.repeat(Math.max(10, Math.floor(left / 4) - 8));
              panel.after(copy);
            }
          });
        }
        const pdf = path.join(folder, 'a.pdf');
        await page.pdf({ path: pdf, preferCSSPageSize: true });
        const pages = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).split('\f').map((text) => text.replace(/\s+/g, ''));
        const at = pages.findIndex((text) => text.startsWith('一图读懂') && text.includes('四种方式办许可'));
        assert.ok(at > 0, 'it begins a page');
        assert.ok(pages[at].includes('记住一句话') && pages[at].includes('依据：国发〔2021〕7号'), 'it ends on the same page');
      }
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('without a script all rows, numbers and words are there', async () => {
  await withPage(strange, LEDGER, { javaScriptEnabled: false }, async (page) => {
    assert.equal((await firstCells(page)).length, 250);
  });
  await withPage(site, GALLERY, { javaScriptEnabled: false }, async (page) => {
    for (const part of ['.data tbody td', '.chart summary', '.gallery img', '.media a', '.attachment a', '.panel li', '.qr-card svg']) {
      assert.ok(await page.locator(part).first().isVisible(), part);
    }
  });
});
