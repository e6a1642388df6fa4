/* An article for reading by touch: its text comes from a script of its own, and is gone when the view is left. Links that
   the screen can follow are buttons to another entry; all others are words. */
(function (doc, zhendi) {
  'use strict';
  if (zhendi.code()) return;
  var STEP = 0.88;
  var scroll = null;
  var shown = null;
  var waiting = 0;

  function swapFor(node, tag, className) {
    var other = doc.createElement(tag);
    if (className) other.className = className;
    while (node.firstChild) other.appendChild(node.firstChild);
    node.parentNode.replaceChild(other, node);
    return other;
  }
  /* Nothing in a text may lead away, whoever wrote it */
  function tame(text) {
    zhendi.fill.all('a,area', text).forEach(function (link) {
      var key = link.getAttribute('data-key');
      if (!key || !zhendi.browse.find(key)) { swapFor(link, 'span'); return; }
      var other = swapFor(link, 'a', 'b-link');
      other.setAttribute('role', 'button');
      other.tabIndex = 0;
      other.addEventListener('click', function () { zhendi.browse.read(key); });
    });
    zhendi.fill.all('iframe,object,embed,form,link,style,script,base,meta', text).forEach(function (node) { node.parentNode.removeChild(node); });
    zhendi.fill.all('video,audio', text).forEach(function (media) {
      media.setAttribute('controlslist', 'nodownload nofullscreen noremoteplayback noplaybackrate');
      media.setAttribute('disablepictureinpicture', '');
      media.setAttribute('disableremoteplayback', '');
      media.setAttribute('playsinline', '');
      media.removeAttribute('autoplay');
    });
    zhendi.fill.all('[contenteditable],[download],[target],[autofocus]', text).forEach(function (node) {
      ['contenteditable', 'download', 'target', 'autofocus'].forEach(function (name) { node.removeAttribute(name); });
    });
    return text;
  }
  function page() { return Math.max(1, Math.floor(scroll.clientHeight * STEP)); }
  function most() { return Math.max(0, scroll.scrollHeight - scroll.clientHeight); }
  function place() {
    if (!scroll) return;
    var count = Math.ceil(most() / page() - 0.02) + 1;
    var at = scroll.scrollTop >= most() - 2 ? count - 1 : Math.min(count - 1, Math.round(scroll.scrollTop / page()));
    zhendi.browse.turns(at, count, '屏');
    if (count > 1) {
      shown.part.prev.disabled = scroll.scrollTop <= 1;
      shown.part.next.disabled = scroll.scrollTop >= most() - 1;
    }
  }
  function fillIn(view, data, body, part) {
    var version = zhendi.player.edition().version;
    var text = doc.createElement('article');
    text.className = 'b-text prose';
    text.innerHTML = data.html.split('{v}').join('v/' + version + '/');
    scroll = doc.createElement('div');
    scroll.className = 'b-scroll';
    scroll.tabIndex = 0;
    scroll.appendChild(tame(text));
    body.textContent = '';
    /* The room depends on whether there are buttons to turn: so they are there while it is measured */
    part.turn.hidden = false;
    body.appendChild(scroll);
    shown = { part: part };
    /* Kept as a share of the whole, so that another size of letters stays at the same words */
    scroll.scrollTop = (view.at || 0) * scroll.scrollHeight;
    scroll.addEventListener('scroll', function () {
      if (!scroll) return;
      view.at = scroll.scrollTop / scroll.scrollHeight;
      place();
    }, { passive: true });
    /* Pictures without a size and folded parts change the height */
    text.addEventListener('load', place, true);
    text.addEventListener('toggle', place, true);
    place();
  }
  function message(body, className, words) {
    body.textContent = '';
    body.appendChild(zhendi.fill.make('p', className, words));
  }

  zhendi.article = {
    enter: function (view, entry, body, part, isThere) {
      zhendi.browse.turns(0, 1, '屏');
      if (!entry) { message(body, 'b-none', '这一篇现在不能看了。'); return; }
      zhendi.fill.setText(part.title, entry.title);
      if (zhendi.fill.units(entry.title) > 22) part.title.classList.add('b-long');
      part.sub.textContent = [entry.topic, zhendi.fill.dateText(entry.date)].filter(Boolean).join(' · ');
      message(body, 'b-wait', '正在打开…');
      waiting += 1;
      var mine = waiting;
      var edition = zhendi.player.edition();
      zhendi.load(edition.version, 'a/' + entry.key, edition.list['a/' + entry.key + '.js'], function (data) {
        if (mine !== waiting || !isThere()) return;
        if (data && typeof data.html === 'string') fillIn(view, data, body, part);
        else message(body, 'b-none', '这一篇暂时打不开，请看别的。');
      });
    },
    leave: function () {
      waiting += 1;
      if (scroll) zhendi.fill.all('video,audio', scroll).forEach(function (media) {
        media.pause();
        media.removeAttribute('src');
        media.load();
      });
      scroll = null;
      shown = null;
    },
    /* A line or two stay in view, so that the eye finds where it was */
    move: function (by) {
      if (!scroll) return;
      scroll.scrollTop += by * page();
      place();
    },
    nudge: function (by) {
      if (!scroll) return;
      scroll.scrollTop += by * scroll.clientHeight * 0.15;
      place();
    }
  };
})(document, window.zhendi);
