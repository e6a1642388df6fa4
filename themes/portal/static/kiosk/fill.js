/* What changes on a finished slide: clock, progress, answer, the entries of the invitation, the words of the night, the
   ticker line. The build can't know them. Everything here is a function of the programme and the moment. */
(function (doc, root, zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var WEEKDAYS = ['星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日'];
  var TICKER_MS = 10000;

  function make(tag, className, text) {
    var node = doc.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }
  function all(selector, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(selector)); }
  function each(from, selector, work) { all(selector, from).forEach(work); }
  function setText(node, text) { if (node.textContent !== text) node.textContent = text; }
  function two(n) { return (n < 10 ? '0' : '') + n; }
  function clockText(minute) { return two(Math.floor(minute / 60)) + ':' + two(minute % 60); }
  /* As people write it: 8:30, not 08:30 */
  function said(minute) { return Math.floor(minute / 60) + ':' + two(minute % 60); }
  function dayText(day) {
    var date = new Date(day * 86400000);
    return (date.getUTCMonth() + 1) + '月' + date.getUTCDate() + '日';
  }
  /* "2026-11-18" → 2026年11月18日 */
  function dateText(date) {
    var part = /^(\d{4})-(\d{2})-(\d{2})/.exec(date || '');
    return part ? part[1] + '年' + Number(part[2]) + '月' + Number(part[3]) + '日' : '';
  }
  function momentText(data, utc) {
    var at = zhendi.rule.local(data, utc);
    return dayText(at.day) + ' ' + clockText(at.minute);
  }
  /* Width in Han characters; a little too much for Latin, so that a line is never wider than reckoned */
  function units(text) {
    return Array.from(text).reduce(function (sum, one) { return sum + (one.charCodeAt(0) < 0x2000 ? 0.6 : 1); }, 0);
  }
  /* Lines of at most `most` Han, cut behind a mark where one stands in the second half of the line */
  function lines(text, most) {
    var out = [];
    var rest = Array.from(text);
    while (rest.length) {
      var width = 0;
      var end = 0;
      var mark = 0;
      while (end < rest.length && width + units(rest[end]) <= most) {
        width += units(rest[end]);
        end += 1;
        if (/[，、：；。！？” 》）]/.test(rest[end - 1]) && width > most / 2) mark = end;
      }
      if (end < rest.length && mark) end = mark;
      /* A mark does not begin a line */
      while (end > 1 && end < rest.length && /[，、：；。！？”》）]/.test(rest[end])) end -= 1;
      end = Math.max(end, 1);
      out.push(rest.slice(0, end).join('').trim());
      rest = rest.slice(end);
    }
    return out;
  }
  function isPortrait() { return root.classList.contains('kiosk-portrait'); }

  /* ── every slide ── */
  function clock(data, now) {
    var text = clockText(zhendi.rule.local(data, now).minute);
    each(doc, '.k-clock', function (node) { setText(node, text); });
  }
  function progress(frame, at, count) {
    each(frame, '.k-progress', function (bar) {
      bar.textContent = '';
      for (var i = 0; i < count; i += 1) {
        var part = make('i', i < at.slide ? 'k-past' : i === at.slide ? 'k-now' : '');
        if (i === at.slide) part.appendChild(make('b'));
        bar.appendChild(part);
      }
    });
  }
  /* Once a second: how much of the slide has gone, and whether its answer is due */
  function advance(frame, at, now) {
    var gone = Math.max(0, now - at.begins);
    var part = at.seconds ? Math.min(1, gone / (at.seconds * 1000)) : 0;
    var bar = frame.querySelector('.k-progress .k-now b');
    if (bar) bar.style.transform = 'scaleX(' + part.toFixed(4) + ')';
    if (at.seconds && gone >= answerAfter(at)) each(frame, '.k-answer', function (node) { node.classList.add('k-shown'); });
  }
  function answerAfter(at) { return Math.max(4000, at.seconds * 400); }

  /* ── the invitation ── */
  function name(entry) { return entry.short || entry.title; }
  function minutes(entry) { return entry.minutes ? '约' + entry.minutes + '分钟' : ''; }
  function meta(entry) { return [entry.topic, minutes(entry)].filter(Boolean).join(' · '); }
  function seal(data, kind) {
    var found = data.kinds.filter(function (one) { return one.id === kind; })[0];
    return found ? found.seal : '阅';
  }
  /* Three of what is due, one of each kind as far as there are; others each turn, short titles first */
  function choose(data, now, turn) {
    var due = zhendi.rule.due(data, now);
    var room = isPortrait() ? 10 : 13;
    var chosen = [];
    var pools = data.kinds.map(function (kind) {
      var pool = due.filter(function (entry) { return entry.kind === kind.id; });
      var fit = pool.filter(function (entry) { return units(name(entry)) <= room; });
      return fit.length ? fit : pool;
    }).filter(function (pool) { return pool.length; });
    for (var i = 0; i < pools.length && i < 3; i += 1) {
      var pool = pools[pools.length > 3 ? (turn + i) % pools.length : i];
      chosen.push(pool[turn % pool.length]);
    }
    for (var j = 0; j < due.length && chosen.length < 3; j += 1) {
      var other = due[(turn + j) % due.length];
      if (chosen.indexOf(other) < 0) chosen.push(other);
    }
    return chosen;
  }
  function attract(frame, data, now, turn) {
    var room = isPortrait() ? [10, 13, 17] : [13, 24, 31];
    each(frame, '.k-entries', function (box) {
      box.textContent = '';
      choose(data, now, turn || 0).forEach(function (entry) {
        var width = units(name(entry));
        var size = width <= room[0] ? '' : width <= room[1] ? ' k-long' : ' k-longer';
        var row = make('div', 'k-entry k-kind-' + entry.kind + size);
        var title = make('span', 'k-entry-title');
        lines(name(entry), size === ' k-longer' ? room[2] : 99).forEach(function (line) { title.appendChild(make('span', 'k-line', line)); });
        row.setAttribute('data-key', entry.key);
        row.appendChild(make('span', 'k-seal', seal(data, entry.kind)));
        row.appendChild(title);
        row.appendChild(make('span', 'k-entry-meta', meta(entry)));
        box.appendChild(row);
      });
    });
    var closes = zhendi.rule.closesAt(data, now);
    each(frame, '.k-closes', function (node) { setText(node, closes === null || closes >= 1440 ? '' : '今天开放至 ' + said(closes)); });
  }

  /* ── the night ── */
  function windowsText(windows) {
    return windows.map(function (one) {
      return one[0] === 0 && one[1] === 1440 ? '全天' : said(one[0]) + ' 至 ' + said(one[1]);
    }).join('，');
  }
  function daysText(first, last) {
    if (first === 0 && last === 6) return '每天';
    if (first === 0 && last === 4) return '工作日';
    if (first === 5 && last === 6) return '周末';
    return first === last ? WEEKDAYS[first] : WEEKDAYS[first] + '至' + WEEKDAYS[last];
  }
  /* One line for each run of weekdays with the same hours */
  function hoursLines(data) {
    var out = [];
    for (var first = 0; first < 7; first += 1) {
      var text = windowsText(data.hours[first]);
      var last = first;
      while (last < 6 && windowsText(data.hours[last + 1]) === text) last += 1;
      if (text) out.push(daysText(first, last) + ' ' + text);
      first = last;
    }
    return out;
  }
  function nextText(next) {
    if (!next) return '';
    var at = said(next.minute);
    if (next.ahead === 0) return '今天 ' + at;
    var day = next.ahead === 1 ? '明天' : next.ahead === 2 ? '后天' : dayText(next.day);
    return day + '（' + WEEKDAYS[next.weekday] + '）' + at;
  }
  function nightTitle(data, now, next) {
    var today = zhendi.rule.local(data, now);
    var opens = data.hours[today.weekday].length > 0 && !data.quiet.some(function (day) { return zhendi.rule.wall(day) / 86400000 === today.day; });
    if (!next) return '暂停开放';
    if (next.ahead === 0) return '稍后再见';
    if (!opens) return '今天休息';
    if (next.ahead === 1) return next.minute < 720 ? '明早再见' : '明天再见';
    return next.ahead < 7 ? WEEKDAYS[next.weekday] + '再见' : '下次再见';
  }
  function night(frame, data, now) {
    var next = zhendi.rule.nextOpening(data, now);
    each(frame, '.k-title', function (node) { setText(node, nightTitle(data, now, next)); });
    each(frame, '.k-next', function (node) { setText(node, nextText(next)); });
    each(frame, '.k-next-part', function (node) { node.hidden = !next; });
    each(frame, '.k-hours', function (node) {
      node.textContent = '';
      hoursLines(data).forEach(function (line) {
        /* Beside the moon there is room for one window only */
        var parts = units(line) > (isPortrait() ? 19 : 15.5) ? line.replace(/，/g, '，\n').split('\n') : [line];
        parts.forEach(function (part) { node.appendChild(make('span', 'k-hours-line', part)); });
      });
    });
  }

  /* ── around the slides ── */
  function ticker(node, data, now, off) {
    var pieces = data.screen.ticker && !off ? lines(data.screen.ticker, isPortrait() ? 20 : 34) : [];
    node.hidden = !pieces.length;
    root.classList.toggle('has-ticker', !!pieces.length);
    if (pieces.length) setText(node.firstChild, pieces[Math.floor(now / TICKER_MS) % pieces.length]);
  }
  /* Against burn-in: where everything stands in this minute, in thousandths of the shorter side, at most ±4 (±4 px at 1080p).
     Both ways are walked up and down in steps of one, 16 and 36 minutes to and fro, so that it is not one line. */
  function swing(minute, most) {
    var at = minute % (4 * most);
    return at <= 2 * most ? at - most : 3 * most - at;
  }
  function drift(now) {
    var minute = Math.floor(now / 60000);
    return { x: swing(minute, 4) / 10.8, y: swing(Math.floor(minute / 3), 3) / 10.8 };
  }

  zhendi.fill = {
    make: make, all: all, setText: setText, said: said, dateText: dateText, momentText: momentText, units: units, lines: lines,
    clock: clock, progress: progress, advance: advance, answerAfter: answerAfter, attract: attract, night: night,
    ticker: ticker, drift: drift, name: name, meta: meta, seal: seal, hoursLines: hoursLines, nextText: nextText, choose: choose
  };
})(document, document.documentElement, window.zhendi);
