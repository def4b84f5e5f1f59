// What `kit preview` adds to each page that it serves: a page that is new is shown again, and
// what went wrong stands on top of it until it is mended.
(function () {
  'use strict';
  var script = document.currentScript;
  var version = Number(script.dataset.version);
  var page = script.dataset.page;
  var shown = null;
  var words = JSON.parse(script.dataset.words || '{}').words || {};

  function say(text) {
    return words[text] || text;
  }

  function element(name, text, style) {
    var made = document.createElement(name);
    made.textContent = text;
    made.style.cssText = style;
    return made;
  }

  function hide() {
    if (shown) shown.remove();
    shown = null;
  }

  function show(failed) {
    hide();
    shown = element('section', '', 'position:fixed;z-index:1000;inset:auto 0 0 0;max-height:70vh;' +
      'overflow:auto;padding:1.25rem 1.5rem;background:#1d2329;color:#f3f1ec;' +
      'border-top:4px solid #f08a7c;font:15px/1.5 "Inter Variable",system-ui,sans-serif');
    shown.setAttribute('role', 'alert');
    shown.setAttribute('aria-label', say('What went wrong in the last build'));
    var close = element('button', say('Close'), 'float:right;min-height:44px;padding:0 1rem;' +
      'font:inherit;color:inherit;background:none;border:1px solid #a2abb5;border-radius:4px');
    close.type = 'button';
    close.addEventListener('click', hide);
    shown.append(
      close,
      element('strong', failed.where || say('The site was not built'), 'display:block'),
      element('p', failed.message, 'margin:.25rem 0 .75rem'),
      element('pre', failed.hint, 'margin:0;white-space:pre-wrap;background:none;color:inherit;' +
        'border:0;padding:0;font:13px/1.5 "JetBrains Mono Variable",monospace'),
      element('p', say('This page is as it was before. It goes on when the course is mended.'),
        'margin:.75rem 0 0;color:#a2abb5'));
    document.body.append(shown);
  }

  new EventSource('/.events').onmessage = function (event) {
    var said = JSON.parse(event.data);
    if (Math.max(said.all, said.pages[page] || 0) > version) {
      location.reload();
    } else if (said.failed) {
      show(said.failed);
    } else {
      hide();
    }
  };
})();
