// Every page and every drawing of the output is valid by the Nu HTML checker: no error at all.
import test from 'node:test';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { variants } from './lib/site.js';
import { none } from './lib/browser.js';

const JAR = new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url).pathname;

for (const site of variants()) {
  test(`${site.name}: ${site.html.length} pages are valid HTML`, () => {
    const args = ['-jar', JAR, '--format', 'json', '--exit-zero-always', '--also-check-svg', '--skip-non-html', site.root];
    const run = spawnSync('java', ['-Xmx1g', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(`vnu did not run: ${run.error ?? run.stderr.slice(-500)}`);
    const report = JSON.parse(run.stderr || '{"messages":[]}');
    const errors = report.messages.filter((m) => m.type !== 'info');
    none(
      errors.map((m) => {
        const rel = path.relative(site.root, decodeURIComponent(new URL(m.url).pathname));
        return `${rel}:${m.lastLine}:${m.firstColumn ?? 0} ${m.message}  …${(m.extract ?? '').replace(/\s+/g, ' ')}…`;
      }),
      'error of the Nu HTML checker',
    );
  });

  test(`${site.name}: XML outputs are well-formed`, () => {
    const xml = site.files.filter((f) => /\.(xml|svg)$/.test(f)).map((f) => path.join(site.root, f));
    if (xml.length > 0) execFileSync('xmllint', ['--noout', '--nonet', ...xml], { stdio: 'pipe' });
  });
}
