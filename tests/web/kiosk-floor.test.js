// The same in Chromium 78, the oldest browser that a kiosk may have.
import test from 'node:test';
import assert from 'node:assert/strict';
import { launch78 } from './lib/chromium78.js';
import { serve, temporary } from './lib/kiosk-visit.js';
import { point, sample, tear, writeShell, writeVersion } from './lib/kiosk-screen.js';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, act, ms = 15000) {
  for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (await act()) return;
  throw new Error(`not in ${ms / 1000} s: ${what}`);
}

test('Chromium 78: slides, a torn version, an update, browsing, idling', { timeout: 180000 }, async () => {
  const browser = await launch78();
  /* Side by side, since most of it is waiting */
  const through = async (way) => {
    const root = temporary();
    writeShell(root);
    const version = writeVersion(root, sample({ video: true, screen: { idle: 3 } }));
    point(root, version);
    const server = await serve(root);
    const url = way === 'http' ? `${server.url}index.html` : `file://${root}/index.html`;
    try {
      const page = await browser.newPage();
      await page.send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 720, deviceScaleFactor: 1, mobile: false });
      const faults = await page.open(url, { settle: 0 });
      const look = () => page.evaluate(() => {
        const frames = document.querySelectorAll('.k-frame');
        const at = window.zhendi.player && zhendi.player.current();
        return { frames: frames.length, on: document.querySelectorAll('.k-frame.k-on').length, key: at && at.key, text: frames.length ? frames[frames.length - 1].textContent : '', film: !!document.querySelector('video') };
      });
      await until('the first slide', () => page.evaluate(() => !document.querySelector('.k-wait') && !!document.querySelector('.k-frame')));
      let right = 0;
      const keys = new Set();
      for (let i = 0; i < 40; i += 1) {
        const now = await look();
        assert.ok(now.frames >= 1 && now.frames <= 2 && now.on >= 1, JSON.stringify(now));
        keys.add(now.key);
        if (now.text.indexOf(now.key ? `${now.key} ` : '短题') >= 0) right += 1;
        await pause(200);
      }
      assert.ok(right > 33, `${right} of 40`);
      assert.ok(keys.size > 2);

      const tap = async (selector) => {
        const at = selector ? await page.evaluate((s) => {
          const node = [...document.querySelectorAll(s)].filter((n) => n.offsetParent && !n.disabled)[0];
          const box = node.getBoundingClientRect();
          return { x: box.left + box.width / 2, y: box.top + Math.min(box.height / 2, 40) };
        }, selector) : { x: 640, y: 300 };
        await page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
        await page.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      };
      const view = () => page.evaluate(() => { const b = document.querySelector('.b-root'); return b.hidden ? '' : b.getAttribute('data-view'); });
      await page.send('Emulation.setTouchEmulationEnabled', { enabled: true });
      const comes = (name) => until(`view ${name}`, async () => await view() === name);
      await tap();
      await comes('home');
      await tap('.b-key');
      await comes('find');
      await tap('.b-item');
      await comes('article');
      await until('text', () => page.evaluate(() => !!document.querySelector('.b-text') && document.querySelector('.b-text').textContent.length > 100));
      await tap('.b-next');
      await until('the next part', () => page.evaluate(() => document.querySelector('.b-scroll').scrollTop > 50));
      await comes('');
      assert.ok((await look()).on >= 1);

      const second = writeVersion(root, sample({ mark: 'two' }));
      point(root, second, version);
      await page.evaluate(() => zhendi.update.check());
      await until('the second version', async () => (await page.evaluate(() => zhendi.player.edition().version)) === second && /two |短题/.test((await look()).text));
      assert.deepEqual([...faults, ...page.errors()], []);

      const third = writeVersion(root, sample({ mark: 'three' }), { code: '/* other */' });
      tear(root, third, '5-text.css', 0.97);
      point(root, third, second);
      await page.open(url, { settle: 0 });
      await until('a slide again', () => page.evaluate(() => !document.querySelector('.k-wait') && !!document.querySelector('.k-frame')));
      assert.equal(await page.evaluate(() => zhendi.player.edition().version), second);
    } finally {
      await server.close();
    }
  };
  try {
    await Promise.all([through('http'), through('file')]);
  } finally {
    await browser.close();
  }
});
