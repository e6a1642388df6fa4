// Photographs in real browsers: a phone fetches the small one and no other, a wide screen a larger one, enlarging
// fetches one that is sharp enough; Chromium 78 shows them; one that breaks off leaves words in its place.
import test from 'node:test';
import assert from 'node:assert/strict';
import { launch, DESKTOP, PHONE } from './lib/browser.js';
import { launch78 } from './lib/chromium78.js';
import { article, preview } from './lib/preview.js';

const PAGE = 'content/study/bing/index.md';
const shown = (alt = '现场照片') => article('丙', { n: 1, text: `![${alt}](照片.jpg "图注")` });

/** A photograph of 2000 × 1500 pixels, drawn and saved by the browser. */
async function photograph(browser) {
  const page = await browser.newPage();
  const data = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 2000;
    canvas.height = 1500;
    const context = canvas.getContext('2d');
    for (let y = 0; y < 1500; y += 20) {
      for (let x = 0; x < 2000; x += 20) {
        context.fillStyle = `hsl(${(x * y) % 360},60%,${30 + ((x + y) % 50)}%)`;
        context.fillRect(x, y, 20, 20);
      }
    }
    return canvas.toDataURL('image/jpeg', 0.9);
  });
  await page.close();
  return Buffer.from(data.split(',')[1], 'base64');
}

/** Runs `work` with a preview of a page with a photograph. */
async function with_photograph(work) {
  const portal = await preview();
  const browser = await launch();
  try {
    const photo = await photograph(browser);
    portal.write('content/study/bing/照片.jpg', photo);
    portal.write(PAGE, shown());
    await work({ portal, browser, photo, url: `${portal.url}east/study/bing.html` });
  } finally {
    await browser.close();
    await portal.close();
  }
}

/** Opens the page in a context of its own; gives the page, and the pictures that it fetches. */
async function open(browser, url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const fetched = [];
  page.on('request', (request) => {
    const name = decodeURIComponent(request.url()).split('/').pop();
    if (name.includes('照片')) fetched.push(name);
  });
  // The server may not have seen the files yet.
  await page.goto(url);
  await page.locator('figure img').waitFor();
  await page.locator('figure img').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => {
    const picture = document.querySelector('figure img');
    return picture.complete && picture.naturalWidth > 0;
  });
  return { page, fetched };
}

const source = (page) => page.evaluate(() => decodeURIComponent(document.querySelector('figure img').currentSrc).split('.').slice(-2)[0]);

test('a phone fetches the small one, a wide or dense screen a larger one, and no other', () => with_photograph(async ({ browser, url }) => {
  const phone = await open(browser, url, { viewport: PHONE, deviceScaleFactor: 1 });
  assert.deepEqual(phone.fetched, ['照片.jpg.480.webp']);
  const dense = await open(browser, url, { viewport: PHONE, deviceScaleFactor: 2 });
  assert.deepEqual(dense.fetched, ['照片.jpg.960.webp']);
  const wide = await open(browser, url, { viewport: DESKTOP, deviceScaleFactor: 1 });
  assert.deepEqual(wide.fetched, ['照片.jpg.960.webp']);
  const { width, place } = await wide.page.evaluate(() => {
    const picture = document.querySelector('figure img');
    return { width: picture.clientWidth, place: picture.clientWidth / picture.clientHeight };
  });
  assert.ok(width <= 960, `${width} pixels are shown of 960`);
  assert.ok(Math.abs(place - 4 / 3) < 0.01);
}));

test('enlarging fetches one that is sharp enough, and there is a way back', () => with_photograph(async ({ browser, url }) => {
  const { page } = await open(browser, url, { viewport: PHONE, deviceScaleFactor: 1 });
  assert.equal(await source(page), '480');
  await page.getByRole('button', { name: '看大图' }).click();
  await page.waitForFunction(() => /\.960\.webp$/.test(document.querySelector('figure img').currentSrc));
  await page.getByRole('button', { name: '缩回去' }).click();
  assert.equal(await page.locator('figure.zoom').count(), 0);
}));

test('Chromium 78 shows it', () => with_photograph(async ({ url }) => {
  const old = await launch78();
  try {
    const page = await old.newPage();
    assert.deepEqual(await page.open(url), []);
    const seen = await page.evaluate(async () => {
      const picture = document.querySelector('figure img');
      picture.scrollIntoView();
      await picture.decode();
      return { width: picture.naturalWidth > 0, address: picture.currentSrc };
    });
    assert.equal(seen.width, true);
    assert.match(seen.address, /\.webp$/);
  } finally {
    await old.close();
  }
}));

test('a photograph that breaks off leaves words in its place, and comes back', () => with_photograph(async ({ portal, browser, photo, url }) => {
  const { page } = await open(browser, url, { viewport: DESKTOP });
  portal.write('content/study/bing/照片.jpg', photo.subarray(0, photo.length / 2));
  await page.getByText('图片打不开：现场照片').waitFor();
  assert.equal(await page.locator('figure img').count(), 0);
  portal.write('content/study/bing/照片.jpg', photo);
  await page.locator('figure img').waitFor();
}));
