// What a built output folder holds, seen from outside: its editions, its HTML pages, and of which
// type each page is. Types are read off the output itself (with the portal's own section and
// taxonomy names), so that a new type of page cannot slip past the checks.
import fs from 'node:fs';
import path from 'node:path';
import { filesUnder } from './server.js';

/** The two built portals that `./test` hands over: this repository's own, and the strange one. */
export function variants() {
  const found = [];
  const add = (name, out, portal, prefix) => {
    if (out) found.push(openSite(name, out, portal, prefix));
  };
  const env = process.env;
  const here = new URL('../../..', import.meta.url).pathname;
  add('sample', env.ZHENDI_OUT, env.ZHENDI_PORTAL ?? here, '/');
  add('strange', env.ZHENDI_OUT_STRANGE, path.join(here, 'tests/fixtures/strange'), STRANGE_PREFIX);
  if (found.length === 0) throw new Error('ZHENDI_OUT names no built portal; run ./test');
  return found;
}

/** Host and path that the strange portal's base addresses name. */
export const STRANGE_HOST = 'portal.test';
export const STRANGE_PREFIX = '/sub/path/';

function listOf(toml, table, key) {
  const out = [];
  for (const block of toml.split(/^\[\[/m).slice(1)) {
    if (!block.startsWith(`${table}]]`)) continue;
    const entry = {};
    for (const line of block.split('\n')) {
      if (/^\[/.test(line)) break;
      const m = /^\s*([\w-]+)\s*=\s*"([^"]*)"/.exec(line);
      if (m) entry[m[1]] = m[2];
    }
    if (entry[key]) out.push(entry);
  }
  return out;
}

/** Opens one output folder. */
export function openSite(name, root, portal, prefix = '/') {
  const toml = fs.readFileSync(path.join(portal, 'zhendi.toml'), 'utf8');
  const offices = listOf(toml, 'offices', 'id').map((o) => o.id);
  const sections = new Map(listOf(toml, 'sections', 'path').map((s) => [s.path, s.kind ?? 'page']));
  const taxonomies = listOf(toml, 'taxonomies', 'id').map((t) => t.id);
  // A screen is an edition of its own, with tests of its own (kiosk-*).
  const isScreen = (f) => /^[^/]+\/kiosk\/[^/]+\//.test(f);
  const all = filesUnder(root);
  const files = all.filter((f) => !isScreen(f));
  const screens = all.filter(isScreen);
  const html = files.filter((f) => f.endsWith('.html'));
  const text = (rel) => fs.readFileSync(path.join(root, rel), 'utf8');
  const refresh = (rel) => /http-equiv=["']?refresh["' ][^>]*url=([^"'>]+)/i.exec(text(rel))?.[1];
  const bound = listOf(toml, 'offices', 'id').every((o) => o.base_url);

  const typeOf = (rel) => {
    if (rel === 'index.html') return 'door';
    const [office, ...rest] = rel.split('/');
    if (!offices.includes(office)) return `foreign:${rel}`;
    const tail = rest.join('/');
    if (tail === 'index.html') return 'home';
    if (tail === '404.html') return '404';
    if (tail === 'map.html') return 'map';
    if (refresh(rel)) return 'redirect';
    if (rest.at(-1) === 'booklet.html') return 'booklet';
    if (rest[0] === 'series' && sections.get('series') === undefined) {
      if (tail === 'series/index.html') return 'series-list';
      return rest.at(-1) === 'record.html' ? 'series-record' : 'series';
    }
    const later = /(^|\/)page\/\d+(\.html|\/index\.html)$/.test(tail);
    if (taxonomies.includes(rest[0])) {
      if (rest.length === 2 && rest[1] === 'index.html') return 'taxonomy';
      return later ? 'term-2' : 'term';
    }
    if (/^archive(\.html|\/index\.html)$/.test(tail)) return 'archive';
    if (rest[0] === 'archive') return 'month';
    const kind = sections.get(rest[0]);
    if (kind === undefined) return `other:${rest[0]}`;
    if (later) return 'section-2';
    if (rest.at(-1) === 'index.html') return rest.length > 2 ? 'subsection' : 'section';
    return `page:${kind}`;
  };
  const types = new Map(html.map((f) => [f, typeOf(f)]));

  /** One page of each type and edition: the biggest, since it shows the most. */
  const samples = ({ everyOffice = true } = {}) => {
    const best = new Map();
    for (const [rel, type] of types) {
      const office = everyOffice && type !== 'door' ? rel.split('/')[0] : '';
      const key = `${type} ${office}`;
      const size = fs.statSync(path.join(root, rel)).size;
      if (!best.has(key) || best.get(key).size < size) best.set(key, { rel, type, office, size });
    }
    return [...best.values()];
  };

  /** Every page, but an article that several editions show only once: around it nothing else stands there. */
  const distinct = () => {
    const seen = new Set();
    return [...types].map(([rel, type]) => ({ rel, type })).filter(({ rel, type }) => {
      if (!type.startsWith('page:')) return true;
      const inside = rel.slice(rel.indexOf('/'));
      if (seen.has(inside)) return false;
      seen.add(inside);
      return true;
    });
  };

  return { name, root, portal, prefix, offices, sections, taxonomies, files, screens, html, types, samples, distinct, text, refresh, bound };
}

/** Types every portal of some size has; a sample without one of them proves too little. */
export const EXPECTED_TYPES = [
  'door', 'home', 'section', 'page:study', 'page:case', 'page:policy', 'page:notice',
  'taxonomy', 'term', 'archive', 'month', '404', 'series-list', 'series', 'series-record',
];
