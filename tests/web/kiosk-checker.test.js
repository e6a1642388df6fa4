// rule.js against kiosk/checker.py, which was written from docs/kiosk.md alone, over generated programmes and moments.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { count } from './lib/count.js';
import { entry, loadRule, programme } from './lib/kiosk-rule.js';

const MOMENTS = 100;
const CHECKER = new URL('kiosk/checker.py', import.meta.url).pathname;
const MINUTE = 60000;
const DAY = 1440 * MINUTE;

/** mulberry32: small, seeded, the same everywhere. */
function random(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (n) => Math.floor(next() * n);
  return { next, int, chance: (p) => next() < p, pick: (list) => list[int(list.length)] };
}

const BEGIN = Date.parse('2026-11-09T00:00:00Z');
const SPAN = 12;
const wall = (ms) => new Date(ms).toISOString().slice(0, 16);

function windows(r, most) {
  return Array.from({ length: r.int(most + 1) }, () => {
    const a = r.chance(0.2) ? 0 : r.int(1440);
    const b = r.chance(0.2) ? 1440 : a + 1 + r.int(1440 - a);
    return [a, b];
  });
}

function zone(r) {
  if (r.chance(0.6)) return [[0, 28800]];
  const out = [[BEGIN / 1000 - r.int(2) * 900000, r.pick([-18000, 0, 28800, 19800])]];
  for (let i = r.int(3); i > 0; i -= 1) out.push([out.at(-1)[0] + 1 + r.int(900000), out.at(-1)[1] + r.pick([-3600, 3600, 1800])]);
  return out;
}

function make(r) {
  const entries = Array.from({ length: r.int(9) }, (_, i) => {
    const from = r.chance(0.35) ? BEGIN + r.int(SPAN * 1440) * MINUTE : null;
    const until = r.chance(0.35) ? (from ?? BEGIN) + r.int(SPAN * 1440) * MINUTE : null;
    return entry(`e${i}`, {
      from: from && wall(r.chance(0.5) ? from - (from % DAY) : from),
      until: until && wall(r.chance(0.5) ? until - (until % DAY) : until),
      hours: r.chance(0.3) ? windows(r, 3) : [],
      weight: r.chance(0.5) ? 1 : 1 + r.int(6),
      pin: r.chance(0.15), show: r.chance(0.85),
      slides: Array.from({ length: r.int(5) }, () => 1 + r.int(40)),
    });
  });
  const kept = r.chance(0.3) ? Array.from({ length: 7 }, () => [[0, 1440]]) : Array.from({ length: 7 }, () => windows(r, 3));
  const quiet = Array.from({ length: r.int(3) }, () => wall(BEGIN + r.int(SPAN) * DAY).slice(0, 10));
  return programme(entries, { zone: zone(r), hours: kept, quiet, screen: { seconds: 1 + r.int(20) } });
}

/** Half anywhere, half just around what may be an edge. */
function moments(r, rule, data) {
  const edges = [];
  for (const e of data.entries) for (const text of [e.from, e.until]) if (text) edges.push(Date.parse(`${text}Z`));
  for (const e of data.entries) for (const w of e.hours) for (const m of w) edges.push(BEGIN + r.int(SPAN) * DAY + m * MINUTE);
  for (const day of data.hours) for (const w of day) for (const m of w) edges.push(BEGIN + r.int(SPAN) * DAY + m * MINUTE);
  for (let d = 0; d < SPAN; d += 1) edges.push(BEGIN + d * DAY);
  const out = [];
  while (out.length < MOMENTS) {
    const offset = r.pick(data.zone)[1] * 1000;
    const near = r.pick([-1, 0, 1, -1000, 1000, -59999, 30000]);
    if (r.chance(0.5)) out.push(BEGIN + r.int(SPAN * DAY));
    else if (r.chance(0.9)) out.push(r.pick(edges) - offset + near);
    else out.push(r.pick(data.zone)[0] * 1000 + near);
    /* And the edge of the slide that is on show there, on both sides */
    if (r.chance(0.2)) {
      const found = rule.slideAt(data, out.at(-1));
      out.push(found.ends, found.ends - 1);
    }
  }
  return out;
}

test('programmes made at random: what the page says is what the screen shows', async (t) => {
  const counted = count('kiosk-programmes', 2000);
  const rule = loadRule();
  const r = random(counted.seed);
  const child = spawn('python3', [CHECKER, 'rule'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const seen = { night: 0, attract: 0, entry: 0 };
  for (let n = 0; n < counted.asked; n += 1) {
    const data = make(r);
    const at = moments(r, rule, data);
    child.stdin.write(`${JSON.stringify({ data, at })}\n`);
    const expected = JSON.parse((await lines.next()).value);
    at.forEach((ms, i) => {
      const found = rule.slideAt(data, ms);
      const want = expected[i];
      const what = want.night ? 'night' : want.attract ? 'attract' : 'entry';
      const where = `programme ${n} at ${ms}: ${JSON.stringify(want)} but ${JSON.stringify(found)}`;
      seen[what] += 1;
      assert.equal(!!found.night, what === 'night', where);
      assert.equal(!!found.attract, what === 'attract', where);
      if (what === 'entry') assert.deepEqual([found.entry, found.slide], [want.entry, want.slide], where);
      /* Where a slide is taken off, the checker must agree that it was not due any longer */
      if (what !== 'night') assert.ok(found.ends > ms && found.ends <= ms + want.left * 1000 + 0.5, where);
      assert.ok(rule.slideAt(data, found.ends - 1).entry === found.entry, where);
    });
    counted.step();
  }
  child.stdin.end();
  counted.say();
  const total = seen.night + seen.attract + seen.entry;
  assert.ok(counted.asked < 50 || Math.min(seen.night, seen.attract, seen.entry) > total / 20, `lopsided: ${JSON.stringify(seen)}`);
  t.diagnostic(`${total} moments: ${JSON.stringify(seen)}`);
});
