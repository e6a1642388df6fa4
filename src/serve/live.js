/* What a page in preview does by itself. The server tells it over /-/events the whole state of the page that is open:
   its hash, its file, what is wrong. The page fetches itself again when the hash is another, and brings what it shows
   in line with it; style sheets and pictures are swapped; faults lie over the last good page. Classic ES2019 for
   Chromium 78; nothing inline, so it runs under default-src 'self'. */
(function (doc, morphdom) {
  'use strict';
  if (window.zhendiPreview) return;
  window.zhendiPreview = true;

  const make = (tag, className, text) => {
    const node = doc.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  const all = (selector, from) => Array.from((from || doc).querySelectorAll(selector));
  const store = {
    read(key) {
      try { return JSON.parse(sessionStorage.getItem('zhendi.preview.' + key)); } catch (e) { return null; }
    },
    save(key, value) {
      try { sessionStorage.setItem('zhendi.preview.' + key, JSON.stringify(value)); } catch (e) { /* only for this page */ }
    },
  };

  /* ── What this page stands on: the run of the server, the turn of its tree, the page's hash ── */
  let boot = '';
  let turn = 0;
  let hash = null;
  let state = null;
  const stand = (stamp) => {
    const parts = (stamp || '').split('.');
    if (parts.length !== 3) return;
    boot = parts[0];
    turn = Number(parts[1]);
    hash = parts[2];
  };
  const stamp = () => {
    const page = performance.getEntriesByType('navigation')[0];
    const timing = (page && page.serverTiming) || [];
    const ours = timing.filter((entry) => entry.name === 'zhendi')[0];
    return ours && ours.description;
  };

  /* ── What came from the source, as against what scripts and readers made of it since. This script stands last in the
        body, before any deferred one, so what is there now is the source ── */
  const known = new WeakSet();
  const attributes = new WeakMap();
  const texts = new WeakMap();
  const sources = new WeakMap();

  const attributesOf = (element) => {
    const found = new Map();
    for (const attribute of Array.from(element.attributes)) found.set(attribute.name, attribute.value);
    return found;
  };
  function learn(node) {
    known.add(node);
    if (node.nodeType !== 1) return;
    attributes.set(node, attributesOf(node));
    sources.set(node, node.outerHTML);
    if (!node.firstElementChild) texts.set(node, node.textContent);
    node.childNodes.forEach(learn);
  }

  /* Puts into `to`, the new source, what scripts and readers changed in `from`, unless the source changed there too. */
  function keep(from, to) {
    const source = to.outerHTML;
    if (from.nodeName === 'SCRIPT' || sources.get(from) === source) return false;
    sources.set(from, source);
    const was = attributes.get(from) || new Map();
    const next = attributesOf(to);
    const now = attributesOf(from);
    now.forEach((value, name) => {
      if (value !== was.get(name) && next.get(name) === was.get(name)) to.setAttribute(name, value);
    });
    was.forEach((value, name) => {
      if (!now.has(name) && next.get(name) === value) to.removeAttribute(name);
    });
    attributes.set(from, next);
    const text = to.firstElementChild ? null : to.textContent;
    if (text !== null && text === texts.get(from) && !from.firstElementChild && from.textContent !== text) {
      to.textContent = from.textContent;
    }
    if (text === null) texts.delete(from);
    else texts.set(from, text);
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(from.nodeName)) {
      to.value = from.value;
      if (from.checked !== undefined) to.checked = from.checked;
    }
    return true;
  }

  /* Which new element is which old one: those with the same source first, if there is one of them on each side; between
     them, in order, those of one name. Left to itself the library pairs by position, and a heading put in would throw
     away all below it. Two elements are one if they have one key. */
  const keys = new WeakMap();
  let count = 0;
  const keyOf = (node) => {
    if (node.nodeType !== 1) return undefined;
    if (!keys.has(node)) keys.set(node, 'zhendi-' + (count += 1));
    return keys.get(node);
  };
  const single = (list) => {
    const found = new Map();
    list.forEach((one, i) => found.set(one, found.has(one) ? -1 : i));
    return found;
  };
  function pair(from, to) {
    keys.set(to, keyOf(from));
    if (sources.get(from) === to.outerHTML) return;
    const olds = Array.from(from.children).filter((node) => known.has(node));
    const news = Array.from(to.children);
    const oldSources = single(olds.map((node) => sources.get(node)));
    const newSources = news.map((node) => node.outerHTML);
    const alone = single(newSources);
    let oldAt = 0;
    let newAt = 0;
    const between = (oldEnd, newEnd) => {
      for (; newAt < newEnd; newAt += 1) {
        let i = oldAt;
        while (i < oldEnd && olds[i].nodeName !== news[newAt].nodeName) i += 1;
        if (i < oldEnd) {
          pair(olds[i], news[newAt]);
          oldAt = i + 1;
        }
      }
    };
    newSources.forEach((source, j) => {
      const i = oldSources.get(source);
      if (alone.get(source) < 0 || i === undefined || i < oldAt) return;
      between(i, j);
      keys.set(news[j], keyOf(olds[i]));
      oldAt = i + 1;
      newAt = j + 1;
    });
    between(olds.length, news.length);
  }

  /* ── The head: by what each element names; how a script changed the rest does not matter ── */
  const heads = new Map();
  const headKey = (node) => {
    const value = (name) => node.getAttribute(name) || '';
    return [node.nodeName, 'rel', 'href', 'src', 'name', 'property', 'charset', 'content', 'type']
      .map((name, i) => (i ? value(name) : name)).join('|');
  };
  function head(fresh) {
    if (fresh.title !== title) doc.title = fresh.title;
    title = fresh.title;
    const wanted = new Set();
    let last = null;
    Array.from(fresh.head.children).forEach((node) => {
      if (node.nodeName === 'TITLE') return;
      const key = headKey(node);
      wanted.add(key);
      if (!heads.has(key)) {
        const added = doc.importNode(node, true);
        doc.head.insertBefore(added, last ? last.nextSibling : doc.head.firstChild);
        heads.set(key, added);
      }
      last = heads.get(key);
    });
    heads.forEach((node, key) => {
      if (wanted.has(key)) return;
      heads.delete(key);
      const others = node.nodeName === 'LINK' && node.rel === 'stylesheet' && last;
      /* An old style sheet stays until the new one is there, or the page would stand bare for a moment. */
      if (others) whenLoaded(Array.from(heads.values()).filter((one) => one.rel === 'stylesheet'), () => node.remove());
      else node.remove();
    });
  }
  function whenLoaded(links, act) {
    let left = links.filter((link) => !link.sheet).length;
    if (!left) { act(); return; }
    const one = () => { left -= 1; if (!left) act(); };
    links.filter((link) => !link.sheet).forEach((link) => {
      link.addEventListener('load', one);
      link.addEventListener('error', one);
    });
  }

  let title = doc.title;
  Array.from(doc.head.children).forEach((node) => { if (node.nodeName !== 'TITLE') heads.set(headKey(node), node); });
  learn(doc.body);
  let scripts = all('script[src]').map((node) => node.getAttribute('src')).join('\n');

  /* ── Bringing the page up to date ── */
  let fetching = false;
  let again = false;
  async function refresh() {
    if (fetching) { again = true; return; }
    fetching = true;
    again = false;
    try {
      const answer = await fetch(location.pathname, { cache: 'no-store' });
      const text = await answer.text();
      const found = /zhendi;desc="([^"]*)"/.exec(answer.headers.get('server-timing') || '');
      if (answer.ok && found && !(state && state.broken)) {
        const fresh = new DOMParser().parseFromString(text, 'text/html');
        const wanted = all('script[src]', fresh).map((node) => node.getAttribute('src')).join('\n');
        /* A page that was not there, or runs other scripts, has to begin anew. */
        if (hash === '' || wanted !== scripts) { reload(); return; }
        head(fresh);
        const { lang } = fresh.documentElement;
        if (lang && lang !== doc.documentElement.lang) doc.documentElement.lang = lang;
        pair(doc.body, fresh.body);
        morphdom(doc.body, fresh.body, {
          getNodeKey: keyOf,
          onBeforeElUpdated: keep,
          onBeforeNodeDiscarded: (node) => known.has(node),
          onNodeAdded: (node) => { learn(node); return node; },
        });
        scripts = wanted;
        stand(found[1]);
        doc.dispatchEvent(new Event('zhendi:update'));
      }
    } catch (e) {
      /* The line is down; the next message says how things stand. */
    }
    fetching = false;
    if (again || (state && !state.broken && state.hash && state.hash !== hash && turn < state.turn)) refresh();
  }

  /* ── Beginning anew at the same place ── */
  let late = false;
  function remember(path) {
    const open = all('details').map((node) => node.open);
    store.save('place', { path, y: window.pageYOffset, open });
  }
  function reload() {
    /* Under a fault the last good page stays. */
    if (state && state.broken) { late = true; return; }
    remember(location.pathname);
    location.reload();
  }
  const place = store.read('place');
  store.save('place', null);
  if (place && place.path === location.pathname) {
    all('details').forEach((node, i) => { if (place.open[i] !== undefined) node.open = place.open[i]; });
    window.addEventListener('load', () => window.scrollTo(0, place.y));
  }

  /* ── Files that are no pages ── */
  const names = (address, path) => {
    if (!address) return false;
    const url = new URL(address, location.href);
    try {
      return url.origin === location.origin && decodeURIComponent(url.pathname) === '/' + path;
    } catch (e) {
      return false;
    }
  };
  const versioned = (address) => new URL(address, location.href).pathname + '?v=' + turn;

  function swap(link) {
    const next = link.cloneNode();
    next.href = versioned(link.href);
    next.addEventListener('load', () => link.remove());
    next.addEventListener('error', () => next.remove());
    heads.forEach((node, key) => { if (node === link) heads.set(key, next); });
    link.parentNode.insertBefore(next, link.nextSibling);
  }
  function asset(path) {
    const links = all('link[rel~=stylesheet]').filter((link) => names(link.href, path));
    if (links.length) { links.forEach(swap); return; }
    const pictures = all('img,source,video,audio,iframe').filter((node) => names(node.getAttribute('src'), path));
    pictures.forEach((node) => { node.src = versioned(node.src); });
    const used = performance.getEntriesByType('resource').some((entry) => names(entry.name, path));
    if (!pictures.length && used) reload();
  }

  /* ── What the server says ── */
  function take(message) {
    if (boot && message.boot !== boot) { boot = message.boot; state = message; show(); reload(); return; }
    if (message.turn < (state ? state.turn : 0)) return;
    boot = message.boot;
    state = message;
    show();
    if (message.broken) {
      if (message.assets.length) late = true;
      return;
    }
    if (message.stale || late) { reload(); return; }
    if (message.go) {
      store.save('note', '这一页换了网址，已经带您过来。');
      remember(message.go);
      location.replace(message.go + location.hash);
      return;
    }
    turn = Math.max(turn, message.turn);
    message.assets.forEach(asset);
    if (message.hash && message.hash !== hash) refresh();
  }

  let line = null;
  let leaving = false;
  let retry = 0;
  let quiet = 0;
  function connect() {
    if (line || leaving) return;
    const query = { page: location.pathname, boot, turn };
    line = new EventSource('/-/events?' + Object.keys(query).map((key) => key + '=' + encodeURIComponent(query[key])).join('&'));
    line.onmessage = (event) => {
      clearTimeout(quiet);
      quiet = 0;
      ui.note('line', '');
      take(JSON.parse(event.data));
    };
    line.onerror = () => {
      disconnect();
      if (!quiet) quiet = setTimeout(() => ui.note('line', '预览断开了，正在重新连接。启动预览的窗口可能已经关掉。'), 1500);
      clearTimeout(retry);
      retry = setTimeout(connect, 1000);
    };
  }
  function disconnect() {
    if (line) line.close();
    line = null;
  }
  window.addEventListener('pagehide', () => { leaving = true; disconnect(); });
  window.addEventListener('pageshow', () => { if (leaving) { leaving = false; connect(); } });
  /* A browser opens six connections to a server and no more: pages that nobody sees give theirs back. */
  let hidden = 0;
  doc.addEventListener('visibilitychange', () => {
    clearTimeout(hidden);
    if (doc.hidden) hidden = setTimeout(disconnect, 5000);
    else connect();
  });

  /* ── What is shown, in a tree of its own that the theme's style sheets do not reach ── */
  const host = make('zhendi-preview');
  const root = host.attachShadow({ mode: 'open' });
  const bar = make('aside', 'bar');
  const notes = make('div', 'notes');
  const badge = make('button', 'badge');
  const cover = make('div', 'cover');
  const dialog = make('div', 'dialog');
  const items = make('div', 'items');
  const foot = make('div', 'foot');
  let before = null;
  let mode = '';

  bar.setAttribute('aria-label', '预览');
  notes.setAttribute('role', 'status');
  badge.type = 'button';
  badge.hidden = true;
  badge.setAttribute('aria-haspopup', 'dialog');
  badge.addEventListener('click', () => open('all'));
  dialog.setAttribute('aria-modal', 'true');
  dialog.setAttribute('aria-labelledby', 'title');
  /* The arrow keys scroll what has the focus. */
  items.tabIndex = 0;
  cover.hidden = true;
  dialog.appendChild(items);
  dialog.appendChild(foot);
  cover.appendChild(dialog);

  function copier(text, label, className) {
    const node = make('button', className, label);
    node.type = 'button';
    node.addEventListener('click', async () => {
      let done = false;
      try {
        await navigator.clipboard.writeText(text);
        done = true;
      } catch (e) {
        /* Only secure addresses have a clipboard; a selection can be copied anywhere. */
        const area = make('textarea', 'copying');
        area.value = text;
        root.appendChild(area);
        area.select();
        done = doc.execCommand('copy');
        area.remove();
        node.focus();
      }
      node.textContent = done ? '已复制' : '请手动复制';
      setTimeout(() => { node.textContent = label; }, 2000);
    });
    return node;
  }

  const add = (parent, ...nodes) => { nodes.forEach((node) => { if (node) parent.appendChild(node); }); return parent; };

  function excerpt(piece) {
    const lines = piece.excerpt;
    const box = make('div', 'excerpt');
    const row = (className, number, ...nodes) => {
      const text = make('pre');
      add(box, add(make('div', 'row ' + className), make('i', '', number), add(text, ...nodes)));
    };
    const [head, marked, tail] = lines.parts;
    if (lines.above) row('', String(lines.line - 1), doc.createTextNode(lines.above));
    row('at', String(lines.line), doc.createTextNode(head), make('mark', '', marked || ' '), doc.createTextNode(tail));
    if (piece.label) row('hint', '', make('span', 'pad', head), make('b', '', '↑ ' + piece.label));
    if (lines.below) row('', String(lines.line + 1), doc.createTextNode(lines.below));
    return box;
  }

  function item(piece, counts, first) {
    const box = make('section', 'item ' + piece.severity);
    add(box, add(make('p', 'kind'), make('b', '', piece.word), make('span', '', piece.code), counts && make('span', 'counts', counts)));
    const heading = make('h2', '', piece.message);
    if (first) heading.id = 'title';
    box.appendChild(heading);
    if (piece.file) {
      const where = piece.excerpt && '第 ' + piece.excerpt.line + ' 行，第 ' + piece.excerpt.column + ' 列';
      add(box, add(make('p', 'place'), make('code', '', piece.file), where && make('span', '', where)));
    }
    if (piece.excerpt) box.appendChild(excerpt(piece));
    else if (piece.label) box.appendChild(make('p', 'label', piece.label));
    piece.notes.forEach((note) => box.appendChild(make('p', 'also', note)));
    const list = make('dl');
    if (piece.cause) add(list, make('dt', '', '原因'), make('dd', '', piece.cause));
    if (piece.cure) add(list, make('dt', '', '怎么改'), make('dd', '', piece.cure));
    if (piece.fix) {
      const { before: head, put, after } = piece.fix;
      const code = add(make('code'), doc.createTextNode(head), make('ins', '', put), doc.createTextNode(after));
      add(list, add(make('dd', 'fix'), code, copier(head + put + after, '复制这一行', '')));
    }
    box.appendChild(list);
    if (piece.folded) {
      const files = piece.folded_files ? '，在 ' + piece.folded_files + ' 个文件里' : '';
      box.appendChild(make('p', 'also', '整个门户里同样的情况还有 ' + piece.folded + ' 处' + files + '，不再一一列出。'));
    }
    return box;
  }

  const isError = (piece) => piece.severity === 'error';
  const mine = () => state.here.filter(isError);
  const others = () => state.elsewhere.filter(isError);
  const signature = (pieces) => pieces.map((piece) => [piece.code, piece.file, piece.message].join(' '));

  function counts() {
    const [errors, less, allErrors, allLess] = state.counts;
    const words = [];
    const rest = [];
    if (errors) words.push('本页 ' + errors + ' 处错误');
    if (less && !errors) words.push('本页 ' + less + ' 处提醒');
    if (allErrors - errors) rest.push((allErrors - errors) + ' 处错误');
    const further = errors ? allLess : allLess - less;
    if (further) rest.push(further + ' 处提醒');
    if (rest.length) words.push((words.length ? '全站另有 ' : '全站 ') + rest.join('、'));
    return words.join('　');
  }

  function fill() {
    const errors = [...mine(), ...others()];
    const pieces = mode === 'all' ? [...errors, ...state.here.filter((one) => !isError(one)), ...state.elsewhere.filter((one) => !isError(one))] : errors;
    const scrolled = items.scrollTop;
    const active = root.activeElement;
    items.textContent = '';
    foot.textContent = '';
    dialog.classList.toggle('mild', !errors.length);
    dialog.setAttribute('role', errors.length ? 'alertdialog' : 'dialog');
    pieces.forEach((piece, i) => add(items, item(piece, i === 0 && counts(), i === 0)));
    const shown = pieces.length;
    const [, , allErrors, allLess] = state.counts;
    if (mode === 'all' && shown < allErrors + allLess) {
      items.appendChild(make('p', 'more', '这里只列出 ' + shown + ' 处；全部的，在启动预览的窗口里看，或者运行 zhendi build。'));
    }
    const shut = make('button', 'shut');
    shut.type = 'button';
    add(shut, make('kbd', '', 'Esc'), make('span', '', errors.length ? '先收起，看上一次的好页面' : '收起'));
    shut.addEventListener('click', close);
    const words = errors.length ? '正式网站没有改动。改好并保存后，这里自动消失。' : '提醒不影响生成，有空时改。';
    add(foot, make('p', '', words), shut);
    items.scrollTop = scrolled;
    if (active && !root.activeElement) items.focus({ preventScroll: true });
  }

  function open(how) {
    const fresh = cover.hidden;
    mode = how;
    if (fresh) before = doc.activeElement;
    cover.hidden = false;
    fill();
    if (fresh) {
      items.scrollTop = 0;
      items.focus({ preventScroll: true });
    }
    show.badge();
  }
  function hide() {
    if (cover.hidden) return;
    cover.hidden = true;
    mode = '';
    if (before && before !== doc.body && before !== host && before.focus) before.focus({ preventScroll: true });
    show.badge();
  }
  function close() {
    store.save('closed', signature([...mine(), ...others()]));
    hide();
  }

  window.addEventListener('keydown', (event) => {
    if (cover.hidden) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') {
      /* The focus stays within. */
      const stops = [items, ...all('button', dialog)];
      const at = stops.indexOf(root.activeElement);
      const next = event.shiftKey ? at - 1 : at + 1;
      event.preventDefault();
      stops[(next < 0 ? stops.length - 1 : next) % stops.length].focus();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) {
      event.stopPropagation();
    }
  }, true);

  function show() {
    if (!ui.ready) return;
    const errors = [...mine(), ...others()];
    const loud = state.shared ? mine() : errors;
    const closed = store.read('closed') || [];
    const fresh = signature(loud).some((one) => closed.indexOf(one) < 0);
    if (!errors.length) store.save('closed', []);
    if (mode === 'errors' && !errors.length) hide();
    else if (mode === 'all' && !errors.length && !(state.counts[1] + state.counts[3])) hide();
    else if (mode) fill();
    else if (fresh) open('errors');
    show.badge();
    show.bar();
    ui.note('gone', state.gone ? '这一页的文章已经不在了，这里是删除以前的样子。' : '');
  }
  show.badge = () => {
    if (!state) return;
    const [, , errors, less] = state.counts;
    /* A frame is one of the screens that are looked at together */
    badge.hidden = !cover.hidden || !(errors + less) || window.top !== window;
    bar.classList.toggle('beside', !badge.hidden);
    badge.classList.toggle('bad', errors > 0);
    badge.textContent = errors ? errors + ' 处错误' : less + ' 处提醒';
  };
  show.bar = () => {
    if (bar.dataset.source === String(state.source)) return;
    bar.dataset.source = String(state.source);
    bar.textContent = '';
    if (state.source) {
      add(bar, make('span', '', state.file ? '本页文件' : '本页栏目'), make('code', '', state.source), copier(state.source, '复制路径', ''));
    } else {
      bar.appendChild(make('span', '', location.pathname === '/-/' ? '预览' : '本页由各篇文章汇总而成，没有自己的文件'));
    }
    if (location.pathname !== '/-/') {
      const back = make('a', '', '各办公区');
      back.href = '/-/';
      bar.appendChild(back);
    }
  };

  const ui = {
    ready: false,
    said: new Map(),
    note(name, text) {
      if ((this.said.get(name) || '') === text) return;
      if (text) this.said.set(name, text);
      else this.said.delete(name);
      notes.textContent = '';
      this.said.forEach((one) => notes.appendChild(make('p', '', one)));
    },
  };

  const sheet = make('link');
  sheet.rel = 'stylesheet';
  sheet.href = '/-/live.css';
  const begin = () => {
    if (ui.ready) return;
    ui.ready = true;
    add(root, bar, notes, badge, cover);
    const note = store.read('note');
    if (note) {
      store.save('note', null);
      ui.note('moved', note);
      setTimeout(() => ui.note('moved', ''), 6000);
    }
    if (state) show();
  };
  sheet.addEventListener('load', begin);
  sheet.addEventListener('error', begin);
  root.appendChild(sheet);
  doc.documentElement.appendChild(host);

  stand(stamp());
  connect();
})(document, window.morphdom);
