/* Nothing leads out of the page: no menu, no selection, no zoom, no print, no window, no link, no key but those that
   are needed. What a page can't catch (Alt+F4, Ctrl+W, the system's own keys) stands in the flags and policies of the browser. */
(function (doc, zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var NEEDED = ['Tab', 'Enter', ' ', 'Escape', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'];

  function stop(event) {
    event.preventDefault();
    event.stopPropagation();
  }
  function still(event) { if (event.cancelable) event.preventDefault(); }
  function on(names, act) {
    names.split(' ').forEach(function (name) { window.addEventListener(name, act, { capture: true, passive: false }); });
  }
  function key(event) {
    var plain = !event.ctrlKey && !event.altKey && !event.metaKey && NEEDED.indexOf(event.key) >= 0;
    stop(event);
    if (plain && !event.isComposing) zhendi.browse.key(event);
  }
  function start() {
    on('contextmenu selectstart dragstart dragenter dragover drop copy cut paste beforeinput submit', stop);
    on('gesturestart gesturechange dblclick', still);
    on('keydown', key);
    on('keyup keypress', stop);
    /* The middle button opens tabs and scrolls by itself, the side buttons go back and forth in the history */
    on('mousedown mouseup auxclick pointerdown', function (event) { if (event.button > 0) stop(event); });
    on('touchstart touchmove', function (event) { if (event.touches.length > 1) still(event); });
    on('wheel', function (event) { if (event.ctrlKey) still(event); });
    /* Wherever a link may stand, it is no link */
    on('click', function (event) {
      var at = event.target;
      while (at && at !== doc && !(at.tagName && /^(a|area)$/i.test(at.tagName))) at = at.parentNode;
      if (at && at !== doc) event.preventDefault();
    });
    window.open = function () { return null; };
    window.print = function () { return undefined; };
    /* Back stays on this page */
    try {
      history.pushState(null, '');
      window.addEventListener('popstate', function () { history.pushState(null, ''); });
    } catch (e) { /* a browser that forbids it has no history here either */ }
  }
  zhendi.guard = { start: start };
})(document, window.zhendi);
