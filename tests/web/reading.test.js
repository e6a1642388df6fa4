// What a reader does with an article: size and contrast are chosen and remembered, from a server and
// from a folder; the table of contents follows; everything is reached and worked by keyboard alone,
// with a focus one can see; keys 1, 2, 3 open the doors.
import test from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { address, inParallel, launch, none, DESKTOP, PHONE } from './lib/browser.js';
import { anArticle, chooseReading, control } from './lib/reading.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

const sample = variants()[0];

async function withSite(options, work) {
  const server = await serve(sample.root, { prefix: '/', csp: true });
  const browser = await launch({ port: server.port });
  try {
    await work(await browser.newContext({ viewport: DESKTOP, ...options }), server.url);
  } finally {
    await browser.close();
    await server.close();
  }
}

const look = () => {
  const p = document.querySelector('main p');
  const style = getComputedStyle(p);
  return { size: parseFloat(style.fontSize), ink: style.color, ground: getComputedStyle(document.body).backgroundColor };
};

async function remembers(context, base) {
  const article = address(base, anArticle(sample));
  const page = await context.newPage();
  await page.goto(article);
  const before = await page.evaluate(look);
  await control(page, '特大').click();
  await control(page, '高对比').click();
  const after = await page.evaluate(look);
  assert.ok(after.size >= before.size * 1.45, `特大 is ${after.size} px after ${before.size} px`);
  assert.notDeepEqual([after.ink, after.ground], [before.ink, before.ground], '高对比 changes no colour');
  assert.match(after.ink, /^rgb\((0, 0, 0|255, 255, 255)\)$/, '高对比 text is black or white');
  assert.equal(await control(page, '特大').getAttribute('aria-pressed') ?? await control(page, '特大').getAttribute('aria-checked'), 'true');
  await page.reload();
  assert.deepEqual(await page.evaluate(look), after, 'a reload forgets the choice');
  await page.goto(address(base, `${sample.offices[1]}/index.html`));
  const elsewhere = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  await page.goto(article);
  const here = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  assert.equal(elsewhere, here, 'the other office does not know the choice');
  await control(page, '标准').click();
  await control(page, '高对比').click();
  await page.reload();
  assert.deepEqual(await page.evaluate(look), before, 'the way back is not remembered');
  await page.close();
}

test('reading bar: size and contrast are remembered on a server', () => withSite({}, remembers));

test('reading bar: size and contrast are remembered in a folder', async () => {
  const browser = await launch();
  try {
    const base = `${pathToFileURL(path.resolve(sample.root)).href}/`;
    await remembers(await browser.newContext({ viewport: DESKTOP }), base);
  } finally {
    await browser.close();
  }
});

test('reading bar: works where storage is refused', () => withSite({}, async (context, base) => {
  await context.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });
  });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto(address(base, anArticle(sample)));
  const before = await page.evaluate(look);
  await control(page, '特大').click();
  assert.ok((await page.evaluate(look)).size > before.size);
  none(errors, 'script error');
}));

test('reading bar: 打印 prints', () => withSite({}, async (context, base) => {
  const page = await context.newPage();
  await page.goto(address(base, anArticle(sample)));
  await page.evaluate(() => { window.print = () => { window.printed = true; }; });
  await control(page, '打印').click();
  assert.equal(await page.evaluate(() => window.printed), true);
}));

test('reading bar: 朗读 is shown only where there is a Chinese voice', () => withSite({}, async (context, base) => {
  const page = await context.newPage();
  await page.goto(address(base, anArticle(sample)));
  const voices = await page.evaluate(() => speechSynthesis.getVoices().filter((v) => /^zh/i.test(v.lang)).length);
  assert.equal(voices, 0, 'this browser has a Chinese voice: the test needs another look');
  assert.equal(await page.getByRole('button', { name: '朗读' }).count(), 0);
  const other = await context.newPage();
  await other.addInitScript(() => {
    const voice = { lang: 'zh-CN', name: 'test', localService: true, default: true };
    speechSynthesis.getVoices = () => [voice];
    window.spoken = [];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } addEventListener() {} };
    speechSynthesis.speak = (u) => window.spoken.push(u.text);
    speechSynthesis.cancel = () => {};
  });
  await other.goto(address(base, anArticle(sample)));
  await other.getByRole('button', { name: '朗读' }).click();
  assert.ok((await other.evaluate(() => window.spoken.join(''))).length > 10, 'nothing is read out');
}));

test('table of contents follows the reader', () => withSite({}, async (context, base) => {
  const page = await context.newPage();
  await page.goto(address(base, anArticle(sample)));
  const entries = await page.evaluate(() => [...document.querySelectorAll('nav a[href^="#"], aside a[href^="#"]')]
    .map((a) => decodeURIComponent(a.hash.slice(1))).filter((id) => /^H[2-4]$/.test(document.getElementById(id)?.tagName ?? '')));
  assert.ok(entries.length >= 3, `the table of contents has ${entries.length} entries`);
  const problems = [];
  for (const id of entries) {
    await page.evaluate((id) => {
      const top = document.getElementById(id).getBoundingClientRect().top + scrollY;
      scrollTo(0, top - 10);
    }, id);
    await page.waitForTimeout(250);
    const atEnd = await page.evaluate(() => innerHeight + scrollY >= document.documentElement.scrollHeight - 4);
    const current = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"][aria-current]')].map((a) => decodeURIComponent(a.hash.slice(1))));
    if (current.length !== 1) problems.push(`${current.length} entries are current at ${id}`);
    else if (current[0] !== id && !atEnd) problems.push(`at ${id} the entry ${current[0]} is current`);
  }
  none(problems, 'wrong entry');
}));

test('table of contents stays beside the text and covers nothing below it', () => withSite({}, async (context, base) => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1366, height: 768 });
  const problems = [];
  let seen = 0;
  for (const rel of sample.html.filter((rel) => /^[^/]+\/(study|cases|policy)\//.test(rel) && sample.types.get(rel) !== 'redirect')) {
    await page.goto(address(base, rel));
    const boxes = await page.evaluate(() => {
      const below = document.querySelector('.more, .back, .pair');
      const toc = document.querySelector('.toc');
      if (!toc || !below) return null;
      below.scrollIntoView({ block: 'center' });
      return [toc.getBoundingClientRect().bottom, below.getBoundingClientRect().top];
    });
    if (!boxes) continue;
    seen += 1;
    if (boxes[0] > boxes[1]) problems.push(`${rel}: the table of contents ends at ${boxes[0]}, what follows the text begins at ${boxes[1]}`);
  }
  assert.ok(seen > 10, `${seen} articles have both`);
  none(problems, 'covered');
}));

test('keyboard: every stop shows its focus, none is lost, the skip link works', () => withSite({}, async (context, base) => {
  const problems = [];
  const samples = sample.samples({ everyOffice: false }).filter((s) => s.type !== 'redirect');
  await inParallel(context, samples, 2, async (page, { rel, type }) => {
    await page.goto(address(base, rel));
    const expected = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
      .filter((el) => el.checkVisibility({ checkVisibilityCSS: true }) && !el.disabled).length);
    let stops = 0;
    for (let press = 0; press < 600; press += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const el = document.activeElement;
        if (!el || el === document.body) return null;
        const style = getComputedStyle(el);
        const box = el.getBoundingClientRect();
        const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return { name: el.outerHTML.slice(0, 80), ring, shadow: style.boxShadow !== 'none', inView: box.bottom > 0 && box.top < innerHeight && box.width > 0, again: el.dataset.visited === 'yes', media: el.matches('video, audio'), mark: (el.dataset.visited = 'yes') };
      });
      // The controls of a film or recording are stops of their own, all in one element.
      if (stop !== null && stop.again && stop.media) continue;
      if (stop === null || stop.again) break;
      stops += 1;
      if (!stop.ring && !stop.shadow) problems.push(`${type} ${rel}: no visible focus on ${stop.name}`);
      if (!stop.inView) problems.push(`${type} ${rel}: focus out of sight on ${stop.name}`);
    }
    // A group of radio buttons is one stop; nothing else may be skipped.
    const radios = await page.evaluate(() => document.querySelectorAll('input[type=radio], [role=radio]').length);
    if (stops + radios < expected) problems.push(`${type} ${rel}: ${stops} stops for ${expected} controls`);
  });
  const page = await context.newPage();
  await page.goto(address(base, anArticle(sample)));
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /跳到正文/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), 'the skip link does not lead into main');
  none(problems, 'problem with the keyboard');
}));

test('keyboard: size and contrast are chosen without a mouse', () => withSite({}, async (context, base) => {
  const page = await context.newPage();
  await page.goto(address(base, anArticle(sample)));
  const before = await page.evaluate(look);
  await control(page, '标准').focus();
  for (let i = 0; i < 6; i += 1) {
    if ((await page.evaluate(() => document.activeElement.textContent.trim())) === '特大') break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  assert.ok((await page.evaluate(look)).size > before.size, 'Space on 特大 does nothing');
}));

test('phone: the table of contents opens and leads to its headings', () => withSite({ viewport: PHONE }, async (context, base) => {
  const page = await context.newPage();
  await page.goto(address(base, anArticle(sample)));
  const summary = page.locator('main summary, main button[aria-expanded]').filter({ hasText: /展开|节|内容/ }).first();
  await summary.click({ timeout: 5000 });
  const link = page.locator('a[href^="#"]:visible').filter({ hasNotText: '跳到' }).nth(1);
  const id = await link.evaluate((a) => decodeURIComponent(a.hash.slice(1)));
  await link.click();
  await page.waitForTimeout(300);
  const top = await page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, id);
  assert.ok(top > -5 && top < 500, `the heading stands at ${top} px`);
}));

/**
 * In the page: targets that a finger of `least` px may miss. One that is smaller will do if a circle of that
 * size about its middle meets no other target (the spacing rule of WCAG 2.5.8, with our own measure).
 */
function tooSmall(least) {
  const targets = [...document.querySelectorAll('a[href], button, summary, input, select')]
    .filter((el) => el.checkVisibility({ checkVisibilityCSS: true }))
    // Links inside running text are as high as their line (WCAG leaves them out, too).
    .filter((el) => !el.closest('p, td, th, dd, dt, figcaption, blockquote, sup, .text li, .footnotes'))
    .map((el) => ({ el, box: el.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1 && box.bottom + scrollY > 0);
  const reach = least / 2 - 0.6;
  const small = ({ box }) => box.height < least - 0.6 || box.width < 24;
  const middle = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
  const away = (a, b) => {
    const [x, y] = middle(a);
    if (small(b)) {
      const [bx, by] = middle(b);
      // Of two small ones their middles may not be nearer than one measure, along the nearer side.
      return Math.max(Math.abs(y - by) - reach, Math.abs(x - bx) - Math.max(reach, b.box.width / 2));
    }
    const dx = Math.max(b.box.left - x, 0, x - b.box.right);
    const dy = Math.max(b.box.top - y, 0, y - b.box.bottom);
    return Math.hypot(dx, dy);
  };
  return targets.filter(small)
    .filter((a) => targets.some((b) => b.el !== a.el && !b.el.contains(a.el) && !a.el.contains(b.el) && away(a, b) < reach))
    .map(({ el, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${el.textContent.trim().slice(0, 20)} (${el.className || el.parentElement.className})`);
}

test('targets are at least 44 px, in 特大 60 px, on a phone, or that far apart', async () => {
  for (const [choices, least] of [[[], 44], [['特大'], 60]]) {
    await withSite({ viewport: PHONE }, async (context, base) => {
      await chooseReading(context, base, sample, choices);
      const problems = [];
      const samples = sample.samples({ everyOffice: false }).filter((s) => s.type !== 'redirect' && s.type !== '404');
      await inParallel(context, samples, 3, async (page, { rel, type }) => {
        await page.goto(address(base, rel));
        const small = await page.evaluate(tooSmall, least);
        for (const s of small) problems.push(`${type} ${rel}: ${s}`);
      });
      none(problems, `target under ${least} px`);
    });
  }
});

test('door: keys 1, 2, 3 open the offices', () => withSite({}, async (context, base) => {
  const page = await context.newPage();
  for (const [i, office] of sample.offices.entries()) {
    await page.goto(address(base, 'index.html'));
    await page.keyboard.press(String(i + 1));
    await page.waitForURL(address(base, `${office}/index.html`), { timeout: 5000 });
  }
  await page.goto(address(base, 'index.html'));
  await page.keyboard.press('Control+1');
  await page.keyboard.press('9');
  await page.waitForTimeout(300);
  assert.equal(page.url(), address(base, 'index.html'), 'another key leaves the door');
}));
