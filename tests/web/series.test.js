// Series and a reader's progress: it stays in the browser, goes out and back unchanged and nowhere else, can be
// erased, is off where computers are shared or storage is denied, and works in Chromium 78 and by keyboard alone.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { launch78 } from './lib/chromium78.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';
import { visit } from './lib/visit.js';

const site = variants().find((one) => one.name === 'sample');
const strange = variants().find((one) => one.name === 'strange');
const LIST = 'east/series/index.html';
const COURSE = 'east/series/ronghe/index.html';
const SHEET = 'east/series/ronghe/record.html';
const QUIZ = 'east/handbook/zu-jian.html';
const first = 'study/san-tiao-ye-wu-xian-yi-zhang-tu.html';
const now = 'study/zheng-zhao-fen-li-si-zhong-fang-shi.html';

const withPage = (options, act, of = site) => visit(of, { acceptDownloads: true, ...options }, async (one) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-series-'));
  const kept = () => one.page.evaluate(() => localStorage.getItem('zhendi.study'));
  try {
    await act({ ...one, kept, folder });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const said = (page) => page.locator('.mine-say');

/** A reader who has finished two pages and answered one question of a quiz. */
async function study({ page, go }) {
  for (const rel of [first, now]) {
    await go(`east/${rel}`);
    await press(page, '学完了');
  }
  await go(QUIZ);
  const ask = page.locator('.ask').first();
  await ask.locator('input').first().check();
  await ask.getByRole('button', { name: '对答案' }).click();
}

async function choose(page, file) {
  const chooser = page.waitForEvent('filechooser');
  await press(page, '导入记录');
  await (await chooser).setFiles(file);
}

test('progress goes through export, erasing and import unchanged, and nothing is sent', async () => {
  await withPage({}, async (reader) => {
    const { page, go, kept, asked, folder } = reader;
    await study(reader);
    await go(LIST);
    const before = await kept();
    const data = JSON.parse(before);
    assert.deepEqual(Object.keys(data.pages), [first, now].sort());
    assert.equal(Object.keys(data.quizzes).length, 1);
    assert.match(await page.locator('.mine').innerText(), /学完 2 篇，做过 1 篇的自测/);
    asked.length = 0;

    const download = page.waitForEvent('download');
    await press(page, '导出记录');
    const file = path.join(folder, (await download).suggestedFilename());
    await (await download).saveAs(file);
    assert.match(path.basename(file), /^学习记录-\d{4}-\d{2}-\d{2}\.json$/);

    await press(page, '清除记录');
    assert.equal(await kept(), before, 'asked first');
    await press(page, '清除');
    assert.equal(await kept(), null);
    assert.match(await page.locator('.mine').innerText(), /学完 0 篇/);

    await choose(page, file);
    await said(page).getByText('已导入，新添 2 篇').waitFor();
    assert.equal(await kept(), before);
    assert.deepEqual(asked, []);

    // What both have stays as it is here.
    const mine = JSON.parse(before);
    mine.pages[first] = '2026-01-02';
    delete mine.pages[now];
    await page.evaluate((text) => localStorage.setItem('zhendi.study', text), JSON.stringify(mine));
    await page.reload();
    await choose(page, file);
    await said(page).getByText('新添 1 篇').waitFor();
    const merged = JSON.parse(await kept()).pages;
    assert.deepEqual(merged, { ...data.pages, [first]: '2026-01-02' });
  });
});

test('a file that is no record is told, and nothing is lost', async () => {
  await withPage({}, async (reader) => {
    const { page, go, kept, folder } = reader;
    await study(reader);
    await go(LIST);
    const before = await kept();
    const sound = JSON.parse(before);
    const bad = {
      'not JSON': ['{"format": "zhendi-st', '读不懂'],
      empty: ['', '读不懂'],
      'another format': [JSON.stringify({ ...sound, format: 'x' }), '不是从本门户导出的'],
      'a list': ['[]', '不是从本门户导出的'],
      'a newer version': [JSON.stringify({ ...sound, version: 2 }), '更新的版本'],
      'no version': [JSON.stringify({ ...sound, version: '1' }), '没有写明版本'],
      'no quizzes': [JSON.stringify({ ...sound, quizzes: undefined }), '不完整'],
      'a day that is none': [JSON.stringify({ ...sound, pages: { [first]: '2026-02-30' } }), '读不懂的内容'],
      'a page that is none': [JSON.stringify({ ...sound, pages: { '../../x.html': '2026-02-03' } }), '读不懂的内容'],
      'a prototype': [`{"format":"zhendi-study","version":1,"pages":{"__proto__":"2026-02-03"},"quizzes":{}}`, '读不懂的内容'],
      'marks that are none': [JSON.stringify({ ...sound, quizzes: { [first]: { 0: [2] } } }), '读不懂的内容'],
      'a large one': [' '.repeat(3 * 1024 * 1024), '太大'],
    };
    for (const [name, [text, words]] of Object.entries(bad)) {
      const file = path.join(folder, 'record.json');
      fs.writeFileSync(file, text);
      await choose(page, file);
      await said(page).getByText(words).waitFor();
      assert.match(await said(page).innerText(), /原来的记录没有变/, name);
      assert.equal(await kept(), before, name);
    }
    // Saved by Notepad with a mark in front it is read all the same.
    fs.writeFileSync(path.join(folder, 'record.json'), `\uFEFF${before}`);
    await choose(page, path.join(folder, 'record.json'));
    await said(page).getByText('已导入，新添 0 篇').waitFor();
  });
});

test('finished pages are marked on the series page, its bars, the list and the home page', async () => {
  await withPage({}, async (reader) => {
    const { page, go } = reader;
    await study(reader);
    await go(COURSE);
    assert.match(await page.locator('.tally').innerText(), /2\s*\/ 9 篇已学/);
    assert.equal(await page.locator('.cells .on').count(), 2);
    assert.equal(await page.locator(`.lessons li[data-page="${now}"] .state`).innerText(), '已学');
    // The next page to read is of this month.
    assert.equal(await page.locator('.now .onward').count(), 1);
    assert.equal(await page.locator('.now li:not(.done) .state').first().innerText(), '未学');
    await go(LIST);
    assert.match(await page.locator('.shelf').innerText(), /已学 2 \/ 9/);
    await go('east/index.html');
    assert.match(await page.locator('.cols .k-study').innerText(), /本月学习\s*十一月　已学 1 \/ 7/);
    // All offices' editions are one reader's.
    await go('south/index.html');
    assert.match(await page.locator('.cols .k-study').innerText(), /已学 1 \/ 7/);
    await go(`east/${now}`);
    assert.equal(await page.locator('.finish-do').getAttribute('aria-pressed'), 'true');
    await page.locator('.finish-do').click();
    assert.equal(await page.locator('.finish-do').innerText(), '学完了');
    await go(COURSE);
    assert.match(await page.locator('.tally').innerText(), /1\s*\/ 9 篇已学/);
    await go(QUIZ);
    assert.equal(await page.locator('.ask-last:visible').innerText(), '上次答对了');
  });
});

test('by keyboard alone: finish, unfold, ask, answer no, erase', async () => {
  await withPage({}, async ({ page, go, kept }) => {
    const reach = async (locator) => {
      for (let n = 0; n < 200; n += 1) {
        if (await locator.evaluate((el) => el === document.activeElement)) return;
        await page.keyboard.press('Tab');
      }
      assert.fail('never reached by Tab');
    };
    await go(`east/${first}`);
    await reach(page.locator('.finish-do'));
    await page.keyboard.press('Space');
    assert.equal(Object.keys(JSON.parse(await kept()).pages).length, 1);
    assert.match(await page.locator('.finish-say').innerText(), /学完，只记在这台电脑上/);
    await go(COURSE);
    const month = page.locator('.month.past').first();
    assert.equal(await month.locator('.lessons').isVisible(), false);
    await reach(month.locator('.unfold'));
    await page.keyboard.press('Enter');
    assert.equal(await month.locator('.lessons').isVisible(), true);
    assert.equal(await month.locator('.unfold').getAttribute('aria-expanded'), 'true');
    await go(LIST);
    const erase = page.getByRole('button', { name: '清除记录' });
    await reach(erase);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await erase.evaluate((el) => el === document.activeElement), true);
    assert.notEqual(await kept(), null);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await kept(), null);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), '导入记录');
  });
});

test('a reader may have nothing kept', async () => {
  await withPage({}, async (reader) => {
    const { page, go, kept } = reader;
    await study(reader);
    await go(LIST);
    await press(page, '不在这台电脑上记');
    await press(page, '先不');
    assert.notEqual(await kept(), null);
    await press(page, '不在这台电脑上记');
    await press(page, '清除，不再记');
    assert.equal(await kept(), null);
    await go(`east/${first}`);
    assert.equal(await page.locator('.finish-do').isVisible(), false);
    await go(COURSE);
    assert.match(await page.locator('.tally').innerText(), /^9 篇，约 \d+ 分钟$/);
    await go(QUIZ);
    await page.locator('.ask input').first().check();
    await page.locator('.ask').first().getByRole('button', { name: '对答案' }).click();
    assert.equal(await kept(), null);
    await go(LIST);
    await press(page, '开始记录');
    await go(`east/${first}`);
    assert.equal(await page.locator('.finish-do').isVisible(), true);
  });
});

test('where storage is denied that is told, and all else works', async () => {
  const init = () => Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } });
  await withPage({ init }, async ({ page, go }) => {
    await go(`east/${first}`);
    await press(page, '学完了');
    assert.match(await page.locator('.finish-say').innerText(), /不让网页保存/);
    assert.equal(await page.locator('.finish-do').getAttribute('aria-pressed'), 'true');
    await go(COURSE);
    assert.match(await page.locator('.tally').innerText(), /0\s*\/ 9 篇已学[^]*记不下来/);
    await go(LIST);
    assert.match(await page.locator('.mine').innerText(), /不让网页保存资料，进度记不下来/);
    await go(QUIZ);
    await page.locator('.ask input').first().check();
    await page.locator('.ask').first().getByRole('button', { name: '对答案' }).click();
    assert.match(await page.locator('.ask-why').first().innerText(), /答对了/);
  });
});

test('where computers are shared nothing is kept and no control stands', async () => {
  const shared = strange.html.filter((rel) => /<html[^>]* data-shared/.test(strange.text(rel)));
  assert.ok(shared.some((rel) => strange.types.get(rel) === 'series'), 'an office of the strange portal shares computers');
  assert.ok(shared.length < strange.html.length);
  await withPage({}, async ({ page, go }) => {
    for (const type of ['series', 'series-list', 'home', 'page:study']) {
      const rel = shared.find((one) => strange.types.get(one) === type);
      assert.ok(rel, type);
      await go(rel.split('/').map(encodeURIComponent).join('/'));
      assert.equal(await page.locator('.finish-do, .mine, .state, .onward, .tally .note').count(), 0, rel);
      assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('study')).length), 0);
    }
  }, strange);
});

test('the sheet of eight parts is one A4 page', async () => {
  await withPage({}, async ({ page, go, folder }) => {
    await go(SHEET);
    await page.evaluate(() => {
      const rows = [...document.querySelectorAll('.signed td.center:first-child')].map((cell) => cell.parentNode);
      rows.slice(8).forEach((row) => row.remove());
    });
    const pdf = path.join(folder, 'sheet.pdf');
    await page.pdf({ path: pdf, preferCSSPageSize: true });
    const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
    assert.match(info, /Pages:\s+1\n/);
    const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).replace(/[ \f]+/g, '');
    for (const word of ['《条线互学》学习记录', '姓名', '学完日期', '本人签名', '学习小结', '三条业务线']) assert.ok(text.includes(word), word);
    for (const word of ['打印出来', '您的位置', '字号']) assert.ok(!text.includes(word), word);
  });
});

test('without a script every part of the plan is there to read', async () => {
  await withPage({ javaScriptEnabled: false }, async ({ page, go }) => {
    await go(COURSE);
    const rows = page.locator('.lessons li');
    assert.equal(await rows.count(), 9);
    for (let at = 0; at < 9; at += 1) assert.ok(await rows.nth(at).locator('a').isVisible());
    assert.match(await page.locator('.tally').innerText(), /9 篇，约 \d+ 分钟/);
    await go(`east/${now}`);
    assert.match(await page.locator('.serial').innerText(), /第 5 篇，共 9 篇[^]*系列上一篇[^]*系列下一篇/);
  });
});

test('Chromium 78 keeps, shows, exports, erases and imports', async () => {
  const server = await serve(site.root, { prefix: site.prefix, csp: true });
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    assert.deepEqual(await page.open(`${server.url}east/${now}`), []);
    await page.evaluate(() => document.querySelector('.finish-do').click());
    assert.deepEqual(await page.open(`${server.url}${COURSE}`), []);
    assert.equal(await page.evaluate(() => document.querySelectorAll('.cells .on').length), 1);
    assert.deepEqual(await page.open(`${server.url}${LIST}`), []);
    const [before, after, erased] = await page.evaluate(async () => {
      const kept = () => localStorage.getItem('zhendi.study');
      const before = kept();
      let blob;
      const make = URL.createObjectURL;
      URL.createObjectURL = (made) => { blob = made; return make.call(URL, made); };
      const button = (name) => [...document.querySelectorAll('.mine button')].find((one) => one.textContent === name);
      button('导出记录').click();
      button('清除记录').click();
      button('清除').click();
      const erased = kept();
      const files = new DataTransfer();
      files.items.add(new File([blob], 'record.json', { type: 'application/json' }));
      const input = document.querySelector('.mine input');
      input.files = files.files;
      const read = new Promise((resolve) => new MutationObserver(resolve).observe(document.querySelector('.mine-say'), { childList: true, characterData: true, subtree: true }));
      input.dispatchEvent(new Event('change'));
      await read;
      return [before, kept(), erased];
    });
    assert.ok(before.includes(now));
    assert.equal(erased, null);
    assert.equal(after, before);
    assert.deepEqual(page.errors(), []);
  } finally {
    await browser.close();
    await server.close();
  }
});
