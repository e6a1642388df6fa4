// Every page of every edition, loaded in a real Chromium from below a path under the strict policy; each article once also
// from a server's root and from a folder: no dead link, no missing anchor, nothing in the console, no violation of the
// policy, no request to another host, and no page that no link leads to.
import test from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { address, inParallel, launch, none, DESKTOP } from './lib/browser.js';
import { serve } from './lib/server.js';
import { variants, STRANGE_HOST } from './lib/site.js';

/** In the page: everything it links to or loads, and everything that can be linked to in it. */
function inventory() {
  const links = [];
  const add = (el, attribute, kind) => {
    const value = el.getAttribute(attribute);
    if (value !== null) links.push({ kind, raw: value, url: new URL(value, document.baseURI).href });
  };
  for (const el of document.querySelectorAll('a[href], area[href]')) add(el, 'href', 'link');
  for (const el of document.querySelectorAll('link[href]')) add(el, 'href', el.rel);
  for (const el of document.querySelectorAll('img[src], script[src], source[src], iframe[src], embed[src], video[src], audio[src]')) add(el, 'src', 'asset');
  for (const el of document.querySelectorAll('[srcset]')) {
    for (const part of el.getAttribute('srcset').split(',')) {
      const value = part.trim().split(/\s+/)[0];
      links.push({ kind: 'asset', raw: value, url: new URL(value, document.baseURI).href });
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map((el) => el.id);
  const inline = [
    ...[...document.querySelectorAll('style')].map(() => 'a style element'),
    ...[...document.querySelectorAll('script:not([src])')].map(() => 'an inline script'),
    ...[...document.querySelectorAll('*')].flatMap((el) => [...el.attributes]
      .filter((a) => a.name === 'style' || a.name.startsWith('on'))
      .map((a) => `${el.tagName.toLowerCase()} ${a.name}="${a.value}"`)),
  ];
  const images = [...document.images].map((img) => {
    img.loading = 'eager';
    return img;
  });
  return Promise.all(images.map((img) => img.decode().then(() => null, () => img.getAttribute('src'))))
    .then((broken) => ({ links, ids, inline, broken: broken.filter(Boolean), title: document.title }));
}

/** Loads the pages of `site` below `base`, `every` one or each article once; gives back what was found wrong. */
async function crawl(site, base, context, { skip404, every }) {
  const problems = [];
  const seen = new Map();
  const local = (url) => {
    const clean = url.split(/[?#]/)[0];
    if (clean.startsWith(base)) return decodeURIComponent(clean.slice(base.length)) || 'index.html';
    const named = `http://${STRANGE_HOST}${site.prefix}`;
    return clean.startsWith(named) ? decodeURIComponent(clean.slice(named.length)) || 'index.html' : null;
  };
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile ?? ''}`));
  });
  const all = every ? site.html : site.distinct().map(({ rel }) => rel);
  const pages = all.filter((rel) => !(skip404 && site.types.get(rel) === '404'));
  await inParallel(context, pages, 4, async (page, rel) => {
    const say = (text) => problems.push(`${rel}: ${text}`);
    const onConsole = (m) => (m.type() === 'error' || m.type() === 'warning') && say(`console: ${m.text()} ${m.location().url}`);
    const onError = (e) => say(`script: ${e.message}`);
    const onRequest = (r) => local(r.url()) === null && say(`asks another host: ${r.url()}`);
    // An icon still on its way when the next page is asked for is given up; that its file exists is checked below.
    const onFailed = (r) => !(r.failure()?.errorText === 'net::ERR_ABORTED' && /\/icon[^/]*$/.test(r.url())) && say(`not loaded: ${r.url()} ${r.failure()?.errorText}`);
    const target = site.refresh(rel);
    page.on('console', onConsole).on('pageerror', onError).on('request', onRequest);
    if (!target) page.on('requestfailed', onFailed);
    const url = address(base, rel);
    await page.goto(url, { waitUntil: target ? 'commit' : 'load' });
    if (target) {
      const wanted = new URL(target, url).href;
      await page.waitForURL(wanted, { timeout: 10000 }).catch(() => say(`does not lead to ${wanted} but to ${page.url()}`));
      await page.waitForLoadState('load');
      seen.set(rel, { links: [{ kind: 'link', raw: target, url: wanted }], ids: [] });
    } else {
      const found = await page.evaluate(inventory);
      for (const what of found.inline) say(`inline: ${what}`);
      for (const src of found.broken) say(`picture does not show: ${src}`);
      if (!found.title.trim()) say('has no title');
      seen.set(rel, found);
    }
    page.off('console', onConsole).off('pageerror', onError).off('request', onRequest).off('requestfailed', onFailed);
  });

  const files = new Set(site.files);
  const reached = new Set();
  const outside = new Set();
  for (const [rel, { links, ids }] of seen) {
    const repeated = ids.filter((id, i) => ids.indexOf(id) !== i);
    if (repeated.length > 0) problems.push(`${rel}: id used twice: ${repeated.join(' ')}`);
    for (const { kind, raw, url } of links) {
      if (/^(mailto|tel):/.test(url)) continue;
      const target = local(url);
      if (target === null) {
        if (kind === 'asset' || kind === 'stylesheet') problems.push(`${rel}: loads from elsewhere: ${raw}`);
        else if (/^https?:/.test(raw)) outside.add(url);
        else problems.push(`${rel}: leaves the portal: ${raw}`);
        continue;
      }
      if (!files.has(target)) {
        problems.push(`${rel}: dead link: ${raw}`);
        continue;
      }
      if (kind === 'link') reached.add(target);
      const anchor = decodeURIComponent(url.split('#')[1] ?? '');
      if (anchor && target.endsWith('.html')) {
        const ids = seen.get(target)?.ids;
        if (ids && !ids.includes(anchor)) problems.push(`${rel}: no such anchor: ${raw}`);
      }
    }
  }
  for (const rel of pages) {
    if (!reached.has(rel) && !['404', 'redirect', 'door'].includes(site.types.get(rel))) problems.push(`${rel}: no link leads here`);
  }
  return { problems, loaded: seen.size, outside };
}

for (const site of variants()) {
  // Bound to a base address, a portal's 404 pages and links between offices hold only there.
  const ways = site.bound
    ? [['below its base address, under the policy', { prefix: site.prefix, csp: true }, true]]
    : [
        ['at the root', { prefix: '/' }, true],
        ['below a path, under the policy', { prefix: '/sub/path/', csp: true }, false],
      ];
  for (const [name, options, with404] of ways) {
    test(`${site.name}: crawl ${name}`, async (t) => {
      const server = await serve(site.root, options);
      const browser = await launch({ port: server.port });
      try {
        const context = await browser.newContext({ viewport: DESKTOP });
        const { problems, loaded, outside } = await crawl(site, server.url, context, { skip404: !with404, every: options.csp });
        none(problems, 'finding of the crawl');
        none(server.missing.filter((m) => !m.endsWith('/favicon.ico')), 'request for what is not there');
        t.diagnostic(`${loaded} pages loaded, ${outside.size} addresses outside named in links`);
      } finally {
        await browser.close();
        await server.close();
      }
    });
  }

  test(`${site.name}: crawl from a folder`, async (t) => {
    const browser = await launch();
    try {
      const context = await browser.newContext({ viewport: DESKTOP });
      const base = `${pathToFileURL(path.resolve(site.root)).href}/`;
      const { problems, loaded } = await crawl(site, base, context, { skip404: true, every: false });
      none(problems, 'finding of the crawl');
      t.diagnostic(`${loaded} pages loaded`);
    } finally {
      await browser.close();
    }
  });

  test(`${site.name}: a missing page, at any depth, is answered by the office's 404`, async () => {
    const server = await serve(site.root, { prefix: site.bound ? site.prefix : '/', csp: true, errorPages: true });
    const browser = await launch({ port: server.port });
    try {
      const page = await (await browser.newContext()).newPage();
      const problems = [];
      page.on('console', (m) => m.type() === 'error' && !/status of 404.*no-such|no-such/.test(`${m.text()} ${m.location().url}`) && problems.push(m.text()));
      const base = site.bound ? `http://${STRANGE_HOST}${site.prefix}` : server.url;
      for (const office of site.offices) {
        for (const deep of ['no-such.html', 'cases/no-such.html', 'cases/a/b/no-such.html']) {
          const answer = await page.goto(`${base}${office}/${deep}`, { waitUntil: 'load' });
          if (answer.status() !== 404) problems.push(`${office}/${deep}: status ${answer.status()}`);
          const hrefs = await page.evaluate(() => [...document.querySelectorAll('a[href]:not([href^="#"])')].map((a) => a.href));
          if (hrefs.length < 3) problems.push(`${office}/${deep}: offers ${hrefs.length} ways on`);
          for (const href of hrefs.filter((h) => h.startsWith(base))) {
            const rel = decodeURIComponent(href.slice(base.length).split('#')[0]) || 'index.html';
            if (!fs.existsSync(path.join(site.root, rel)) || rel.endsWith('/')) problems.push(`${office}/${deep}: dead link ${href}`);
          }
          for (const href of hrefs.filter((h) => !h.startsWith(base))) problems.push(`${office}/${deep}: leaves the portal: ${href}`);
          const styled = await page.evaluate(() => [...document.styleSheets].filter((s) => s.cssRules.length > 0).length);
          if (styled === 0) problems.push(`${office}/${deep}: no stylesheet`);
        }
      }
      none(problems, 'finding on the 404 page');
    } finally {
      await browser.close();
      await server.close();
    }
  });
}
