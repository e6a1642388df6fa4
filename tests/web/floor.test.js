// Chromium 78 is the floor. Every type of page runs there without a script error; and every rule or
// declaration of the shipped CSS that it drops is a deliberate enhancement, listed with its fallback in
// enhancements.json. An entry that nothing needs any more fails too, so the list stays true.
import test from 'node:test';
import fs from 'node:fs';
import { address, launch, none } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { droppedBy, weight } from './lib/css-floor.js';
import { overflow } from './lib/overflow.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

const LIST = JSON.parse(fs.readFileSync(new URL('enhancements.json', import.meta.url), 'utf8'));
const sites = variants();

/** `css/portal.1a2b3c4d.css` of any edition is `portal.css`. */
const plainName = (rel) => rel.split('/').at(-1).replace(/[.-][0-9a-f]{6,}(?=\.css$)/, '');

/** Every stylesheet of the outputs, equal ones once. */
function sheets() {
  const found = new Map();
  for (const site of sites) {
    for (const rel of [...site.files, ...site.screens].filter((f) => f.endsWith('.css'))) {
      const css = site.text(rel);
      if (!found.has(css)) found.set(css, { name: plainName(rel), css });
    }
  }
  return [...found.values()];
}

/** An entry covers a piece by its own words, and by its place if it names one. */
const covers = (entry, piece) =>
  entry.what === piece.what && (entry.in === undefined || piece.within.join(' > ') === entry.in);

/** In Chromium 78: flex boxes with a gap, which it reads and does not draw. */
function flexGaps() {
  const out = new Set();
  for (const el of document.querySelectorAll('body, body *')) {
    const style = getComputedStyle(el);
    if (!/flex/.test(style.display) || el.children.length < 2) continue;
    for (const side of ['rowGap', 'columnGap']) {
      if (!/^(normal|0px)$/.test(style[side])) {
        out.add(`${side} ${style[side]} on flex box ${el.tagName.toLowerCase()}.${el.getAttribute('class') || ''}`);
      }
    }
  }
  return [...out];
}

test('Chromium 78: every dropped rule and declaration is a listed enhancement', async (t) => {
  const all = sheets();
  if (weight(all) < 100) throw new Error(`only ${weight(all)} pieces of CSS found: is this a built portal?`);
  const browser = await launch78();
  const current = await launch();
  let dropped;
  try {
    const page = await browser.newPage();
    await page.open('about:blank');
    dropped = await droppedBy(page, await current.newPage(), all);
  } finally {
    await current.close();
    await browser.close();
  }
  const used = new Set();
  const unlisted = new Map();
  for (const piece of dropped) {
    const entry = LIST.find((e) => covers(e, piece));
    if (entry) used.add(entry);
    else unlisted.set(`${piece.what}|${piece.within.join(' > ')}`, piece);
  }
  none(LIST.filter((e) => !e.fallback || e.fallback.length < 8).map((e) => e.what), 'entry without a fallback');
  none(
    [...unlisted.values()].map((p) => `${p.sheet}:${p.line}:${p.column} ${JSON.stringify({ what: p.what, in: p.within.join(' > '), fallback: '' })}`),
    'piece of CSS that Chromium 78 drops and enhancements.json does not list',
  );
  none(LIST.filter((e) => !used.has(e)).map((e) => JSON.stringify(e)), 'entry of enhancements.json that nothing needs');
  t.diagnostic(`${weight(all)} pieces tried, ${dropped.length} dropped, ${LIST.length} entries`);
});

for (const site of sites) {
  test(`${site.name}: Chromium 78 runs every type of page`, async (t) => {
    const server = await serve(site.root, { prefix: site.prefix, csp: true });
    const browser = await launch78();
    const problems = [];
    const opens = (s) => s.type !== 'redirect' && !(s.type === '404' && site.prefix !== '/' && !site.bound);
    const samples = site.samples().filter(opens);
    const few = site.samples({ everyOffice: false }).filter(opens);
    try {
      const page = await browser.newPage();
      for (const [width, height] of [[1366, 768], [390, 844]]) {
        await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
        // What differs between offices does not depend on the width.
        for (const { rel, type } of width > 1000 ? samples : few) {
          const errors = await page.open(address(server.url, rel));
          for (const e of errors) problems.push(`${type} ${rel} at ${width}: ${e}`);
          for (const gap of await page.evaluate(flexGaps)) problems.push(`${type} ${rel} at ${width}: ${gap}`);
          const shape = await page.evaluate(() => {
            const main = document.querySelector('main');
            return {
              text: main ? main.innerText.trim().length : 0,
              tall: main ? main.getBoundingClientRect().height : 0,
              font: parseFloat(getComputedStyle(document.body).fontSize),
            };
          });
          const over = await page.evaluate(overflow);
          if (over) problems.push(`${type} ${rel} at ${width}: scrolls sideways, ${over}`);
          if (shape.text < 15 || shape.tall < 60) problems.push(`${type} ${rel} at ${width}: main shows ${shape.text} characters on ${shape.tall} px`);
          if (shape.font < 15) problems.push(`${type} ${rel} at ${width}: body text of ${shape.font} px`);
        }
      }
      // The reading bar does its work there, too.
      const article = samples.find((s) => s.type.startsWith('page:'));
      await page.open(address(server.url, article.rel));
      const press = (name) => page.evaluate((name) => {
        const all = [...document.querySelectorAll('button')];
        const b = all.find((b) => b.textContent.trim() === name && b.getBoundingClientRect().height > 0);
        if (!b) return `no visible button ${name}`;
        const before = parseFloat(getComputedStyle(document.querySelector('main')).fontSize);
        b.click();
        return [before, parseFloat(getComputedStyle(document.querySelector('main')).fontSize)];
      }, name);
      const sizes = await press('特大');
      if (!Array.isArray(sizes) || !(sizes[1] > sizes[0] * 1.3)) problems.push(`特大 does not enlarge: ${sizes}`);
      const contrast = await press('高对比');
      if (!Array.isArray(contrast)) problems.push(contrast);
      for (const e of page.errors()) problems.push(`reading bar: ${e}`);
    } finally {
      await browser.close();
      await server.close();
    }
    none(problems, 'problem in Chromium 78');
    t.diagnostic(`${samples.length} pages at two widths`);
  });
}
