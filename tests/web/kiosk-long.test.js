// Months in minutes: many slides with a fake clock, and what the browser holds meanwhile.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { count } from './lib/count.js';
import { launch78 } from './lib/chromium78.js';
import { closeBrowser, interpretOnly, serve, speedUp, temporary, visit } from './lib/kiosk-visit.js';
import { point, sample, writeShell, writeVersion } from './lib/kiosk-screen.js';

after(closeBrowser);
interpretOnly();
const STEPS = 24;
const ready = (page) => page.waitForFunction(() => !document.querySelector('.k-wait') && document.querySelector('.k-frame'));

function screen(options) {
  const root = temporary();
  writeShell(root);
  const made = sample(options);
  /* Pictures of the size that real slides carry */
  for (const [key, slides] of Object.entries(made.slides)) {
    if (key[0] !== '-') slides[0] = slides[0].replace('</section>', `<img alt="" src="data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!--${key}${'x'.repeat(200000)}--></svg>`)}"></section>`);
  }
  point(root, writeVersion(root, made));
  return root;
}

/** What the browser holds, garbage collected. */
async function held(send) {
  await send('HeapProfiler.collectGarbage');
  const { metrics } = await send('Performance.getMetrics');
  const all = Object.fromEntries(metrics.map((m) => [m.name, m.value]));
  return { nodes: all.Nodes, listeners: all.JSEventListeners, heap: all.JSHeapUsedSize };
}

/*
 * In the page: counts slides as they are put on, and how often something else than what is due stands there. From `wanted`
 * slides on, the clock stops when the first entry comes on: what is held at a moment depends on which slides are loaded.
 */
function watch() {
  window.tally = { slides: 0, wrong: 0, wanted: Infinity, stopped: false };
  let before = null;
  new MutationObserver((changes) => {
    const { tally } = window;
    const fresh = changes.reduce((sum, change) => sum + change.addedNodes.length, 0);
    const entry = zhendi.player.current();
    const last = document.querySelector('#stage .k-frame:last-child');
    if (!fresh || !entry || !last) return;
    tally.slides += fresh;
    const isThere = last.textContent.indexOf(`${entry.key} `) >= 0;
    /* At this speed a slide may not be loaded in time, and the invitation stands in */
    if (!isThere && !last.querySelector('.k-attract')) tally.wrong += 1;
    if (isThere && entry.key !== before && entry.key === zhendi.player.edition().data.entries[0].key && tally.slides >= tally.wanted) {
      tally.wanted = Infinity;
      tally.stopped = true;
      window.stopClock();
    }
    before = entry.key;
  }).observe(document.getElementById('stage'), { childList: true });
}

/** What is held once the browser has come to rest: the least of some moments, all the same but for the last. */
async function settled(send) {
  let last = await held(send);
  for (let still = 0; still < 3;) {
    await new Promise((done) => setTimeout(done, 20));
    const now = await held(send);
    still = now.nodes === last.nodes && now.listeners === last.listeners && Math.abs(now.heap / last.heap - 1) < 0.002 ? still + 1 : 0;
    last = now;
  }
  return last;
}

/**
 * Lets so many slides pass, after a tenth to warm up, and looks 24 times at what is held. The middle of the last moments must
 * not be more than 5 % above that of the first. In a short run the browser is still warming up, which takes some 100 kB; what
 * a slide would leave behind is more than that.
 */
async function pass(counted, { send, evaluate }) {
  await send('Performance.enable');
  await evaluate(`(${watch})()`);
  const marks = [];
  let tally;
  const warm = Math.max(60, counted.asked / 10);
  for (let i = 1; i <= STEPS; i += 1) {
    await evaluate(`void (tally.wanted = ${Math.ceil(warm + (counted.asked * i) / STEPS)})`);
    do {
      await new Promise((done) => setTimeout(done, 20));
      tally = await evaluate('window.tally');
    } while (!tally.stopped);
    marks.push(await settled(send));
    await evaluate('tally.stopped = false, startClock()');
  }
  for (let i = 0; i < counted.asked; i += 1) counted.step();
  counted.say();
  const most = counted.asked < 1500 ? 1.15 : 1.05;
  for (const name of ['listeners', 'heap', 'nodes']) {
    const middle = (list) => list.map((mark) => mark[name]).sort((a, b) => a - b)[list.length >> 1];
    const [before, now] = [middle(marks.slice(0, 9)), middle(marks.slice(-9))];
    assert.ok(now <= before * most, `${name}: ${before} → ${now} (${marks.map((mark) => mark[name])})`);
  }
  assert.ok(tally.wrong <= tally.slides / 20, `${tally.wrong} of ${tally.slides} were not what was due`);
  return marks.map((mark) => `${mark.nodes}/${mark.listeners}/${Math.round(mark.heap / 1000)}k`).filter((_, i) => i % 4 === 3).join(' ');
}

const LONG = { video: true, seconds: 2, entries: 12, screen: { ticker: '消费投诉，拨打 12315。'.repeat(5), beacon: '/b.gif' } };
/* Every clock and timer a hundred times as fast, so that each minute's questions and signs of life are part of it */
const FAST = `(${speedUp})(100, ${Date.parse('2026-11-17T19:20:00Z')})`;

test('many slides: nodes, listeners and heap stay flat', { timeout: 3600000 }, async (t) => {
  await visit(screen(LONG), 'http', async ({ page, faults, go, context }) => {
    const cdp = await context.newCDPSession(page);
    await go();
    await ready(page);
    const said = await pass(count('kiosk-slides', 10000), { send: (what) => cdp.send(what), evaluate: (text) => page.evaluate(text) });
    t.diagnostic(said);
    assert.deepEqual(faults, []);
  }, { init: FAST });
});

test('many slides in Chromium 78', { timeout: 3600000 }, async (t) => {
  const server = await serve(screen(LONG));
  const browser = await launch78();
  try {
    const page = await browser.newPage();
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: FAST });
    const faults = await page.open(`${server.url}index.html`);
    const evaluate = async (expression) => (await page.send('Runtime.evaluate', { expression, returnByValue: true })).result.value;
    while (!await evaluate("!document.querySelector('.k-wait') && !!document.querySelector('.k-frame')")) await new Promise((done) => setTimeout(done, 20));
    t.diagnostic(await pass(count('kiosk-slides-78', 2000), { send: (what) => page.send(what), evaluate }));
    assert.deepEqual([...faults, ...page.errors()], []);
  } finally {
    await browser.close();
    await server.close();
  }
});

test('60 days by the clock: jumps over 24.8 days, back again, and by night; always what is due', async () => {
  const root = screen({ seconds: 12, hours: [1, 1, 1, 1, 1, 0, 0].map((d) => (d ? [[510, 1080]] : [])) });
  await visit(root, 'file', async ({ page, faults, go }) => {
    await go();
    await ready(page);
    const check = async () => {
      await page.clock.runFor(61000);
      await page.waitForTimeout(60);
      await page.clock.runFor(1500);
      await page.waitForTimeout(60);
      return page.evaluate(() => {
        const at = zhendi.rule.slideAt(zhendi.player.edition().data, Date.now());
        const entry = zhendi.player.edition().data.entries[at.entry];
        const text = document.querySelector('#stage .k-frame:last-child').textContent;
        return at.night ? /开放|再见|休息|\d\d:\d\d/.test(text) && !!document.querySelector('.k-night') : text.indexOf(entry ? `${entry.key} ` : '短题') >= 0;
      });
    };
    let utc = Date.parse('2026-11-18T02:00:00Z');
    for (const days of [0, 0.3, 1, 25, 0.37, -3, 24.9, 10.21, -50, 62.4, 0.5]) {
      utc += days * 86400000;
      await page.clock.setSystemTime(new Date(utc));
      assert.equal(await check(), true, `after ${days} days: ${new Date(utc).toISOString()}`);
    }
    assert.deepEqual(faults, []);
  }, { clock: new Date('2026-11-18T02:00:00Z') });
});

test('the planned reload at night, once, and the slide goes on', async () => {
  const root = screen({ seconds: 12 });
  await visit(root, 'http', async ({ page, faults, go, server }) => {
    await go();
    await ready(page);
    const loads = () => server.asked.filter((one) => one === '/index.html').length;
    await page.clock.fastForward(7300000);
    await page.clock.setSystemTime(new Date('2026-11-18T19:09:30Z'));
    for (let i = 0; i < 100 && loads() < 2; i += 1) {
      await page.clock.runFor(1000).catch(() => null);
      await page.waitForTimeout(20);
    }
    await ready(page);
    for (let i = 0; i < 90; i += 1) { await page.clock.runFor(1000); await page.waitForTimeout(5); }
    assert.equal(loads(), 2);
    assert.deepEqual(faults, []);
  }, { clock: new Date('2026-11-18T12:00:00Z') });
});
