// What every component uses. `rich` takes HTML that kit.lesson.markup made; whatever a learner
// types is only ever set as text. What is marked with say, here and in all modules, is a text of the
// interface: kit.lesson.saying puts it into the language of the course before a browser has it.

export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function rich(tag, attributes, html) {
  const element = make(tag, attributes);
  element.innerHTML = html || '';
  return element;
}

// In JupyterLab each component has a copy of this module, and its own count.
const salt = Math.random().toString(36).slice(2, 8);
let count = 0;
export function unique(stem) {
  count += 1;
  return `cp-${stem}-${salt}-${count}`;
}

// Formulas in what was just written, where the page has MathJax.
export function typeset(element) {
  const math = window.MathJax;
  if (math && math.typesetPromise && element.querySelector('.math')) {
    math.startup.promise.then(() => math.typesetPromise([element])).catch(() => {});
  }
}

// The component's frame: a rule on the left that carries its state, a heading, a word for its
// kind. `tell` changes the state: open, right, part or wrong.
export function frame(el, title, kind) {
  const id = unique('title');
  const word = make('span', { class: 'cp-kind' }, kind);
  const head = make('header', {}, rich('h3', { id }, title), word);
  const body = make('div', { class: 'cp-body' });
  const root = make('section', { class: 'cp', 'aria-labelledby': id, 'data-state': 'open' }, head, body);
  // JupyterLab takes arrow keys and letters for commands, unless it is told not to.
  root.addEventListener('focusin', (event) => {
    event.target.dataset.lmSuppressShortcuts = 'true';
  });
  el.replaceChildren(root);
  typeset(head);
  const tell = (state, said) => {
    root.dataset.state = state;
    word.textContent = said ? `${kind}, ${said}` : kind;
  };
  return { root, body, tell };
}

export function button(label, onclick, quiet) {
  return make('button', { type: 'button', class: quiet ? 'cp-quiet' : 'cp-button', onclick }, label);
}

// A place for what is said after an answer; screen readers read it when it changes.
export function place() {
  const element = make('div', { class: 'cp-said', 'aria-live': 'polite' });
  const say = (html) => {
    element.innerHTML = html || '';
    typeset(element);
  };
  return { element, say };
}

export function state(model) {
  return model.get('state') || {};
}

export function remember(model, change) {
  model.set('state', { ...state(model), ...change });
  model.save_changes();
}

// A number as people type it: 1,500 or 1 500 or −4.5 or 12 %; null where it is none. Where a unit
// is asked for, it may be typed too: 12 % is 12 where the question is in %.
export function number(text, unit) {
  let typed = String(text).trim();
  if (unit && typed.endsWith(unit)) typed = typed.slice(0, -unit.length);
  else if (unit && typed.startsWith(unit)) typed = typed.slice(unit.length);
  let plain = typed.trim().replace(/[−–]/g, '-').replace(/[\s\u00a0\u202f'’]/g, '');
  const percent = plain.endsWith('%');
  if (percent) plain = plain.slice(0, -1);
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replace(/,/g, '');
  else if (/^[-+]?\d+,\d+$/.test(plain)) plain = plain.replace(',', '.');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  return percent ? Number(plain) / 100 : Number(plain);
}
