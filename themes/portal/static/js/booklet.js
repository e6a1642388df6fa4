/* 合订本：量出每一篇从第几页起，写进目录；页数按打印的版心量，一栏当一页。没有脚本，目录只是没有页码。 */
(function (doc, display) {
  'use strict';
  if (!display) return;
  var leaves = display.all('.leaf');
  /* 一毫米合多少像素、一页连空隙多宽 */
  function pages(leaf) {
    var before = leaf.className;
    leaf.className += ' measured';
    var style = getComputedStyle(leaf);
    var width = parseFloat(style.width), gap = parseFloat(style.columnGap) || 0;
    var count = Math.max(1, Math.round((leaf.scrollWidth + gap) / (width + gap)));
    leaf.className = before;
    return count;
  }
  function number() {
    var at = 1, starts = {};
    leaves.forEach(function (leaf) {
      starts[leaf.id] = at;
      at += pages(leaf);
    });
    display.all('[data-page-of]').forEach(function (place) {
      place.textContent = starts[place.getAttribute('data-page-of')] || '';
    });
  }
  var desk = doc.querySelector('.desk');
  if (window.print && desk) desk.insertBefore(display.button('打印', function () { window.print(); }), desk.querySelector('p'));
  /* 目录自己的页数随页码的有无变，所以量两遍 */
  function all() { number(); number(); }
  if (doc.fonts && doc.fonts.ready) doc.fonts.ready.then(all); else all();
  window.addEventListener('load', all);
  window.addEventListener('beforeprint', all);
})(document, window.zhendiDisplay);
