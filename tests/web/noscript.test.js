// Without JavaScript everything can be read: the same text stands there, the links lead on, nothing is
// hidden that a script would have to open, and no control is shown that would do nothing.
import test from 'node:test';
import { address, inParallel, launch, none, DESKTOP, PHONE } from './lib/browser.js';
import { serve } from './lib/server.js';
import { variants } from './lib/site.js';

function reading() {
  const visible = (el) => el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && el.getClientRects().length > 0;
  const controls = [...document.querySelectorAll('button, input, select, textarea, [role=button], [tabindex="0"]')]
    .filter((el) => visible(el) && !(el.closest('form[action]')) && getComputedStyle(el).overflowX !== 'auto' && getComputedStyle(el).overflowX !== 'scroll')
    .map((el) => el.outerHTML.slice(0, 90));
  const empty = [...document.querySelectorAll('a[href="#"], a[href^="javascript:"], a:not([href])')].filter(visible).map((el) => el.outerHTML.slice(0, 90));
  // Which text is shown, and which stands in the page and is not; closed <details> aside: a reader can
  // open those without a script.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const shown = [];
  const hidden = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (!node.data.trim() || el.closest('details:not([open]), noscript, script, template, button')) continue;
    (visible(el) ? shown : hidden).push(node.data.trim());
  }
  const links = [...document.querySelectorAll('nav a[href], header a[href]')];
  return { controls, empty, shown, hidden, nav: links.filter(visible).length, text: document.querySelector('main').innerText.trim().length };
}

for (const site of variants()) {
  for (const [device, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
    test(`${site.name}: without JavaScript, ${device}`, async () => {
      const server = await serve(site.root, { prefix: site.prefix, csp: true });
      const browser = await launch({ port: server.port });
      const problems = [];
      try {
        const context = await browser.newContext({ viewport, javaScriptEnabled: false });
        const scripted = await browser.newContext({ viewport });
        const other = await scripted.newPage();
        const samples = site.samples({ everyOffice: false }).filter((s) => s.type !== 'redirect');
        await inParallel(context, samples, 1, async (page, { rel, type }) => {
          await page.goto(address(server.url, rel), { waitUntil: 'load' });
          const say = (text) => problems.push(`${type} ${rel}: ${text}`);
          const found = await page.evaluate(reading);
          for (const c of found.controls) say(`does nothing: ${c}`);
          for (const c of found.empty) say(`leads nowhere: ${c}`);
          await other.goto(address(server.url, rel), { waitUntil: 'load' });
          const shown = new Set((await other.evaluate(reading)).shown);
          const here = new Set(found.shown);
          for (const h of found.hidden) if (shown.has(h) && !here.has(h)) say(`can be read only with a script: ${h.slice(0, 40)}`);
          if (type !== 'door' && found.nav < 3) say(`only ${found.nav} links of the navigation can be seen`);
          if (found.text < 15) say('shows no text');
        });
        const from = samples.find((s) => s.type === 'redirect');
        if (from) problems.push('a redirect was loaded');
      } finally {
        await browser.close();
        await server.close();
      }
      none(problems, 'problem without JavaScript');
    });
  }
}
