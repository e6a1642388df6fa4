// What somebody sees who writes with `zhendi serve` beside the editor: the page follows each save where it stands,
// faults lie over the last good page and go by themselves, a page that moves takes its reader along. In a current
// Chromium, and once through in Chromium 78.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { launch, DESKTOP } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { article, preview } from './lib/preview.js';
import { STRANGE_HOST } from './lib/site.js';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs `work` with a preview, a browser's context, and a page on which nothing may be complained about. */
async function watching(work, { args, complaints = true } = {}) {
  const portal = await preview(args);
  const browser = await launch();
  try {
    const context = await browser.newContext({ viewport: DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    await work({ portal, context, page, open: (rel) => settled(page, portal.url + rel) });
    if (complaints) assert.deepEqual(said, []);
  } finally {
    await browser.close();
    await portal.close();
  }
}

/** Opens a page and waits until it has heard how things stand. */
async function settled(page, url) {
  await page.goto(url);
  await page.locator('zhendi-preview .bar span').waitFor();
  await page.evaluate(() => { window.marker = 'still here'; });
}

const marked = (page) => page.evaluate(() => window.marker);
const shows = (page, text) => page.locator('main').getByText(text).first().waitFor();
const JIA = 'content/study/jia.md';

test('an edit shows in place: scroll, open details and what scripts added stay', () => watching(async ({ portal, page, open }) => {
  const text = (word) => article('甲', { text: `${word}在这里。\n\n<details><summary>答案</summary>\n\n对。\n\n</details>` });
  portal.write(JIA, text('旧话'));
  await open('east/study/jia.html');
  await shows(page, '旧话在这里');
  await page.getByText('答案').click();
  await page.getByRole('button', { name: '大', exact: true }).first().click();
  await page.evaluate(() => window.scrollTo(0, 900));
  portal.write(JIA, text('新话'));
  await shows(page, '新话在这里');
  assert.equal(await page.evaluate(() => window.pageYOffset), 900);
  assert.equal(await page.evaluate(() => document.querySelector('details').open), true);
  assert.equal(await marked(page), 'still here');
  const size = page.getByRole('button', { name: '特大', exact: true });
  assert.equal(await size.count(), 1);
  await size.click();
  assert.equal(await page.evaluate(() => document.documentElement.getAttribute('data-size')), 'xlarge');

  portal.write(JIA, text('新话').replace('title: 甲', 'title: 丁'));
  await page.waitForFunction(() => document.title.startsWith('丁'));
  await page.getByRole('heading', { name: '丁', level: 1 }).waitFor();
  portal.write(JIA, text('新话').replace('甲的第3段', '## 小标题\n\n多出来的一段。\n\n甲的第3段'));
  await shows(page, '多出来的一段');
  portal.write(JIA, text('新话').replace('对。', '不对。'));
  await shows(page, '不对。');
  assert.equal(await page.evaluate(() => document.querySelector('details').open), true);
  assert.equal(await marked(page), 'still here');
}));

test('a fault lies over the last good page, with code, line and cure, and goes by itself', () => watching(async ({ portal, page, open }) => {
  await open('east/study/jia.html');
  const dialog = page.getByRole('alertdialog');
  portal.write(JIA, article('甲', { text: '只有坏的一版才有这句。[乙](yii.md)。' }).replace('2026-01-02', '2026-02-30'));
  await dialog.waitFor();
  const text = await dialog.innerText();
  for (const part of ['错误', 'E0304', '2026 年 2 月没有 30 日', JIA, '第 3 行', '原因', '怎么改', '本页 2 处错误', '正式网站没有改动']) {
    assert.ok(text.includes(part), `${part} in\n${text}`);
  }
  assert.equal(await dialog.locator('.at mark').first().innerText(), '2026-02-30');
  assert.equal(await page.locator('main').getByText('只有坏的一版').count(), 0);
  assert.equal(await page.locator('main').getByText('甲的第1段').count(), 1);

  // The corrected line can be had by keyboard alone.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog.getByText('已复制').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '只有坏的一版才有这句。[乙](yi.md)。');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.querySelector('zhendi-preview').shadowRoot.activeElement.className), 'shut');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.querySelector('zhendi-preview').shadowRoot.activeElement.className), 'items');

  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '2 处错误' }).waitFor();
  // One of two mended: nothing new to say, so it stays shut; the badge counts down.
  portal.write(JIA, article('甲', { text: '只有坏的一版才有这句。[乙](yii.md)。' }));
  const badge = page.getByRole('button', { name: '1 处错误' });
  await badge.waitFor();
  assert.equal(await dialog.count(), 0);
  await badge.click();
  await dialog.getByText('E0201').waitFor();
  portal.write(JIA, article('甲', { text: '好了。' }));
  await dialog.waitFor({ state: 'hidden' });
  await shows(page, '好了。');
  assert.equal(await page.getByRole('button', { name: /处/ }).count(), 0);
  assert.equal(await marked(page), 'still here');
}));

// axe puts styles of its own into the page, of which the policy complains.
test('the overlay is accessible', () => watching(async ({ portal, page, open }) => {
  await open('east/study/jia.html');
  portal.write(JIA, article('甲', { text: '[乙](yii.md)。' }));
  await page.getByRole('alertdialog', { name: '链接指向的文件不存在' }).waitFor();
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run({ include: [['zhendi-preview']] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes[0].target}`), []);
}, { complaints: false }));

test('an unrelated edit does not touch the page', () => watching(async ({ portal, context, page, open }) => {
  await open('east/study/jia.html');
  const other = await context.newPage();
  await settled(other, `${portal.url}east/study/yi.html`);
  await page.evaluate(() => {
    window.touched = [];
    new MutationObserver((records) => records.forEach((record) => window.touched.push(record.type + ' ' + record.target.nodeName + ' ' + record.target.textContent.slice(0, 20))))
      .observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  portal.write('content/study/yi.md', article('乙').replace('乙的第30段', '乙的第卅段'));
  await shows(other, '乙的第卅段');
  // Word to all pages goes out together and in order: what the first edit might have done comes before this.
  portal.write(JIA, article('甲').replace('甲的第30段', '甲的第卅段'));
  await shows(page, '甲的第卅段');
  const touched = await page.evaluate(() => window.touched);
  assert.ok(touched.length > 0);
  assert.deepEqual(touched.filter((one) => !one.includes('甲的第卅段')), []);
}));

test('a style sheet is swapped without a reload, a script with one that keeps the place', () => watching(async ({ portal, page, open }) => {
  await open('east/study/jia.html');
  const theme = new URL('../../themes/portal/static/', import.meta.url);
  portal.write('static/css/portal.css', `${fs.readFileSync(new URL('css/portal.css', theme), 'utf8')}\nbody{background:#010203}`);
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)');
  await page.waitForFunction(() => document.querySelectorAll('link[href*="portal.css"]').length === 1);
  assert.equal(await marked(page), 'still here');
  await page.evaluate(() => window.scrollTo(0, 700));
  portal.write('static/js/portal.js', `${fs.readFileSync(new URL('js/portal.js', theme), 'utf8')}\nwindow.fresh = true;`);
  await page.waitForFunction(() => window.fresh === true && window.pageYOffset === 700);
  assert.equal(await marked(page), undefined);
}));

test('a page that is renamed takes its reader along, one that is deleted says so', () => watching(async ({ portal, page, open }) => {
  await open('east/study/jia.html');
  await page.evaluate(() => window.scrollTo(0, 500));
  fs.renameSync(portal.file(JIA), portal.file('content/study/bing.md'));
  await page.waitForURL('**/east/study/bing.html');
  await page.getByText('content/study/bing.md').waitFor();
  assert.equal(await page.evaluate(() => window.pageYOffset), 500);
  portal.write('content/study/bing.md', article('甲', { front: 'slug: ding\n' }));
  await page.waitForURL('**/east/study/ding.html');
  await page.locator('zhendi-preview .bar span').waitFor();
  fs.rmSync(portal.file('content/study/bing.md'));
  await page.getByText('这一页的文章已经不在了').waitFor();
  assert.equal(await page.locator('main').getByText('甲的第1段').count(), 1);
  portal.write('content/study/bing.md', article('甲', { front: 'slug: ding\n', text: '回来了。' }));
  await shows(page, '回来了。');
}));

test('a page that is not there yet appears when it is saved', () => watching(async ({ portal, page }) => {
  await page.goto(`${portal.url}east/study/wu.html`);
  await page.locator('zhendi-preview .bar span').waitFor();
  portal.write('content/study/wu.md', article('戊'));
  await shows(page, '戊的第1段');
}, { complaints: false }));

test('warnings are a badge; the file of the page can be copied', () => watching(async ({ portal, page, open }) => {
  portal.write(JIA, article('甲').replace('title', 'titel: 甲\ntitle'));
  await open('east/study/jia.html');
  const badge = page.getByRole('button', { name: '1 处提醒' });
  await badge.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('W0307').waitFor();
  await page.keyboard.press('Escape');
  await badge.waitFor();
  const copy = page.getByRole('button', { name: '复制路径' });
  await copy.focus();
  await page.keyboard.press('Enter');
  await page.getByText('已复制').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), JIA);
  await open('-/');
  await page.getByRole('link', { name: '城东办公区' }).click();
  await page.waitForURL('**/east/index.html');
}));

test('a fault in another page covers a reader who works alone, not those who share', async () => {
  const elsewhere = (loud, args) => watching(async ({ portal, page, open }) => {
    await open('east/study/jia.html');
    portal.write('content/study/yi.md', article('乙').replace('2026-01-02', '2026-02-30'));
    if (loud) {
      await page.getByRole('alertdialog').getByText('content/study/yi.md').waitFor();
    } else {
      await page.getByRole('button', { name: '1 处错误' }).waitFor();
      assert.equal(await page.getByRole('alertdialog').count(), 0);
    }
  }, { args });
  await elsewhere(true, []);
  await elsewhere(false, ['-i', '0.0.0.0']);
});

test('a lost line is told quietly and found again', () => watching(async ({ portal, page, open }) => {
  await open('east/study/jia.html');
  await portal.stop();
  await page.getByText('预览断开了').waitFor();
  portal.write(JIA, article('甲', { text: '断开时写的。' }));
  await portal.again();
  await shows(page, '断开时写的。');
  await page.getByText('预览断开了').waitFor({ state: 'hidden' });
}, { complaints: false }));

test('from another machine there is neither clipboard nor timing, and all works', async () => {
  const portal = await preview(['--allow-host', STRANGE_HOST]);
  const browser = await launch({ port: new URL(portal.url).port });
  try {
    const page = await (await browser.newContext({ viewport: DESKTOP })).newPage();
    await settled(page, `http://${STRANGE_HOST}/east/study/jia.html`);
    assert.equal(await page.evaluate(() => window.isSecureContext), false);
    portal.write(JIA, article('甲', { text: '新的一句。' }));
    await shows(page, '新的一句。');
    assert.equal(await marked(page), 'still here');
    await page.getByRole('button', { name: '复制路径' }).click();
    await page.getByText('已复制').waitFor();
    await page.evaluate(() => document.querySelector('main').appendChild(document.createElement('textarea')).focus());
    await page.keyboard.press('Control+V');
    assert.equal(await page.evaluate(() => document.querySelector('textarea').value), JIA);
  } finally {
    await browser.close();
    await portal.close();
  }
});

test('Chromium 78: an edit, a fault and its mending', async () => {
  const portal = await preview();
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    const until = async (what, fn, ...args) => {
      const end = Date.now() + 20000;
      while (!(await page.evaluate(fn, ...args))) {
        if (Date.now() > end) throw new Error(`Chromium 78: ${what}: ${await page.evaluate(() => document.body.innerText.slice(0, 300))}`);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))));
      }
    };
    const has = (text) => document.querySelector('main').textContent.includes(text);
    const dialog = () => {
      const host = document.querySelector('zhendi-preview');
      const cover = host && host.shadowRoot.querySelector('.cover');
      return cover && !cover.hidden ? cover.textContent : '';
    };
    await page.open(`${portal.url}east/study/jia.html`);
    await page.evaluate(() => { window.marker = 1; window.scrollTo(0, 600); return 0; });
    await until('the bar', () => !!document.querySelector('zhendi-preview').shadowRoot.querySelector('.bar code'));
    portal.write(JIA, article('甲', { text: '新的一句。' }));
    await until('the edit', has, '新的一句。');
    assert.deepEqual(await page.evaluate(() => [window.marker, window.pageYOffset]), [1, 600]);
    portal.write(JIA, article('甲').replace('2026-01-02', '2026-02-30'));
    await until('the fault', dialog);
    assert.match(await page.evaluate(dialog), /E0304.*第 3 行/s);
    const box = await page.evaluate(() => {
      const { width, top } = document.querySelector('zhendi-preview').shadowRoot.querySelector('.dialog').getBoundingClientRect();
      return [width, top];
    });
    assert.ok(box[0] > 500 && box[1] >= 0, `the overlay is laid out: ${box}`);
    portal.write(JIA, article('甲', { text: '改好了。' }));
    await until('the mended page', has, '改好了。');
    assert.equal(await page.evaluate(dialog), '');
    assert.deepEqual(page.errors(), []);
  } finally {
    await browser.close();
    await portal.close();
  }
});
