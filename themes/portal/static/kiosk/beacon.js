/* Signs of life: once a minute a picture of one pixel is asked for, whose address says which screen shows what. What could
   not be told is kept (the newest 500) and told when the server answers again. Only where the portal sets an address. */
(function (zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var EVERY = 60000;
  var MOST = 500;
  var PATIENCE = 20000;
  var queue = [];
  var sending = false;

  function line() {
    var edition = zhendi.player.edition();
    var at = zhendi.player.at();
    var entry = zhendi.player.current();
    var key = entry ? entry.key : at && at.night ? '-night' : '-attract';
    if (zhendi.player.isHeld()) key = '-browse';
    return '?s=' + encodeURIComponent(edition.data.office.id) + '/' + encodeURIComponent(edition.data.screen.id) +
      '&v=' + edition.version + '&k=' + key.split('/').map(encodeURIComponent).join('/') + '&n=' + (entry && at ? at.slide : 0) +
      '&t=' + Math.floor(zhendi.now() / 1000);
  }
  function keep() { zhendi.keep.set('signs', queue.length ? queue : null); }
  function send() {
    var address = zhendi.player.edition().data.screen.beacon;
    if (sending || !queue.length || !address) return;
    var one = queue[0];
    var pixel = new Image();
    var timer = setTimeout(function () { end(false); }, PATIENCE);
    function end(told) {
      clearTimeout(timer);
      pixel.onload = pixel.onerror = null;
      sending = false;
      if (!told) { keep(); return; }
      /* The oldest may have fallen out of the queue meanwhile */
      if (queue[0] === one) queue.shift();
      if (queue.length) send();
      else keep();
    }
    sending = true;
    pixel.onload = function () { end(true); };
    pixel.onerror = function () { end(false); };
    pixel.src = address + one;
  }
  function beat() {
    setTimeout(beat, EVERY);
    if (!zhendi.player.edition().data.screen.beacon) return;
    queue.push(line());
    if (queue.length > MOST) queue.splice(0, queue.length - MOST);
    send();
  }
  zhendi.beacon = {
    start: function () {
      var before = zhendi.keep.get('signs');
      if (Array.isArray(before)) queue = before.filter(function (one) { return typeof one === 'string' && one.charAt(0) === '?'; }).slice(-MOST);
      setTimeout(beat, 10000);
    }
  };
})(window.zhendi);
