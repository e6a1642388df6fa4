// The screens of the built sample portal: every slide fits, each screen runs under its header and from the folder, in the
// current Chromium and in Chromium 78, and a public screen holds nothing of what only the internal ones may show.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { none } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { inspect } from './lib/kiosk-look.js';
import { closeBrowser, serve, theBrowser, visit } from './lib/kiosk-visit.js';
import { filesUnder } from './lib/server.js';

after(closeBrowser);
const OUT = process.env.ZHENDI_OUT;
if (!OUT) throw new Error('ZHENDI_OUT names no built portal; run ./test');
/** Twice the size is the same slide, so in a short run a tenth of them is looked at. */
const ALL = process.env.ZHENDI_LONG === '1';
/** A Tuesday at ten, when every sample screen is open. */
const OPEN = Date.parse('2026-11-24T02:00:00Z');

/** What a data script hands over. */
function handed(file) {
  const got = {};
  const context = vm.createContext({ zhendi: { add: (name, hash, data) => { got.data = data; }, point: (data) => { got.data = data; } } });
  vm.runInContext(fs.readFileSync(file, 'utf8'), context, { filename: file });
  return got.data;
}

const screens = ['east/kiosk/lobby', 'east/kiosk/study-room', 'south/kiosk/hall', 'north/kiosk/corridor'].map((rel) => {
  const root = path.join(OUT, rel);
  const v = path.join(root, 'v', handed(path.join(root, 'version.js')).now);
  const data = handed(path.join(v, 'programme.js'));
  return { rel, root, v, version: path.basename(v), data, portrait: data.screen.orientation === 'portrait', slides: (key) => handed(path.join(v, 's', `${key}.js`)) };
});

test('the screens are those that are to be shown: one at least in each office, one portrait, one public', () => {
  const found = fs.readdirSync(OUT).filter((office) => fs.existsSync(path.join(OUT, office, 'kiosk'))).flatMap((office) => fs.readdirSync(path.join(OUT, office, 'kiosk')).map((id) => `${office}/kiosk/${id}`));
  assert.deepEqual(found.sort(), screens.map((screen) => screen.rel).sort());
  assert.ok(screens.some((screen) => screen.portrait));
  assert.ok(screens.some((screen) => screen.data.screen.audience === 'public'));
  for (const { rel, data } of screens) assert.ok(data.entries.some((entry) => entry.slides.length), rel);
});

/** A page with the screen's own style sheets and the scripts that fill slides, without the player. */
async function bench({ root, v, version, data, portrait }, page, scale) {
  const [wide, high] = portrait ? [1080, 1920] : [1920, 1080];
  await page.setViewportSize({ width: wide * scale, height: high * scale });
  const shell = fs.readFileSync(path.join(root, 'index.html'), 'utf8');
  const sheets = fs.readdirSync(v).filter((name) => name.endsWith('.css')).sort().map((name) => `<link rel="stylesheet" href="v/${version}/${name}">`).join('');
  const file = `file://${root}/bench.html`;
  await page.route(file, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: shell.replace(/<script[^>]*><\/script>/, sheets) }));
  await page.goto(file);
  await page.evaluate(() => { window.zhendi = { code: () => false, now: () => 0 }; });
  for (const name of ['rule.js', 'fill.js']) await page.addScriptTag({ path: path.join(v, name) });
  await page.addStyleTag({ content: '.k-frame{transition:none!important}' });
  await page.evaluate((given) => { window.data = given; }, data);
}

async function look(page, html, version, at) {
  await page.evaluate(async ([given, prefix, place]) => {
    const stage = document.getElementById('stage');
    stage.textContent = '';
    const frame = document.createElement('div');
    frame.className = 'k-frame k-on';
    frame.innerHTML = given.split('{v}').join(prefix);
    stage.appendChild(frame);
    document.documentElement.classList.toggle('is-night', !!place.night);
    if (place.entry >= 0) {
      zhendi.fill.progress(frame, place, data.entries[place.entry].slides.length);
      frame.querySelectorAll('.k-answer').forEach((node) => node.classList.add('k-shown'));
    } else if (place.night) zhendi.fill.night(frame, data, place.now);
    else zhendi.fill.attract(frame, data, place.now, place.turn);
    zhendi.fill.clock(data, place.now);
    await Promise.all([...frame.querySelectorAll('img')].map((img) => img.decode().catch(() => null)));
  }, [html, `v/${version}/`, at]);
  return page.evaluate(inspect);
}

for (const screen of screens) {
  test(`${screen.rel}: every slide fits, at 1080p and ${ALL ? 'at' : 'some at'} 4K`, { timeout: 1200000 }, async (t) => {
    const all = [];
    screen.data.entries.forEach((entry, at) => {
      if (!entry.slides.length) return;
      const slides = screen.slides(entry.key);
      assert.equal(slides.length, entry.slides.length, entry.key);
      slides.forEach((html, slide) => all.push({ where: `${entry.key} ${slide}`, html, at: { entry: at, slide, now: OPEN } }));
    });
    const [invitation] = screen.slides('-attract');
    for (let turn = 0; turn < 8; turn += 1) all.push({ where: `invitation ${turn}`, html: invitation, at: { entry: -1, turn, now: OPEN } });
    for (const now of ['2026-11-24T15:00:00Z', '2026-11-27T23:00:00Z', '2026-11-29T03:00:00Z']) all.push({ where: `night ${now}`, html: screen.slides('-night')[0], at: { entry: -1, night: true, now: Date.parse(now) } });
    const context = await (await theBrowser()).newContext();
    const wrong = [];
    const faults = [];
    let big = 0;
    try {
      for (const scale of [1, 2]) {
        const page = await context.newPage();
        page.on('pageerror', (error) => faults.push(String(error)));
        await bench(screen, page, scale);
        for (const [n, one] of all.entries()) {
          if (scale === 2 && !ALL && n % 10 !== 3) continue;
          big += scale - 1;
          for (const said of await look(page, one.html, screen.version, one.at)) wrong.push(`${one.where} at ${1080 * scale}p: ${said}`);
        }
        await page.close();
      }
    } finally {
      await context.close();
    }
    t.diagnostic(`${all.length} slides at 1080p, ${big} at 4K`);
    none(wrong, 'place where a slide does not fit');
    assert.deepEqual(faults, []);
  });
}

/* In the page: the newest slide as text, without what the runtime puts in */
const standing = () => {
  const at = zhendi.player.at();
  const last = document.querySelector('#stage .k-frame:last-child');
  const seen = last && last.querySelector('.k-slide').cloneNode(true);
  if (seen) seen.querySelectorAll('.k-clock,.k-entries,.k-closes,.k-progress').forEach((node) => { node.textContent = ''; });
  return { entry: at.entry, slide: at.slide, night: !!at.night, text: seen ? seen.textContent : '' };
};
const plain = (html) => html.replace(/<(?:time|p|div)[^>]*class="[^"]*k-clock[^>]*>[^<]*/g, '').replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#x27;/g, "'").replace(/&#x2f;/g, '/').replace(/&amp;/g, '&').replace(/\s+/g, '');
/** Whether what stands there is the slide that is due by its script. */
function isDue(screen, now) {
  const html = now.entry < 0 ? screen.slides('-attract')[0] : screen.slides(screen.data.entries[now.entry].key)[now.slide];
  return plain(html) === now.text.replace(/\s+/g, '');
}

for (const screen of screens) {
  for (const way of ['http', 'file']) {
    test(`${screen.rel} over ${way}: slides advance, an article is read, nothing leads out`, { timeout: 120000 }, async () => {
      const viewport = screen.portrait ? { width: 540, height: 960 } : { width: 960, height: 540 };
      await visit(screen.root, way, async ({ page, faults, go, url, context, server }) => {
        await go();
        await page.waitForFunction(() => !document.querySelector('.k-wait') && document.querySelector('.k-frame.k-on'));
        const seen = new Set();
        for (let i = 0; i < 10; i += 1) {
          await page.waitForFunction(() => zhendi.player.at() && Date.now() - zhendi.player.at().begins < 3600000);
          const comes = async () => { const now = await page.evaluate(standing); return isDue(screen, now) && now; };
          let now = await comes();
          for (let tries = 0; !now && tries < 60; tries += 1) {
            await page.clock.runFor(100);
            now = await comes();
          }
          assert.ok(now, `slide ${i} is not what is due: ${JSON.stringify(await page.evaluate(standing))}`);
          seen.add(`${now.entry}/${now.slide}`);
          assert.ok(await page.evaluate(() => document.querySelectorAll('.k-frame').length <= 2));
          await page.clock.runFor(screen.data.screen.seconds * 1000);
        }
        assert.ok(seen.size >= 9, [...seen].join());

        await page.touchscreen.tap(viewport.width / 2, viewport.height / 2);
        await page.waitForSelector('.b-root:not([hidden])');
        await page.tap('.b-pick', { timeout: 5000 });
        await page.waitForSelector('.b-text');
        assert.ok((await page.textContent('.b-text')).length > 200);
        assert.deepEqual(await page.$$eval('.b-text a[href], .b-text [target]', (all) => all.map((a) => a.outerHTML)), []);
        await page.waitForFunction(() => [...document.querySelectorAll('.b-text img')].every((img) => img.complete && img.naturalWidth > 0));
        if (!await page.isDisabled('.b-next')) await page.tap('.b-next');
        for (const key of ['Control+P', 'F1', 'F5', 'Alt+ArrowLeft', 'Backspace']) await page.keyboard.press(key);
        assert.equal(await page.getAttribute('.b-root', 'data-view'), 'article');
        await page.tap('.b-home');
        await page.tap('.b-back');
        await page.waitForSelector('.b-root', { state: 'hidden' });
        await page.waitForSelector('.k-frame.k-on');
        assert.equal(page.url().split('#')[0], url);
        assert.equal(context.pages().length, 1);
        assert.deepEqual(server.asked.filter((one) => !/^\/(index\.html|start\.js|version\.js\?|v\/)/.test(one)), []);
        assert.deepEqual(faults, []);
      }, { clock: new Date(OPEN), viewport });
    });
  }
}

test('Chromium 78: each screen runs from http and from the folder', { timeout: 120000 }, async () => {
  const browser = await launch78();
  const problems = [];
  const clock = `(function (start) { var real = Date.now; var base = start - real(); window.ahead = 0; Date.now = function () { return real() + base + window.ahead; }; })(${OPEN})`;
  try {
    for (const screen of screens) {
      const server = await serve(screen.root);
      for (const url of [`${server.url}index.html`, `file://${screen.root}/index.html`]) {
        const page = await browser.newPage();
        const until = async (what, ask) => {
          for (const end = Date.now() + 10000; Date.now() < end; await new Promise((done) => setTimeout(done, 30))) if (await page.evaluate(ask)) return;
          throw new Error(`${url}: not in 10 s: ${what}`);
        };
        await page.send('Emulation.setDeviceMetricsOverride', { width: screen.portrait ? 540 : 960, height: screen.portrait ? 960 : 540, deviceScaleFactor: 1, mobile: false });
        await page.send('Page.addScriptToEvaluateOnNewDocument', { source: clock });
        await page.open(url, { settle: 0 });
        await until('a slide', () => !document.querySelector('.k-wait') && !!document.querySelector('.k-frame.k-on'));
        const first = await page.evaluate(standing);
        if (!isDue(screen, first)) problems.push(`${url}: ${JSON.stringify(first)} is not what is due`);
        await page.evaluate((ms) => { window.ahead += ms; zhendi.player.tick(); }, screen.data.screen.seconds * 1000);
        const gone = JSON.stringify([first.entry, first.slide]);
        await page.evaluate((before) => { window.before = before; }, gone);
        await until('the next slide', () => document.querySelectorAll('.k-frame').length > 0 && JSON.stringify([zhendi.player.at().entry, zhendi.player.at().slide]) !== window.before);
        const touch = async (selector) => {
          const at = await page.evaluate((s) => {
            const node = document.querySelector(s);
            const box = node.getBoundingClientRect();
            return { x: box.left + box.width / 2, y: box.top + Math.min(box.height / 2, 30) };
          }, selector);
          await page.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
          await page.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
        };
        await page.send('Emulation.setTouchEmulationEnabled', { enabled: true });
        await touch('#stage');
        await until('the panels', () => !!document.querySelector('.b-root:not([hidden]) .b-pick'));
        await touch('.b-pick');
        await until('an article', () => !!document.querySelector('.b-text') && document.querySelector('.b-text').textContent.length > 200);
        if (await page.evaluate(() => document.querySelectorAll('.b-text a[href]').length)) problems.push(`${url}: a link leads on`);
        if (await page.evaluate(() => location.href.split('#')[0]) !== url) problems.push(`${url}: left`);
        problems.push(...page.errors().map((error) => `${url}: ${error}`));
        await browser.send('Target.closeTarget', { targetId: (await page.send('Target.getTargetInfo')).targetInfo.targetId });
      }
      await server.close();
    }
  } finally {
    await browser.close();
  }
  none(problems, 'problem in Chromium 78');
});

/* ── what a public screen must not hold ── */

/** A file in every way in which words may stand in it: as it is, its strings decoded, entities and escapes undone, marks taken out. */
function readings(file) {
  const bytes = fs.readFileSync(file);
  const out = [bytes.toString('utf8'), bytes.toString('utf16le'), file];
  if (file.endsWith('.js')) {
    const strings = [];
    const walk = (value) => {
      if (typeof value === 'string') strings.push(value);
      else if (value && typeof value === 'object') Object.entries(value).forEach(([key, inner]) => { strings.push(key); walk(inner); });
    };
    const data = /^zhendi\.add\(/.test(out[0]) ? handed(file) : null;
    walk(data);
    out.push(...strings);
  }
  for (const text of [...out]) {
    for (const found of text.matchAll(/base64,([A-Za-z0-9+/=]{16,})/g)) out.push(Buffer.from(found[1], 'base64').toString('utf8'));
  }
  const entities = (text) => text.replace(/&#x([0-9a-f]+);/gi, (_, n) => String.fromCodePoint(parseInt(n, 16))).replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(Number(n))).replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');
  const percent = (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replace(/%/g, ''), 'hex').toString('utf8'));
  const escapes = (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, n) => String.fromCharCode(parseInt(n, 16)));
  return out.map((text) => percent(entities(escapes(text))).replace(/<[^>]*>/g, '').replace(/\s+/g, ''));
}

test('no file of the public screen holds a title or a summary of what only internal screens show', (t) => {
  const open = screens.find((screen) => screen.data.screen.audience === 'public');
  const held = new Set(open.data.entries.map((entry) => entry.key));
  const secret = new Map();
  for (const screen of screens.filter((one) => one !== open)) {
    for (const entry of screen.data.entries.filter((one) => !held.has(one.key))) {
      const words = new Set([entry.title, entry.key]);
      if (entry.short !== entry.title && entry.short.length > 5) words.add(entry.short);
      /* The summary as the edition of that office has it; what is still to come is in none */
      const page = path.join(OUT, screen.rel.split('/')[0], `${entry.key}.html`);
      const summary = fs.existsSync(page) ? /<meta name="description" content="([^"]*)"/.exec(fs.readFileSync(page, 'utf8'))?.[1] : null;
      if (summary) words.add(summary);
      secret.set(entry.key, new Set([...words, ...(secret.get(entry.key) ?? [])]));
    }
  }
  assert.ok(secret.size > 30, `${secret.size} pages`);
  const words = [...secret].flatMap(([key, all]) => [...all].map((word) => ({ key, word: word.replace(/&quot;/g, '"').replace(/&amp;/g, '&').replace(/\s+/g, '') })));
  const search = (root) => filesUnder(root).flatMap((rel) => {
    const texts = readings(path.join(root, rel));
    return words.filter(({ word }) => texts.some((text) => text.includes(word))).map(({ key, word }) => ({ rel, key, word }));
  });
  /* The search finds what is there: on the internal screens, each of these pages */
  const seen = new Set(screens.filter((one) => one !== open).flatMap((one) => search(one.root).map(({ key }) => key)));
  assert.deepEqual([...secret.keys()].filter((key) => !seen.has(key)), []);
  const files = filesUnder(open.root).length;
  t.diagnostic(`${words.length} titles, addresses and summaries of ${secret.size} pages, ${files} files`);
  none(search(open.root).map(({ rel, key, word }) => `${rel} holds “${word}” of ${key}`), 'word of internal pages on a public screen');
});
