// What components do beyond being text: questions that open one by one and all, by keyboard too; ticks that stay in
// this browser and go when asked; a quiz that answers at once; everything open in print, and there without a script.
import test from 'node:test';
import assert from 'node:assert/strict';
import { launch, DESKTOP } from './lib/browser.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

const site = variants().find((one) => one.name === 'sample');
const GALLERY = 'east/handbook/zu-jian.html';

async function withPage(options, act) {
  const server = await serve(site.root, { prefix: site.prefix });
  const browser = await launch({ port: server.port });
  try {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    const foreign = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) foreign.push(request.url());
    });
    await page.goto(`${server.url}${GALLERY}`, { waitUntil: 'load' });
    await act(page, server);
    assert.deepEqual(faults, []);
    assert.deepEqual(foreign, []);
  } finally {
    await browser.close();
    await server.close();
  }
}

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
