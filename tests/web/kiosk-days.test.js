// Every minute of many days, on every screen of the sample and of one where authors have said more: what the shipped rule
// shows of the built programme is what kiosk/checker.py reads out of zhendi.toml and the front matter, in another language
// and without a look at the output but for the number and seconds of each page's slides.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import vm from 'node:vm';
import { count } from './lib/count.js';
import { loadRule } from './lib/kiosk-rule.js';
import { none } from './lib/browser.js';
import { openSite } from './lib/site.js';

const HERE = new URL('../..', import.meta.url).pathname;
const ZHENDI = path.resolve(HERE, process.env.CARGO_TARGET_DIR ?? 'target', 'quick/zhendi');
const CHECKER = new URL('kiosk/checker.py', import.meta.url).pathname;
const TODAY = '2026-11-24';
const MINUTE = 60000;
/** The portal's clock is eight hours ahead; the checker reads its zone from the configuration. */
const MIDNIGHT = Date.parse(`${TODAY}T00:00:00Z`) - 8 * 60 * MINUTE;
const rule = loadRule();

/** The data script of a screen, run as a browser would. */
function built(out, screen) {
  const [office, id] = screen.split('/');
  const folder = path.join(out, office, 'kiosk', id);
  const context = vm.createContext({ zhendi: {
    add: (name, hash, data) => { context.data = data; },
    point: ({ now }) => { context.now = now; },
  } });
  vm.runInContext(fs.readFileSync(path.join(folder, 'version.js'), 'utf8'), context);
  vm.runInContext(fs.readFileSync(path.join(folder, 'v', context.now, 'programme.js'), 'utf8'), context);
  return context.data;
}

/** The checker as a process that answers line by line. */
function checker(root) {
  const child = spawn('python3', [CHECKER, 'portal', root, TODAY], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the checker has ended');
    return JSON.parse(value);
  };
  return { ask, end: () => child.kill() };
}

/** Compares `days` days of all screens; gives how many minutes, and of how many kinds. */
async function compare(root, out, days) {
  const reading = checker(root);
  const seen = { minutes: 0, night: 0, attract: 0, entry: 0, screens: 0, pages: new Set() };
  const wrong = [];
  try {
    const offices = fs.readdirSync(out).filter((name) => fs.existsSync(path.join(out, name, 'kiosk')));
    const screens = offices.flatMap((office) => fs.readdirSync(path.join(out, office, 'kiosk')).map((id) => `${office}/${id}`)).sort();
    const first = await reading.ask({ screen: screens[0] });
    assert.deepEqual([...first.screens].sort(), screens);
    for (const screen of screens) {
      const data = built(out, screen);
      const slides = Object.fromEntries(data.entries.map((entry) => [entry.title, entry.slides]));
      const read = (await reading.ask({ screen, slides })).data;
      /* What is in the programme, in which order, and what is said of it */
      const plain = (entry) => ({ title: entry.title, date: entry.date, from: entry.from, until: entry.until, hours: entry.hours, weight: entry.weight, pin: entry.pin, show: entry.show });
      assert.equal(JSON.stringify(data.entries.map(plain), null, 1), JSON.stringify(read.entries.map(plain), null, 1), screen);
      assert.ok(data.entries.length > 0, `${screen} shows nothing`);
      seen.screens += 1;
      for (let day = 0; day < days; day += 1) {
        /* Each minute to the millisecond, and a moment within each seventh */
        const at = Array.from({ length: 1440 }, (_, i) => MIDNIGHT + (day * 1440 + i) * MINUTE);
        for (let i = 3; i < 1440; i += 7) at.push(at[i] + ((i * 7919 + day * 104729) % MINUTE));
        const wanted = await reading.ask({ screen, slides, at });
        at.forEach((ms, i) => {
          const found = rule.slideAt(data, ms);
          const what = found.night ? 'night' : found.attract ? 'attract' : 'entry';
          const entry = what === 'entry' ? data.entries[found.entry] : null;
          const shown = entry ? `${entry.title} ${found.slide}` : what;
          const want = wanted[i].night ? 'night' : wanted[i].attract ? 'attract' : `${read.entries[wanted[i].entry].title} ${wanted[i].slide}`;
          const clock = new Date(ms + 480 * MINUTE).toISOString().slice(0, 23);
          seen.minutes += 1;
          seen[what] += 1;
          if (shown !== want) wrong.push(`${screen} ${clock}: ${shown}, but by the front matter ${want}`);
          if (!entry) return;
          seen.pages.add(entry.title);
          const said = read.entries.find((one) => one.title === entry.title);
          if (said.date && clock.slice(0, 10) < said.date) wrong.push(`${screen} ${clock}: ${entry.title} before its date ${said.date}`);
          if (said.expires && clock.slice(0, 10) >= said.expires) wrong.push(`${screen} ${clock}: ${entry.title} after its end ${said.expires}`);
        });
      }
    }
  } finally {
    reading.end();
  }
  none(wrong, 'minute on which another slide is shown');
  return seen;
}

const said = (seen) => `${seen.screens} screens, ${seen.minutes} moments (${seen.night} closed, ${seen.attract} invitation, ${seen.entry} slides of ${seen.pages.size} pages)`;

test('the sample: each minute shows what configuration and front matter say', { timeout: 3600000 }, async (t) => {
  const site = openSite('sample', process.env.ZHENDI_OUT, process.env.ZHENDI_PORTAL ?? HERE);
  const counted = count('kiosk-days', 35);
  const seen = await compare(site.portal, site.root, counted.asked);
  for (let day = 0; day < counted.asked; day += 1) counted.step();
  counted.say();
  t.diagnostic(said(seen));
  assert.ok(seen.screens >= 4);
});

/** The sample, where authors and those who set up screens have said all that can be said. */
function planted() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-kiosk-days-'));
  /* The files themselves, never links to them: what is written below must not reach the repository */
  fs.cpSync(fs.realpathSync(path.join(HERE, 'content')), path.join(root, 'content'), { recursive: true, dereference: true });
  assert.equal(fs.realpathSync(path.join(root, 'content')), path.join(fs.realpathSync(root), 'content'));
  const say = (file, text) => {
    const at = path.join(root, 'content', file);
    const [head, ...rest] = fs.readFileSync(at, 'utf8').split('\n');
    assert.equal(head, '---', file);
    fs.writeFileSync(at, [head, text.trim(), ...rest].join('\n'));
  };
  const change = (file, from, to) => {
    const at = path.join(root, 'content', file);
    const text = fs.readFileSync(at, 'utf8');
    assert.match(text, from, file);
    fs.writeFileSync(at, text.replace(from, to));
  };
  say('cases/菜单上没有的茶位费/index.md', 'kiosk: {weight: 3, hours: "09:00-11:30、14:00-16:00"}');
  say('cases/少给的那一两/index.md', 'kiosk:\n  from: 2026-11-24 10:15\n  until: 2026-11-25');
  say('policy/明码标价新规定.md', '投屏：\n  次数：2\n  秒数：20\n  结束：2026-11-25 15:07');
  say('policy/生鲜灯退出市场.md', 'kiosk: false');
  say('study/强制检定的计量器具.md', 'kiosk:\n  screens: [lobby, 三楼学习室, north/all]\n  weight: 9');
  say('notices/城东学习室案例讨论会.md', 'expires: 2026-11-25');
  change('notices/城北计量实验室互学开放.md', /^date: .*$/m, 'date: 2026-11-25\nexpires: 2026-11-26\nkiosk:\n  hours: [7:45-9:00, 22:00-01:30]');
  change('notices/十二月集中学习安排.md', /^date: .*$/m, 'date: 2026-11-25');
  change('notices/征稿/_index.md', /^kind: notice$/m, 'kind: notice\ncascade:\n  kiosk:\n    weight: 4');
  const screens = `
[[offices.screens]]
id = "all"
seconds = 7
ahead = 30
office_first = false
pages = ["content/notices/十二月集中学习安排.md", "cases/少给的那一两/index.md"]
hours = { workdays = "08:00-12:00、13:30-23:30", wednesday = "06:00-24:00", weekend = "10:00-16:00", sunday = "" }
quiet = ["2026-11-26"]

[[offices.screens]]
id = "topic"
orientation = "竖屏"
audience = "公开"
topics = ["价格透明", "计量惠民"]
kinds = ["典型案例", "政策解读", "study"]
hours = "20:00-03:00"

[[offices.screens]]
id = "folder"
ahead = 0
sections = ["study/三局业务互学", "notices/征稿", "policy"]
business = ["综合", "食品", "价格竞争"]
`;
  const toml = fs.readFileSync(path.join(HERE, 'zhendi.toml'), 'utf8');
  const at = toml.indexOf('# ── 类型');
  assert.ok(at > 0);
  fs.writeFileSync(path.join(root, 'zhendi.toml'), `${toml.slice(0, at)}${screens}\n${toml.slice(at)}`);
  fs.symlinkSync(path.join(HERE, 'themes'), path.join(root, 'themes'));
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-kiosk-days-out-'));
  execFileSync(ZHENDI, ['build', '-r', root, '-o', path.join(out, 'site'), '--date', TODAY], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { root, out: path.join(out, 'site') };
}

test('with weights, dates, hours, pins and audiences of all sorts: the same', { timeout: 3600000 }, async (t) => {
  const { root, out } = planted();
  const seen = await compare(root, out, Math.max(3, Math.ceil(count('kiosk-days', 35).asked / 7)));
  t.diagnostic(said(seen));
  assert.ok(seen.screens >= 7 && seen.pages.size > 20);
});
