// A small portal of its own in a temporary folder, and a running `zhendi serve` that shows it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const HERE = new URL('../../..', import.meta.url).pathname;
export const ZHENDI = path.resolve(HERE, process.env.CARGO_TARGET_DIR ?? 'target', 'quick/zhendi');

const paragraphs = (word, n) => Array.from({ length: n }, (_, i) => `${word}的第${i + 1}段，写得长一些，好让这一页比一屏长。`).join('\n\n');

/** Front matter and text of an article of `n` paragraphs. */
export function article(title, { front = '', text = '', n = 40 } = {}) {
  return `---\ntitle: ${title}\ndate: 2026-01-02\n${front}---\n\n${paragraphs(title, n)}\n\n${text}\n`;
}

/** Makes the portal and starts the server. */
export async function preview(args = []) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-preview-'));
  const file = (name) => path.join(root, name);
  /** Writes a file in one step, as a good editor does. */
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(file(name)), { recursive: true });
    fs.writeFileSync(file('fresh.tmp'), text);
    fs.renameSync(file('fresh.tmp'), file(name));
  };
  write('zhendi.toml', 'title = "门户"\n[[offices]]\nid = "east"\nname = "城东办公区"\nshort = "城东"\nbase_url = "http://example.gov.cn/east/"\n');
  write('content/study/jia.md', article('甲'));
  write('content/study/yi.md', article('乙'));

  let child = null;
  const start = async (port) => {
    child = spawn(ZHENDI, ['serve', '-r', root, '-p', String(port), '--date', '2026-11-24', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [said] = await once(child.stdout, 'data');
    return new URL(/http:\S+/.exec(String(said))[0]);
  };
  const stop = async () => {
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
    child = null;
  };
  const url = await start(0);
  return {
    root,
    write,
    file,
    stop,
    url: url.href,
    /** Starts again where it was. */
    again: () => start(url.port),
    close: async () => {
      await stop();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}
