// rule.js as it is shipped, loaded without a browser; and small programmes for tests.
import fs from 'node:fs';
import vm from 'node:vm';

export const SHIPPED = new URL('../../../themes/portal/static/kiosk/', import.meta.url).pathname;

export function loadRule() {
  const context = vm.createContext({});
  vm.runInContext(fs.readFileSync(`${SHIPPED}rule.js`, 'utf8'), context, { filename: 'rule.js' });
  return context.zhendi.rule;
}

export const ALWAYS = Array.from({ length: 7 }, () => [[0, 1440]]);
export const WORK = [1, 1, 1, 1, 1, 0, 0].map((d) => (d ? [[510, 1080]] : []));
/** China's zone: eight hours, no daylight saving. */
export const CST = [[0, 28800]];

export function entry(key, given = {}) {
  return {
    key, title: key, short: key, kind: 'case', topic: null, minutes: 3, date: null, initials: key,
    from: null, until: null, hours: [], weight: 1, pin: false, show: true, slides: [10], ...given,
  };
}

export function programme(entries, given = {}) {
  const { screen = {}, ...rest } = given;
  return {
    title: '示例市市场监督管理局', office: { id: 'east', name: '城东办公区', short: '城东' },
    screen: {
      id: 'lobby', name: '一楼大厅', orientation: 'landscape', audience: 'internal', seconds: 10, idle: 60,
      ticker: null, beacon: null, dim: [], reload: 190, ...screen,
    },
    zone: CST, hours: ALWAYS, quiet: [],
    kinds: [{ id: 'study', name: '学习资料', seal: '学' }, { id: 'case', name: '典型案例', seal: '案' }, { id: 'policy', name: '政策解读', seal: '策' }],
    entries, ...rest,
  };
}

/** `2026-11-18T08:30:00` on the wall in China, as UTC milliseconds. */
export const at = (text, offset = 28800) => Date.parse(`${text}Z`) - offset * 1000;

/** `A0`, `B1`, `+` for the invitation, `-` for the night. */
export function name(data, found) {
  if (found.night) return '-';
  return found.attract ? '+' : data.entries[found.entry].key + found.slide;
}
