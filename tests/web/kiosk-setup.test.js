// What `zhendi kiosk-setup` writes, run for real: the start script opens a screen in a Chromium with a display, and opens it again
// when it is gone; the watchdog sees whether it answers, and kills it when it does not.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { ZHENDI } from './lib/preview.js';

const freePort = () => new Promise((done) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

const pages = async (port) => {
  try {
    return await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  } catch {
    return [];
  }
};

async function until(what, words) {
  for (let i = 0; i < 600; i += 1) {
    const got = await what();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never came: ${words}`);
}

test('the start script shows the screen, again when it is gone; the watchdog tells', { timeout: 300000 }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-setup-'));
  const site = path.join(process.env.ZHENDI_OUT, 'east/kiosk/lobby');
  execFileSync(ZHENDI, ['kiosk-setup', 'east/lobby', '-r', process.env.ZHENDI_PORTAL, '-o', folder]);
  const page = `file://${site}/index.html`;
  for (const name of ['zhendi-kiosk.sh', 'zhendi-watchdog.sh']) {
    const file = path.join(folder, 'linux', name);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('file:///var/lib/zhendi/east-lobby/index.html', page));
  }
  const port = await freePort();
  const env = {
    ...process.env, HOME: folder, ZHENDI_PORT: String(port), ZHENDI_STATE: path.join(folder, 'state'),
    CHROMIUM: process.env.CHROMIUM ?? 'chromium', CHROMIUM_FLAGS: '--no-sandbox --disable-gpu --window-size=1280,720',
  };
  const kiosk = spawn('xvfb-run', ['-a', '-s', '-screen 0 1280x720x24', 'sh', path.join(folder, 'linux/zhendi-kiosk.sh')], { env, detached: true, stdio: 'ignore' });
  const watchdog = () => spawnSync('sh', [path.join(folder, 'linux/zhendi-watchdog.sh')], { env, encoding: 'utf8' });
  const shows = async () => (await pages(port)).find((one) => one.type === 'page' && one.url === page);
  const times = () => fs.readFileSync(env.ZHENDI_STATE, 'utf8').trim();
  try {
    assert.equal(watchdog().status, 0, 'before it is there');
    assert.equal(times(), '1');
    const first = await until(shows, 'the page');
    assert.equal(watchdog().status, 0);
    assert.equal(times(), '0');

    spawnSync('pkill', ['-KILL', '-f', '--', `--remote-debugging-port=${port}`]);
    const second = await until(async () => {
      const now = await shows();
      return now && now.id !== first.id ? now : null;
    }, 'the page again');

    // It answers, but shows something else: three times, and it is opened anew.
    await fetch(`http://127.0.0.1:${port}/json/new?about:blank`, { method: 'PUT' });
    await fetch(`http://127.0.0.1:${port}/json/close/${second.id}`);
    await until(async () => !(await shows()), 'the page goes');
    const said = [1, 2, 3].map(() => watchdog().stderr);
    assert.deepEqual(said.slice(0, 2), ['', '']);
    assert.match(said[2], /重新打开/);
    await until(shows, 'the page, after the watchdog');
  } finally {
    process.kill(-kiosk.pid, 'SIGKILL');
    spawnSync('pkill', ['-KILL', '-f', '--', `--remote-debugging-port=${port}`]);
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
});
