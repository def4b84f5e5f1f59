// Draws the components of a page: each stands as static HTML, with its content packed beside it.
const course = document.documentElement.dataset.course || 'course';
const page = document.documentElement.dataset.page || location.pathname;

function store(name) {
  const key = `${course}:${page}:${name}`;
  return {
    read() {
      try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
    },
    write(value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) { /* not kept */ }
    },
  };
}

function modelOf(spec, kept) {
  const values = { spec, state: kept.read() };
  const listeners = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const listener of listeners[`change:${name}`] || []) listener();
    },
    on(event, listener) { (listeners[event] = listeners[event] || []).push(listener); },
    off(event, listener) {
      listeners[event] = (listeners[event] || []).filter((one) => one !== listener);
    },
    save_changes() {
      kept.write(values.state);
      document.dispatchEvent(new CustomEvent('component-answered', { detail: spec.id }));
    },
  };
}

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

// On paper a component stands as it did before it was drawn.
const stills = [];
window.addEventListener('beforeprint', () => {
  for (const [el, nodes] of stills) {
    if (el.nextElementSibling?.classList.contains('course-still')) continue;
    const still = make('div', { class: 'course-still' });
    still.append(...nodes);
    el.after(still);
    if (window.MathJax?.typeset && !still.querySelector('mjx-container')) MathJax.typeset([still]);
  }
});
window.addEventListener('afterprint', () => {
  for (const still of document.querySelectorAll('.course-still')) still.remove();
});

function draw() {
  for (const el of document.querySelectorAll('.course-part[data-part]')) {
    const part = window.courseParts[el.dataset.part];
    if (!part || el.dataset.drawn) continue;
    el.dataset.drawn = 'yes';
    stills.push([el, [...el.childNodes]]);
    const spec = unpacked(el.dataset.spec);
    part.render({ model: modelOf(spec, store(spec.id)), el });
    const title = el.querySelector('header h3');
    if (title && el.dataset.level) title.setAttribute('aria-level', el.dataset.level);
  }
  document.dispatchEvent(new CustomEvent('components-drawn'));
  document.documentElement.dataset.parts = 'drawn';
}

if (document.readyState === 'complete') draw();
else window.addEventListener('load', draw);
