// Reading settings are chosen the way a reader does it: by the words in the bar of an article, found
// by their accessible names. They are remembered for the other pages of the same browser context.
import { address } from './browser.js';

/** An article to use the bar on: the biggest page of some kind. */
export function anArticle(site) {
  const pages = site.samples({ everyOffice: false }).filter((s) => s.type.startsWith('page:'));
  const best = pages.sort((a, b) => b.size - a.size)[0];
  if (!best) throw new Error(`${site.name} holds no article`);
  return best.rel;
}

/** The control of the reading bar that bears `name`. */
export function control(page, name) {
  return page.getByRole('button', { name, exact: true }).or(page.getByRole('radio', { name, exact: true })).first();
}

/** Opens an article in `context` and presses each of `choices`. */
export async function chooseReading(context, base, site, choices) {
  if (choices.length === 0) return;
  const page = await context.newPage();
  await page.goto(address(base, anArticle(site)), { waitUntil: 'load' });
  for (const name of choices) {
    await control(page, name).click({ timeout: 5000 });
  }
  await page.close();
}
