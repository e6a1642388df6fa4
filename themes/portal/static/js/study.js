/* 学习进度：学完了哪几篇、自测对了几题。只存在这台电脑的这个浏览器里，从不发送；能导出、导入、清除，也能不记。
   合用电脑的办公区（<html data-shared>）什么也不存，这些控件也不出现。没有脚本，文章和计划照样能读。 */
(function (doc, root, display) {
  'use strict';
  if (!display || root.hasAttribute('data-shared')) return;
  var all = display.all, make = display.make, button = display.button;
  var KEY = 'zhendi.study';
  var OFF = 'zhendi.study-off';
  var FORMAT = 'zhendi-study';
  var VERSION = 1;
  var LIMIT = 2 * 1024 * 1024;

  /* ── 存取 ── */
  var can = (function () {
    try {
      localStorage.setItem(KEY + '-try', '1');
      localStorage.removeItem(KEY + '-try');
      return true;
    } catch (e) { return false; }
  })();
  function isMap(value) { return !!value && typeof value === 'object' && !Array.isArray(value); }
  function isPage(key) { return key.length <= 400 && /^[^\s<>"'\\]+\.html$/.test(key) && key.indexOf('..') < 0; }
  function isDay(text) {
    var part = typeof text === 'string' && /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!part) return false;
    var day = new Date(Number(part[1]), Number(part[2]) - 1, Number(part[3]));
    return day.getMonth() === Number(part[2]) - 1 && day.getDate() === Number(part[3]);
  }
  function isMark(mark) { return mark === 0 || mark === 1 || mark === null; }
  function empty() { return { pages: {}, quizzes: {} }; }

  /* 读得懂的记录，或者一句话：为什么读不懂 */
  function check(data) {
    if (!isMap(data) || data.format !== FORMAT) return '这个文件不是从本门户导出的学习记录。';
    if (typeof data.version !== 'number' || data.version < 1) return '这个文件没有写明版本，可能被改动过。';
    if (data.version > VERSION) return '这个文件是用更新的版本导出的，这里还读不了；请到导出它的门户里查看。';
    var found = empty();
    var pages = data.pages;
    var quizzes = data.quizzes;
    if (!isMap(pages) || !isMap(quizzes)) return '这个文件不完整，可能没有保存完，或者被改动过。';
    var sound = Object.keys(pages).every(function (page) {
      found.pages[page] = pages[page];
      return isPage(page) && isDay(pages[page]);
    }) && Object.keys(quizzes).every(function (page) {
      if (!isPage(page) || !isMap(quizzes[page])) return false;
      found.quizzes[page] = {};
      return Object.keys(quizzes[page]).every(function (n) {
        var marks = quizzes[page][n];
        found.quizzes[page][n] = marks;
        return /^\d{1,3}$/.test(n) && Array.isArray(marks) && marks.length > 0 && marks.length <= 200 && marks.every(isMark);
      });
    });
    return sound ? found : '这个文件里有读不懂的内容，可能被改动过。';
  }
  function load() {
    if (!can) return empty();
    try {
      var found = check(JSON.parse(localStorage.getItem(KEY)));
      return typeof found === 'string' ? empty() : found;
    } catch (e) { return empty(); }
  }
  function sorted(map) {
    var out = {};
    Object.keys(map).sort().forEach(function (key) { out[key] = isMap(map[key]) ? sorted(map[key]) : map[key]; });
    return out;
  }
  function written(data, day) {
    var whole = { format: FORMAT, version: VERSION };
    if (day) whole.exported = day;
    whole.pages = sorted(data.pages);
    whole.quizzes = sorted(data.quizzes);
    return JSON.stringify(whole, null, day ? 2 : 0);
  }
  var kept = load();
  var off = can && (function () { try { return localStorage.getItem(OFF) === '1'; } catch (e) { return false; } })();
  var watchers = [];
  function show() { watchers.forEach(function (update) { update(); }); }
  /* 存下来；存不下就只在这一页有效，由调用的地方告诉读者 */
  function save() {
    var stored = can;
    try {
      if (Object.keys(kept.pages).length || Object.keys(kept.quizzes).length) localStorage.setItem(KEY, written(kept));
      else localStorage.removeItem(KEY);
    } catch (e) { stored = false; }
    show();
    return stored;
  }
  window.addEventListener('storage', function (event) {
    if (event.key && event.key.indexOf(KEY) !== 0) return;
    kept = load();
    off = localStorage.getItem(OFF) === '1';
    show();
  });

  function two(n) { return (n < 10 ? '0' : '') + n; }
  function today() {
    var now = new Date();
    return now.getFullYear() + '-' + two(now.getMonth() + 1) + '-' + two(now.getDate());
  }
  function said(day) { return Number(day.slice(0, 4)) + '年' + Number(day.slice(5, 7)) + '月' + Number(day.slice(8)) + '日'; }
  function isDone(page) { return !off && Object.prototype.hasOwnProperty.call(kept.pages, page); }
  function countDone(pages) { return pages.filter(isDone).length; }
  function pagesIn(node) { return all('[data-page]', node).map(function (one) { return one.getAttribute('data-page'); }); }
  /* 一篇的自测：对了几题、共几题 */
  function score(page) {
    var quizzes = off ? null : kept.quizzes[page];
    var right = 0;
    var total = 0;
    Object.keys(quizzes || {}).forEach(function (n) {
      total += quizzes[n].length;
      right += quizzes[n].filter(function (mark) { return mark === 1; }).length;
    });
    return total ? '自测 ' + right + ' / ' + total : '';
  }
  var DENIED = '这个浏览器不让网页保存资料，关掉这一页就没有了。';

  /* ── 文章：学完了 ── */
  var page = doc.body.getAttribute('data-page') || '';
  var finish = doc.querySelector('[data-finish]');
  if (finish && page) {
    var mark = button('', function () {
      var done = isDone(page);
      if (done) delete kept.pages[page];
      else kept.pages[page] = today();
      var stored = save();
      word.textContent = done ? '已取消。' : told() + (stored ? '' : DENIED);
    }, 'finish-do');
    var word = make('span', 'finish-say');
    var told = function () { return said(kept.pages[page]) + '学完，只记在这台电脑上。再按一下可以取消。'; };
    word.setAttribute('role', 'status');
    finish.appendChild(mark);
    finish.appendChild(word);
    watchers.push(function () {
      var done = isDone(page);
      finish.hidden = off;
      mark.textContent = done ? '已学完' : '学完了';
      mark.setAttribute('aria-pressed', String(done));
    });
    if (isDone(page)) word.textContent = told();
  }

  /* ── 自测：components.js 用 ── */
  window.zhendiStudy = {
    /* 上次的结果：一题一个 1、0 或 null */
    marks: function (n, count) {
      var marks = !off && page && kept.quizzes[page] && kept.quizzes[page][n];
      return marks && marks.length === count ? marks : [];
    },
    mark: function (n, count, at, right) {
      if (off || !page) return;
      var own = kept.quizzes[page] = kept.quizzes[page] || {};
      if (!own[n] || own[n].length !== count) {
        own[n] = [];
        while (own[n].length < count) own[n].push(null);
      }
      own[n][at] = right ? 1 : 0;
      save();
    }
  };

  /* ── 首页和系列页：已学的标出来 ── */
  function state(row) {
    var where = row.querySelector('.state') || row.appendChild(make('p', 'state'));
    var own = row.getAttribute('data-page');
    var done = isDone(own);
    var right = score(own);
    row.classList.toggle('done', done);
    var word = done ? '已学' : row.closest('.lessons') && !off ? '未学' : '';
    where.textContent = word + (word && right ? '　' : '') + right;
    where.hidden = !where.textContent;
  }
  var rows = all('.plan li[data-page],.lessons li[data-page]');
  watchers.push(function () { rows.forEach(state); });
  all('.cells i').forEach(function (cell) {
    watchers.push(function () { cell.className = isDone(cell.getAttribute('data-page')) ? 'on' : ''; });
  });
  all('[data-read]').forEach(function (place) {
    var plain = place.textContent;
    var around = place.closest('section,li');
    var listed = around.getAttribute('data-pages');
    var pages = listed ? listed.trim().split(' ') : pagesIn(around);
    watchers.push(function () {
      var words = '已学 ' + countDone(pages) + ' / ' + pages.length;
      place.textContent = off ? plain : plain + (plain ? '　' : '') + words;
    });
  });

  /* ── 系列页 ── */
  var course = doc.querySelector('[data-course]');
  var tally = doc.querySelector('[data-tally]');
  if (course && tally) {
    var totals = tally.querySelector('p');
    var lessons = all('.lessons li[data-page]', course);
    var counted = make('p');
    var number = make('b');
    var rest = doc.createTextNode('');
    counted.appendChild(number);
    counted.appendChild(rest);
    var note = make('p', 'note');
    tally.appendChild(counted);
    tally.appendChild(note);
    var go = make('a', 'onward');
    go.textContent = '继续学';
    watchers.push(function () {
      var pages = lessons.map(function (row) { return row.getAttribute('data-page'); });
      number.textContent = String(countDone(pages));
      rest.nodeValue = ' / ' + pages.length + ' 篇已学';
      note.textContent = can ? '进度只存在这台电脑上' : '这个浏览器不让网页保存资料，进度记不下来';
      counted.hidden = off;
      note.hidden = off;
      totals.hidden = !off;
      if (go.parentNode) {
        go.parentNode.classList.remove('next');
        go.parentNode.removeChild(go);
      }
      /* 从本月起第一篇没学的，再从头找 */
      var open = lessons.filter(function (row) { return !isDone(row.getAttribute('data-page')); });
      var now = open.filter(function (row) { return row.closest('.now'); });
      var next = now[0] || open[0];
      if (off || !next) return;
      go.href = next.querySelector('a').getAttribute('href');
      go.setAttribute('aria-label', (countDone(pages) ? '继续学：' : '开始学：') + next.querySelector('a').textContent);
      go.textContent = countDone(pages) ? '继续学' : '开始学';
      next.classList.add('next');
      next.appendChild(go);
    });

    /* 不是本月的先收起来，只列题目 */
    all('.month.later,.month.past', course).forEach(function (month, n) {
      var list = month.querySelector('.lessons');
      var names = all('h3 a', list).map(function (link) { return link.textContent; });
      var gist = make('p', 'gist', names.join('；'));
      var head = month.querySelector('header');
      list.id = 'lessons-' + n;
      var fold = button('', function () { open(month.classList.contains('shut')); }, 'unfold');
      fold.setAttribute('aria-controls', list.id);
      var open = function (yes) {
        month.classList.toggle('shut', !yes);
        gist.hidden = yes;
        fold.textContent = yes ? '收起' : '展开 ' + names.length + ' 篇';
        fold.setAttribute('aria-label', head.querySelector('h2,h3').textContent + '：' + fold.textContent);
        fold.setAttribute('aria-expanded', String(yes));
      };
      month.insertBefore(gist, list);
      month.insertBefore(fold, list);
      open(false);
      var follow = function () { if (location.hash === '#' + month.id) open(true); };
      window.addEventListener('hashchange', follow);
      follow();
    });
  }

  /* ── 我的学习：导出、导入、清除、不记 ── */
  var mine = doc.querySelector('[data-mine]');
  if (mine) {
    var panel = make('section', 'mine');
    panel.setAttribute('aria-labelledby', 'z-mine');
    var title = make('h2', '', '我的学习');
    title.id = 'z-mine';
    var summary = make('p');
    var bar = make('p', 'mine-do');
    var ask = make('div', 'mine-ask');
    var answer = make('p', 'mine-say');
    answer.setAttribute('role', 'status');
    var file = make('input');
    file.type = 'file';
    file.accept = '.json,application/json';
    file.hidden = true;
    file.setAttribute('aria-label', '学习记录文件');
    var tell = function (text) { answer.textContent = text; };
    var has = function () { return Object.keys(kept.pages).length + Object.keys(kept.quizzes).length > 0; };

    var out = button('导出记录', function () {
      var url = URL.createObjectURL(new Blob([written(kept, today()) + '\n'], { type: 'application/json' }));
      var link = make('a');
      link.href = url;
      link.download = '学习记录-' + today() + '.json';
      doc.body.appendChild(link);
      link.click();
      doc.body.removeChild(link);
      setTimeout(function () { URL.revokeObjectURL(url); }, 10000);
      tell('已导出到浏览器的下载文件夹。文件里只有篇目和日期，没有姓名。');
    });
    var into = button('导入记录', function () { file.value = ''; file.click(); });
    var wipe = button('清除记录', function () {
      question('清除这个浏览器里的全部学习记录？清除后找不回来，要留的请先导出。', '清除', wipe, function () {
        kept = empty();
        tell(save() ? '已清除。' : DENIED);
      });
    });
    var turn = button('', function () {
      if (off) { set(false); return; }
      if (!has()) { set(true); return; }
      question('以后不在这个浏览器里记，已有的记录也一起清除？', '清除，不再记', turn, function () { set(true); });
    });
    var set = function (yes) {
      if (yes) kept = empty();
      off = yes;
      try {
        if (yes) localStorage.setItem(OFF, '1');
        else localStorage.removeItem(OFF);
      } catch (e) { /* 只在这一页有效 */ }
      save();
      tell(yes ? '好，这个浏览器不再记学习进度。' : '又开始记了，只存在这台电脑上。');
    };
    /* 在页面里问一句，回到原来的按钮 */
    var question = function (text, yes, from, act) {
      while (ask.firstChild) ask.removeChild(ask.firstChild);
      tell('');
      var words = make('p', '', text);
      words.id = 'z-mine-ask';
      var close = function () {
        while (ask.firstChild) ask.removeChild(ask.firstChild);
        from.focus();
      };
      var no = button('先不', close);
      var sure = button(yes, function () { close(); act(); if (from.hidden) into.focus(); }, 'sure');
      no.setAttribute('aria-describedby', words.id);
      sure.setAttribute('aria-describedby', words.id);
      ask.appendChild(words);
      ask.appendChild(no);
      ask.appendChild(sure);
      no.focus();
      ask.onkeydown = function (event) { if (event.key === 'Escape') close(); };
    };
    file.addEventListener('change', function () {
      var chosen = file.files && file.files[0];
      if (!chosen) return;
      if (chosen.size > LIMIT) { tell('这个文件太大，不会是学习记录；原来的记录没有变。'); return; }
      var reader = new FileReader();
      reader.onerror = function () { tell('这个文件读不出来，请换一个位置再试；原来的记录没有变。'); };
      reader.onload = function () {
        var found;
        try { found = check(JSON.parse(String(reader.result).replace(/^\uFEFF/, ''))); } catch (e) {
          found = '这个文件读不懂，不是学习记录，或者没有保存完。';
        }
        if (typeof found === 'string') { tell(found + '原来的记录没有变。'); return; }
        var before = Object.keys(kept.pages).length;
        /* 两边都有的，留这台电脑上的 */
        kept.pages = Object.assign(found.pages, kept.pages);
        kept.quizzes = Object.assign(found.quizzes, kept.quizzes);
        var stored = save();
        tell('已导入，新添 ' + (Object.keys(kept.pages).length - before) + ' 篇。' + (stored ? '' : DENIED));
      };
      reader.readAsText(chosen);
    });
    [out, into, wipe, turn].forEach(function (one) { bar.appendChild(one); });
    [title, summary, bar, file, ask, answer].forEach(function (one) { panel.appendChild(one); });
    mine.appendChild(panel);
    watchers.push(function () {
      var pages = Object.keys(kept.pages).length;
      var quizzes = Object.keys(kept.quizzes).length;
      summary.textContent = off ? '这个浏览器不记学习进度。' :
        '学完 ' + pages + ' 篇' + (quizzes ? '，做过 ' + quizzes + ' 篇的自测' : '') + '。' +
        (can ? '记录只存在这台电脑的这个浏览器里，不上传、不计分、不排名。换电脑时先导出，到那台电脑上再导入。' :
          '这个浏览器不让网页保存资料，进度记不下来；文章照常可以读。');
      out.hidden = off || !has();
      wipe.hidden = off || !has();
      into.hidden = off;
      turn.hidden = !can;
      turn.textContent = off ? '开始记录' : '不在这台电脑上记';
    });
  }

  show();
})(document, document.documentElement, window.zhendiDisplay);
