/* 页面上要脚本才有的东西都在这里造出来：没有脚本，就没有这些按钮，文字照读。 */
(function (doc, root, display) {
  'use strict';
  if (!display) return;
  var $ = function (selector) { return doc.querySelector(selector); };
  var all = display.all, make = display.make, button = display.button;

  /* ── 字号与高对比 ── */
  var SIZES = [['standard', '标准'], ['large', '大'], ['xlarge', '特大']];
  var controls = [];

  function show() {
    display.apply();
    controls.forEach(function (update) { update(); });
  }
  function choices() {
    var group = make('div');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', '字号与高对比');
    group.appendChild(make('b', '', '字号'));
    SIZES.forEach(function (size) {
      var node = button(size[1], function () {
        display.size = size[0];
        display.save('size', size[0]);
        show();
      });
      controls.push(function () { node.setAttribute('aria-pressed', String(display.size === size[0])); });
      group.appendChild(node);
    });
    var contrast = button('高对比', function () {
      display.contrast = display.contrast ? '' : 'high';
      display.save('contrast', display.contrast);
      show();
    }, 'hc');
    controls.push(function () { contrast.setAttribute('aria-pressed', String(!!display.contrast)); });
    group.appendChild(contrast);
    return group;
  }

  /* ── 朗读：有中文语音才有这个按钮 ── */
  function chineseVoice() {
    return window.speechSynthesis && speechSynthesis.getVoices().filter(function (voice) {
      return /^(zh|cmn)/i.test(voice.lang);
    })[0];
  }
  function reader(group) {
    var text = $('.text');
    if (!text || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
    var node = button('朗读', function () {
      if (speechSynthesis.speaking) { stop(); return; }
      var voice = chineseVoice();
      /* 一段一段地读：整篇一次交出去，有的浏览器读十几秒就停 */
      all('h2,h3,p,li,dt,dd,td,th', text).forEach(function (block) {
        if (block.querySelector('p,li')) return;
        var part = new SpeechSynthesisUtterance(block.textContent);
        part.lang = 'zh-CN';
        part.voice = voice;
        speechSynthesis.speak(part);
        last = part;
      });
      if (last) last.onend = stop;
      node.textContent = '停止朗读';
    });
    var last = null;
    function stop() {
      speechSynthesis.cancel();
      node.textContent = '朗读';
    }
    function offer() {
      if (!node.parentNode && chineseVoice()) group.appendChild(node);
    }
    offer();
    if (speechSynthesis.addEventListener) speechSynthesis.addEventListener('voiceschanged', offer);
    window.addEventListener('pagehide', stop);
  }

  /* ── 阅读条 ── */
  var bar = $('.bar');
  if (bar) {
    var group = choices();
    group.appendChild(button('打印', function () { window.print(); }));
    bar.insertBefore(group, bar.firstChild);
    reader(group);
  }

  /* ── 菜单（窄屏）、字号与显示（没有阅读条的页面）── */
  var head = $('.band') || $('.plate');
  if (head) {
    var row = $('.band .wrap') || $('.np .wrap');
    var nav = $('.nav');
    var menu = button('菜单', function () { open(!head.classList.contains('open')); }, 'menu');
    var open = function (on) {
      head.classList.toggle('open', on);
      menu.setAttribute('aria-expanded', String(on));
      menu.textContent = on ? '收起' : '菜单';
      if (panel) {
        panel.hidden = !on;
        opener.setAttribute('aria-expanded', String(on));
      }
    };
    var panel = null;
    var opener = null;
    if (nav) row.insertBefore(menu, head === $('.band') ? nav : null);
    if (!bar) {
      panel = make('div', 'set wrap');
      panel.appendChild(choices());
      opener = button('字号与显示', function () { open(panel.hidden); }, 'setb');
      if (head === $('.band')) {
        panel.className = 'set';
        row.appendChild(opener);
        row.appendChild(panel);
      } else {
        if (nav) nav.appendChild(opener);
        head.appendChild(panel);
      }
    }
    open(false);
    head.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && head.classList.contains('open')) {
        open(false);
        (menu.offsetParent ? menu : opener || menu).focus();
      }
    });
  }

  /* ── 本页内容：窄屏是抽屉，宽屏跟着读到的一节走 ── */
  var toc = $('.toc');
  if (toc) {
    var drawer = button('', function () { slide(!toc.classList.contains('open')); });
    var word = make('span');
    var count = toc.querySelector('ul').children.length + ' 节';
    drawer.appendChild(word);
    var slide = function (on) {
      toc.classList.toggle('open', on);
      drawer.setAttribute('aria-expanded', String(on));
      word.textContent = on ? '收起' : '展开';
    };
    toc.querySelector('h2').appendChild(make('small', '', count));
    toc.querySelector('h2').appendChild(drawer);
    slide(false);
    toc.addEventListener('click', function (event) {
      if (event.target.tagName === 'A') slide(false);
    });

    var links = all('a', toc);
    var heads = links.map(function (link) {
      return doc.getElementById(link.getAttribute('href').slice(1));
    });
    var current = -1;
    var waiting = false;
    var follow = function () {
      waiting = false;
      var line = window.innerHeight / 4;
      var now = 0;
      heads.forEach(function (heading, i) {
        if (heading && heading.getBoundingClientRect().top <= line) now = i;
      });
      if (root.scrollHeight - window.innerHeight - window.pageYOffset < 4 && window.pageYOffset > 0) {
        heads.forEach(function (heading, i) {
          if (heading && heading.getBoundingClientRect().top < window.innerHeight) now = i;
        });
      }
      if (now === current) return;
      current = now;
      all('.on', toc).forEach(function (item) { item.classList.remove('on'); });
      links.forEach(function (link) { link.removeAttribute('aria-current'); });
      links[now].setAttribute('aria-current', 'true');
      for (var item = links[now].parentNode; item !== toc; item = item.parentNode) {
        if (item.tagName === 'LI') item.classList.add('on');
      }
      if (toc.scrollHeight > toc.clientHeight) {
        toc.scrollTop = links[now].offsetTop - toc.clientHeight / 2;
      }
    };
    var later = function () {
      if (!waiting) { waiting = true; requestAnimationFrame(follow); }
    };
    window.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later);
    if (links.length) follow();
  }

  /* ── 大图：缩得看不清字的图，给一个看原大的按钮 ── */
  all('.text figure img').forEach(function (picture) {
    var figure = picture.closest('figure');
    var source = figure.querySelector('source');
    var sizes = source && source.sizes;
    var width = Number(picture.getAttribute('width'));
    if (!width || width < picture.clientWidth * 1.6) return;
    var node = button('看大图', function () {
      var big = figure.classList.toggle('zoom');
      /* 放大以后，换上够清楚的那一张 */
      if (source) source.sizes = big ? picture.clientWidth + 'px' : sizes;
      node.textContent = big ? '缩回去' : '看大图';
      if (big) figure.tabIndex = 0;
      else figure.removeAttribute('tabindex');
    });
    figure.appendChild(node);
  });

  /* ── 今天 ── */
  var today = $('.today');
  if (today) {
    var now = new Date();
    var DIGITS = '〇一二三四五六七八九';
    var small = function (n) {
      var tens = Math.floor(n / 10);
      return (tens > 1 ? DIGITS[tens] : '') + (tens ? '十' : '') + (n % 10 ? DIGITS[n % 10] : '');
    };
    var year = String(now.getFullYear()).replace(/\d/g, function (d) { return DIGITS[d]; });
    today.appendChild(make('b', '', year + '年' + small(now.getMonth() + 1) + '月' + small(now.getDate()) + '日'));
    today.appendChild(doc.createTextNode('　星期' + '日一二三四五六'[now.getDay()]));
    today.hidden = false;
  }

  /* ── 门：记住上次走的一扇，数字键直接进 ── */
  var doors = all('[data-door]');
  if (doors.length) {
    var last = display.read('door');
    doors.forEach(function (door) {
      var id = door.getAttribute('data-door');
      if (id === last) door.querySelector('.up').appendChild(make('span', 'last', '上次从这里进入'));
      door.addEventListener('click', function () { display.save('door', id); });
    });
    var off = display.read('keys') === 'off';
    var foot = $('.end');
    var hint = make('p');
    var said = make('span');
    var toggle = button('', function () {
      off = !off;
      display.save('keys', off ? 'off' : '');
      say();
    });
    var say = function () {
      var keys = doors.map(function (door, i) { return i + 1; }).join('、');
      said.textContent = off ? '数字键已停用' : '键盘：按 ' + keys + ' 进入';
      toggle.textContent = off ? '启用' : '停用';
    };
    if (foot && doors.length < 10) {
      say();
      hint.appendChild(said);
      hint.appendChild(toggle);
      foot.appendChild(hint);
    }
    doc.addEventListener('keydown', function (event) {
      if (off || event.ctrlKey || event.altKey || event.metaKey) return;
      var door = doors[Number(event.key) - 1];
      if (door) door.querySelector('.go').click();
    });
  }

  show();
})(document, document.documentElement, window.zhendiDisplay);
