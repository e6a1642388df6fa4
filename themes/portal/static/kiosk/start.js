/* Boot of a kiosk screen, outside of the version folders: it is the one script that a torn copy of a version can't touch.
   It asks which version is whole, loads that one's style sheet and scripts, and hands over to `zhendi.main`. Until
   then a calm page stands there; it never gives up.

   Every script of a version is loaded here. A data script registers itself by `zhendi.add(name, hash, data)`, a code script
   by `zhendi.code()`: one that is cut short is a syntax error, does neither, and counts as not there. */
(function (doc, root) {
  'use strict';
  var PATIENCE = 20000;
  var LONGEST = 30000;
  var KEY = 'zhendi.kiosk:' + location.pathname;
  var zhendi = window.zhendi = { shift: 0 };
  /* Whoever previews a screen may shift its clock */
  zhendi.now = function () { return Date.now() + zhendi.shift; };

  /* Without one, the browser would ask the server's root for an icon */
  var icon = doc.createElement('link');
  icon.rel = 'icon';
  icon.href = 'data:,';
  doc.head.appendChild(icon);

  /* ── what outlives a reload; a browser may forbid it ── */
  zhendi.keep = {
    get: function (name) {
      try { return JSON.parse(localStorage.getItem(KEY + ':' + name)); } catch (e) { return null; }
    },
    set: function (name, value) {
      try {
        if (value === null) localStorage.removeItem(KEY + ':' + name);
        else localStorage.setItem(KEY + ':' + name, JSON.stringify(value));
      } catch (e) { /* then it holds until the next reload */ }
    }
  };

  /* ── scripts ── */
  var pointer = null;
  var failed = {};
  zhendi.point = function (data) { pointer = data; };
  /* The element knows what was asked for, so a script can't pass for that of another version */
  zhendi.add = function (name, hash, data) {
    var asked = doc.currentScript && doc.currentScript.zhendi;
    if (asked && asked.name === name) asked.got = { hash: hash, data: data };
  };
  /* The first thing that a code script calls. True: it was only looked at, and must not do anything, since another version runs */
  zhendi.code = function () {
    var asked = doc.currentScript && doc.currentScript.zhendi;
    if (asked) asked.got = { hash: asked.hash, data: true };
    return !!asked && asked.dry;
  };
  /* Runs a script; done(asked) once, where asked.got is there if it registered */
  function run(src, asked, done) {
    var script = doc.createElement('script');
    var timer = setTimeout(end, PATIENCE);
    function end() {
      if (!script) return;
      clearTimeout(timer);
      script.onload = script.onerror = null;
      if (script.parentNode) script.parentNode.removeChild(script);
      script.zhendi = null;
      script = null;
      done(asked);
    }
    script.onload = script.onerror = end;
    script.zhendi = asked;
    script.src = src;
    doc.head.appendChild(script);
  }
  function folder(version) { return 'v/' + version + '/'; }
  function address(version, file) {
    var src = folder(version) + file.split('/').map(encodeURIComponent).join('/');
    /* What came broken over http may lie broken in the browser's cache; and the preview's one folder changes all the time */
    return failed[src] || version === 'now' ? src + '?t=' + Date.now() : src;
  }
  /* One script of a version, by its name without .js: done(data), or done(undefined) if it isn't whole or isn't the expected one */
  zhendi.load = function (version, name, hash, done, dry) {
    var src = folder(version) + (name + '.js').split('/').map(encodeURIComponent).join('/');
    run(address(version, name + '.js'), { name: name, hash: hash, dry: !!dry }, function (asked) {
      var good = asked.got && (!hash || asked.got.hash === hash);
      if (good) delete failed[src];
      else failed[src] = true;
      done(good ? asked.got.data : undefined);
    });
  };
  function isVersion(text) { return typeof text === 'string' && /^[0-9A-Za-z_-]+$/.test(text); }
  /* done({now, before}), or done(null) if the source can't be reached */
  zhendi.ask = function (done) {
    pointer = null;
    run('version.js?t=' + Date.now(), {}, function () {
      var got = pointer;
      pointer = null;
      done(got && isVersion(got.now) ? got : null);
    });
  };
  /* Calls each(item, next) one after the other; next(false) ends it: done(whether all went well) */
  zhendi.chain = function (items, each, done) {
    var at = 0;
    (function next(good) {
      if (good === false) { done(false); return; }
      if (at === items.length) { done(true); return; }
      at += 1;
      each(items[at - 1], next);
    })(true);
  };

  /* ── a version ── */
  /* The files of a version by what they are, from its list */
  zhendi.parts = function (list) {
    var parts = { code: [], css: [], data: [], look: [] };
    Object.keys(list).sort().forEach(function (file) {
      if (file === 'list.js' || /^f\//.test(file)) return;
      if (file === 'programme.js' || /^[sa]\/.*\.js$/.test(file)) parts.data.push(file.slice(0, -3));
      else {
        if (/\.js$/.test(file)) parts.code.push(file.slice(0, -3));
        else if (/\.css$/.test(file)) parts.css.push(file);
        parts.look.push(file + ' ' + list[file]);
      }
    });
    return parts;
  };
  function links(version, files, where, base, done) {
    zhendi.chain(files, function (file, next) {
      var link = doc.createElement('link');
      var timer = setTimeout(function () { end(false); }, PATIENCE);
      function end(good) {
        clearTimeout(timer);
        link.onload = link.onerror = null;
        next(good);
      }
      link.rel = 'stylesheet';
      link.setAttribute('data-version', version);
      link.onload = function () { end(true); };
      link.onerror = function () { end(false); };
      link.href = base + address(version, file);
      where.appendChild(link);
    }, done);
  }
  /* A style sheet cut short loads all the same; only its last rule tells that it is whole: html{--kiosk-css:whole} in kiosk.css,
     html{--office-css:whole} in office.css. It is tried on in an empty frame, so that what is on show does not change. */
  zhendi.tryOn = function (version, files, done) {
    if (!files.length) { done(true); return; }
    var frame = doc.createElement('iframe');
    frame.style.cssText = 'position:fixed;left:-9px;top:0;width:1px;height:1px;border:0;visibility:hidden';
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    doc.body.appendChild(frame);
    var inner = frame.contentDocument;
    links(version, files, inner.head, location.href.replace(/[?#].*$/, '').replace(/[^/]*$/, ''), function (good) {
      var computed = frame.contentWindow.getComputedStyle(inner.documentElement);
      var whole = good && files.every(function (file) {
        return computed.getPropertyValue('--' + file.replace(/^.*\/|\.css$/g, '') + '-css').trim() === 'whole';
      });
      doc.body.removeChild(frame);
      if (!whole) files.forEach(function (file) { failed[folder(version) + file] = true; });
      done(whole);
    });
  };
  /* The style sheets of this version instead of those that are there, without a moment of neither */
  zhendi.dress = function (version, files, done) {
    var before = Array.prototype.slice.call(doc.querySelectorAll('link[data-version]'));
    links(version, files, doc.head, '', function (good) {
      before.forEach(function (link) { if (link.parentNode) link.parentNode.removeChild(link); });
      done(good);
    });
  };
  /* Everything that must register, told from a list. The data is dropped again. `rest` is the pause between two. */
  zhendi.whole = function (version, list, rest, done) {
    zhendi.chain(zhendi.parts(list).data, function (name, next) {
      zhendi.load(version, name, list[name + '.js'], function (data) {
        if (data === undefined) next(false);
        else if (rest) setTimeout(next, rest);
        else next();
      });
    }, function (good) {
      if (good) zhendi.keep.set('whole', version);
      done(good);
    });
  };
  /* What a screen needs before it can show anything: done(edition) or done(null) */
  zhendi.fetchEdition = function (version, list, done) {
    var edition = { version: version, list: list, data: null, attract: '', night: '' };
    zhendi.load(version, 'programme', list['programme.js'], function (data) {
      edition.data = data;
      if (!data) { done(null); return; }
      zhendi.chain(['attract', 'night'], function (name, next) {
        zhendi.load(version, 's/-' + name, list['s/-' + name + '.js'], function (slides) {
          edition[name] = slides && slides[0];
          next(!!edition[name]);
        });
      }, function (good) { done(good ? edition : null); });
    });
  };
  function prepare(version, done) {
    zhendi.load(version, 'list', null, function (list) {
      if (!list) { done(null); return; }
      var parts = zhendi.parts(list);
      function ready() {
        zhendi.chain(parts.code, function (name, next) {
          zhendi.load(version, name, list[name + '.js'], function (data) { next(data !== undefined); });
        }, function (good) {
          if (!good) { done(null); return; }
          zhendi.tryOn(version, parts.css, function (fits) {
            if (!fits) { done(null); return; }
            zhendi.dress(version, parts.css, function (dressed) {
              if (dressed) zhendi.fetchEdition(version, list, done);
              else done(null);
            });
          });
        });
      }
      /* Half a version never shows, so one that has not been seen whole on this machine is gone through first */
      if (version === 'now' || zhendi.keep.get('whole') === version) ready();
      else zhendi.whole(version, list, 0, function (good) { if (good) ready(); else done(null); });
    });
  }

  /* ── until then: a page of paper, with one calm line. No style sheet is there yet, so the script sets its looks. ── */
  function wait() {
    if (doc.querySelector('.k-wait') || !doc.body) return;
    var line = doc.createElement('p');
    line.className = 'k-wait';
    line.textContent = '正在准备内容…';
    var looks = {
      position: 'fixed', left: '0', right: '0', top: '44%', margin: '0', textAlign: 'center', color: '#5B5348',
      font: '5vmin "Source Han Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif'
    };
    Object.keys(looks).forEach(function (name) { line.style[name] = looks[name]; });
    doc.body.style.background = '#FCF8F1';
    doc.body.style.cursor = 'none';
    doc.body.appendChild(line);
  }
  function started() {
    var line = doc.querySelector('.k-wait');
    if (line) line.parentNode.removeChild(line);
    doc.body.style.background = '';
    doc.body.style.cursor = '';
  }

  var pause = 2000;
  function boot() {
    zhendi.ask(function (got) {
      var wanted = got ? [got.now, got.before] : [];
      wanted.push(zhendi.keep.get('good'));
      var candidates = wanted.filter(function (one, at) { return isVersion(one) && wanted.indexOf(one) === at; });
      var at = 0;
      (function next() {
        if (at === candidates.length) {
          setTimeout(boot, pause);
          pause = Math.min(pause * 2, LONGEST);
          return;
        }
        at += 1;
        prepare(candidates[at - 1], function (edition) {
          if (!edition) { next(); return; }
          try {
            zhendi.main(edition, started);
          } catch (e) {
            if (window.console) console.error(e);
            next();
            return;
          }
          zhendi.keep.set('good', edition.version);
        });
      })();
    });
  }
  function begin() {
    wait();
    boot();
  }
  if (doc.body) begin();
  else doc.addEventListener('DOMContentLoaded', begin);
})(document, document.documentElement);
