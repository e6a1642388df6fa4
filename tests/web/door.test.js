// What the door names as an office's newest page: news of that office where it has any, and never a page of a
// section that is kept off the home page, such as the handbook.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { variants } from './lib/site.js';

const sample = variants().find((site) => site.name === 'sample');

test('sample: each door names a page that only its office has', { skip: !sample }, () => {
  const html = fs.readFileSync(path.join(sample.root, 'index.html'), 'utf8');
  const newest = [...html.matchAll(/class="?new"?><a href="?([^"> ]+)/g)].map((m) => m[1]);
  const offices = newest.map((href) => href.split('/')[0]);
  assert.equal(new Set(offices).size, 3, `newest pages of three offices, found ${newest.join(' ')}`);
  for (const href of newest) {
    const [office, ...rest] = href.split('/');
    assert.notEqual(rest[0], 'handbook', href);
    for (const other of offices.filter((o) => o !== office)) {
      assert.ok(!fs.existsSync(path.join(sample.root, other, ...rest)), `${href} is also in ${other}`);
    }
  }
});
