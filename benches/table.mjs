// How soon a data table of 1,000 rows reacts in Chromium 78: from the reader's act until the changed table is on the
// screen. `run` builds the page and hands over its address; one line of JSON comes back: milliseconds by act.
import { launch78 } from '../tests/web/lib/chromium78.js';

const [, , url, rounds] = process.argv;
const browser = await launch78();
try {
  const page = await browser.newPage();
  await page.send('Emulation.setDeviceMetricsOverride', { width: 1366, height: 768, deviceScaleFactor: 1, mobile: false });
  const errors = await page.open(url, { settle: 500 });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  const times = await page.evaluate(async (rounds) => {
    const figure = document.querySelector('[data-table]');
    const words = figure.querySelector('input[type=search]');
    const pick = figure.querySelector('select');
    const heads = figure.querySelectorAll('thead button');
    const said = () => figure.querySelector('[role=status]').textContent;
    figure.scrollIntoView();
    // A frame that begins after the act's own has been drawn.
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
    const type = (text) => () => { words.value = text; words.dispatchEvent(new Event('input', { bubbles: true })); };
    const acts = {
      'type one letter': type('1'), 'type a word': type('城东'), 'clear it': type(''),
      'sort text': () => heads[0].click(), 'sort numbers': () => heads[3].click(), 'turn the order': () => heads[3].click(),
      'sort dates': () => heads[4].click(),
      'pick a value': () => { pick.selectedIndex = 2; pick.dispatchEvent(new Event('change', { bubbles: true })); },
      'pick all': () => { pick.selectedIndex = 0; pick.dispatchEvent(new Event('change', { bubbles: true })); },
    };
    const times = {};
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, act] of Object.entries(acts)) {
        await drawn();
        const from = performance.now();
        act();
        await drawn();
        (times[name] = times[name] || []).push(performance.now() - from);
      }
    }
    if (said() !== '共 1000 条') throw new Error(said());
    return times;
  }, Number(rounds));
  console.log(JSON.stringify(times));
} finally {
  await browser.close();
}
