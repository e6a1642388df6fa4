// Runs inside a page that shows one slide: what is clipped, leaves its box, overlaps, or is too small to be read at
// three metres. All measures are divided by the root's font size, so the answer is the same at 1080p and at 4K.
export function inspect() {
  const px = parseFloat(getComputedStyle(document.documentElement).fontSize) / 20;
  const found = [];
  const name = (e) => e.tagName.toLowerCase() + (typeof e.className === 'string' && e.className ? `.${e.className.trim().split(/\s+/).join('.')}` : '');
  const say = (e, what) => found.push(`${name(e)} “${(e.textContent || '').trim().slice(0, 16)}” ${what}`);
  const shown = (e) => {
    const style = getComputedStyle(e);
    return style.display !== 'none' && style.visibility !== 'hidden' && e.getClientRects().length > 0;
  };
  const slide = document.querySelector('.k-slide');
  const box = slide.getBoundingClientRect();
  const hidden = (e) => {
    for (let at = e; at && at !== slide; at = at.parentElement) if (!shown(at)) return true;
    return false;
  };

  /* The ink of a line: its font size about the middle of its line box */
  const inks = [];
  const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || hidden(e)) continue;
    /* Facts that do not fit stand whole in a second column, which is not shown */
    const facts = e.closest('.k-facts');
    if (facts && e.getBoundingClientRect().left >= facts.getBoundingClientRect().right - 1) continue;
    /* Digits that stand alone are three quarters of their size high */
    const full = parseFloat(getComputedStyle(e).fontSize);
    const size = full * (e.closest('.k-value') ? 0.75 : 1);
    if (full < 43.9 * px) say(e, `is set in ${(full / px).toFixed(1)} px`);
    const vertical = getComputedStyle(e).writingMode === 'vertical-rl';
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const r of range.getClientRects()) {
      const [mx, my] = [(r.left + r.right) / 2, (r.top + r.bottom) / 2];
      inks.push(vertical ? { e, left: mx - size / 2, right: mx + size / 2, top: r.top, bottom: r.bottom }
        : { e, left: r.left, right: r.right, top: my - size / 2, bottom: my + size / 2 });
    }
  }
  if (inks.length === 0) say(slide, 'shows nothing');

  const holders = ['.k-band', '.k-slip>div', '.k-panels section', '.k-law>div', '.k-counts>div', '.k-parts section', '.k-by-columns>li', '.k-by-list>li', '.k-body', 'figcaption', '.k-head'];
  for (const ink of inks) {
    for (const selector of holders) {
      const holder = ink.e.closest(selector);
      if (!holder) continue;
      const b = holder.getBoundingClientRect();
      const hang = ink.e.classList.contains('k-hang') ? parseFloat(getComputedStyle(ink.e).fontSize) / 2 + px : selector === '.k-head' ? 24 * px : 1.5 * px;
      const tail = 1.5 * px;
      if (ink.left < b.left - hang) say(ink.e, `leaves ${selector} on the left by ${((b.left - ink.left) / px).toFixed(0)}`);
      if (ink.right > b.right + tail) say(ink.e, `leaves ${selector} on the right by ${((ink.right - b.right) / px).toFixed(0)}`);
      if (ink.top < b.top - tail) say(ink.e, `leaves ${selector} at the top by ${((b.top - ink.top) / px).toFixed(0)}`);
      if (ink.bottom > b.bottom + tail) say(ink.e, `leaves ${selector} at the bottom by ${((ink.bottom - b.bottom) / px).toFixed(0)}`);
    }
    if (ink.left < box.left + 8 * px || ink.right > box.right - 8 * px || ink.top < box.top + 8 * px || ink.bottom > box.bottom - 8 * px) say(ink.e, 'is at the very edge of the screen');
  }

  const drawn = '.k-rule,.k-progress,.k-seal,.k-q,.k-a,.k-row i,.k-mark,.k-hand,.k-example,.k-pic,.k-moon';
  const solid = [...slide.querySelectorAll(drawn)].filter(shown).map((e) => {
    const { left, right, top, bottom } = e.getBoundingClientRect();
    return { e, left, right, top, bottom };
  });
  const all = inks.concat(solid);
  for (let i = 0; i < inks.length; i += 1) {
    for (let j = i + 1; j < all.length; j += 1) {
      const [a, b] = [inks[i], all[j]];
      if (b.e.contains(a.e)) continue;
      const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (w > 2 * px && h > 2 * px) say(a.e, `overlaps ${name(b.e)} “${(b.e.textContent || '').trim().slice(0, 10)}” by ${(w / px).toFixed(0)}×${(h / px).toFixed(0)}`);
    }
  }
  for (const e of slide.querySelectorAll('*')) {
    const style = getComputedStyle(e);
    if (!shown(e) || e.classList.contains('k-facts')) continue;
    if (style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1) say(e, 'clips its width');
    if (style.overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1) say(e, `clips its height by ${e.scrollHeight - e.clientHeight}`);
  }
  for (const img of slide.querySelectorAll('img')) if (!img.complete || !img.naturalWidth) say(img, 'is a picture that does not load');
  return [...new Set(found)];
}
