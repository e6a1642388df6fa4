// Three days without the source, minute by minute: meanwhile a copy that broke off, clocks that jump and a power cut. The
// screen is never blank, shows what is due by the clock that it has, and takes the update when there is a whole one.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { count } from './lib/count.js';
import { WORK, at } from './lib/kiosk-rule.js';
import { point, sample, tear, writeShell, writeVersion } from './lib/kiosk-screen.js';
import { closeBrowser, temporary, visit } from './lib/kiosk-visit.js';

after(closeBrowser);
const BEGIN = at('2026-11-18T10:00:00');

/* In the page, from the first moment: how often the stage had nothing on it. */
function watch() {
  document.addEventListener('DOMContentLoaded', () => {
    window.blank = 0;
    const stage = document.getElementById('stage');
    /* The frame in which style sheets are tried on has none */
    if (!stage) return;
    let hasBegun = false;
    new MutationObserver(() => {
      const shown = document.querySelector('#stage .k-frame');
      hasBegun = hasBegun || !!shown;
      if (hasBegun && !(shown && shown.textContent)) window.blank += 1;
    }).observe(stage, { childList: true });
  });
}

/** What is due by the screen's own clock is on show. */
const isInStep = () => {
  if (!window.zhendi || !zhendi.player || !zhendi.player.edition()) return false;
  const { data } = zhendi.player.edition();
  const due = zhendi.rule.slideAt(data, Date.now());
  const shown = document.querySelector('#stage .k-frame.k-on:last-child');
  if (!shown || document.querySelector('.k-wait')) return false;
  if (due.night) return !!shown.querySelector('.k-night');
  const entry = data.entries[due.entry];
  return shown.textContent.indexOf(entry ? `${entry.key} ` : '短题') >= 0;
};

/** One screen with a version that runs, and beside it the next one, cut short in the middle. */
function screen() {
  const root = temporary();
  writeShell(root);
  const given = { seconds: 30, hours: WORK, screen: { dim: [[0, 510], [1080, 1440]], beacon: '/b.gif', ticker: '消费投诉，拨打 12315。' } };
  const one = writeVersion(root, sample(given));
  point(root, one);
  const two = writeVersion(root, sample({ ...given, mark: 'two' }));
  const torn = `${root}/v/${two}/s/case/1.js`;
  const whole = fs.readFileSync(torn);
  tear(root, two, 's/case/1.js');
  return { root, one, comes: () => point(root, two, one), mends: () => fs.writeFileSync(torn, whole) };
}

for (const way of ['file', 'http']) {
  test(`${way}: three days without the source`, { timeout: 3600000 }, async () => {
    const counted = count(`kiosk-outage-${way}`, 72);
    const { root, one, comes, mends } = screen();
    await visit(root, way, async ({ page, server, faults, go }) => {
      const boot = async () => {
        await go();
        await page.waitForFunction(isInStep);
      };
      let blank = 0;
      const gather = async () => { blank += await page.evaluate(() => window.blank); };
      const version = () => page.evaluate(() => zhendi.player.edition().version);
      const minute = async () => {
        await page.clock.runFor(60000);
        await page.waitForFunction(isInStep);
      };
      const events = {
        /* From a disk the copy is what breaks off, from a server the line */
        0: () => { if (way === 'http') server.away = true; else comes(); },
        0.3: () => page.clock.setSystemTime(new Date(BEGIN + 14 * 86400000)),
        /* A page from a server can't be had again without it; a screen that must stand this is copied to a disk */
        0.5: async () => {
          if (way === 'http') return;
          await gather();
          /* The machine's battery is flat */
          await page.clock.setSystemTime(new Date('2020-01-01T00:00:00Z'));
          await boot();
        },
        0.7: () => page.clock.setSystemTime(new Date(BEGIN + counted.asked * 0.7 * 3600000)),
      };
      await boot();
      for (let hour = 0; hour < counted.asked; hour += 1) {
        for (const [share, happens] of Object.entries(events)) if (hour === Math.floor(share * counted.asked)) await happens();
        for (let i = 0; i < 60; i += 1) await minute();
        counted.step();
      }
      counted.say();
      assert.equal(await version(), one);
      assert.equal(await page.isVisible('.k-strip'), true);

      /* The line is back, and behind it lies half a copy */
      comes();
      server.away = false;
      for (let i = 0; i < 5; i += 1) await minute();
      await gather();
      await page.clock.setSystemTime(new Date(at('2026-11-23T10:00:00')));
      await boot();
      assert.equal(await version(), one);

      mends();
      let seconds = 0;
      while (seconds < 120 && !await page.evaluate(() => document.querySelector('#stage .k-frame.k-on:last-child').textContent.indexOf('two ') >= 0)) {
        for (let i = 0; i < 5; i += 1) await page.clock.runFor(100);
        seconds += 0.5;
      }
      assert.ok(seconds < 120, 'the update is shown within two minutes');
      await minute();
      assert.equal(await page.isVisible('.k-strip'), false);
      await gather();
      assert.equal(blank, 0);
      /* What a browser says of a line that is down and of half a script, and nothing else */
      const meant = (fault) => /SyntaxError|Unexpected end|net::ERR/.test(fault);
      assert.deepEqual(faults.filter((fault) => !meant(fault)), []);
    }, { clock: new Date(BEGIN), init: watch, immutable: true });
  });
}
