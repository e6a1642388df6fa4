// A statute as a reader meets it: every article has an address that works, the contents lead to chapters, who cites an
// article stands below it and leads there and back; numbers stand in the margin on wide screens and in the line on
// narrow ones; nothing of that is printed but the statute. And the map of lines of business: a table on wide screens, a
// list on narrow ones, the same cells in both.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { none, DESKTOP, PHONE } from './lib/browser.js';
import { visit } from './lib/visit.js';

const HERE = fileURLToPath(new URL('../..', import.meta.url));
const ZHENDI = path.resolve(HERE, process.env.CARGO_TARGET_DIR ?? 'target', 'quick/zhendi');
const AXE = fs.readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const LAW = 'north/law/shi-li-tiao-li.html';
const CASE = 'north/cases/gai-dong-qian-feng.html';

let root;
test.before(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-law-'));
  const run = spawnSync(ZHENDI, ['build', '-r', path.join(HERE, 'tests/fixtures/law'), '-o', path.join(root, 'out'), '--date', '2026-11-24'], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});
test.after(() => fs.rmSync(root, { recursive: true, force: true }));

const withPage = (options, rel, act) => visit({ root: path.join(root, 'out') }, options, async ({ page, go, server }) => {
  await go(rel);
  await act(page, server);
});

async function axe(page) {
  await page.evaluate(AXE);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }), tags);
  none(violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.target.join(' ')).join(', ')}`), 'violation found by axe');
}

const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

test('articles and chapters have addresses, and the contents lead there', async () => {
  await withPage({}, LAW, async (page) => {
    const ids = await page.locator('.article').evaluateAll((all) => all.map((one) => one.id));
    assert.deepEqual(ids, ['第一条', '第二条', '第三条', '第四条', '第五条', '第五条之一', '第六条']);
    const contents = await page.locator('.toc a').evaluateAll((all) => all.map((one) => one.textContent));
    assert.deepEqual(contents.slice(0, 2), ['第一章　总则', '第二章　市场举办者和经营者']);
    assert.equal(contents.length, 5);
    await page.locator('.toc a').nth(1).click();
    assert.equal(await hash(page), '#第二章');
    const top = await page.locator('[id="第二章"]').evaluate((one) => one.getBoundingClientRect().top);
    assert.ok(Math.abs(top) < 80, `the chapter stands at ${top}`);
    assert.equal(await page.getByRole('heading', { name: '第二章' }).count(), 1);
  });
});

test('who cites an article stands below it, and the citing page leads back', async () => {
  await withPage({}, LAW, async (page) => {
    const cited = page.locator('.law-article', { has: page.locator('[id="第五条"]') }).locator('.law-cited a');
    assert.deepEqual(await cited.allTextContents(), ['某摊主改动铅封案（示例）']);
    assert.equal(await page.locator('.law-citing li').count(), 2);
    await cited.first().click();
    await page.waitForURL('**/gai-dong-qian-feng.html');
    const list = page.locator('.cites li');
    assert.deepEqual(await list.allInnerTexts(), ['《示例市集贸市场计量管理示范条例》第五条、第六条', '《中华人民共和国某某虚构法》第一条']);
    await page.locator('.statute figcaption a', { hasText: '第五条' }).first().click();
    await page.waitForURL('**/shi-li-tiao-li.html#*');
    assert.equal(await hash(page), '#第五条');
  });
});

test('numbers stand in the margin where there is room, in the line where there is none', async () => {
  const places = () => {
    const number = document.querySelector('.article-no').getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(document.querySelector('.article'));
    return { number: number.right, position: getComputedStyle(document.querySelector('.article-no')).position };
  };
  await withPage({ viewport: DESKTOP }, LAW, async (page) => assert.equal((await page.evaluate(places)).position, 'absolute'));
  await withPage({ viewport: PHONE }, LAW, async (page) => {
    assert.equal((await page.evaluate(places)).position, 'static');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    const low = await page.locator('.law-cited a').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).length);
    assert.equal(low, 0);
  });
});

test('the statute alone is printed', async () => {
  await withPage({}, LAW, async (page) => {
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.law-cited').first().isVisible(), false);
    assert.equal(await page.locator('.law-citing').isVisible(), false);
    assert.equal(await page.locator('[id="第一条"]').isVisible(), true);
  });
});

for (const [name, rel] of [['the statute', LAW], ['a page that cites it', CASE], ['the map', 'north/map.html']]) {
  for (const viewport of [DESKTOP, PHONE]) {
    test(`axe finds nothing on ${name}, ${viewport.width} wide`, async () => withPage({ viewport }, rel, axe));
  }
}

test('columns of kinds stand side by side on wide screens and below each other on narrow ones', async () => {
  const lefts = () => Array.from(document.querySelectorAll('.sides section'), (one) => Math.round(one.getBoundingClientRect().left));
  await withPage({ viewport: DESKTOP }, CASE, async (page) => {
    assert.deepEqual(await page.locator('.sides h3').allTextContents(), ['学理论', '策政策']);
    assert.equal(new Set(await page.evaluate(lefts)).size, 2);
  });
  await withPage({ viewport: PHONE }, CASE, async (page) => assert.equal(new Set(await page.evaluate(lefts)).size, 1));
});

test('the map is a table that says what nobody has written', async () => {
  for (const viewport of [DESKTOP, PHONE]) {
    await withPage({ viewport }, 'north/map.html', async (page) => {
      assert.equal(await page.getByRole('row').count(), 4);
      const row = page.getByRole('row', { name: /^消费维权/ });
      assert.equal(await row.locator('td').nth(0).locator('a').count(), 1);
      assert.match(await page.getByRole('row', { name: /^登记注册/ }).locator('td').nth(1).innerText(), /还没有人写/);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      await page.getByRole('link', { name: /政策，最新一篇：公平秤设置要点/ }).click();
      await page.waitForURL('**/gong-ping-cheng-ti-shi.html');
    });
  }
});
