// The words that the runtime puts on slides, without a browser.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import vm from 'node:vm';
import { ALWAYS, SHIPPED, WORK, at, entry, loadRule, programme } from './lib/kiosk-rule.js';

const window = { zhendi: { rule: loadRule(), code: () => false } };
const portrait = { yes: false };
const document = { documentElement: { classList: { contains: (name) => name === 'kiosk-portrait' && portrait.yes } } };
vm.runInContext(fs.readFileSync(`${SHIPPED}fill.js`, 'utf8'), vm.createContext({ window, document }));
const fill = window.zhendi.fill;
const same = (found, wanted) => assert.equal(JSON.stringify(found), JSON.stringify(wanted));

test('hours as people say them', () => {
  same(fill.hoursLines(programme([], { hours: WORK })), ['工作日 8:30 至 18:00']);
  same(fill.hoursLines(programme([], { hours: ALWAYS })), ['每天 全天']);
  same(fill.hoursLines(programme([], { hours: [...WORK.slice(0, 5), [[540, 720]], [[540, 720]]] })), ['工作日 8:30 至 18:00', '周末 9:00 至 12:00']);
  same(fill.hoursLines(programme([], { hours: [[[540, 720], [840, 1020]], [[540, 720], [840, 1020]], [], [[0, 60]], [], [], [[0, 1440]]] })),
    ['星期一至星期二 9:00 至 12:00，14:00 至 17:00', '星期四 0:00 至 1:00', '星期日 全天']);
});

test('the next opening', () => {
  const data = programme([], { hours: WORK });
  const said = (text) => fill.nextText(window.zhendi.rule.nextOpening(data, at(text)));
  assert.equal(said('2026-11-17T07:00:00'), '今天 8:30');
  assert.equal(said('2026-11-17T22:47:00'), '明天（星期三）8:30');
  assert.equal(said('2026-11-21T12:00:00'), '后天（星期一）8:30');
  assert.equal(said('2026-11-20T19:00:00'), '11月23日（星期一）8:30');
});

test('lines are no wider than asked, hold every word, and no mark begins one', () => {
  const text = '一个很长很长的标题，说的是怎样在六十个字以内，把一件事情的“来龙去脉”、处理结果和提醒都说清楚（2026年第3号），让人站着也能看完';
  for (let most = 8; most <= 34; most += 1) {
    const lines = fill.lines(text, most);
    assert.equal(lines.join(''), text);
    lines.forEach((line) => {
      assert.ok(fill.units(line) <= most, `${most}: ${line}`);
      assert.doesNotMatch(line, /^[，、：；。！？”》）]/);
    });
  }
  same(fill.lines('短', 10), ['短']);
  same(fill.lines('', 10), []);
  assert.ok(fill.lines('，'.repeat(40), 10).length >= 4);
});

test('the invitation shows one of each kind, others each turn, and nothing that is not due', () => {
  const list = ['study', 'case', 'policy'].flatMap((kind) => [0, 1, 2].map((i) => entry(`${kind}/${i}`, { kind, until: i === 2 ? '2026-11-18T00:00' : null })));
  const data = programme(list);
  const keys = (turn) => fill.choose(data, at('2026-11-18T09:00:00'), turn).map((e) => e.key).join();
  assert.equal(keys(0), 'study/0,case/0,policy/0');
  assert.equal(keys(1), 'study/1,case/1,policy/1');
  assert.equal(keys(2), 'study/0,case/0,policy/0');
  const few = programme([entry('case/0'), entry('case/1'), entry('case/2')]);
  assert.equal(fill.choose(few, at('2026-11-18T09:00:00'), 0).length, 3);
  assert.equal(fill.choose(programme([]), at('2026-11-18T09:00:00'), 0).length, 0);
});

test('an answer comes at 40 % of its time, four seconds in at the earliest', () => {
  assert.equal(fill.answerAfter({ seconds: 20 }), 8000);
  assert.equal(fill.answerAfter({ seconds: 5 }), 4000);
});

test('the drift moves by one step a minute and stays within four pixels at 1080p', () => {
  const places = new Set();
  for (let minute = 0; minute < 1440; minute += 1) {
    const a = fill.drift(minute * 60000);
    const b = fill.drift((minute + 1) * 60000);
    const px = (v) => v * 10.8;
    assert.ok(Math.abs(px(a.x)) <= 4.001 && Math.abs(px(a.y)) <= 4.001);
    assert.ok(Math.abs(px(a.x - b.x)) <= 1.001 && Math.abs(px(a.y - b.y)) <= 1.001);
    places.add(`${a.x.toFixed(3)} ${a.y.toFixed(3)}`);
  }
  assert.ok(places.size > 40, `${places.size}`);
});
