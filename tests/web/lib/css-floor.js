// Which parts of a stylesheet Chromium 78 drops. The source is cut up by css-tree; each piece is then
// given to Chromium 78 alone, and what its CSSOM does not hold has been dropped:
// - an at-rule it does not know, or a media query it turns into `not all`, with all that is in it;
// - a rule whose selector list it cannot read;
// - a declaration it refuses. Values with `var()` are accepted unseen and fail only when computed, so
//   they are tried with every value that the sheet gives the variable.
// A piece is named by what a person would look for: `@media (…)`, `selector`, or `property: value`.
import * as csstree from 'css-tree';

const VARIABLE = /var\(\s*(--[\w-]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)/;

/** Every custom property of the sheets with all the values it is given. */
function variables(asts) {
  const values = new Map();
  for (const ast of asts) {
    csstree.walk(ast, {
      visit: 'Declaration',
      enter(node) {
        if (!node.property.startsWith('--')) return;
        const value = csstree.generate(node.value).trim();
        if (!values.has(node.property)) values.set(node.property, new Set());
        values.get(node.property).add(value);
      },
    });
  }
  return values;
}

/** `value` with its variables replaced, in every combination up to a bound. */
function spelledOut(value, values, depth = 0) {
  const found = VARIABLE.exec(value);
  if (!found || depth > 12) return [value];
  const [whole, name, fallback] = found;
  const choices = values.has(name) ? [...values.get(name)] : fallback !== undefined ? [fallback.trim()] : ['initial'];
  const out = new Set();
  for (const choice of choices) {
    const next = value.slice(0, found.index) + choice + value.slice(found.index + whole.length);
    for (const v of spelledOut(next, values, depth + 1)) out.add(v);
    if (out.size > 24) break;
  }
  return [...out];
}

/** Cuts `css` into pieces to try; positions are kept for the report. */
export function pieces(sheets) {
  const asts = sheets.map(({ css }) => csstree.parse(css, { positions: true, parseValue: false, parseCustomProperty: false }));
  const values = variables(asts);
  const out = [];
  const print = (node) => csstree.generate(node).trim();
  const inner = (node, sheet, within) => {
    const list = node.type === 'StyleSheet' ? node.children : node.block?.children;
    for (const child of list ?? []) {
      const at = { sheet, line: child.loc?.start.line ?? 0, column: child.loc?.start.column ?? 0, within };
      if (child.type === 'Atrule') {
        const prelude = child.prelude ? print(child.prelude) : '';
        const what = `@${child.name}${prelude ? ` ${prelude}` : ''}`;
        out.push({ kind: 'at', name: child.name, prelude, what, hasBlock: child.block !== null, ...at });
        inner(child, sheet, [...within, what]);
      } else if (child.type === 'Rule') {
        const selector = print(child.prelude);
        const nested = within.some((w) => /^@(-\w+-)?keyframes/.test(w));
        if (!nested) out.push({ kind: 'selector', selector, what: selector, ...at });
        inner(child, sheet, [...within, selector]);
      } else if (child.type === 'Declaration' && !child.property.startsWith('--')) {
        const value = print(child.value);
        const owner = within.at(-1) ?? '';
        out.push({
          kind: 'declaration', property: child.property, owner, selector: owner,
          what: `${child.property}: ${value}`,
          tries: spelledOut(value, values).map((v) => ({ property: child.property, value: v })),
          ...at,
        });
      } else if (child.type === 'Raw') {
        out.push({ kind: 'unreadable', what: print(child), ...at });
      }
    }
  };
  asts.forEach((ast, i) => inner(ast, sheets[i].name, []));
  return out;
}

/** Runs inside Chromium 78: gives back the indices of the pieces that it drops. */
function tryAll(list) {
  const style = document.createElement('style');
  document.head.appendChild(style);
  const first = (text) => {
    style.textContent = text;
    return style.sheet.cssRules[0];
  };
  const dropped = [];
  list.forEach((piece, i) => {
    let kept = true;
    if (piece.kind === 'at') {
      const head = `@${piece.name} ${piece.prelude}`;
      const body = piece.name === 'keyframes' ? '{from{top:0}}'
        : piece.name === 'font-face' ? '{font-family:x;src:local("x")}'
        : piece.name === 'page' ? '{margin:0}' : '{x{top:0}}';
      const rule = first(piece.hasBlock ? head + body : `${head};`);
      kept = rule !== undefined || piece.name === 'charset';
      if (kept && piece.name === 'media') kept = !/not all/.test(rule.media.mediaText) || /not all/.test(piece.prelude);
      if (kept && piece.name === 'supports') kept = CSS.supports(piece.prelude);
    } else if (piece.kind === 'selector') {
      kept = first(`${piece.selector}{top:0}`) !== undefined;
    } else if (piece.kind === 'declaration') {
      kept = piece.tries.every(({ property, value }) => {
        const text = `${property}:${value}`;
        if (/^@font-face/.test(piece.owner)) {
          const rule = first(`@font-face{font-family:x;src:local("x");${text}}`);
          return rule.style.getPropertyValue(property) !== '';
        }
        if (/^@page/.test(piece.owner)) return first(`@page{${text}}`).style.length > 0;
        return first(`x{${text}}`).style.length > 0;
      });
    } else {
      kept = false;
    }
    if (!kept) dropped.push(i);
  });
  style.remove();
  return dropped;
}

/** Runs inside the current Chromium: of each list of tries, those that a browser takes at all. */
function possible(lists) {
  const style = document.head.appendChild(document.createElement('style'));
  return lists.map((tries) => tries.filter(({ property, value }) => {
    style.textContent = `x{${property}:${value}}`;
    return style.sheet.cssRules[0].style.length > 0;
  }));
}

/**
 * The pieces of `sheets` that `page` (a page of Chromium 78) drops, those inside a dropped one left out.
 * Of the values that variables make possible, those that `current` refuses too never occur together.
 */
export async function droppedBy(page, current, sheets) {
  const all = pieces(sheets);
  const varied = all.filter((p) => p.kind === 'declaration' && p.tries.length > 1);
  (await current.evaluate(possible, varied.map((p) => p.tries))).forEach((tries, i) => {
    varied[i].tries = tries;
  });
  const dropped = new Set(await page.evaluate(tryAll, all));
  const gone = all.filter((_, i) => dropped.has(i));
  const outer = new Set(gone.filter((p) => p.kind !== 'declaration').map((p) => `${p.sheet} ${[...p.within, p.what].join(' > ')}`));
  return gone.filter((p) => !p.within.some((_, i) => outer.has(`${p.sheet} ${p.within.slice(0, i + 1).join(' > ')}`)));
}

/** Counts the pieces Chromium 78 was given, so that a sheet that parses to nothing is noticed. */
export function weight(sheets) {
  return pieces(sheets).length;
}
