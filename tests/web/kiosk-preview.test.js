// The page of all screens in preview: each runs in its frame, and all follow the clock that somebody sets, whatever the
// computer's own says.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { article, preview } from './lib/preview.js';

const SCREENS = `
[[offices.screens]]
id = "lobby"
name = "一楼大厅"
audience = "public"
hours = { workdays = "08:30-18:00" }
[[offices.screens]]
id = "hall"
name = "门厅"
orientation = "portrait"
`;
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#246"/></svg>';

const portal = await preview();
portal.write('zhendi.toml', `title = "门户"\n[[offices]]\nid = "east"\nname = "城东办公区"\nshort = "城东"\n${SCREENS}`);
portal.write('content/study/bing.md', article('丙的标题', { front: 'audience: public\nkiosk: { from: 2026-12-01 09:00, seconds: 600 }\n', n: 1 }));
portal.write('content/study/ding/index.md', article('丁有图片', { front: 'audience: public\nkiosk: { until: 2026-11-30, seconds: 600 }\n', text: '![图](p.svg)', n: 1 }));
portal.write('content/study/ding/p.svg', PICTURE);
after(portal.close);

const said = () => Array.from(document.querySelectorAll('.says')).map((one) => one.textContent);
const ready = () => {
  const all = Array.from(document.querySelectorAll('.says')).map((one) => one.textContent);
  return all.length === 2 && all.every((one) => one && one !== '正在准备…');
};

test('all screens follow the clock', async () => {
  const browser = await launch();
  try {
    // Wherever the computer is, the portal's clock counts.
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, timezoneId: 'America/New_York' });
    const page = await context.newPage();
    const faults = [];
    page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${portal.url}-/`);
    await page.waitForFunction(() => document.querySelector('a[href="/-/screens"]') || (location.reload(), false), null, { polling: 500 });
    await page.click('a[href="/-/screens"]');
    await page.waitForFunction(ready);
    const set = async (day, hour, expected) => {
      await page.fill('#day', day);
      await page.fill('#hour', hour);
      await page.dispatchEvent('#hour', 'change');
      await page.waitForFunction((wanted) => {
        const all = Array.from(document.querySelectorAll('.says')).map((one) => one.textContent);
        return wanted.every((part, at) => all[at].indexOf(part) >= 0);
      }, expected, { timeout: 10000 }).catch(async () => assert.fail(`${day} ${hour}: ${await page.evaluate(said)}`));
      assert.match(await page.textContent('#wall'), new RegExp(`^${day} 星期. ${hour}`));
    };
    await set('2026-12-01', '09:00', ['丙的标题', '丙的标题']);
    await set('2026-12-01', '08:29', ['不在放映时间', '']);
    await set('2026-11-30', '12:00', ['丁有图片', '丁有图片']);
    // The picture of a slide is in its script, and shows under the preview's policy.
    await page.fill('#hour', '08:42');
    await page.dispatchEvent('#hour', 'change');
    const frame = page.frames().find((one) => one.url().endsWith('/lobby/index.html'));
    await frame.waitForFunction(() => Array.from(document.images).some((image) => /^data:/.test(image.src) && image.naturalWidth > 0), null, { timeout: 20000 });
    // Sixty times as fast a minute is over in a second.
    await page.selectOption('#speed', '600');
    const before = await page.textContent('#wall');
    await page.waitForFunction((text) => document.getElementById('wall').textContent.slice(0, 16) !== text.slice(0, 16), before, { timeout: 10000 });
    await page.click('#now');
    await page.waitForFunction(() => Math.abs(document.querySelector('iframe').contentWindow.zhendi.shift) < 1500);
    assert.deepEqual(faults, []);
    const shapes = await page.$$eval('.box', (all) => all.map((box) => box.getBoundingClientRect()).map(({ width, height }) => Math.round((100 * width) / height)));
    assert.deepEqual(shapes, [178, 56]);
  } finally {
    await browser.close();
  }
});

test('in Chromium 78', async () => {
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    const faults = await page.open(`${portal.url}-/screens`);
    for (let i = 0; i < 300 && !await page.evaluate(ready); i += 1) await new Promise((done) => setTimeout(done, 100));
    assert.equal(await page.evaluate(ready), true);
    assert.deepEqual([...faults, ...page.errors()], []);
  } finally {
    await browser.close();
  }
});
