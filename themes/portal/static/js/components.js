/* 组件要脚本才有的那一点：问答逐条展开，清单打勾，自测当场对答案。没有脚本，内容全都在，只是不能点。 */
(function (doc, display) {
  'use strict';
  if (!display) return;
  var all = display.all, make = display.make, button = display.button;
  /* 合用电脑的办公区什么也不留 */
  var shared = doc.documentElement.hasAttribute('data-shared');
  var study = window.zhendiStudy;
  /* 只存在这台电脑的这个浏览器里；不让存，就只在这一次有效。 */
  var store = {
    get: function (key) { if (shared) return []; try { return JSON.parse(localStorage.getItem(key)) || []; } catch (e) { return []; } },
    set: function (key, value) {
      if (shared) return;
      try { if (value.length) localStorage.setItem(key, JSON.stringify(value)); else localStorage.removeItem(key); } catch (e) { /* 不存也照用 */ }
    }
  };
  var page = location.pathname.replace(/^.*?([^/]+\/[^/]+)$/, '$1');

  /* 打印时，收着的数字和文字稿都打开，打完再收起 */
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = all('.numbers:not([open]),.script:not([open])');
    opened.forEach(function (one) { one.open = true; });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (one) { one.open = false; });
  });

  /* ── 问答、折叠 ── */
  function fold(head, body, id) {
    var control = button('');
    while (head.firstChild) control.appendChild(head.firstChild);
    head.appendChild(control);
    body.id = body.id || id;
    control.setAttribute('aria-controls', body.id);
    function open(yes) {
      body.hidden = !yes;
      control.setAttribute('aria-expanded', String(yes));
    }
    control.addEventListener('click', function () { open(body.hidden); });
    open(false);
    return open;
  }
  all('[data-qa]').forEach(function (qa, n) {
    var items = all('.qa-one', qa).map(function (one, at) {
      return fold(one.querySelector('.qa-q'), one.querySelector('.qa-a'), 'qa-' + n + '-' + at);
    });
    qa.classList.add('js-qa');
    if (items.length > 1) {
      var bar = make('p', 'qa-all');
      var every = button('全部展开');
      var open = false;
      every.addEventListener('click', function () {
        open = !open;
        items.forEach(function (show) { show(open); });
        every.textContent = open ? '全部收起' : '全部展开';
      });
      bar.appendChild(every);
      qa.parentNode.insertBefore(bar, qa);
    }
    function follow() {
      var target = location.hash && doc.getElementById(decodeURIComponent(location.hash.slice(1)));
      all('.qa-one', qa).forEach(function (one, at) {
        if (target && one.contains(target)) { items[at](true); target.scrollIntoView(); }
      });
    }
    window.addEventListener('hashchange', follow);
    follow();
  });
  all('[data-fold]').forEach(function (one, n) {
    fold(one.querySelector('.fold-title'), one.querySelector('.fold-body'), 'fold-' + n);
  });

  /* ── 清单 ── */
  all('[data-checks]').forEach(function (list) {
    var key = 'zhendi.checks.' + page + '.' + list.getAttribute('data-checks');
    var done = store.get(key);
    var heads = all('thead th', list).map(function (head) { return head.textContent; });
    var boxes = all('.check', list).map(function (row) {
      var tick = row.querySelector('.tick');
      var name = tick.nextElementSibling;
      var label = make('label');
      var box = make('input');
      box.type = 'checkbox';
      tick.parentNode.replaceChild(label, tick);
      label.appendChild(box);
      label.appendChild(name);
      var words = name.textContent.trim();
      box.checked = done.indexOf(words) >= 0;
      all('td', row).forEach(function (cell, at) { cell.setAttribute('data-of', heads[at + 1] || ''); });
      box.addEventListener('change', save);
      return { box: box, words: words };
    });
    var foot = make('p', 'checks-foot');
    var count = make('span');
    count.setAttribute('role', 'status');
    var clear = button('清除打勾');
    clear.addEventListener('click', function () {
      boxes.forEach(function (one) { one.box.checked = false; });
      save();
    });
    foot.appendChild(count);
    foot.appendChild(clear);
    var after = list.parentNode.classList.contains('table-scroll') ? list.parentNode : list;
    after.parentNode.insertBefore(foot, after.nextSibling);
    function show() {
      var ready = boxes.filter(function (one) { return one.box.checked; }).length;
      count.textContent = '共 ' + boxes.length + ' 项，' + (list.tagName === 'UL' ? '已勾 ' : '已备 ') + ready + ' 项';
      clear.hidden = !ready;
    }
    function save() {
      store.set(key, boxes.filter(function (one) { return one.box.checked; }).map(function (one) { return one.words; }));
      show();
    }
    show();
  });

  /* ── 自测 ── */
  all('[data-quiz]').forEach(function (quiz, n) {
    quiz.classList.add('js-quiz');
    var answers = all('.answers>ol>li', quiz);
    var asks = all('.ask', quiz);
    var marks = study ? study.marks(n, asks.length) : [];
    asks.forEach(function (ask, at) {
      var many = ask.getAttribute('data-kind') === 'many';
      var rows = all('.options>li', ask);
      var list = ask.querySelector('.options');
      list.setAttribute('role', many ? 'group' : 'radiogroup');
      list.setAttribute('aria-label', '第 ' + (at + 1) + ' 题的选项');
      var inputs = rows.map(function (row, which) {
        var label = make('label');
        var input = make('input');
        input.type = many ? 'checkbox' : 'radio';
        input.name = 'quiz-' + n + '-' + at;
        input.value = String(which);
        label.appendChild(input);
        var words = make('span');
        while (row.firstChild) words.appendChild(row.firstChild);
        label.appendChild(words);
        row.appendChild(label);
        row.setAttribute('role', 'presentation');
        return input;
      });
      var check = button('对答案', null, 'ask-do');
      var why = make('div', 'ask-why');
      why.setAttribute('role', 'status');
      why.hidden = true;
      check.addEventListener('click', function () {
        var chosen = inputs.some(function (input) { return input.checked; });
        while (why.firstChild) why.removeChild(why.firstChild);
        why.hidden = false;
        if (!chosen) {
          why.className = 'ask-why bad';
          why.appendChild(make('p', '', '先选一个答案。'));
          return;
        }
        var good = rows.every(function (row, which) { return inputs[which].checked === row.hasAttribute('data-right'); });
        rows.forEach(function (row, which) {
          var right = row.hasAttribute('data-right');
          row.classList.toggle('is-right', right);
          row.classList.toggle('is-wrong', !right && inputs[which].checked);
        });
        why.className = good ? 'ask-why' : 'ask-why bad';
        why.appendChild(make('p', '', good ? '答对了。' : '再看看：'));
        last.hidden = true;
        if (study) study.mark(n, asks.length, at, good);
        if (answers[at]) all('blockquote,p:not(:first-child)', answers[at]).forEach(function (part) { why.appendChild(part.cloneNode(true)); });
      });
      var before = marks[at];
      var last = make('span', 'ask-last', before === 1 ? '上次答对了' : '上次没有答对');
      last.hidden = before !== 1 && before !== 0;
      ask.appendChild(check);
      ask.appendChild(last);
      ask.appendChild(why);
    });
  });
}(document, window.zhendiDisplay));
