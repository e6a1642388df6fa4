/* All screens on one page, by a clock that can be moved: what will they show next Tuesday at 08:55? Each runs in a frame of its
   own as it would in its lobby; only its clock is told another time. Classic ES2019 for Chromium 78; nothing inline. */
(function (doc) {
  'use strict';
  const DAY = 86400000;
  const by = (id) => doc.getElementById(id);
  const cards = Array.from(doc.querySelectorAll('.screen')).map((card) => {
    const tall = card.classList.contains('tall');
    return { card, frame: card.querySelector('iframe'), says: card.querySelector('.says'), wide: tall ? 1080 : 1920, high: tall ? 1920 : 1080 };
  });

  /* ── The clock: a moment, from which on it runs so many times as fast; by the computer's own while nobody has touched it ── */
  let begun = null;
  let from = 0;
  let speed = 1;
  const now = () => (begun === null ? Date.now() : from + (performance.now() - begun) * speed);
  const set = (utc) => {
    from = utc;
    begun = performance.now();
    tick(true);
  };
  const inside = (one) => {
    try { return one.frame.contentWindow.zhendi; } catch (e) { return null; }
  };
  const player = (one) => {
    const zhendi = inside(one);
    return zhendi && zhendi.player && zhendi.player.edition() ? zhendi.player : null;
  };
  /* Wall clocks are the portal's, not this computer's */
  const ahead = (utc) => {
    const ready = cards.map(player).find((one) => one);
    const zone = ready ? ready.edition().data.zone : [[0, 28800]];
    return zone.reduce((found, pair) => (pair[0] * 1000 <= utc ? pair[1] : found), zone[0][1]) * 1000;
  };
  const local = (utc) => new Date(utc + ahead(utc)).toISOString();
  const utcOf = (text) => {
    const wall = Date.parse(`${text}Z`);
    return Number.isNaN(wall) ? null : wall - ahead(wall - ahead(wall));
  };
  const midnight = (utc) => utcOf(`${local(utc).slice(0, 10)}T00:00`);

  const day = by('day');
  const hour = by('hour');
  const span = by('span');
  const week = ['日', '一', '二', '三', '四', '五', '六'];
  const at = (text) => {
    const utc = utcOf(text);
    if (utc !== null) set(utc);
  };
  day.addEventListener('change', () => at(`${day.value}T${hour.value || '00:00'}`));
  hour.addEventListener('change', () => at(`${day.value}T${hour.value || '00:00'}`));
  span.addEventListener('input', () => set(midnight(now()) + Number(span.value) * 60000));
  by('back').addEventListener('click', () => set(now() - DAY));
  by('on').addEventListener('click', () => set(now() + DAY));
  by('now').addEventListener('click', () => {
    begun = null;
    speed = 1;
    by('speed').value = '1';
    tick(true);
  });
  by('speed').addEventListener('change', () => {
    set(now());
    speed = Number(by('speed').value);
  });

  /* ── What each shows ── */
  function words(one) {
    const data = one.edition().data;
    const place = one.at();
    if (one.isHeld()) return '有人在看';
    if (!place) return '';
    if (place.night) return '不在放映时间';
    const entry = one.current();
    if (!entry) return '轻触提示';
    return `${entry.short || entry.title}　${place.slide + 1}/${data.entries[place.entry].slides.length}`;
  }
  function tick(jumped) {
    const utc = now();
    const wall = local(utc);
    if (doc.activeElement !== day) day.value = wall.slice(0, 10);
    if (doc.activeElement !== hour) hour.value = wall.slice(11, 16);
    if (doc.activeElement !== span || jumped) span.value = String(Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16)));
    by('wall').textContent = `${wall.slice(0, 10)} 星期${week[new Date(wall).getUTCDay()]} ${wall.slice(11, 19)}`;
    for (const one of cards) {
      const zhendi = inside(one);
      const playing = player(one);
      if (!zhendi) continue;
      zhendi.shift = utc - Date.now();
      if (playing && (jumped || speed > 1)) playing.tick();
      const said = playing ? words(playing) : '正在准备…';
      if (one.says.textContent !== said) one.says.textContent = said;
    }
  }
  const fit = () => {
    for (const one of cards) {
      const box = one.frame.parentNode;
      const scale = box.clientWidth / one.wide;
      box.style.height = `${one.high * scale}px`;
      one.frame.style.width = `${one.wide}px`;
      one.frame.style.height = `${one.high}px`;
      one.frame.style.transform = `scale(${scale})`;
    }
  };
  window.addEventListener('resize', fit);
  fit();
  tick(true);
  setInterval(tick, 250);
})(document);
