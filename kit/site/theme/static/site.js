// The words of all scripts in the page's language, which the page carries; English by themselves.
window.courseWords = (function () {
  'use strict';
  const carried = JSON.parse(document.getElementById('course-words')?.textContent || '{}');
  const { language = 'en', words = {} } = carried;
  const percents = new Intl.NumberFormat(
    language, { style: 'percent', maximumFractionDigits: 1, useGrouping: false });
  return {
    translated: 'words' in carried,
    say: (text, fields = {}) => (words[text] || text).replace(
      /\{(\w+)\}/g, (whole, name) => (name in fields ? fields[name] : whole)),
    percent: (value) => percents.format(Math.round(value * 10) / 1000),
  };
})();

// The little that a page does by itself: theme, contents on a phone, names for what has none.
(function () {
  'use strict';
  const { say, translated } = window.courseWords;
  const root = document.documentElement;

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* private window: not kept */ }
  }

  const theme = document.querySelector('button.theme');
  function label() {
    theme.textContent = root.dataset.theme === 'dark' ? say('Light page') : say('Dark page');
  }
  if (theme) {
    label();
    theme.addEventListener('click', () => {
      root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
      keep('theme', root.dataset.theme);
      label();
    });
  }

  const menu = document.querySelector('button.menu');
  const course = document.getElementById('course');
  function open(shown) {
    root.classList.toggle('menu-open', shown);
    menu.setAttribute('aria-expanded', String(shown));
    menu.textContent = shown ? say('Close') : say('Contents');
  }
  if (menu && course) {
    menu.addEventListener('click', () => open(!root.classList.contains('menu-open')));
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && root.classList.contains('menu-open')) {
        open(false);
        menu.focus();
      }
    });
    const here = course.querySelector('[aria-current]');
    if (here && here.offsetTop > course.clientHeight) course.scrollTop = here.offsetTop - 120;
  }

  // The button that copies code: sphinx-copybutton puts it there once the page is read.
  if (translated && typeof iconCopy === 'string') {
    Object.assign(messages[locale], {
      copy: say('Copy'), copy_success: say('Copied'), copy_failure: say('It could not be copied'),
    });
    const named = (icon, name) => icon.replace(/<title>[^<]*/, () => `<title>${name}`);
    iconCopy = named(iconCopy, say('Copy'));
    iconCheck = named(iconCheck, say('Copied'));
  }
  // sphinx-togglebutton names its buttons in English alone.
  document.addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('.toggle-button'))
      button.setAttribute('aria-label', say('Show or hide this'));
  });

  // What scrolls sideways must be reachable by keyboard.
  function reachable() {
    for (const box of document.querySelectorAll('.highlight pre, .cell_output > .output, .pst-scrollable-table-container, .kp-scroll, .figure-box, div.math')) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute('tabindex');
    }
  }
  window.addEventListener('load', reachable);
  window.addEventListener('resize', reachable);

  // ipywidgets names its sliders beside them, not for a screen reader.
  function nameWidgets() {
    for (const handle of document.querySelectorAll('.noUi-handle')) {
      if (handle.hasAttribute('aria-label')) continue;
      const own = handle.closest('.widget-slider')?.querySelector('.widget-label')?.textContent;
      const panel = handle.closest('.kp-panel')?.querySelector('.kp-head b')?.textContent;
      handle.setAttribute('aria-label', (own || panel || say('Value')).trim());
    }
    for (const readout of document.querySelectorAll('.widget-readout[contenteditable]'))
      if (!readout.hasAttribute('aria-label')) {
        readout.setAttribute('role', 'textbox');
        readout.setAttribute('aria-label', say('Value'));
      }
    for (const image of document.querySelectorAll('.widget-image img, img.widget-image'))
      if (!image.hasAttribute('alt')) image.alt = say('Picture of this state');
    reachable();
  }
  // Views of nested widgets arrive one after another.
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; nameWidgets(); });
  };
  document.addEventListener('widgets-drawn', () => {
    for (const area of document.querySelectorAll('.widget-subarea'))
      new MutationObserver(later).observe(area, { childList: true, subtree: true });
    nameWidgets();
  });

  // On paper all is light and open.
  let opened = [];
  let shade = '';
  window.addEventListener('beforeprint', () => {
    shade = root.dataset.theme;
    root.dataset.theme = 'light';
    opened = [...document.querySelectorAll('article details:not([open])')]
      .filter((one) => !one.closest('.course-part, .course-still'));
    for (const one of opened) one.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const one of opened) one.open = false;
    root.dataset.theme = shade || root.dataset.theme;
  });

  // Sphinx's search lists pages; over file:// it cannot read their texts for a preview.
  const query = new URLSearchParams(location.search).get('q');
  const field = document.querySelector('form.search.wide input');
  if (field && query) field.value = query;
})();
