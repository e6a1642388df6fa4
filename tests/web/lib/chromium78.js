// Chromium 78, the oldest browser the portal promises to work in, out of the npm package
// chrome-aws-lambda: unpacked once into a cache folder and driven by raw DevTools messages over a
// pipe (no driver of today speaks to a browser of that age).
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

const PACKED = new URL('../node_modules/chrome-aws-lambda/bin/', import.meta.url).pathname;

function unpack() {
  const home = process.env.ZHENDI_CHROMIUM78 ?? path.join(os.tmpdir(), 'zhendi-chromium-78');
  const binary = path.join(home, 'chromium');
  if (fs.existsSync(binary)) return home;
  const fresh = fs.mkdtempSync(`${home}.`);
  for (const name of ['chromium', 'aws.tar']) {
    fs.writeFileSync(path.join(fresh, name), zlib.brotliDecompressSync(fs.readFileSync(`${PACKED}${name}.br`)));
  }
  fs.chmodSync(path.join(fresh, 'chromium'), 0o755);
  execFileSync('tar', ['xf', 'aws.tar'], { cwd: fresh });
  try {
    fs.renameSync(fresh, home);
  } catch {
    fs.rmSync(fresh, { recursive: true });
  }
  return home;
}

/** One DevTools session with a page; `events` collects what came in since `open`. */
class Page {
  constructor(browser, sessionId) {
    this.browser = browser;
    this.sessionId = sessionId;
    this.events = [];
    this.waiting = [];
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.sessionId);
  }

  notice(message) {
    this.events.push(message);
    for (const w of this.waiting.filter((w) => w.method === message.method)) w.resolve(message.params);
    this.waiting = this.waiting.filter((w) => w.method !== message.method);
  }

  until(method) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Chromium 78: no ${method} in 20 s`)), 20000);
      this.waiting.push({ method, resolve: (v) => (clearTimeout(timer), resolve(v)) });
    });
  }

  /** Loads `url` and gives back every error the page or the console uttered meanwhile. */
  async open(url, { settle = 80 } = {}) {
    this.events = [];
    const loaded = this.until('Page.loadEventFired');
    const answer = await this.send('Page.navigate', { url });
    if (answer.errorText) throw new Error(`${url}: ${answer.errorText}`);
    await loaded;
    await new Promise((resolve) => setTimeout(resolve, settle));
    return this.errors();
  }

  errors() {
    const out = [];
    for (const { method, params } of this.events) {
      if (method === 'Runtime.exceptionThrown') {
        const d = params.exceptionDetails;
        out.push(`${d.exception?.description ?? d.text} (${d.url ?? ''}:${d.lineNumber + 1})`);
      } else if (method === 'Log.entryAdded' && params.entry.level === 'error') {
        out.push(`${params.entry.text} (${params.entry.url ?? ''})`);
      } else if (method === 'Runtime.consoleAPICalled' && params.type === 'error') {
        out.push(params.args.map((a) => a.value ?? a.description).join(' '));
      }
    }
    return out;
  }

  /** Calls `fn` in the page with JSON arguments and gives back its JSON answer. */
  async evaluate(fn, ...args) {
    const expression = `(${fn})(...${JSON.stringify(args)})`;
    const answer = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails) {
      throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    }
    return answer.result.value;
  }
}

class Browser {
  constructor(child, profile) {
    this.child = child;
    this.profile = profile;
    this.next = 1;
    this.pending = new Map();
    this.pages = new Map();
    this.rest = Buffer.alloc(0);
    child.stdio[4].on('data', (chunk) => this.take(chunk));
    child.on('exit', () => {
      for (const { reject } of this.pending.values()) reject(new Error('Chromium 78 has ended'));
      this.pending.clear();
    });
  }

  take(chunk) {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (let end = this.rest.indexOf(0); end >= 0; end = this.rest.indexOf(0)) {
      const message = JSON.parse(this.rest.subarray(0, end).toString('utf8'));
      this.rest = this.rest.subarray(end + 1);
      if (message.id !== undefined) {
        const { resolve, reject } = this.pending.get(message.id);
        this.pending.delete(message.id);
        if (message.error) reject(new Error(message.error.message));
        else resolve(message.result);
      } else {
        this.pages.get(message.sessionId)?.notice(message);
      }
    }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }

  async newPage() {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId);
    this.pages.set(sessionId, page);
    for (const domain of ['Page', 'Runtime', 'Log']) await page.send(`${domain}.enable`);
    return page;
  }

  async version() {
    return (await this.send('Browser.getVersion')).product;
  }

  async close() {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.send('Browser.close').catch(() => {});
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 3000);
    await gone;
    clearTimeout(timer);
    fs.rmSync(this.profile, { recursive: true, force: true });
  }
}

/** Unpacks (once) and starts Chromium 78. */
export async function launch78() {
  const home = unpack();
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'zhendi-profile-'));
  const libraries = [process.env.LD_LIBRARY_PATH, path.join(home, 'lib')].filter(Boolean).join(':');
  const args = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-software-rasterizer', '--no-zygote',
    '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-sync',
    '--disable-component-update', '--remote-debugging-pipe',
    `--user-data-dir=${profile}`, 'about:blank',
  ];
  const child = spawn(path.join(home, 'chromium'), args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  return new Browser(child, profile);
}
