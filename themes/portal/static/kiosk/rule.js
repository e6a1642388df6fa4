/* Which slide is shown when: the rule of docs/kiosk.md as pure functions of (programme data, UTC milliseconds).
   No clock, no document: runs in node as well. Data must not be changed once it has been handed in, since what is
   derived from it is kept (one segment at a time) to make a call cheap. */
(function (zhendi) {
  'use strict';
  if (zhendi.code && zhendi.code()) return;
  var MINUTE = 60000;
  var DAY = 86400000;
  var FAR = 400;

  /* "2026-11-18T08:30" as milliseconds of the wall clock; the seconds are there for whoever writes them */
  function wall(text) {
    var part = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text || '');
    return part ? Date.UTC(+part[1], part[2] - 1, +part[3], +part[4] || 0, +part[5] || 0, +part[6] || 0) : null;
  }

  /* What a programme says, in numbers. Kept as long as the data itself is. */
  var known = new WeakMap();
  function prepare(data) {
    var made = known.get(data);
    if (made) return made;
    made = { from: [], until: [], quiet: {}, segment: null };
    data.entries.forEach(function (entry) {
      made.from.push(wall(entry.from));
      made.until.push(wall(entry.until));
    });
    data.quiet.forEach(function (day) { made.quiet[wall(day) / DAY] = true; });
    known.set(data, made);
    return made;
  }

  /* Index into the zone of the offset that holds at this moment */
  function offsetIndex(data, utc) {
    var at = 0;
    while (at + 1 < data.zone.length && data.zone[at + 1][0] * 1000 <= utc) at += 1;
    return at;
  }
  function offset(data, utc) { return data.zone.length ? data.zone[offsetIndex(data, utc)][1] * 1000 : 0; }
  /* The moment of the next change of the offset, or null */
  function shift(data, utc) {
    for (var i = 1; i < data.zone.length; i += 1) if (data.zone[i][0] * 1000 > utc) return data.zone[i][0] * 1000;
    return null;
  }
  /* The wall clock: ms is milliseconds as if it were UTC, day counts from 1970, weekday 0 is Monday */
  function local(data, utc) {
    var ms = utc + offset(data, utc);
    var day = Math.floor(ms / DAY);
    var inDay = ms - day * DAY;
    return { ms: ms, day: day, weekday: weekday(day), minute: Math.floor(inDay / MINUTE), second: Math.floor(inDay / 1000) };
  }
  function weekday(day) { return ((day + 3) % 7 + 7) % 7; }
  /* The first moment not before `since` at which the wall clock shows `ms`; where it is put forward over it, the jump */
  function moment(data, ms, since) {
    var at = since === undefined ? -Infinity : since;
    for (var i = 0; i < data.zone.length; i += 1) {
      var begin = i ? data.zone[i][0] * 1000 : -Infinity;
      var end = i + 1 < data.zone.length ? data.zone[i + 1][0] * 1000 : Infinity;
      var utc = Math.max(ms - data.zone[i][1] * 1000, begin);
      if (utc < end && utc >= at) return utc;
    }
    return ms;
  }

  function inside(windows, minute) {
    return windows.some(function (one) { return one[0] <= minute && minute < one[1]; });
  }
  function opensOn(data, day) { return prepare(data).quiet[day] ? [] : data.hours[weekday(day)]; }
  function isOpen(data, utc) {
    var now = local(data, utc);
    return inside(opensOn(data, now.day), now.minute);
  }
  /* Within its dates and its hours: what may be listed for reading as well */
  function dueAt(data, made, at, ms) {
    return (made.from[at] === null || made.from[at] <= ms) && (made.until[at] === null || ms < made.until[at]);
  }
  function due(data, utc) {
    var made = prepare(data);
    var ms = local(data, utc).ms;
    return data.entries.filter(function (entry, at) { return dueAt(data, made, at, ms); });
  }
  function isEligible(data, made, at, ms) {
    var entry = data.entries[at];
    if (!entry.show || !entry.slides.length || !dueAt(data, made, at, ms)) return false;
    return !entry.hours.length || inside(entry.hours, Math.floor((ms - Math.floor(ms / DAY) * DAY) / MINUTE));
  }
  function eligible(data, utc) {
    var made = prepare(data);
    var ms = local(data, utc).ms;
    return data.entries.map(function (entry, at) { return at; }).filter(function (at) { return isEligible(data, made, at, ms); });
  }

  /* The marks of one day, at which everything begins anew, as milliseconds of the wall clock, ascending */
  function marks(data, made, day) {
    var start = day * DAY;
    var out = [start];
    function note(ms) { if (ms !== null && ms >= start && ms < start + DAY) out.push(ms); }
    data.hours[weekday(day)].forEach(function (one) { note(start + one[0] * MINUTE); });
    data.entries.forEach(function (entry, at) {
      if (!entry.show) return;
      note(made.from[at]);
      note(made.until[at]);
      entry.hours.forEach(function (one) {
        note(start + one[0] * MINUTE);
        note(start + one[1] * MINUTE);
      });
    });
    return out.sort(function (a, b) { return a - b; });
  }

  /* All slides of one cycle, for the entries at these indices */
  function cycle(data, entries) {
    var rounds = entries.reduce(function (most, at) {
      return data.entries[at].pin ? most : Math.max(most, data.entries[at].weight);
    }, 1);
    var slides = [];
    var length = 0;
    function add(entry, slide, seconds, round) {
      slides.push({ entry: entry, slide: slide, at: length, ms: seconds * 1000, round: round });
      length += seconds * 1000;
    }
    for (var k = 1; k <= rounds; k += 1) {
      entries.forEach(function (at) {
        var entry = data.entries[at];
        if (!entry.pin && Math.floor(k * entry.weight / rounds) <= Math.floor((k - 1) * entry.weight / rounds)) return;
        entry.slides.forEach(function (seconds, slide) { add(at, slide, seconds, k - 1); });
      });
      add(-1, 0, data.screen.seconds, k - 1);
    }
    return { slides: slides, length: length, rounds: rounds };
  }

  /* From one mark to the next: there the cycle stays the same */
  function segment(data, made, now) {
    var kept = made.segment;
    if (kept && kept.start <= now.ms && now.ms < kept.end) return kept;
    var all = marks(data, made, now.day);
    var start = all[0];
    var end = (now.day + 1) * DAY;
    all.forEach(function (mark) {
      if (mark <= now.ms) start = mark;
      else if (mark < end) end = mark;
    });
    var entries = [];
    data.entries.forEach(function (entry, at) { if (isEligible(data, made, at, now.ms)) entries.push(at); });
    made.segment = { start: start, end: end, cycle: cycle(data, entries), entries: entries };
    return made.segment;
  }
  function find(slides, position) {
    var low = 0;
    var high = slides.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (slides[middle].at <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  /* The minute in which the screen closes, from an open one: windows that touch or overlap are one */
  function closing(windows, minute) {
    var end = minute;
    var more = true;
    while (more) {
      more = false;
      for (var i = 0; i < windows.length; i += 1) {
        if (windows[i][0] <= end && end < windows[i][1]) { end = windows[i][1]; more = true; }
      }
    }
    return end;
  }

  /* What is on show. begins and ends are UTC; `ends` is where it is really taken off, be it by a mark, by closing or by a
     change of the offset, `seconds` the slide's own time. `turn` counts rounds since the last mark. */
  function slideAt(data, utc) {
    var made = prepare(data);
    var now = local(data, utc);
    var opens = opensOn(data, now.day);
    var jump = shift(data, utc);
    function until(ms) {
      var ends = utc + (ms - now.ms);
      return jump !== null && jump < ends ? jump : ends;
    }
    if (!inside(opens, now.minute)) {
      var next = (now.day + 1) * DAY;
      opens.forEach(function (one) {
        var start = now.day * DAY + one[0] * MINUTE;
        if (start > now.ms && start < next) next = start;
      });
      return { night: true, entry: -1, slide: 0, begins: utc - (now.ms - now.day * DAY), ends: until(next) };
    }
    var part = segment(data, made, now);
    var position = (now.ms - part.start) % part.cycle.length;
    var at = find(part.cycle.slides, position);
    var one = part.cycle.slides[at];
    var closes = now.day * DAY + closing(opens, now.minute) * MINUTE;
    var ends = Math.min(now.ms - position + one.at + one.ms, part.end, closes);
    var found = {
      entry: one.entry, slide: one.slide, seconds: one.ms / 1000,
      begins: utc - (position - one.at), ends: until(ends),
      turn: Math.floor((now.ms - part.start) / part.cycle.length) * part.cycle.rounds + one.round
    };
    if (one.entry < 0) found.attract = true;
    return found;
  }

  /* The next time the screen opens, from a closed moment (or the next opening start from an open one), or null */
  function nextOpening(data, utc) {
    var now = local(data, utc);
    for (var ahead = 0; ahead <= FAR; ahead += 1) {
      var day = now.day + ahead;
      var starts = opensOn(data, day).map(function (one) { return day * DAY + one[0] * MINUTE; })
        .filter(function (ms) { return ms > now.ms; }).sort(function (a, b) { return a - b; });
      if (starts.length) {
        return {
          utc: moment(data, starts[0], utc), ahead: ahead, weekday: weekday(day), day: day,
          minute: (starts[0] - day * DAY) / MINUTE
        };
      }
    }
    return null;
  }
  /* Minute of the day at which the screen closes, or null while it is closed */
  function closesAt(data, utc) {
    var now = local(data, utc);
    var opens = opensOn(data, now.day);
    return inside(opens, now.minute) ? closing(opens, now.minute) : null;
  }
  /* The next moment at which something else is to be shown, or null if there is none within a year */
  function nextChange(data, utc) {
    var at = slideAt(data, utc);
    if (!at.night) return at.ends;
    var last = utc + FAR * DAY;
    while (at.night && at.ends < last) {
      utc = at.ends;
      at = slideAt(data, utc);
    }
    return at.night ? null : utc;
  }
  function isDim(data, utc) {
    return inside(data.screen.dim, local(data, utc).minute);
  }

  zhendi.rule = {
    local: local, moment: moment, isOpen: isOpen, eligible: eligible, due: due, cycle: cycle, slideAt: slideAt,
    nextChange: nextChange, nextOpening: nextOpening, closesAt: closesAt, isDim: isDim, wall: wall
  };
})(typeof window === 'undefined' ? this.zhendi || (this.zhendi = {}) : window.zhendi || (window.zhendi = {}));
