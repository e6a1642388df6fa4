/* 数据表：按列排序、按文字查找、按一列的值筛选。没有脚本，就是一张完整的表。
   行多的表先排出头一百行，往下翻就接着排：旧电脑把一千行重新量一遍，要让人等。 */
(function (display) {
  'use strict';
  if (!display) return;
  var all = display.all, make = display.make, button = display.button;
  var STEP = 100;
  var han = typeof Intl === 'object' && Intl.Collator ? new Intl.Collator('zh-CN', { numeric: true }) : null;

  function compare(sort) {
    if (sort === 'number') return function (a, b) { return a.key - b.key; };
    if (sort === 'date') return function (a, b) { return a.key < b.key ? -1 : a.key > b.key ? 1 : 0; };
    return function (a, b) { return han ? han.compare(a.key, b.key) : a.key.localeCompare(b.key, 'zh-CN'); };
  }

  all('[data-table]').forEach(function (figure) {
    var table = figure.querySelector('table');
    var body = table.tBodies[0];
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var rows = Array.prototype.slice.call(body.rows).map(function (row, at) {
      return { row: row, at: at, text: row.textContent.toLowerCase(), fits: true, shown: true };
    });
    if (rows.length < 2) return;
    var sorts = heads.map(function (head) { return head.getAttribute('data-sort'); });
    var names = heads.map(function (head) { return head.textContent; });
    /* ── 排序 ── */
    function key(row, column) {
      var cell = row.cells[column];
      var value = cell.getAttribute('data-v');
      if (value === null) value = cell.textContent;
      return sorts[column] === 'number' ? (value === '' || isNaN(value) ? null : Number(value)) : value || null;
    }
    function sort(column, down) {
      var known = rows.map(function (one) { return { one: one, key: key(one.row, column), at: one.at }; });
      var by = compare(sorts[column]);
      known.sort(function (a, b) {
        if (a.key === null || b.key === null) return a.key === b.key ? a.at - b.at : a.key === null ? 1 : -1;
        return (down ? -by(a, b) : by(a, b)) || a.at - b.at;
      });
      var sorted = document.createDocumentFragment();
      rows = known.map(function (entry) { sorted.appendChild(entry.one.row); return entry.one; });
      body.appendChild(sorted);
      lay(STEP);
      frame.scrollTop = 0;
    }
    /* 把符合条件的头几行排出来 */
    var limit = 0;
    function lay(most) {
      var count = 0;
      limit = most;
      rows.forEach(function (one) {
        var yes = one.fits && (count += 1) <= most;
        if (yes !== one.shown) { one.row.hidden = !yes; one.shown = yes; }
      });
      more.hidden = count <= most;
      return count;
    }
    heads.forEach(function (head, column) {
      var control = button(names[column], function () {
        var down = head.getAttribute('aria-sort') === 'ascending';
        heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        sort(column, down);
      });
      head.textContent = '';
      head.appendChild(control);
    });

    /* ── 查找和筛选 ── */
    var frame = figure.querySelector('.data-scroll');
    var more = button('再往下 ' + STEP + ' 行', function () { lay(limit + STEP); }, 'data-more');
    var filters = [];
    var bar = make('div', 'data-bar');
    var said = make('p', '', '共 ' + rows.length + ' 条');
    said.setAttribute('role', 'status');
    var none = make('p', 'data-none', '没有符合条件的。');
    none.hidden = true;
    var words = make('input');
    words.type = 'search';
    words.setAttribute('autocomplete', 'off');
    function named(text, control) {
      var label = make('label', '', text);
      label.appendChild(control);
      bar.appendChild(label);
    }
    if (rows.length > 7) named('在表中查找', words);
    heads.forEach(function (head, column) {
      if (!head.hasAttribute('data-filter')) return;
      var values = [], seen = {};
      rows.forEach(function (one) {
        var value = one.row.cells[column].textContent;
        if (value && !seen['v' + value]) { seen['v' + value] = true; values.push(value); }
      });
      var pick = make('select');
      pick.appendChild(new Option('全部', ''));
      values.forEach(function (value) { pick.appendChild(new Option(value, value)); });
      pick.addEventListener('change', choose);
      filters.push({ column: column, pick: pick });
      named(names[column], pick);
    });
    var clear = button('清除条件', function () {
      words.value = '';
      filters.forEach(function (filter) { filter.pick.value = ''; });
      choose();
    });
    clear.hidden = true;
    bar.appendChild(said);
    bar.appendChild(clear);
    function choose() {
      var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      var picked = filters.filter(function (filter) { return filter.pick.value; });
      rows.forEach(function (one) {
        one.fits = wanted.every(function (word) { return one.text.indexOf(word) >= 0; }) &&
          picked.every(function (filter) { return one.row.cells[filter.column].textContent === filter.pick.value; });
      });
      var count = lay(STEP);
      var chosen = wanted.length > 0 || picked.length > 0;
      said.textContent = chosen ? '共 ' + rows.length + ' 条，符合的 ' + count + ' 条' : '共 ' + rows.length + ' 条';
      clear.hidden = !chosen;
      none.hidden = count > 0;
      /* 合计是整张表的，挑出一部分时不再显示 */
      if (table.tFoot) table.tFoot.hidden = chosen;
    }
    words.addEventListener('input', function (event) { if (!event.isComposing) choose(); });
    words.addEventListener('compositionend', choose);
    if (rows.length > 7 || filters.length) frame.parentNode.insertBefore(bar, frame);
    frame.parentNode.insertBefore(none, frame.nextSibling);
    frame.appendChild(more);
    frame.addEventListener('scroll', function () {
      if (!more.hidden && frame.scrollTop + frame.clientHeight > frame.scrollHeight - 400) lay(limit + STEP);
    });
    lay(STEP);
    window.addEventListener('beforeprint', function () { lay(rows.length); });
    window.addEventListener('afterprint', function () { lay(STEP); });
  });
})(window.zhendiDisplay);
