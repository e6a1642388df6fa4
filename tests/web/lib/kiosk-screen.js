// A screen as the build writes it, made by hand for tests: index.html, start.js, version.js and a folder for each version.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SHIPPED, entry, programme } from './kiosk-rule.js';

const SHELL = new URL('../kiosk/index.html', import.meta.url).pathname;
export const PIXEL = 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="#a33"/></svg>');
const VIDEO = new URL('../../../content/handbook/组件/片头示例.webm', import.meta.url);

const hash = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16);

export function slide(type, kind, words, more = '') {
  return `<section class="k-slide k-${type} k-kind-${kind}"><div class="k-band"><span class="k-clock"></span></div><h2 class="k-words">${words}</h2>${more}<div class="k-progress"></div></section>`;
}

const ATTRACT = '<section class="k-slide k-attract"><span class="k-clock"></span><div class="k-entries"></div><p class="k-closes"></p></section>';
const NIGHT = '<section class="k-slide k-night"><h1 class="k-title"></h1><p class="k-hours"></p><div class="k-next-part"><p class="k-next"></p></div><span class="k-clock"></span></section>';

/** Ten articles, each of another kind than its neighbours; cases/1 has a question, policy/2 a picture, study/0 a video if asked for. */
export function sample({ mark = 'one', seconds = 1, entries = 10, video = false, ...given } = {}) {
  const kinds = ['study', 'case', 'policy'];
  const slides = {};
  const articles = {};
  const files = {};
  const list = Array.from({ length: entries }, (_, i) => {
    const kind = kinds[i % 3];
    const key = `${kind}/${i}`;
    slides[key] = [slide('cover', kind, `${mark} ${key} 封面`), slide('points', kind, `${mark} ${key} 要点`)];
    if (i === 1) slides[key].push(slide('question', kind, `${mark} ${key} 问`, '<p class="k-answer">可以拒绝。</p>'));
    if (i === 2) slides[key].push(slide('picture', kind, `${mark} ${key} 图`, `<img src="${PIXEL}" alt="">`));
    if (video && i === 0) slides[key].push(slide('video', kind, `${mark} ${key} 片`, `<div class="k-video" data-src="{v}f/${key}/film.webm"></div>`));
    if (video && i === 0) files[`f/${key}/film.webm`] = fs.readFileSync(VIDEO);
    articles[key] = {
      title: `标题${i}`,
      html: `<h2>${mark} ${key}</h2>${'<p>市场监督管理部门依法查处，消费者可以拨打热线。请保留凭证，说清时间和地点。</p>'.repeat(30)}` +
        `<p><a data-key="${kinds[(i + 1) % 3]}/${(i + 1) % entries}">下一篇</a> <a href="https://example.com/" target="_blank">外站</a> <a data-key="none/1" href="none.html">没有的</a> <a href="tel:12315">电话</a> <a href="file:///etc/passwd">文件</a></p><img src="{v}f/a.svg" alt="">`,
    };
    files['f/a.svg'] = Buffer.from(decodeURIComponent(PIXEL.split(',')[1]));
    return entry(key, {
      title: i === 5 ? '一个很长很长的标题，说的是怎样在六十个字以内把一件事情的来龙去脉、处理结果和提醒都说清楚，让人站着也能看完' : `标题${i}：${mark}`,
      short: `短题${i}`, kind, topic: '食品安全', date: `2026-11-${10 + i}`, initials: `bt${'abcdefghijkl'[i]}`,
      slides: slides[key].map(() => seconds),
    });
  });
  slides['-attract'] = [ATTRACT];
  slides['-night'] = [NIGHT];
  const data = programme(list, { ...given, screen: { seconds, idle: 60, ...given.screen } });
  return { data, slides, articles, files };
}

/**
 * Writes one version; `code` is text appended to every code file, `css` put before every style sheet (so that it has another
 * hash). Gives its name.
 */
export function writeVersion(root, { data, slides, articles, files }, { code = '', css = '' } = {}) {
  const out = new Map();
  const script = (name, value) => {
    const text = JSON.stringify(value);
    const h = hash(text);
    out.set(`${name}.js`, { h, text: `zhendi.add(${JSON.stringify(name)},"${h}",${text});\n` });
  };
  script('programme', data);
  for (const [key, value] of Object.entries(slides)) script(`s/${key}`, value);
  for (const [key, value] of Object.entries(articles)) script(`a/${key}`, value);
  for (const name of fs.readdirSync(SHIPPED).filter((one) => one !== 'start.js')) {
    let text = fs.readFileSync(SHIPPED + name, 'utf8');
    if (name.endsWith('.js')) text += code;
    if (name.endsWith('.css')) text = css + text;
    out.set(name, { h: hash(text), text });
  }
  const office = ':root{--office:#1F4B73;--office-deep:#173856}\nhtml{--office-css:whole}\n';
  out.set('office.css', { h: hash(office), text: office });
  const list = Object.fromEntries([...out].map(([name, one]) => [name, one.h]));
  for (const [name, bytes] of Object.entries(files)) list[name] = hash(bytes);
  const version = hash(JSON.stringify(list));
  out.set('list.js', { text: `zhendi.add("list","${version}",${JSON.stringify(list)});\n` });
  for (const [name, one] of out) put(path.join(root, 'v', version, name), one.text);
  for (const [name, bytes] of Object.entries(files)) put(path.join(root, 'v', version, name), bytes);
  return version;
}

function put(file, bytes) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
}

export function point(root, now, before = null) {
  put(path.join(root, 'version.js'), `zhendi.point(${JSON.stringify({ now, before })});\n`);
}

/** The files outside of versions. */
export function writeShell(root) {
  fs.mkdirSync(root, { recursive: true });
  fs.copyFileSync(SHELL, path.join(root, 'index.html'));
  fs.copyFileSync(`${SHIPPED}start.js`, path.join(root, 'start.js'));
}

/** Cuts a file at a share of its length, as a copy that was broken off leaves it. */
export function tear(root, version, name, share = 0.5) {
  const file = path.join(root, 'v', version, name);
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * share)));
}
