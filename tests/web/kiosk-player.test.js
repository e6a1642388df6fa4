// The runtime in a real Chromium on a small screen written by hand: over http with the header, and from the folder.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { closeBrowser, temporary, visit } from './lib/kiosk-visit.js';
import { SHIPPED } from './lib/kiosk-rule.js';
import { point, sample, tear, writeShell, writeVersion } from './lib/kiosk-screen.js';

after(closeBrowser);
const SHEETS = fs.readdirSync(SHIPPED).filter((name) => name.endsWith('.css')).concat('office.css');
const started = (page) => page.waitForFunction(() => !document.querySelector('.k-wait') && document.querySelector('.k-frame'));
const until = (page, text, timeout = 15000) => page.waitForFunction((t) => {
  const last = document.querySelector('#stage .k-frame:last-child');
  return last && last.textContent.indexOf(t) >= 0;
}, text, { timeout });

function screen(options = {}) {
  const root = temporary();
  writeShell(root);
  const version = writeVersion(root, sample(options));
  point(root, version);
  return { root, version };
}

for (const way of ['http', 'file']) {
  test(`${way}: slides advance as the rule says, at most two in the document`, async () => {
    const { root } = screen({ video: true });
    await visit(root, way, async ({ page, faults, go }) => {
      await go();
      await started(page);
      const seen = await page.evaluate(() => new Promise((done) => {
        const out = { most: 0, right: 0, wrong: [], kinds: new Set(), videos: 0, nothing: 0 };
        const end = Date.now() + 6500;
        (function look() {
          const frames = document.querySelectorAll('.k-frame');
          const at = zhendi.rule.slideAt(zhendi.player.edition().data, Date.now());
          const entry = zhendi.player.edition().data.entries[at.entry];
          const text = frames.length ? frames[frames.length - 1].textContent : '';
          out.most = Math.max(out.most, frames.length);
          out.videos = Math.max(out.videos, document.querySelectorAll('video').length);
          if (!document.querySelector('.k-frame.k-on')) out.nothing += 1;
          if (document.querySelector('.k-film') && document.querySelector('.k-film').videoWidth) out.kinds.add('film');
          if (document.querySelector('.k-now b')) out.kinds.add('progress');
          /* Not at the very edge, where timers are a few milliseconds late */
          if (Date.now() - at.begins > 250 && at.ends - Date.now() > 50) {
            if (entry ? text.indexOf(`${entry.key} `) >= 0 : text.indexOf('短题') >= 0) out.right += 1;
            else out.wrong.push(`${entry && entry.key}: ${text}`);
          }
          if (Date.now() < end) setTimeout(look, 50);
          else done({ ...out, kinds: [...out.kinds] });
        })();
      }));
      assert.equal(seen.wrong.length, 0, seen.wrong.slice(0, 5).join('\n'));
      assert.ok(seen.right > 40, `${seen.right}`);
      assert.ok(seen.most <= 2);
      assert.ok(seen.videos <= 1);
      assert.equal(seen.nothing, 0);
      assert.deepEqual(seen.kinds.sort(), ['film', 'progress']);
      assert.deepEqual(faults, []);
      /* At midnight the programme begins, and its first article has the video */
    }, { clock: new Date('2026-11-17T16:00:00Z') });
  });

  test(`${way}: a new version takes over in place; one with other code loads the page anew`, async () => {
    const { root, version } = screen();
    await visit(root, way, async ({ page, faults, go }) => {
      await go();
      await started(page);
      await page.evaluate(() => { window.here = true; });
      const second = writeVersion(root, sample({ mark: 'two' }));
      point(root, second, version);
      await page.evaluate(() => zhendi.update.check());
      await until(page, 'two ');
      assert.equal(await page.evaluate(() => window.here), true);
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('link[rel=stylesheet]')].map((l) => l.dataset.version)), SHEETS.map(() => second));
      const third = writeVersion(root, sample({ mark: 'three' }), { code: '/* other */\n' });
      point(root, third, second);
      fs.rmSync(`${root}/v/${version}`, { recursive: true });
      await page.evaluate(() => zhendi.update.check());
      await until(page, 'three ');
      assert.equal(await page.evaluate(() => window.here), undefined);
      assert.deepEqual(faults, []);
    });
  });
}

/* Side by side, since most of it is waiting */
const TORN = ['list.js', 'programme.js', 's/case/1.js', 'a/policy/2.js', 's/-night.js', 'player.js', '5-text.css', 'office.css'];
test('a torn version never shows, neither while running nor at boot; repaired, it does', { concurrency: 4 }, async (t) => {
  /* One of each sort of file; all of them in a long run */
  const names = process.env.ZHENDI_LONG === '1' ? TORN : ['programme.js', 's/case/1.js', 'player.js', '5-text.css'];
  const cases = names.map((name) => ['file', name]).concat(['s/case/1.js', '5-text.css'].map((name) => ['http', name]));
  await Promise.all(cases.map(([way, name]) => t.test(`${way}: ${name}`, async () => {
    const { root, version } = screen();
    await visit(root, way, async ({ page, faults, go }) => {
      await go();
      await started(page);
      const second = writeVersion(root, sample({ mark: 'two' }), { code: '/* other */\n', css: '/* other */\n' });
      const whole = fs.readFileSync(`${root}/v/${second}/${name}`);
      tear(root, second, name, name.endsWith('.css') ? 0.97 : 0.6);
      point(root, second, version);
      /* Until it has found out what is wrong, and then to the next slide, where it would take over */
      await page.evaluate(() => {
        const { load, tryOn } = zhendi;
        const note = (done) => (good) => { if (good === undefined || good === false) window.refused = true; done(good); };
        zhendi.load = (version, name, hash, done, dry) => load(version, name, hash, note(done), dry);
        zhendi.tryOn = (version, files, done) => tryOn(version, files, note(done));
        zhendi.update.check();
      });
      await page.waitForFunction(() => window.refused);
      await page.evaluate(() => { window.begun = zhendi.player.at().begins; });
      await page.waitForFunction(() => zhendi.player.at().begins > window.begun);
      assert.equal(await page.evaluate(() => zhendi.player.edition().version), version);
      await page.evaluate(() => localStorage.clear());
      await go();
      await started(page);
      assert.equal(await page.evaluate(() => zhendi.player.edition().version), version);
      fs.writeFileSync(`${root}/v/${second}/${name}`, whole);
      await page.evaluate(() => zhendi.update.check());
      await until(page, 'two ');
      assert.equal(await page.evaluate(() => zhendi.player.edition().version), second);
      const meant = (fault) => /SyntaxError|Unexpected end/.test(fault);
      assert.deepEqual(faults.filter((one) => !meant(one)), []);
    });
  })));
});

test('nothing whole at all: a calm page until there is', async () => {
  const { root, version } = screen();
  tear(root, version, 'programme.js');
  await visit(root, 'file', async ({ page, go }) => {
    await go();
    await page.waitForSelector('.k-wait');
    assert.equal(await page.textContent('.k-wait'), '正在准备内容…');
    const good = writeVersion(root, sample({ mark: 'good' }));
    point(root, good, version);
    await until(page, 'good ');
  });
});

test('no version.js: the version that ran last on this machine', async () => {
  const { root } = screen();
  await visit(root, 'file', async ({ page, go }) => {
    await go();
    await started(page);
    fs.rmSync(`${root}/version.js`);
    await go();
    await started(page);
    await until(page, 'one ');
  });
});

test('the source goes away: the programme goes on, the strip says since when, nothing is loaded anew; it comes back', async () => {
  const { root } = screen({ screen: { beacon: '/b.gif' }, seconds: 12 });
  const clock = new Date('2026-11-18T02:00:00Z');
  await visit(root, 'http', async ({ page, server, go }) => {
    await go();
    await started(page);
    await page.evaluate(() => { window.here = true; });
    const minutes = async (n) => { for (let i = 0; i < n * 6; i += 1) { await page.clock.runFor(10000); await page.waitForTimeout(15); } };
    await minutes(3);
    const before = server.beacons.length;
    assert.ok(before >= 2, `${before} beacons`);
    assert.match(server.beacons[0], /^s=east\/lobby&v=[0-9a-f]{16}&k=[-a-z0-9/]+&n=\d&t=\d{10}$/);
    server.away = true;
    await minutes(8);
    assert.equal(await page.isVisible('.k-strip'), false);
    await minutes(5);
    assert.equal(await page.textContent('.k-strip'), '内容自 11月18日 10:02 起未更新');
    assert.ok(await page.isVisible('.k-strip'));
    assert.ok(await page.evaluate(() => document.querySelectorAll('.k-frame.k-on').length > 0));
    /* Over the planned reload at 3:10 */
    await page.clock.setSystemTime(new Date('2026-11-18T19:09:00Z'));
    await minutes(3);
    assert.equal(await page.evaluate(() => window.here), true);
    server.away = false;
    await minutes(2);
    assert.equal(await page.isVisible('.k-strip'), false);
    await page.waitForTimeout(300);
    assert.ok(server.beacons.length >= before + 14, `${server.beacons.length} beacons`);
    const times = server.beacons.map((one) => Number(/t=(\d+)/.exec(one)[1]));
    assert.deepEqual(times, [...new Set(times)]);
  }, { clock });
});

test('a slide that can not be had: the invitation stands in, then the programme goes on', async () => {
  const { root, version } = screen({ entries: 3, video: true });
  await visit(root, 'file', async ({ page, go }) => {
    await go();
    await started(page);
    tear(root, version, 's/case/1.js');
    fs.rmSync(`${root}/v/${version}/f/study/0/film.webm`);
    const seen = await page.evaluate(() => new Promise((done) => {
      const out = { blank: 0, stood: 0, failed: 0, wrong: [] };
      const end = Date.now() + 11000;
      (function look() {
        const on = document.querySelectorAll('.k-frame.k-on');
        const at = zhendi.rule.slideAt(zhendi.player.edition().data, Date.now());
        const text = on.length ? on[on.length - 1].textContent : '';
        if (!text) out.blank += 1;
        if (at.entry === 1 && text.indexOf('短题') >= 0) out.stood += 1;
        if (at.entry === 0 && at.slide === 2 && text.indexOf('短题') >= 0) out.failed += 1;
        if (Date.now() < end) setTimeout(look, 40);
        else done(out);
      })();
    }));
    assert.equal(seen.blank, 0);
    assert.ok(seen.stood > 10, `${seen.stood}`);
    assert.ok(seen.failed > 3, `${seen.failed}`);
  });
});

test('night: its words, its day, dimming; and the morning', async () => {
  const hours = [1, 1, 1, 1, 1, 0, 0].map((d) => (d ? [[510, 1080]] : []));
  const { root } = screen({ hours, quiet: ['2026-11-19'], screen: { dim: [[0, 510], [1080, 1440]], ticker: '消费投诉，拨打 12315。' }, seconds: 12 });
  await visit(root, 'file', async ({ page, faults, go }) => {
    const look = () => page.evaluate(() => ({
      title: document.querySelector('.k-frame.k-on:last-child .k-title') && document.querySelector('.k-frame.k-on:last-child .k-title').textContent,
      next: (document.querySelector('.k-frame.k-on:last-child .k-next') || {}).textContent,
      hours: [...document.querySelectorAll('.k-frame.k-on:last-child .k-hours-line')].map((n) => n.textContent).join('|'),
      clock: (document.querySelector('.k-frame.k-on:last-child .k-clock') || {}).textContent,
      root: document.documentElement.className,
      shade: !document.querySelector('.k-shade').hidden, ticker: !document.querySelector('.k-ticker').hidden,
    }));
    const to = async (time) => { await page.clock.setSystemTime(new Date(time)); await page.clock.runFor(61000); await page.waitForTimeout(200); await page.clock.runFor(2000); };
    await go();
    await started(page);
    const day = await look();
    assert.equal(day.ticker, true);
    assert.equal(day.shade, false);
    await to('2026-11-18T10:05:00Z');
    const night = await look();
    assert.equal(night.title, '后天再见'.replace('后天', '星期五'));
    assert.equal(night.next, '后天（星期五）8:30');
    assert.equal(night.hours, '工作日 8:30 至 18:00');
    assert.equal(night.clock, '18:06');
    assert.match(night.root, /is-night/);
    assert.match(night.root, /is-dim/);
    assert.equal(night.shade, true);
    assert.equal(night.ticker, false);
    await to('2026-11-19T03:00:00Z');
    assert.equal((await look()).title, '今天休息');
    await to('2026-11-19T12:00:00Z');
    assert.equal((await look()).next, '明天（星期五）8:30');
    await to('2026-11-20T00:28:58Z');
    assert.equal((await look()).title, null);
    assert.deepEqual(faults, []);
  }, { clock: new Date('2026-11-18T02:00:00Z') });
});
