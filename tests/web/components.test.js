// What components do beyond being text: questions that open one by one and all, by keyboard too; ticks that stay in
// this browser and go when asked; a quiz that answers at once; everything open in print, and there without a script.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { PHONE } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { variants } from './lib/site.js';
import { visit } from './lib/visit.js';

const site = variants().find((one) => one.name === 'sample');
const GALLERY = 'east/handbook/zu-jian.html';

const withPage = (options, act) => visit(site, options, async ({ page, go }) => {
  await go(GALLERY);
  await act(page);
});

test('the handbook shows source and result side by side on wide screens, one above the other on narrow ones', async () => {
  const boxes = (page) => page.locator('.text>.showcase').evaluateAll((all) => all.map((one) => {
    const [source, result] = ['source', 'result'].map((part) => one.querySelector(`.showcase-${part}`).getBoundingClientRect());
    const cut = [...one.querySelectorAll('.showcase-result *')].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible');
    return { beside: result.left >= source.right && result.top === source.top, below: result.top >= source.bottom, cut: cut.map((e) => e.className) };
  }));
  for (const viewport of [{ width: 1366, height: 768 }, { width: 1920, height: 1080 }]) {
    await withPage({ viewport }, async (page) => {
      const all = await boxes(page);
      assert.ok(all.length >= 20);
      assert.deepEqual(all.filter((one) => !one.beside || one.cut.length), []);
    });
  }
  await withPage({ viewport: PHONE }, async (page) => {
    assert.deepEqual((await boxes(page)).filter((one) => !one.below), []);
  });
});

test('questions open one by one and all together, with the keyboard alone', async () => {
  await withPage({}, async (page) => {
    const answers = page.locator('.qa-a');
    const count = await answers.count();
    assert.ok(count >= 2);
    const visible = async () => (await answers.evaluateAll((all) => all.filter((one) => one.offsetParent).length));
    assert.equal(await visible(), 0);
    await page.locator('.qa-q button').first().focus();
    await page.keyboard.press('Enter');
    assert.equal(await visible(), 1);
    assert.equal(await page.locator('.qa-q button').first().getAttribute('aria-expanded'), 'true');
    await page.getByRole('button', { name: '全部展开' }).click();
    assert.equal(await visible(), count);
    await page.getByRole('button', { name: '全部收起' }).click();
    assert.equal(await visible(), 0);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await visible(), count);
  });
});

test('the address of a question opens it', async () => {
  await withPage({}, async (page) => {
    const id = await page.locator('.qa-q').nth(1).getAttribute('id');
    await page.evaluate((hash) => { location.hash = hash; }, id);
    await page.waitForFunction(() => document.querySelectorAll('.qa-a:not([hidden])').length === 1);
  });
});

test('ticks stay in this browser until they are cleared', async () => {
  await withPage({}, async (page) => {
    const boxes = () => page.locator('table.checks input[type=checkbox]');
    await boxes().nth(1).focus();
    await page.keyboard.press('Space');
    await page.reload();
    assert.deepEqual(await boxes().evaluateAll((all) => all.map((one) => one.checked)), [false, true, false]);
    assert.match(await page.locator('.checks-foot').first().innerText(), /共 3 项，已备 1 项/);
    await page.locator('.checks-foot').first().getByRole('button', { name: '清除打勾' }).click();
    await page.reload();
    assert.deepEqual(await boxes().evaluateAll((all) => all.map((one) => one.checked)), [false, false, false]);
    assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('checks')).length), 0);
  });
});

test('a quiz tells at once what was right and why', async () => {
  await withPage({}, async (page) => {
    const first = page.locator('.ask').first();
    await first.getByRole('button', { name: '对答案' }).click();
    assert.match(await first.locator('.ask-why').innerText(), /先选一个答案/);
    await first.locator('input').nth(1).check();
    await first.getByRole('button', { name: '对答案' }).click();
    assert.match(await first.locator('.ask-why').innerText(), /再看看：\s*照是主体资格/);
    assert.equal(await first.locator('.is-wrong').count(), 1);
    await first.locator('input').nth(0).check();
    await first.getByRole('button', { name: '对答案' }).click();
    assert.match(await first.locator('.ask-why').innerText(), /答对了/);
    assert.equal(await page.locator('.answers').first().isVisible(), false);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.answers').first().isVisible(), true);
  });
});

test('without a script everything is there to read', async () => {
  await withPage({ javaScriptEnabled: false }, async (page) => {
    for (const part of ['.qa-a', '.fold-body', '.answers', '.step', '.timeline li', 'table.checks tbody tr', '.options li']) {
      const all = page.locator(part);
      assert.ok((await all.count()) > 0, part);
      for (let at = 0; at < (await all.count()); at += 1) assert.ok(await all.nth(at).isVisible(), `${part} ${at}`);
    }
  });
});

test('a list of materials is one sheet of paper, up to a dozen with their notes', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-checks-'));
  try {
    await visit(site, {}, async ({ page, go }) => {
      await go(GALLERY);
      for (const rows of [0, 12]) {
        const names = await page.evaluate((wanted) => {
          const body = document.querySelector('table.checks tbody');
          while (wanted && body.rows.length < wanted) {
            const copy = body.rows[0].cloneNode(true);
            copy.querySelector('.pick label>div, .pick>div').textContent = `材料第${body.rows.length}号`;
            body.appendChild(copy);
          }
          return [...body.rows].map((row) => row.querySelector('.pick').textContent.replace(/\s+/g, '').slice(0, 8));
        }, rows);
        assert.ok(names.length >= Math.max(rows, 3));
        const pdf = path.join(folder, 'a.pdf');
        await page.pdf({ path: pdf, preferCSSPageSize: true });
        const sheets = execFileSync('pdftotext', ['-raw', pdf, '-'], { encoding: 'utf8' }).split('\f').map((text) => text.replace(/\s+/g, ''));
        const on = sheets.findIndex((text) => names.every((name) => text.includes(name)));
        assert.ok(on >= 0, `${names.length} materials on one sheet: ${names}`);
      }
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('questions for a meeting have lines on paper; what is for one office stands in its edition alone', async () => {
  await withPage({}, async (page) => {
    const lines = page.locator('.discuss .rule');
    assert.ok((await lines.count()) >= 3);
    assert.equal(await lines.first().isVisible(), false);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await lines.first().isVisible(), true);
  });
  const own = '城东的读者请到三层';
  assert.ok(site.text(GALLERY).includes(own));
  assert.ok(!site.text(GALLERY.replace('east/', 'south/')).replace(/<pre[^]*?<\/pre>/g, '').includes(own));
});

test('call-outs, comparisons, steps and time lines keep their order and words on a phone', async () => {
  await withPage({ viewport: PHONE }, async (page) => {
    for (const part of ['.alert', '.keys', '.quote', '.statute', '.compare', '.steps', '.timeline']) {
      const one = page.locator(part).first();
      await one.scrollIntoViewIfNeeded();
      const box = await one.boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width + 1, `${part} stands in the page`);
      assert.ok((await one.innerText()).trim().length > 8, part);
    }
    const before = await page.locator('.compare thead th').evaluateAll((all) => all.map((one) => one.textContent));
    assert.deepEqual(before, ['事项', '改革前', '改革后']);
    const when = await page.locator('.timeline').first().locator('.when').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    assert.deepEqual(when, [...when].sort((a, b) => a - b));
  });
});

test('Chromium 78 opens questions, keeps ticks and answers a quiz', async () => {
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    assert.deepEqual(await page.open(`file://${path.join(site.root, GALLERY)}`), []);
    const seen = await page.evaluate(() => {
      const one = (selector) => document.querySelector(selector);
      one('.qa-q button').click();
      one('table.checks input').click();
      one('.ask .options input').click();
      one('.ask-do').click();
      return [one('.qa-a').hidden, one('.checks-foot span').textContent, one('.ask-why').textContent.slice(0, 4)];
    });
    assert.deepEqual(seen, [false, '共 3 项，已备 1 项', '答对了。']);
  } finally {
    await browser.close();
  }
});
