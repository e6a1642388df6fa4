// Feed, sitemap and types of page. A portal with base addresses has an Atom feed and a sitemap per
// office, well-formed, complete, with absolute addresses that lead to files; one without has neither.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { launch, none } from './lib/browser.js';
import { serve } from './lib/server.js';
import { EXPECTED_TYPES, STRANGE_HOST, variants } from './lib/site.js';

const sites = variants();
const xpath = (file, query) => {
  const run = execFileSync('xmllint', ['--nonet', '--xpath', query, file], { encoding: 'utf8' });
  return run.trim().split('\n').filter(Boolean);
};
const values = (file, query) => {
  try {
    return xpath(file, query).map((l) => l.replace(/^[^"]*"|"[^"]*$/g, '').replace(/<[^>]*>/g, '').trim());
  } catch {
    return [];
  }
};

test('every page is of a known type, and every type is there', () => {
  for (const site of sites) {
    const types = new Set(site.types.values());
    none([...site.types].filter(([, t]) => /^(other|foreign):/.test(t)).map(([rel, t]) => `${rel}: ${t}`), 'page of no known type');
    none(EXPECTED_TYPES.filter((t) => !types.has(t)).map((t) => `${site.name}: ${t}`), 'type of page without a sample');
  }
});

test('the strange portal shows later pages of lists and a redirect', () => {
  const strange = sites.find((s) => s.name === 'strange');
  if (!strange) return;
  const types = new Set(strange.types.values());
  none(['section-2', 'term-2', 'redirect', 'subsection'].filter((t) => !types.has(t)), 'type of page without a sample');
});

for (const site of sites) {
  const address = `http://${STRANGE_HOST}${site.prefix}`;
  const relOf = (url) => (url.startsWith(address) ? decodeURIComponent(url.slice(address.length).split('#')[0]) : null);

  test(`${site.name}: feeds and sitemaps ${site.bound ? 'are there and right' : 'are absent without a base address'}`, () => {
    const problems = [];
    for (const office of site.offices) {
      for (const name of ['atom.xml', 'sitemap.xml']) {
        const file = path.join(site.root, office, name);
        if (!site.bound) {
          if (fs.existsSync(file)) problems.push(`${office}/${name} exists`);
          continue;
        }
        execFileSync('xmllint', ['--noout', '--nonet', file]);
        const text = fs.readFileSync(file, 'utf8');
        if (/href="(?!https?:\/\/)/.test(text) || /<loc>(?!http)/.test(text)) problems.push(`${office}/${name}: an address that is not absolute`);
      }
      if (!site.bound) continue;
      const feed = path.join(site.root, office, 'atom.xml');
      const map = path.join(site.root, office, 'sitemap.xml');
      const a = (name) => `*[local-name()="${name}"]`;
      assert.equal(values(feed, `/${a('feed')}/${a('id')}`).length, 1, 'feed id');
      assert.equal(values(feed, `/${a('feed')}/${a('title')}`).length, 1, 'feed title');
      assert.match(values(feed, `/${a('feed')}/${a('updated')}`)[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$/);
      assert.equal(values(feed, `/${a('feed')}/${a('link')}[@rel="self"]/@href`)[0], `${address}${office}/atom.xml`);
      const entries = values(feed, `//${a('entry')}/${a('link')}/@href`);
      const ids = values(feed, `//${a('entry')}/${a('id')}`);
      assert.ok(entries.length > 0, 'the feed has entries');
      assert.equal(new Set(ids).size, ids.length, 'ids are unique');
      assert.ok(!/\/\/\*|xmlns=""/.test(fs.readFileSync(feed, 'utf8')));
      const locs = values(map, `//${a('loc')}`);
      for (const url of [...entries, ...locs]) {
        const rel = relOf(url);
        if (rel === null || !(site.files.includes(rel) || site.files.includes(`${rel}index.html`))) problems.push(`${office}: no file for ${url}`);
      }
      const listed = new Set(locs.map(relOf).map((r) => (r !== null && (r === '' || r.endsWith('/')) ? `${r}index.html` : r)));
      for (const [rel, type] of site.types) {
        if (rel.startsWith(`${office}/`) && /^page:|^home|^section$/.test(type) && !listed.has(rel)) problems.push(`${office}/sitemap.xml leaves out ${rel}`);
        if (listed.has(rel) && ['404', 'redirect'].includes(type)) problems.push(`${office}/sitemap.xml names the ${type} ${rel}`);
      }
    }
    none(problems, 'finding in feeds and sitemaps');
  });

  if (site.bound) {
    test(`${site.name}: the browser takes feed and sitemap as XML below a path`, async () => {
      const server = await serve(site.root, { prefix: site.prefix });
      const browser = await launch({ port: server.port });
      try {
        const page = await (await browser.newContext()).newPage();
        await page.goto(`${address}${site.offices[0]}/index.html`);
        const feed = await page.evaluate(() => document.querySelector('link[type="application/atom+xml"]')?.href);
        assert.equal(feed, `${address}${site.offices[0]}/atom.xml`);
        for (const url of [feed, `${address}${site.offices[0]}/sitemap.xml`]) {
          const wrong = await page.evaluate(async (url) => {
            const text = await (await fetch(url)).text();
            return new DOMParser().parseFromString(text, 'application/xml').querySelector('parsererror')?.textContent ?? null;
          }, url);
          assert.equal(wrong, null);
        }
      } finally {
        await browser.close();
        await server.close();
      }
    });
  }
}
