/* Each minute: is there a new version? It is gone through whole before anything of it shows. If code and style are the
   same, its programme takes over between two slides; else the page is loaded anew. While that fails, the old version
   goes on. A page is only ever loaded anew when its source has just answered, since an error page could not come back. */
(function (zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var EVERY = 60000;
  var STALE = 600000;
  var REST = 40;
  var UPTIME = 7200000;
  var KEPT = 600000;
  var AGAIN = 1800000;
  var busy = false;
  var asking = false;
  var ahead = null;
  var since = null;
  var sinceHere = 0;
  var kept = 0;

  /* The source answered, and what runs here (or is about to) is what it offers */
  function fresh() {
    since = zhendi.now();
    sinceHere = performance.now();
    if (!kept || Math.abs(since - kept) >= KEPT) {
      kept = since;
      zhendi.keep.set('fresh', since);
    }
    zhendi.player.stale(null);
  }
  /* The minutes are counted by a clock that nobody can set; a reboot without the source goes by the wall clock */
  function away() {
    var gone = performance.now() - sinceHere;
    if (gone < STALE && zhendi.now() - since > gone) gone = zhendi.now() - since;
    if (gone >= STALE) zhendi.player.stale(since);
  }

  /* A version that was whole and yet did not start must not have the page loaded anew each minute */
  function isTried(version) {
    var tried = zhendi.keep.get('tried');
    return !!tried && tried.version === version && Math.abs(zhendi.now() - tried.at) < AGAIN;
  }
  function prepare(version) {
    var here = zhendi.player.edition();
    busy = true;
    function end(good) {
      busy = false;
      if (good) ahead = version;
    }
    zhendi.load(version, 'list', null, function (list) {
      if (!list) { end(false); return; }
      var parts = zhendi.parts(list);
      var same = parts.look.join('\n') === zhendi.parts(here.list).look.join('\n');
      zhendi.whole(version, list, REST, function (good) {
        if (!good) { end(false); return; }
        if (same) inPlace(version, list, parts, end);
        else if (isTried(version)) end(false);
        else anew(version, list, parts, end);
      });
    });
  }
  function inPlace(version, list, parts, end) {
    zhendi.fetchEdition(version, list, function (edition) {
      if (!edition) { end(false); return; }
      /* The same bytes, but from the folder that will still be there when the old one is gone */
      zhendi.dress(version, parts.css, function (good) {
        if (good) zhendi.player.swap(edition);
        end(good);
      });
    });
  }
  function anew(version, list, parts, end) {
    zhendi.chain(parts.code, function (name, next) {
      zhendi.load(version, name, list[name + '.js'], function (got) { next(got !== undefined); }, true);
    }, function (good) {
      if (!good) { end(false); return; }
      zhendi.tryOn(version, parts.css, function (fits) {
        if (fits) zhendi.player.swap({ reload: version });
        end(fits);
      });
    });
  }

  function check() {
    setTimeout(check, EVERY);
    zhendi.ask(function (got) {
      if (got && (got.now === zhendi.player.edition().version || got.now === ahead && !busy)) {
        /* A version taken back before it took over */
        if (ahead && got.now !== ahead) zhendi.player.swap(null);
        if (got.now !== ahead) ahead = null;
        fresh();
        return;
      }
      away();
      if (got && !busy) prepare(got.now);
    });
  }
  function reload(version, before) {
    if (asking) return;
    asking = true;
    zhendi.ask(function (got) {
      asking = false;
      if (got) {
        if (before) before();
        if (version) zhendi.keep.set('tried', { version: version, at: zhendi.now() });
        location.reload();
      }
      /* Without the source: tried again when the next minute asks */
      else ahead = null;
    });
  }

  zhendi.update = {
    start: function () {
      var before = zhendi.keep.get('fresh');
      since = typeof before === 'number' && before <= zhendi.now() ? before : zhendi.now();
      kept = typeof before === 'number' ? before : 0;
      sinceHere = performance.now();
      setTimeout(check, 5000);
    },
    check: check,
    reload: reload,
    /* Once a night, when it has run for a while and nobody reads */
    nightly: function () {
      var last = zhendi.keep.get('nightly');
      if (asking || performance.now() < UPTIME || zhendi.player.isHeld()) return;
      if (typeof last === 'number' && Math.abs(zhendi.now() - last) < UPTIME) return;
      reload(null, function () { zhendi.keep.set('nightly', zhendi.now()); });
    }
  };
})(window.zhendi);
