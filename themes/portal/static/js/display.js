/* 画面出来之前执行：按上次的选择设好字号和高对比，并决定宽屏样式从多宽开始用。 */
(function (root) {
  'use strict';
  var WIDE = { standard: '60em', large: '74em' };
  var display = {
    size: 'standard',
    contrast: '',
    /* 浏览器可能不许保存，那就只在这一页有效 */
    read: function (key) {
      try { return localStorage.getItem('zhendi.' + key) || ''; } catch (e) { return ''; }
    },
    save: function (key, value) {
      try { localStorage.setItem('zhendi.' + key, value); } catch (e) { /* 只在这一页有效 */ }
    },
    apply: function () {
      root.setAttribute('data-size', display.size);
      if (display.contrast) root.setAttribute('data-contrast', display.contrast);
      else root.removeAttribute('data-contrast');
      document.querySelectorAll('link[media^="screen"],link[data-wide]').forEach(function (wide) {
        wide.setAttribute('data-wide', '');
        wide.media = WIDE[display.size] ? 'screen and (min-width:' + WIDE[display.size] + ')' : 'not all';
      });
    }
  };
  var size = display.read('size');
  if (size === 'large' || size === 'xlarge') display.size = size;
  if (display.read('contrast') === 'high') display.contrast = 'high';
  /* 几个脚本都用的小工具 */
  display.all = function (selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); };
  display.make = function (tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };
  display.button = function (text, act, className) {
    var node = display.make('button', className, text);
    node.type = 'button';
    if (act) node.addEventListener('click', act);
    return node;
  };
  root.className += ' js';
  display.apply();
  window.zhendiDisplay = display;
})(document.documentElement);
