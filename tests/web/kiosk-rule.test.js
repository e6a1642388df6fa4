// The rule of docs/kiosk.md with cases computed by hand.
import test from 'node:test';
import assert from 'node:assert/strict';
import { ALWAYS, WORK, at, entry, loadRule, name, programme } from './lib/kiosk-rule.js';

const rule = loadRule();
const shown = (data, text) => name(data, rule.slideAt(data, at(text)));
/** The slides from one moment on, with the seconds that each really stays. */
function run(data, text, count) {
  const out = [];
  let utc = at(text);
  for (let i = 0; i < count; i += 1) {
    const found = rule.slideAt(data, utc);
    out.push(`${name(data, found)}:${(found.ends - utc) / 1000}`);
    utc = found.ends;
  }
  return out.join(' ');
}

test('every entry once, each slide its seconds, then the invitation', () => {
  const data = programme([entry('A', { slides: [12, 8] }), entry('B')]);
  assert.equal(run(data, '2026-11-18T00:00:00', 6), 'A0:12 A1:8 B0:10 +:10 A0:12 A1:8');
});

test('an edge belongs to the slide that begins, to the millisecond', () => {
  const data = programme([entry('A', { slides: [12] }), entry('B')]);
  const edge = at('2026-11-18T00:00:12');
  assert.equal(name(data, rule.slideAt(data, edge - 1)), 'A0');
  assert.equal(name(data, rule.slideAt(data, edge)), 'B0');
  assert.equal(rule.slideAt(data, edge - 1).ends, edge);
  assert.equal(rule.slideAt(data, edge).begins, edge);
});

test('weights: the example of the documentation', () => {
  const data = programme([entry('A', { slides: [12, 12] }), entry('B', { weight: 2, slides: [20] }), entry('C', { pin: true, slides: [8] })], { hours: WORK });
  assert.equal(run(data, '2026-11-18T08:30:00', 9), 'B0:20 C0:8 +:10 A0:12 A1:12 B0:20 C0:8 +:10 B0:20');
  data.entries[2].until = '2026-11-18T12:00';
  const other = { ...data, entries: data.entries.map((e) => ({ ...e })) };
  assert.equal(run(other, '2026-11-18T12:00:00', 6), 'B0:20 +:10 A0:12 A1:12 B0:20 +:10');
});

test('weights 1, 2, 3: in three rounds, spread evenly, all in the last', () => {
  const data = programme([entry('A'), entry('B', { weight: 2 }), entry('C', { weight: 3 })]);
  // k=1: C (1>0); B floor(2/3)=0. k=2: B floor(4/3)=1>0, C. k=3: all.
  assert.equal(run(data, '2026-11-18T00:00:00', 10), 'C0:10 +:10 B0:10 C0:10 +:10 A0:10 B0:10 C0:10 +:10 C0:10');
});

test('the weight of what is pinned makes no rounds', () => {
  const data = programme([entry('A', { pin: true, weight: 9 }), entry('B')]);
  assert.equal(run(data, '2026-11-18T00:00:00', 4), 'A0:10 B0:10 +:10 A0:10');
  const alone = programme([entry('A', { pin: true, weight: 9 })]);
  assert.equal(run(alone, '2026-11-18T00:00:00', 3), 'A0:10 +:10 A0:10');
});

test('a weight counts only while its entry is eligible', () => {
  const data = programme([entry('A'), entry('B', { weight: 4, until: '2026-11-18T09:00' })]);
  assert.equal(run(data, '2026-11-18T09:00:00', 3), 'A0:10 +:10 A0:10');
});

test('nothing eligible: the invitation alone', () => {
  const data = programme([entry('A', { show: false }), entry('B', { slides: [] }), entry('C', { from: '2027-01-01T00:00' })]);
  assert.equal(run(data, '2026-11-18T10:00:00', 3), '+:10 +:10 +:10');
  assert.equal(shown(programme([]), '2026-11-18T10:00:00'), '+');
});

test('midnight begins anew, in the middle of a slide', () => {
  const data = programme([entry('A', { slides: [7] }), entry('B', { slides: [3600] })]);
  // 86400 = 23 × 3617 + 3209: B has run 3202 s at midnight
  assert.equal(run(data, '2026-11-18T23:59:58', 3), 'B0:2 A0:7 B0:3600');
});

test('opening: closed before and after, the invitation never longer than opening hours', () => {
  const data = programme([entry('A', { slides: [1000] })], { hours: WORK });
  assert.equal(shown(data, '2026-11-18T08:29:59'), '-');
  assert.equal(shown(data, '2026-11-18T08:30:00'), 'A0');
  assert.equal(shown(data, '2026-11-18T17:59:59'), 'A0');
  assert.equal(shown(data, '2026-11-18T18:00:00'), '-');
  // 17:59:00 is 34140 s after 8:30: 34140 mod 1010 = 810
  assert.equal(run(data, '2026-11-18T17:59:00', 1), 'A0:60');
  assert.equal(shown(data, '2026-11-21T10:00:00'), '-');
});

test('a quiet day is closed, and the next opening skips it', () => {
  const data = programme([entry('A')], { hours: WORK, quiet: ['2026-11-19', '2026-11-20'] });
  assert.equal(shown(data, '2026-11-19T10:00:00'), '-');
  const next = rule.nextOpening(data, at('2026-11-18T18:00:00'));
  assert.equal(next.utc, at('2026-11-23T08:30:00'));
  assert.equal(next.ahead, 5);
  assert.equal(next.weekday, 0);
  assert.equal(next.minute, 510);
  assert.equal(rule.nextChange(data, at('2026-11-18T18:00:00')), at('2026-11-23T08:30:00'));
});

test('never open: no next opening, no next change', () => {
  const data = programme([entry('A')], { hours: ALWAYS.map(() => []) });
  assert.equal(rule.nextOpening(data, at('2026-11-18T10:00:00')), null);
  assert.equal(rule.nextChange(data, at('2026-11-18T10:00:00')), null);
});

test('a break at noon: the afternoon begins anew', () => {
  const hours = ALWAYS.map(() => [[510, 720], [810, 1050]]);
  const data = programme([entry('A', { slides: [7] }), entry('B')], { hours });
  assert.equal(shown(data, '2026-11-18T12:00:00'), '-');
  assert.equal(run(data, '2026-11-18T13:30:00', 2), 'A0:7 B0:10');
  assert.equal(rule.closesAt(data, at('2026-11-18T10:00:00')), 720);
  assert.equal(rule.nextOpening(data, at('2026-11-18T12:10:00')).utc, at('2026-11-18T13:30:00'));
});

test('opening windows that overlap: no gap, but the second start is a mark', () => {
  const hours = ALWAYS.map(() => [[480, 600], [590, 700]]);
  const data = programme([entry('A', { slides: [7] }), entry('B')], { hours });
  // 9:50 is 6600 s after 8:00: 6600 mod 27 = 12, so B has 5 s left; the mark comes first at 9:49:59 + 1
  assert.equal(run(data, '2026-11-18T09:49:59', 2).split(' ')[0].split(':')[1], '1');
  assert.equal(shown(data, '2026-11-18T09:50:00'), 'A0');
  assert.equal(shown(data, '2026-11-18T10:00:00'), name(data, rule.slideAt(data, at('2026-11-18T10:00:00'))));
  assert.equal(rule.closesAt(data, at('2026-11-18T08:30:00')), 700);
});

test('open over midnight', () => {
  const hours = ALWAYS.map(() => [[1320, 1440], [0, 120]]);
  const data = programme([entry('A', { slides: [7] }), entry('B', { slides: [500] })], { hours });
  assert.equal(shown(data, '2026-11-18T23:59:59'), 'B0');
  assert.equal(shown(data, '2026-11-19T00:00:00'), 'A0');
  assert.equal(shown(data, '2026-11-19T02:00:00'), '-');
});

test('hours of an entry are one list for every day, and their starts and ends are marks', () => {
  const data = programme([entry('A', { slides: [7] }), entry('B', { hours: [[600, 660]] })]);
  assert.equal(run(data, '2026-11-18T10:00:00', 4), 'A0:7 B0:10 +:10 A0:7');
  assert.equal(run(data, '2026-11-18T11:00:00', 3), 'A0:7 +:10 A0:7');
  // 9:59:50: 35990 mod 17 = 1
  assert.equal(run(data, '2026-11-18T09:59:50', 3), 'A0:6 +:4 A0:7');
});

test('from and until inside a day: not a moment longer or earlier, and both are marks', () => {
  const data = programme([entry('A', { slides: [7] }), entry('B', { from: '2026-11-18T10:00', until: '2026-11-18T11:00' })]);
  assert.equal(rule.eligible(data, at('2026-11-18T09:59:59') + 999).join(), '0');
  assert.equal(rule.eligible(data, at('2026-11-18T10:00:00')).join(), '0,1');
  assert.equal(rule.eligible(data, at('2026-11-18T10:59:59') + 999).join(), '0,1');
  assert.equal(rule.eligible(data, at('2026-11-18T11:00:00')).join(), '0');
  assert.equal(shown(data, '2026-11-18T11:00:00'), 'A0');
});

test('marks come from what is not eligible too, but not from what is never shown', () => {
  // B is over since yesterday by its dates; its hours still cut the day
  const data = programme([entry('A', { slides: [7] }), entry('B', { until: '2026-11-17T00:00', hours: [[600, 660]] })]);
  assert.equal(shown(data, '2026-11-18T10:00:00'), 'A0');
  assert.equal(run(data, '2026-11-18T09:59:50', 3), 'A0:6 +:4 A0:7');
  const hidden = programme([entry('A', { slides: [7] }), entry('B', { show: false, hours: [[600, 660]] })]);
  // 36000 mod 17 = 11: the invitation, from 7 to 17
  assert.equal(run(hidden, '2026-11-18T10:00:00', 2), '+:6 A0:7');
  const without = programme([entry('A', { slides: [7] }), entry('B', { slides: [], hours: [[600, 660]] })]);
  assert.equal(shown(without, '2026-11-18T10:00:00'), 'A0');
});

test('what is due for reading: dates count, hours and show do not', () => {
  const data = programme([entry('A', { show: false }), entry('B', { hours: [[600, 660]] }), entry('C', { until: '2026-11-18T08:00' }), entry('D', { from: '2026-11-19T00:00' })]);
  assert.equal(rule.due(data, at('2026-11-18T09:00:00')).map((e) => e.key).join(), 'A,B');
});

test('the zone of the portal counts, and daylight saving needs nothing special', () => {
  // New York, 2026-11-01 06:00 UTC: from -4 h to -5 h, the wall goes from 02:00 back to 01:00
  const change = Date.parse('2026-11-01T06:00:00Z');
  const data = programme([entry('A', { slides: [7] }), entry('B', { slides: [6] })], { zone: [[0, -14400], [change / 1000, -18000]], screen: { seconds: 10 } });
  const before = rule.slideAt(data, change - 1);
  const after = rule.slideAt(data, change);
  // 7200 s is 1 (mod 23) at 01:59:59.999+; 3600 s is 12
  assert.equal(name(data, before), 'A0');
  assert.equal(before.ends, change);
  assert.equal(name(data, after), 'B0');
  assert.equal(rule.local(data, change).minute, 60);
  assert.equal(rule.moment(data, Date.parse('2026-11-01T01:30:00Z'), change), change + 1800000);
  assert.equal(rule.moment(data, Date.parse('2026-11-01T01:30:00Z')), change - 1800000);
});

test('before the first pair of the zone its offset holds', () => {
  const data = programme([entry('A')], { zone: [[1800000000, 28800], [1900000000, 32400]] });
  assert.equal(rule.local(data, 1700000000000).ms, 1700000000000 + 28800000);
});

test('dimming may go over midnight, as two windows', () => {
  const data = programme([], { screen: { dim: [[0, 510], [1080, 1440]] } });
  assert.equal(rule.isDim(programme([]), at('2026-11-18T03:00:00')), false);
  assert.deepEqual(['17:59', '18:00', '23:59', '00:00', '08:29', '08:30'].map((t) => rule.isDim(data, at(`2026-11-18T${t}:00`))), [false, true, true, true, true, false]);
});

test('the result does not depend on what was asked before', () => {
  const make = () => programme([entry('A', { slides: [7], until: '2026-11-18T12:00' }), entry('B', { weight: 3, hours: [[500, 900]] })], { hours: WORK });
  const kept = make();
  for (let i = 0; i < 2000; i += 1) {
    const utc = at('2026-11-16T00:00:00') + ((i * 7919) % 604800) * 1000 + i;
    assert.deepEqual(rule.slideAt(kept, utc), rule.slideAt(make(), utc));
  }
});

test('next changes chain through a week without a gap', () => {
  const data = programme([entry('A', { slides: [7, 9] }), entry('B', { weight: 2, from: '2026-11-18T09:13', until: '2026-11-19T17:01' })], { hours: WORK, quiet: ['2026-11-17'] });
  let utc = at('2026-11-16T00:00:00');
  while (utc < at('2026-11-23T00:00:00')) {
    const found = rule.slideAt(data, utc);
    const next = rule.nextChange(data, utc);
    assert.ok(next > utc);
    if (!found.night) assert.equal(found.begins <= utc && utc < found.ends, true);
    assert.equal(name(data, rule.slideAt(data, next - 1)), name(data, found));
    utc = next;
  }
});
