// Browsing by touch and by key in a real Chromium, and that nothing leads out.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { count } from './lib/count.js';
import { closeBrowser, temporary, visit } from './lib/kiosk-visit.js';
import { point, sample, writeShell, writeVersion } from './lib/kiosk-screen.js';

after(closeBrowser);

function screen(options = {}) {
  const root = temporary();
  writeShell(root);
  point(root, writeVersion(root, sample({ seconds: 5, ...options })));
  return root;
}
const ready = (page) => page.waitForFunction(() => !document.querySelector('.k-wait') && document.querySelector('.k-frame'));
const view = (page) => page.getAttribute('.b-root', 'data-view');
const open = async (page) => {
  await page.touchscreen.tap(600, 300);
  await page.waitForSelector('.b-root:not([hidden])');
};
const title = (page) => page.textContent('.b-title');
const press = (page, selector) => page.tap(selector);
const seen = (page, selector) => page.$$eval(selector, (all) => all.filter((n) => n.offsetParent).map((n) => n.textContent));

for (const way of ['http', 'file']) {
  test(`${way}: a touch opens the panels; lists, letters, articles, sizes, back and home`, async () => {
    const root = screen({ entries: 10 });
    await visit(root, way, async ({ page, faults, go, url }) => {
      await go();
      await ready(page);
      await open(page);
      assert.equal(await title(page), '想看哪一类？');
      assert.deepEqual(await seen(page, '.b-more'), ['看全部 4 篇', '看全部 3 篇', '看全部 3 篇']);
      assert.match(await page.textContent('.b-now'), /^接着读：短题\d$/);
      assert.equal(await page.evaluate(() => document.querySelectorAll('.k-frame').length), 0);
      /* No title is cut, and each is a target */
      const picks = await page.evaluate(() => [...document.querySelectorAll('.b-panel')].map((p) => [p.scrollHeight <= p.clientHeight + 1, p.querySelectorAll('.b-pick').length > 0]));
      assert.ok(picks.every(([whole, some]) => whole && some), JSON.stringify(picks));

      await press(page, '.b-panel.k-kind-policy .b-all');
      assert.equal(await view(page), 'list');
      assert.equal(await title(page), '政策解读');
      assert.deepEqual((await seen(page, '.b-item .b-name')).map((t) => t.slice(0, 4)), ['标题8：', '一个很长', '标题2：']);
      await press(page, '.b-item');
      await page.waitForSelector('.b-text');
      assert.equal(await title(page), '标题8：one');
      assert.equal(await page.textContent('.b-sub'), '食品安全 · 2026年11月18日');
      /* Links: one leads on, the others are words */
      assert.deepEqual(await page.$$eval('.b-text a', (all) => all.map((a) => [a.textContent, a.hasAttribute('href'), a.className])), [['下一篇', false, 'b-link']]);
      assert.match(await page.$eval('.b-text img', (img) => img.getAttribute('src')), /^v\/[0-9a-f]{16}\/f\/a\.svg$/);
      const top = () => page.$eval('.b-scroll', (n) => Math.round(n.scrollTop));
      const place = await page.textContent('.b-place');
      const count = Number(/共 (\d+) 屏/.exec(place)[1]);
      assert.match(place, /^第 1 屏，/);
      assert.equal(await page.isDisabled('.b-prev'), true);
      for (let i = 2; i <= count; i += 1) {
        await press(page, '.b-next');
        assert.match(await page.textContent('.b-place'), new RegExp(`^第 ${i} 屏，共 ${count} 屏`));
      }
      assert.equal(await page.isDisabled('.b-next'), true);
      assert.ok(await page.$eval('.b-scroll', (n) => n.scrollTop + n.clientHeight >= n.scrollHeight - 2));
      await press(page, '.b-prev');
      const share = await page.$eval('.b-scroll', (n) => n.scrollTop / n.scrollHeight);
      const size = () => page.$eval('.b-text', (n) => parseFloat(getComputedStyle(n).fontSize));
      const small = await size();
      await press(page, '.b-size[data-size=xlarge]');
      await page.waitForSelector('.b-text');
      assert.ok(await size() > small * 1.4);
      assert.ok(Math.abs(await page.$eval('.b-scroll', (n) => n.scrollTop / n.scrollHeight) - share) < 0.1);
      assert.ok(await top() > 0);
      await page.$eval('.b-link', (n) => n.scrollIntoView());
      await press(page, '.b-link');
      await page.waitForFunction(() => document.querySelector('.b-title').textContent.indexOf('标题9') === 0);
      await press(page, '.b-back');
      await page.waitForFunction(() => document.querySelector('.b-title').textContent.indexOf('标题8') === 0);
      await press(page, '.b-back');
      assert.equal(await view(page), 'list');
      await press(page, '.b-home');
      assert.equal(await view(page), 'home');

      /* Letters: A, B, T lead somewhere, with each letter fewer */
      assert.deepEqual((await page.$$eval('.b-key:not([disabled])', (all) => all.map((n) => n.textContent))).join(''), 'ABCDEFGHIJT');
      await press(page, '.b-key:not([disabled]) >> text=B');
      assert.equal(await view(page), 'find');
      await press(page, '.b-key:not([disabled]) >> text=T');
      assert.equal(await title(page), '拼音首字母 B T');
      assert.deepEqual((await page.$$eval('.b-key:not([disabled])', (all) => all.map((n) => n.textContent))).join(''), 'ABCDEFGHIJ');
      await press(page, '.b-key:not([disabled]) >> text=C');
      assert.deepEqual(await seen(page, '.b-item .b-name'), ['标题2：one']);
      await press(page, '.b-erase');
      assert.equal(await page.textContent('.b-sub'), '10 篇');
      const first = await seen(page, '.b-item .b-name');
      assert.ok(first.length >= 1 && first.length < 10);
      assert.ok(await page.$eval('.b-list', (n) => n.scrollHeight <= n.clientHeight + 1));
      const all = [...first];
      while (!(await page.isDisabled('.b-next'))) {
        await press(page, '.b-next');
        assert.ok(await page.$eval('.b-list', (n) => n.scrollHeight <= n.clientHeight + 1));
        all.push(...await seen(page, '.b-item .b-name'));
      }
      assert.equal(new Set(all).size, 10);
      assert.equal(all.length, 10);
      await press(page, '.b-clear');
      assert.equal(await title(page), '请按拼音首字母');
      await press(page, '.b-back');
      assert.equal(await view(page), 'home');
      await press(page, '.b-now');
      assert.equal(await view(page), 'article');
      await press(page, '.b-home');
      await press(page, '.b-back');
      await page.waitForSelector('.b-root', { state: 'hidden' });
      assert.ok(await page.evaluate(() => document.querySelectorAll('.k-frame.k-on').length >= 1));
      assert.equal(page.url().split('#')[0], url);
      assert.deepEqual(faults, []);
      /* At midnight the programme begins: an article is on show, not the invitation */
    }, { clock: new Date('2026-11-17T16:00:01Z') });
  });

  test(`${way}: idling returns and clears, after a countdown; “再看一会儿” stays`, async () => {
    const root = screen({ screen: { idle: 60 } });
    await visit(root, way, async ({ page, faults, go }) => {
      const run = async (ms) => { for (let i = 0; i < ms; i += 500) await page.clock.runFor(500); await page.waitForTimeout(50); };
      await go();
      await ready(page);
      await open(page);
      assert.equal(await page.textContent('.b-idle'), '60 秒无人操作，回到播放');
      await press(page, '.b-key:not([disabled]) >> text=B');
      await press(page, '.b-size[data-size=large]');
      await run(44000);
      assert.equal(await page.isVisible('.b-stay'), false);
      await run(4000);
      assert.match(await page.textContent('.b-idle'), /^1[123] 秒后回到播放$/);
      await press(page, '.b-stay');
      assert.equal(await page.textContent('.b-idle'), '60 秒无人操作，回到播放');
      assert.equal(await view(page), 'find');
      await run(58000);
      assert.equal(await page.isVisible('.b-root'), true);
      await run(4000);
      assert.equal(await page.isVisible('.b-root'), false);
      assert.equal(await page.evaluate(() => document.querySelector('.b-body').textContent + document.querySelector('.b-title').textContent), '');
      assert.ok(await page.evaluate(() => document.querySelectorAll('.k-frame.k-on').length >= 1));
      await open(page);
      assert.equal(await view(page), 'home');
      assert.equal(await page.getAttribute('.b-root', 'data-size'), 'standard');
      assert.deepEqual(faults, []);
    }, { clock: new Date('2026-11-18T02:00:00Z') });
  });
}

test('only what is due is listed; what expires while it is read goes', async () => {
  const made = sample({ entries: 6, seconds: 5 });
  made.data.entries[0].until = '2026-11-18T10:01';
  made.data.entries[3].from = '2026-11-19T00:00';
  const root = temporary();
  writeShell(root);
  point(root, writeVersion(root, made));
  await visit(root, 'file', async ({ page, faults, go }) => {
    await go();
    await ready(page);
    await open(page);
    assert.deepEqual(await seen(page, '.b-panel.k-kind-study .b-more'), ['看全部 1 篇']);
    await press(page, '.b-panel.k-kind-study .b-pick');
    await page.waitForSelector('.b-text');
    for (let i = 0; i < 40; i += 1) {
      await page.evaluate(() => document.querySelector('.b-scroll') && document.querySelector('.b-scroll').dispatchEvent(new Event('wheel', { bubbles: true })));
      await page.clock.runFor(1000);
      await page.waitForTimeout(5);
      if ((await view(page)) === 'home') break;
    }
    assert.equal(await view(page), 'home');
    assert.deepEqual(await seen(page, '.b-panel.k-kind-study'), []);
    assert.deepEqual(faults, []);
  }, { clock: new Date('2026-11-18T02:00:30Z') });
});

test('keys alone reach everything, and Tab stays inside', async () => {
  await visit(screen(), 'file', async ({ page, faults, go }) => {
    await go();
    await ready(page);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.b-root:not([hidden])');
    for (let i = 0; i < 60; i += 1) {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.querySelector('.b-root').contains(document.activeElement)));
    }
    await page.focus('.b-pick');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.b-text');
    await page.keyboard.press('PageDown');
    assert.match(await page.textContent('.b-place'), /^第 2 屏/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    assert.equal(await view(page), 'home');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.b-root', { state: 'hidden' });
    assert.deepEqual(faults, []);
  });
});

test('random touches and keys never leave the page', { timeout: 3600000 }, async () => {
  const counted = count('kiosk-touches', 10000);
  await visit(screen({ entries: 10 }), 'http', async ({ page, faults, go, url, context, server }) => {
    let { seed } = counted;
    const r = (n) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return Math.floor((seed / 4294967296) * n); };
    const keys = ['Enter', 'Escape', 'Tab', ' ', 'ArrowUp', 'ArrowDown', 'PageDown', 'Backspace', 'F1', 'F3', 'F5', 'F6', 'Control+P', 'Control+S', 'Control+O', 'Control+F', 'Control+U', 'Control+R', 'Control+H', 'Control+J', 'Control+D', 'Alt+ArrowLeft', 'Alt+Home', 'Control+A', 'Control+C', 'Control+Plus', 'Control+Minus', 'Shift+F10', 'a', '/', "'", 'BrowserBack'];
    const places = ['.b-pick', '.b-all', '.b-item', '.b-key', '.b-text', '.b-text p:last-of-type', '.b-link', '.b-next', '.b-now', '.b-size'];
    await go();
    await ready(page);
    await page.evaluate(() => { window.here = true; });
    let browsed = 0;
    for (let i = 0; i < counted.asked; i += 1) {
      const what = r(12);
      if (what < 4) await page.touchscreen.tap(r(1280), r(720));
      else if (what < 7) await page.keyboard.press(keys[r(keys.length)]).catch((e) => { if (!/Unknown key/.test(e.message)) throw e; });
      else if (what < 8) await page.mouse.click(r(1280), r(720), { button: ['left', 'right', 'middle'][r(3)] });
      else if (what < 9) await page.mouse.wheel(r(200) - 100, r(1200) - 600);
      else {
        const at = await page.evaluate((selector) => {
          const all = [...document.querySelectorAll(selector)].filter((n) => n.offsetParent);
          const box = all.length ? all[Math.floor(all.length / 2)].getBoundingClientRect() : null;
          return box && { x: box.left + box.width / 2, y: box.top + box.height / 2 };
        }, places[r(places.length)]);
        if (at && at.x > 0 && at.x < 1280 && at.y > 0 && at.y < 720) await page.touchscreen.tap(at.x, at.y);
      }
      counted.step();
      if (i % 50 === 0) {
        const state = await page.evaluate(() => ({ here: window.here, open: zhendi.browse.isOpen(), selection: String(getSelection()), zoom: window.visualViewport.scale, frames: document.querySelectorAll('.k-frame').length }));
        browsed += state.open ? 1 : 0;
        assert.equal(state.here, true);
        assert.equal(state.selection, '');
        assert.equal(state.zoom, 1);
        assert.ok(state.frames <= 2);
      }
    }
    counted.say();
    assert.ok(browsed > counted.asked / 50 / 10, `browsed ${browsed}`);
    assert.equal(page.url().split('#')[0], url);
    assert.equal(context.pages().length, 1);
    assert.deepEqual(server.asked.filter((one) => !/^\/(index\.html|start\.js|version\.js\?|v\/)/.test(one)), []);
    assert.deepEqual(faults, []);
    assert.equal(await page.evaluate(() => [window.open('https://example.com/'), document.dispatchEvent(new MouseEvent('contextmenu', { cancelable: true, bubbles: true }))].join()), ',false');
    await page.goBack({ timeout: 2000 }).catch(() => null);
    assert.equal(page.url().split('#')[0], url);
  });
});
