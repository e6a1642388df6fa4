/* Browsing: a touch stops the programme and opens what can be read. Every view is built anew from what is due at this
   moment, and thrown away when it is left. When nobody has touched anything for a while, everything is cleared and the
   programme goes on. */
(function (doc, root, zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var SOON = 15;
  /* No syllable begins with I, U or V; they come only if a Latin title needs them */
  var LETTERS = 'ABCDEFGHJKLMNOPQRSTWXYZ';
  var SIZES = [['standard', '标准'], ['large', '大'], ['xlarge', '特大']];
  var fill, box, body, part;
  var open = false;
  var stack = [];
  var size = 'standard';
  var offered = null;
  var touched = 0;
  var timer = 0;
  var swallow = false;

  function edition() { return zhendi.player.edition(); }
  function top() { return stack[stack.length - 1]; }
  function button(className, text, act) {
    var node = fill.make('button', className, text);
    node.type = 'button';
    if (act) node.addEventListener('click', act);
    return node;
  }

  /* ── what may be read now ── */
  function due() {
    var list = edition().list;
    /* By its name alone: the preview's list has no hashes */
    return zhendi.rule.due(edition().data, zhendi.now()).filter(function (entry) { return 'a/' + entry.key + '.js' in list; });
  }
  function find(key) { return due().filter(function (entry) { return entry.key === key; })[0] || null; }
  function ofKind(kind) {
    return due().filter(function (entry) { return entry.kind === kind; })
      .map(function (entry, at) { return { entry: entry, at: at }; })
      .sort(function (a, b) { return (b.entry.date || '').localeCompare(a.entry.date || '') || a.at - b.at; })
      .map(function (one) { return one.entry; });
  }
  function initials(entry) { return (entry.initials || '').toUpperCase().replace(/[^A-Z]/g, ''); }
  /* Titles that begin with the letters come first, then those that hold them further on */
  function matching(typed) {
    var found = due().map(function (entry) { return { entry: entry, text: initials(entry), at: initials(entry).indexOf(typed) }; })
      .filter(function (one) { return one.at >= 0; });
    found.sort(function (a, b) { return (a.at > 0) - (b.at > 0) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0); });
    return found.map(function (one) { return one.entry; });
  }

  /* ── the frame around all views ── */
  function build() {
    box = fill.make('div', 'b-root');
    box.hidden = true;
    box.tabIndex = -1;
    part = {};
    function add(to, name, tag) {
      part[name] = fill.make(tag || 'div', 'b-' + name);
      to.appendChild(part[name]);
      return part[name];
    }
    var band = add(box, 'band');
    add(band, 'seal', 'span').textContent = '阅';
    add(band, 'bureau', 'span');
    add(band, 'flag', 'span');
    add(band, 'office', 'span');
    band.appendChild(fill.make('span', 'b-clock k-clock'));
    var page = add(box, 'page');
    var head = add(page, 'head');
    add(head, 'title', 'h1');
    add(head, 'sub', 'p');
    part.now = button('b-now', '', function () { if (offered) read(offered); });
    head.appendChild(part.now);
    body = add(page, 'body');
    var letters = add(page, 'letters');
    letters.appendChild(fill.make('p', 'b-label', '按标题的拼音首字母找'));
    add(letters, 'keys');
    var turn = add(page, 'turn');
    part.prev = button('b-prev', '', function () { move(-1); });
    part.place = fill.make('span', 'b-place');
    part.next = button('b-next', '', function () { move(1); });
    part.erase = button('b-erase', '删一个', function () { type(top().typed.slice(0, -1)); });
    part.clear = button('b-clear', '清空', function () { type(''); });
    ['prev', 'place', 'next', 'erase', 'clear'].forEach(function (name) { turn.appendChild(part[name]); });
    var foot = add(page, 'foot');
    foot.appendChild(button('b-back', '返回', back));
    foot.appendChild(button('b-home', '首页', home));
    var sizes = add(foot, 'sizes', 'span');
    sizes.appendChild(fill.make('span', 'b-label', '字号'));
    SIZES.forEach(function (one) {
      var node = button('b-size', one[1], function () { setSize(one[0]); });
      node.setAttribute('data-size', one[0]);
      sizes.appendChild(node);
    });
    add(foot, 'idle', 'p').setAttribute('role', 'status');
    part.stay = button('b-stay', '再看一会儿', alive);
    foot.appendChild(part.stay);
    /* Below the dimming, above all else */
    doc.body.insertBefore(box, doc.querySelector('.k-shade'));
  }
  function setSize(name) {
    size = name;
    box.setAttribute('data-size', size);
    fill.all('.b-size', box).forEach(function (node) { node.setAttribute('aria-pressed', String(node.getAttribute('data-size') === size)); });
    if (open) render();
  }

  /* ── views ── */
  var views = {};
  function render() {
    var view = top();
    var data = edition().data;
    var typing = view.view === 'home' || view.view === 'find';
    zhendi.article.leave();
    body.textContent = '';
    box.setAttribute('data-view', view.view);
    fill.setText(part.bureau, data.title);
    /* The band holds both on one line; a long name gives way to the short one */
    fill.setText(part.office, fill.units(data.title) * 44 + fill.units(data.office.name) * 64 > 700 ? data.office.short || data.office.name : data.office.name);
    part.title.className = 'b-title';
    part.sub.textContent = '';
    part.now.hidden = true;
    part.letters.hidden = !typing;
    part.turn.hidden = true;
    part.erase.hidden = part.clear.hidden = true;
    part.keys.textContent = '';
    views[view.view](view, data);
    part.sub.hidden = !part.sub.textContent;
    if (typing) keys(view.typed || '');
    if (doc.activeElement === doc.body || !box.contains(doc.activeElement)) box.focus();
  }
  function panel(kind, entries) {
    var node = fill.make('div', 'b-panel k-kind-' + kind.id);
    var head = button('b-all', '', function () { go({ view: 'list', kind: kind, page: 0 }); });
    head.appendChild(fill.make('span', 'b-seal', kind.seal));
    head.appendChild(fill.make('span', 'b-name', kind.name));
    head.appendChild(fill.make('span', 'b-more', '看全部 ' + entries.length + ' 篇'));
    node.appendChild(head);
    entries.slice(0, 6).forEach(function (entry) {
      node.appendChild(button('b-pick', fill.name(entry), function () { read(entry.key); }));
    });
    return node;
  }
  /* Titles wrap as they need; those that no longer fit go */
  function trim(node) {
    while (node.children.length > 2 && node.scrollHeight > node.clientHeight + 1) node.removeChild(node.lastChild);
  }
  views.home = function (view, data) {
    var kinds = data.kinds.map(function (kind) { return { kind: kind, entries: ofKind(kind.id) }; })
      .filter(function (one) { return one.entries.length; });
    var shown = kinds.length > 4 ? kinds.slice(view.page * 4, view.page * 4 + 4) : kinds;
    var panels = fill.make('div', 'b-panels b-count-' + shown.length);
    fill.setText(part.title, '想看哪一类？');
    shown.forEach(function (one) { panels.appendChild(panel(one.kind, one.entries)); });
    body.appendChild(panels);
    fill.all('.b-panel', panels).forEach(trim);
    if (!kinds.length) body.appendChild(fill.make('p', 'b-none', '现在没有可以看的内容。'));
    if (kinds.length > 4) turns(view.page, Math.ceil(kinds.length / 4), '页');
    var entry = offered && find(offered);
    part.now.hidden = !entry;
    if (entry) {
      var name = fill.name(entry);
      fill.setText(part.now, '接着读：' + (fill.units(name) > 16 ? fill.lines(name, 15)[0] + '…' : name));
    }
  };
  function item(data, entry) {
    var node = button('b-item k-kind-' + entry.kind, '', function () { read(entry.key); });
    node.appendChild(fill.make('span', 'b-seal', fill.seal(data, entry.kind)));
    node.appendChild(fill.make('span', 'b-name', entry.title));
    node.appendChild(fill.make('span', 'b-meta', fill.meta(entry)));
    return node;
  }
  /* As many a page as there is room for: measured once, since titles take one line or three */
  function list(view, data, entries) {
    var node = fill.make('div', 'b-list');
    var items = entries.map(function (entry) { return node.appendChild(item(data, entry)); });
    /* The room depends on whether there are buttons to turn pages; so these are there while it is measured */
    part.turn.hidden = false;
    body.appendChild(node);
    var room = node.clientHeight;
    var pages = [];
    var from = 0;
    items.map(function (one) { return { top: one.offsetTop, end: one.offsetTop + one.offsetHeight }; }).forEach(function (place, at) {
      if (!pages.length || room && place.end - from > room) {
        pages.push([]);
        from = place.top;
      }
      pages[pages.length - 1].push(items[at]);
    });
    view.page = Math.max(0, Math.min(view.page, pages.length - 1));
    pages.forEach(function (page, at) { if (at !== view.page) page.forEach(function (one) { node.removeChild(one); }); });
    turns(view.page, pages.length, '页');
  }
  views.list = function (view, data) {
    var entries = ofKind(view.kind.id);
    fill.setText(part.title, view.kind.name);
    part.sub.textContent = '共 ' + entries.length + ' 篇';
    if (entries.length) list(view, data, entries);
    else body.appendChild(fill.make('p', 'b-none', '现在没有可以看的内容。'));
  };
  views.find = function (view, data) {
    var entries = matching(view.typed);
    fill.setText(part.title, view.typed ? '拼音首字母 ' + view.typed.split('').join(' ') : '请按拼音首字母');
    part.sub.textContent = entries.length + ' 篇';
    if (entries.length) list(view, data, entries);
    else body.appendChild(fill.make('p', 'b-none', '没有这样的标题。'));
    part.turn.hidden = false;
    part.erase.hidden = part.clear.hidden = false;
    part.erase.disabled = part.clear.disabled = !view.typed;
  };
  views.article = function (view) {
    var entry = find(view.key);
    part.turn.hidden = false;
    part.prev.disabled = part.next.disabled = true;
    part.place.textContent = '';
    zhendi.article.enter(view, entry, body, part, function () { return open && top() === view; });
  };
  function keys(typed) {
    var texts = due().map(initials);
    var letters = (LETTERS + texts.join('')).split('').filter(function (one, at, whole) { return whole.indexOf(one) === at; }).sort();
    letters.forEach(function (letter) {
      var node = button('b-key', letter, function () {
        if (top().view === 'find') type(top().typed + letter);
        else go({ view: 'find', typed: letter, page: 0 });
      });
      node.disabled = !texts.some(function (text) { return text.indexOf(typed + letter) >= 0; });
      part.keys.appendChild(node);
    });
  }
  function turns(page, count, unit) {
    part.turn.hidden = count < 2 && top().view !== 'find';
    part.prev.hidden = part.next.hidden = part.place.hidden = count < 2;
    fill.setText(part.prev, '上一' + unit);
    fill.setText(part.next, '下一' + unit);
    fill.setText(part.place, '第 ' + (page + 1) + ' ' + unit + '，共 ' + count + ' ' + unit);
    part.prev.disabled = page === 0;
    part.next.disabled = page >= count - 1;
  }

  /* ── ways ── */
  function go(view) {
    stack.push(view);
    render();
  }
  function move(by) {
    if (top().view === 'article') zhendi.article.move(by);
    else {
      top().page += by;
      render();
    }
  }
  function type(typed) {
    var view = top();
    if (view.view !== 'find') return;
    view.typed = typed;
    view.page = 0;
    render();
  }
  function read(key) {
    if (find(key)) go({ view: 'article', key: key, at: 0 });
    else render();
  }
  function home() {
    stack = [{ view: 'home', page: 0 }];
    render();
  }
  function back() {
    if (stack.length < 2) { close(); return; }
    stack.pop();
    render();
  }

  /* ── opening, idling, closing ── */
  function enter(key) {
    var current = zhendi.player.current();
    open = true;
    offered = current ? current.key : null;
    size = 'standard';
    stack = [{ view: 'home', page: 0 }];
    if (key && find(key)) stack.push({ view: 'article', key: key, at: 0 });
    root.classList.add('is-browsing');
    box.hidden = false;
    zhendi.player.hold(true);
    setSize(size);
    alive();
  }
  function close() {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    zhendi.article.leave();
    stack = [];
    offered = null;
    /* The slide stands there before this goes away */
    zhendi.player.hold(false);
    box.hidden = true;
    root.classList.remove('is-browsing');
    [body, part.keys, part.title, part.sub, part.now].forEach(function (node) { node.textContent = ''; });
    if (doc.activeElement && doc.activeElement.blur) doc.activeElement.blur();
  }
  function alive() {
    touched = performance.now();
    second();
  }
  /* The countdown goes when the finger is up again: its button must not vanish from under it, and another come there instead */
  function felt() {
    touched = performance.now();
    clearTimeout(timer);
    timer = setTimeout(second, part.stay.hidden ? 0 : 400);
  }
  function second() {
    clearTimeout(timer);
    if (!open) return;
    var idle = edition().data.screen.idle || 60;
    var left = Math.ceil(idle - (performance.now() - touched) / 1000);
    if (left <= 0) { close(); return; }
    var soon = left <= SOON && left < idle;
    part.idle.classList.toggle('b-soon', soon);
    part.foot.classList.toggle('b-hurry', soon);
    part.stay.hidden = !soon;
    fill.setText(part.idle, soon ? left + ' 秒后回到播放' : idle + ' 秒无人操作，回到播放');
    /* What has expired meanwhile goes, also from under a reader's eyes */
    if (top().view === 'article' && !find(top().key)) back();
    timer = setTimeout(second, 1000 - (performance.now() - touched) % 1000 + 5);
  }

  /* ── keys: what guard.js lets through ── */
  function focus(by) {
    var stops = fill.all('button:not([disabled]),.b-link,.b-scroll', box).filter(function (node) { return node.offsetParent; });
    var at = stops.indexOf(doc.activeElement);
    if (stops.length) stops[(at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by + stops.length) % stops.length].focus();
  }
  function turn(button) { if (!part.turn.hidden && !button.hidden && !button.disabled) button.click(); }
  function key(event) {
    if (!open) {
      if (event.key === 'Enter' || event.key === ' ') enter();
      return;
    }
    alive();
    if (event.key === 'Tab') focus(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') back();
    else if (event.key === 'PageDown' || event.key === 'ArrowRight') turn(part.next);
    else if (event.key === 'PageUp' || event.key === 'ArrowLeft') turn(part.prev);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') zhendi.article.nudge(event.key === 'ArrowDown' ? 1 : -1);
    else if ((event.key === 'Enter' || event.key === ' ') && !event.repeat && box.contains(doc.activeElement)) doc.activeElement.click();
  }

  function start() {
    fill = zhendi.fill;
    build();
    function on(name, act) { window.addEventListener(name, act, { capture: true, passive: true }); }
    on('pointerdown', function (event) {
      swallow = false;
      if (open) { felt(); return; }
      var row = event.target && event.target.closest ? event.target.closest('.k-entry') : null;
      /* The rest of this touch must not press what now lies under the finger */
      swallow = true;
      enter(row ? row.getAttribute('data-key') : null);
    });
    ['touchmove', 'wheel'].forEach(function (name) { on(name, function () { if (open) felt(); }); });
    window.addEventListener('click', function (event) {
      if (!swallow) return;
      swallow = false;
      event.preventDefault();
      event.stopPropagation();
    }, true);
  }
  zhendi.browse = { start: start, key: key, read: read, find: find, turns: turns, isOpen: function () { return open; } };
})(document, document.documentElement, window.zhendi);
