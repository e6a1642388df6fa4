/* Shows what the rule says. One tick a second, chained from the clock: each asks the rule anew what is due, so a changed
   clock, a sleep or a late timer need no code of their own. At most two slides are in the document, data of at most two
   entries in memory, and one video element is used for all videos: a screen runs for months. */
(function (doc, root, zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var FADE = 700;
  var GRACE = 1500;
  var DECODE = 400;
  var rule, fill, stage, shade, strip, line, film;
  var edition = null;
  var pending = null;
  var slides = {};
  var loading = {};
  var wanted = null;
  var shown = null;
  var held = false;
  var timer = 0;
  var clearing = 0;
  var late = 0;
  var calm = window.matchMedia('(prefers-reduced-motion: reduce)');

  function id(at) { return at.night ? 'night' : at.entry + '/' + at.slide + '@' + at.begins; }
  function entryOf(at) { return at && at.entry >= 0 ? edition.data.entries[at.entry] : null; }
  function within(html) { return html.split('{v}').join('v/' + edition.version + '/'); }

  /* ── frames ── */
  function clearAllBut(frame) {
    clearTimeout(clearing);
    clearing = 0;
    while (stage.firstChild && stage.firstChild !== frame) stage.removeChild(stage.firstChild);
  }
  /* The new slide fades in over the old one, which goes when it is covered */
  function put(html, at) {
    /* The newest slide that can be seen stays underneath */
    var seen = fill.all('.k-frame.k-on', stage);
    clearAllBut(seen.length ? seen[seen.length - 1] : null);
    while (seen.length && stage.lastChild !== seen[seen.length - 1]) stage.removeChild(stage.lastChild);
    var frame = fill.make('div', 'k-frame');
    var first = !stage.firstChild || calm.matches;
    frame.innerHTML = within(html);
    stage.appendChild(frame);
    place(frame, at);
    function reveal() {
      if (frame.parentNode !== stage || frame.classList.contains('k-on')) return;
      frame.classList.add('k-on');
      if (frame === stage.lastChild) clearing = setTimeout(function () { clearAllBut(frame); }, FADE);
    }
    if (first) {
      reveal();
      clearAllBut(frame);
      return frame;
    }
    /* Big pictures are decoded before the fade, else they would pop in during it */
    var pictures = fill.all('img', frame).filter(function (img) { return img.decode; });
    frame.getBoundingClientRect();
    if (!pictures.length) reveal();
    else {
      setTimeout(reveal, DECODE);
      Promise.all(pictures.map(function (img) { return img.decode(); })).then(reveal, reveal);
    }
    return frame;
  }

  /* ── video ── */
  function makeFilm() {
    film = doc.createElement('video');
    film.className = 'k-film';
    film.muted = true;
    film.loop = true;
    film.preload = 'auto';
    film.setAttribute('muted', '');
    film.setAttribute('playsinline', '');
    film.setAttribute('disableremoteplayback', '');
    film.addEventListener('loadedmetadata', function () {
      /* A screen that was reloaded in the middle goes on in the middle */
      var gone = wanted ? (zhendi.now() - wanted.begins) / 1000 : 0;
      if (gone > 1.5 && gone < film.duration) film.currentTime = gone;
    });
    film.addEventListener('error', function () {
      if (!film.getAttribute('src') || !shown || !film.parentNode) return;
      film.parentNode.classList.add('k-failed');
      standIn();
      shown.broken = true;
    });
  }
  function stopFilm() {
    if (!film.getAttribute('src')) return;
    film.pause();
    film.removeAttribute('src');
    film.load();
    if (film.parentNode) film.parentNode.removeChild(film);
  }
  /* Video, progress and what else a slide needs from here */
  function place(frame, at) {
    var now = zhendi.now();
    var holder = frame.querySelector('.k-video[data-src]');
    stopFilm();
    if (holder) {
      holder.appendChild(film);
      film.src = within(holder.getAttribute('data-src') || '');
      var playing = film.play();
      /* Refused or broken off: the error event tells what matters */
      if (playing) playing.catch(function () { return null; });
    }
    var entry = entryOf(at);
    if (entry) fill.progress(frame, at, entry.slides.length);
    else if (at.night) fill.night(frame, edition.data, now);
    else fill.attract(frame, edition.data, now, at.turn);
    fill.clock(edition.data, now);
    fill.advance(frame, at, now);
  }

  /* ── which slide ── */
  function standIn() {
    if (held) return;
    var at = { entry: -1, slide: 0, begins: wanted.begins, turn: wanted.turn || 0 };
    late = 0;
    shown = { id: id(wanted), at: wanted, frame: put(edition.attract, at), instead: true };
  }
  function show(now) {
    var key = id(wanted);
    if (shown && shown.id === key && !shown.instead) return;
    if (wanted.night || wanted.attract) {
      shown = { id: key, at: wanted, frame: put(wanted.night ? edition.night : edition.attract, wanted) };
      return;
    }
    var entry = entryOf(wanted);
    var have = slides[entry.key];
    /* A video that can't be played is not tried again while its slide is due */
    if (shown && shown.id === key && shown.broken) return;
    if (have && have[wanted.slide]) {
      late = 0;
      shown = { id: key, at: wanted, frame: put(have[wanted.slide], wanted) };
      return;
    }
    if (!have) load(entry.key);
    if (shown && shown.instead) {
      shown.id = key;
      return;
    }
    /* Not here yet: what is there may stay for a moment, but only if it is still due; else the invitation stands in */
    if (!late) late = performance.now();
    var stays = stage.firstChild && (!shown || shown.at.attract || shown.at.entry >= 0 && rule.eligible(edition.data, now).indexOf(shown.at.entry) >= 0);
    if (have || !stays || performance.now() - late > GRACE) standIn();
  }
  function load(key, then) {
    if (loading[key]) return;
    var of = edition;
    loading[key] = true;
    zhendi.load(of.version, 's/' + key, of.list['s/' + key + '.js'], function (got) {
      if (of === edition) {
        if (got) {
          delete loading[key];
          slides[key] = got;
        } else {
          /* Not asked for again at once: a missing file must not keep an old PC busy */
          setTimeout(function () { if (of === edition) delete loading[key]; }, 5000);
        }
        if (got && entryOf(wanted) && entryOf(wanted).key === key) tick();
      }
      if (then) then();
    });
  }
  /* The entry after this one is fetched ahead, everything else is dropped */
  function lookAhead() {
    var at = wanted;
    var next = null;
    for (var i = 0; i < 40 && !next && !at.night; i += 1) {
      at = rule.slideAt(edition.data, at.ends);
      if (at.entry >= 0 && at.entry !== wanted.entry) next = entryOf(at);
    }
    var here = entryOf(wanted);
    Object.keys(slides).forEach(function (key) {
      if (!(here && here.key === key) && !(next && next.key === key)) delete slides[key];
    });
    /* While somebody reads, also the entry that would be on show: it is wanted the moment they go */
    if (here && !slides[here.key]) load(here.key);
    if (next && !slides[next.key]) load(next.key);
  }

  /* ── the tick ── */
  function step() {
    var now = zhendi.now();
    var at = rule.slideAt(edition.data, now);
    if (pending && !held && (!wanted || id(at) !== id(wanted) || at.night)) {
      if (pending.reload) {
        zhendi.update.reload(pending.reload);
        pending = null;
      } else {
        take(pending);
        at = rule.slideAt(edition.data, now);
      }
    }
    var fresh = !wanted || id(at) !== id(wanted);
    var newNight = at.night && wanted && wanted.begins !== at.begins;
    wanted = at;
    root.classList.toggle('is-night', !!at.night);
    root.classList.toggle('is-dim', rule.isDim(edition.data, now));
    shade.hidden = !rule.isDim(edition.data, now);
    fill.clock(edition.data, now);
    if (fresh) zhendi.later(lookAhead, held ? 0 : 1000);
    if (held) return;
    show(now);
    if (shown && newNight) fill.night(shown.frame, edition.data, now);
    if (shown && !shown.instead) fill.advance(shown.frame, shown.at, now);
    fill.ticker(line, edition.data, now, at.night);
    var drift = fill.drift(now);
    stage.style.transform = 'translate(' + drift.x.toFixed(3) + 'vmin,' + drift.y.toFixed(3) + 'vmin)';
    if (rule.local(edition.data, now).minute === edition.data.screen.reload) zhendi.update.nightly();
  }
  function tick() {
    clearTimeout(timer);
    var now = zhendi.now();
    var wait = 1000;
    try {
      step();
      now = zhendi.now();
      wait = wanted.night && !held ? 60000 - now % 60000 : 1000 - now % 1000;
      wait = Math.min(wait, wanted.ends - now);
    } catch (e) {
      /* One broken slide must not stop the chain */
      if (window.console) console.error(e);
    }
    timer = setTimeout(tick, Math.max(20, Math.min(wait + 5, 60000)));
  }

  /* ── versions ── */
  function take(next) {
    edition = next;
    pending = null;
    slides = {};
    loading = {};
    wanted = null;
    shown = null;
    zhendi.keep.set('good', edition.version);
  }

  zhendi.later = function (work, ms) { return setTimeout(function () { if (edition) work(); }, ms); };
  zhendi.player = {
    edition: function () { return edition; },
    /* The entry on show, also where the invitation stands in for it */
    current: function () { return wanted ? entryOf(wanted) : null; },
    at: function () { return wanted; },
    tick: tick,
    /* Between two slides: another edition, or { reload: version } */
    swap: function (next) { pending = next; },
    /* While somebody reads, nothing plays and no slide is kept; after that, the slide that is due stands there at once */
    hold: function (yes) {
      held = yes;
      if (yes) {
        stopFilm();
        clearAllBut(null);
        shown = null;
        line.hidden = true;
      }
      tick();
    },
    isHeld: function () { return held; },
    stale: function (since) {
      strip.hidden = since === null;
      if (since !== null) fill.setText(strip, '内容自 ' + fill.momentText(edition.data, since) + ' 起未更新');
    }
  };

  zhendi.main = function (first, ready) {
    rule = zhendi.rule;
    fill = zhendi.fill;
    stage = doc.getElementById('stage');
    line = fill.make('p', 'k-ticker');
    line.appendChild(fill.make('span', 'k-ticker-line'));
    strip = fill.make('p', 'k-strip');
    shade = fill.make('div', 'k-shade');
    [line, strip, shade].forEach(function (node) {
      node.hidden = true;
      doc.body.appendChild(node);
    });
    makeFilm();
    edition = first;
    var at = rule.slideAt(first.data, zhendi.now());
    zhendi.guard.start();
    zhendi.browse.start();
    zhendi.update.start();
    zhendi.beacon.start();
    /* So that a reload goes on with the slide that was on show, not with the invitation */
    var entry = entryOf(at);
    function go() {
      tick();
      ready();
    }
    if (entry) load(entry.key, go);
    else go();
  };
})(document, document.documentElement, window.zhendi);
