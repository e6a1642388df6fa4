// Runs inside a page, an old one too (no syntax newer than Chromium 78): how far the page scrolls
// sideways, and what sticks out of it.
export function overflow() {
  const root = document.scrollingElement;
  const over = root.scrollWidth - root.clientWidth;
  window.scrollTo(50, 0);
  const moved = window.scrollX;
  window.scrollTo(0, 0);
  if (over <= 0 && moved === 0) return null;
  const clipped = (el) => {
    for (let p = el.parentElement; p && p !== document.body; p = p.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true;
    }
    return false;
  };
  const out = [];
  for (const el of document.querySelectorAll('body *')) {
    const box = el.getBoundingClientRect();
    if (box.right > root.clientWidth + 1 && box.width > 0 && !clipped(el)) {
      const name = el.getAttribute('class');
      out.push(`${el.tagName.toLowerCase()}${name ? `.${name}` : ''} to ${Math.round(box.right)} px`);
    }
    if (out.length === 4) break;
  }
  return `${over} px: ${out.join(', ')}`;
}
