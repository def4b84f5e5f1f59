import { make, rich, frame, button, place, state, remember, number, unique, typeset } from './shared.js';
import { chart } from './charts.js';

const SVG = 'http://www.w3.org/2000/svg';
const MIDDLE = 44;

function shown(value) {
  const digits = Math.abs(value) >= 100 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits }).replace('-', '−');
}

function withUnit(spec, value) {
  return spec.unit ? `${shown(value)}\u00a0${spec.unit}` : shown(value);
}

// ---- the ways to say it; each gives its element (or what stands beside the button), where the
// focus goes, what to tell who has said nothing, and what is said (null for nothing)

function choice(spec, title) {
  const group = unique('group');
  const inputs = spec.options.map((option, at) => make('input', { type: 'radio', name: group, value: at }));
  const rows = inputs.map((input, at) => make('label', { class: 'cp-option' }, input, rich('span', {}, spec.options[at].text)));
  return {
    element: make('div', { role: 'radiogroup', 'aria-labelledby': title }, rows),
    first: inputs[0],
    missing: say`Choose what you expect first.`,
    read() {
      const chosen = inputs.findIndex((input) => input.checked);
      return chosen < 0 ? null : { chosen };
    },
  };
}

function typed(spec, title, lock) {
  const label = spec.unit ? say`Your prediction, in ${spec.unit}` : say`Your prediction`;
  const input = make('input', {
    type: 'text', inputmode: 'decimal', autocomplete: 'off', 'aria-label': label,
    onkeydown: (event) => { if (event.key === 'Enter') lock(); },
  });
  return {
    element: null,
    beside: [input, make('span', { class: 'cp-unit' }, spec.unit)],
    first: input,
    missing: say`Type a number, such as 1,500 or −0.25. A guess will do.`,
    read() {
      const value = number(input.value, spec.unit);
      return value === null ? null : { value };
    },
  };
}

// A slider does the work; the line is drawn behind it. Without a touch nothing is predicted, so
// there is no point on it at first.
function point(spec, title) {
  const hint = make('p', { class: 'cp-note cp-hint', id: unique('hint') }, say`Put a point: click, drag or arrow keys`);
  const value = drawn('text', { class: 'cp-value', y: 24, 'text-anchor': 'middle' });
  const input = make('input', {
    type: 'range', min: spec.low, max: spec.high, step: spec.step, 'aria-labelledby': title,
    'aria-describedby': hint.id, 'aria-valuetext': say`no point yet`,
    value: (spec.low + spec.high) / 2, // else 50, or the end that is nearer
  });
  const element = make('div', { class: 'cp-numberline' }, line(spec, [], value), hint, input);

  function put() {
    const at = Number(input.value);
    element.classList.add('cp-placed');
    value.textContent = withUnit(spec, at);
    value.setAttribute('x', share(spec, at));
    value.setAttribute('text-anchor', anchor(spec, at));
    input.setAttribute('aria-valuetext', withUnit(spec, at));
  }

  input.addEventListener('input', put);
  // A click on the very middle changes nothing in the slider, and is a point all the same.
  input.addEventListener('pointerup', put);
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    put();
  });
  return {
    element,
    first: input,
    missing: say`Put a point on the line first. A guess will do.`,
    read: () => (element.classList.contains('cp-placed') ? { value: Number(input.value) } : null),
  };
}

// ---- the line

function drawn(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function part(spec, value) {
  return (value - spec.low) / (spec.high - spec.low);
}

function share(spec, value) {
  return `${(100 * part(spec, value)).toFixed(3)}%`;
}

function anchor(spec, value) {
  const at = part(spec, value);
  return at < 0.12 ? 'start' : at > 0.88 ? 'end' : 'middle';
}

function line(spec, below, ...above) {
  const ticks = spec.ticks.flatMap(({ at, text }) => {
    const x = `${(100 * at).toFixed(3)}%`;
    // A long word at an end begins or ends where the line does.
    const edge = text.length > 4 && (at < 0.02 ? -14 : at > 0.98 ? 14 : 0);
    const side = edge ? (edge < 0 ? 'start' : 'end') : 'middle';
    return [drawn('line', { x1: x, x2: x, y1: MIDDLE - 4, y2: MIDDLE + 5 }),
      drawn('text', { class: 'cp-tick', x, dx: edge || 0, y: MIDDLE + 27, 'text-anchor': side }, text)];
  });
  const along = drawn('line', { x1: 0, x2: '100%', y1: MIDDLE, y2: MIDDLE });
  return drawn('svg', { 'aria-hidden': 'true' }, ...below, along, ...ticks, ...above);
}

// Both points on the line, each with a word. The words stand in two rows, and on the side away
// from the other point's stem where the points are close.
function compared(spec, value) {
  const x = { you: share(spec, value), was: share(spec, spec.was) };
  const below = [drawn('line', { class: 'cp-gap', x1: x.you, x2: x.was, y1: MIDDLE, y2: MIDDLE })];
  const you = drawn('circle', { class: 'cp-said-point', cx: x.you, cy: MIDDLE, r: 7 });
  const was = drawn('circle', { class: 'cp-was-point', cx: x.was, cy: MIDDLE, r: 6 });
  const gap = Math.abs(part(spec, value) - part(spec, spec.was));
  if (gap < 0.004) {
    was.setAttribute('r', 3);
    const words = drawn('text', { x: x.you, y: 26, 'text-anchor': anchor(spec, value) }, say`You, and it was`);
    return make('div', { class: 'cp-numberline' }, line(spec, [], you, was, words));
  }
  const late = part(spec, value) + part(spec, spec.was) > 1;
  const youFirst = late === (value > spec.was);
  const side = late ? 'end' : 'start';
  const label = (at, words, top) => {
    const turned = gap < 0.3 ? side : part(spec, at) > 0.5 ? 'end' : 'start';
    const where = share(spec, at);
    return [drawn('line', { x1: where, x2: where, y1: top ? 4 : 21, y2: MIDDLE - 8 }),
      drawn('text', { x: where, dx: turned === 'end' ? -6 : 6, y: top ? 14 : 31, 'text-anchor': turned }, words)];
  };
  return make('div', { class: 'cp-numberline' }, line(spec, below, ...label(value, say`You said`, youFirst),
    ...label(spec.was, say`It was`, !youFirst), was, you));
}

const FORMS = { choice, number: typed, axis: point };

// ---- before: the prediction is made

function ask({ model, el, spec, body, title, again }) {
  const said = place();
  const form = FORMS[spec.form](spec, title, lock);

  function lock() {
    const read = form.read();
    if (!read) {
      said.say(`<p>${form.missing}</p>`);
      form.first.focus();
      return;
    }
    remember(model, { ...read, locked: true });
    draw(model, el, 'result');
  }

  const row = make('div', { class: 'cp-row' }, form.beside, button(say`Lock my prediction`, lock),
    make('span', { class: 'cp-note' }, say`Then you see what it was.`));
  body.append(...[form.element, row, said.element].filter(Boolean));
  typeset(body);
  if (again) form.first.focus();
}

// ---- after: what it was, and why

function verdict(spec, kept) {
  if (spec.form === 'choice') {
    const right = kept.chosen === spec.was;
    const lead = right ? `<p><strong>${say`It came out as you said.`}</strong></p>` : '';
    return { right, why: lead + spec.options[kept.chosen].why };
  }
  const gap = Math.abs(kept.value - spec.was);
  const exact = gap <= 1e-9 * Math.max(1, Math.abs(spec.was));
  if (exact || gap <= spec.tolerance + 1e-9 * Math.abs(spec.was)) {
    const lead = exact ? say`It came out as you said.`
      : say`Your prediction holds: it is within ${shown(spec.tolerance)} of what it was.`;
    return { right: true, why: `<p><strong>${lead}</strong></p>${spec.why}` };
  }
  const slack = 1e-9 * Math.abs(kept.value);
  const known = spec.wrong.find(({ low, high }) => low - slack <= kept.value && kept.value <= high + slack);
  const less = kept.value < spec.was ? say`It was ${shown(gap)} more than you said.` : say`It was ${shown(gap)} less than you said.`;
  const plain = `<p>${less} ${say`What did you count that does not belong, or leave out?`}</p>`;
  return { right: false, why: known ? known.why : spec.otherwise || plain };
}

function both(spec, kept) {
  const cell = (word, name, ...value) => make('div', {}, make('dt', {}, word), make('dd', name ? { class: name } : {}, ...value));
  if (spec.form === 'choice') {
    const words = (at) => rich('span', {}, spec.options[at].text);
    return make('dl', { class: 'cp-verdict cp-words' }, cell(say`You said`, 'cp-you', words(kept.chosen)), cell(say`It was`, '', words(spec.was)));
  }
  const figure = (value) => [shown(value), ...(spec.unit ? [make('small', {}, `\u00a0${spec.unit}`)] : [])];
  return make('dl', { class: 'cp-verdict' }, cell(say`You said`, 'cp-you', ...figure(kept.value)), cell(say`It was`, '', ...figure(spec.was)));
}

function show({ model, el, spec, body, tell, again, kept }) {
  const { right, why } = verdict(spec, kept);
  tell(right ? 'right' : 'wrong', say`locked`);
  const result = make('div', { class: 'cp-revealed', role: 'group', 'aria-label': say`What you said and what it was`, tabindex: '-1' },
    both(spec, kept), spec.form === 'axis' ? compared(spec, kept.value) : null,
    spec.chart ? make('figure', { class: 'cp-outcome cp-view' }) : rich('div', { class: 'cp-outcome' }, spec.outcome), rich('div', { class: 'cp-verdict-why' }, why));
  body.append(result, explain({ model, el, spec, asked: spec.explain[right ? 'right' : 'wrong'] }));
  if (spec.chart) outcome(result.querySelector('figure.cp-outcome'), spec);
  typeset(body);
  if (again) result.focus({ preventScroll: true });
}

// A chart as the outcome, as wide as there is room for it.
function outcome(figure, { chart: data, extent, colours, said }) {
  const colour = (name) => `var(--cp-s${(colours[String(name).toLowerCase()] || 0) % 6 + 1})`;
  figure.replaceChildren(chart(data, Math.round(figure.clientWidth) || 300, extent, colour, said),
    ...(data.caption ? [make('figcaption', {}, data.caption)] : []));
}

// ---- the sentences

function explain({ model, el, spec, asked }) {
  const box = make('div', { class: 'cp-explain' });
  const text = make('textarea', { id: unique('words'), rows: 3 });
  const said = place();
  let waiting = 0;

  // What is typed is kept as it grows, but not with every letter.
  function draft() {
    clearTimeout(waiting);
    if (state(model).locked && text.value !== state(model).draft) remember(model, { draft: text.value });
  }

  function write() {
    text.value = state(model).draft || state(model).explanation || '';
    said.say('');
    box.replaceChildren(rich('label', { for: text.id }, asked), text,
      make('div', { class: 'cp-row' }, button(say`Keep my explanation`, keep), beginAgain(model, el)), said.element);
    typeset(box);
  }

  function keep() {
    const words = text.value.trim();
    if (!words) {
      said.say(`<p>${say`Write a sentence first. It need not be perfect.`}</p>`);
      text.focus();
      return;
    }
    clearTimeout(waiting);
    remember(model, { explanation: words, draft: words, writing: false });
    compare().focus();
  }

  function compare() {
    const cell = (word, content) => make('div', {}, make('dt', {}, word), content);
    const change = button(say`Change my words`, () => {
      remember(model, { writing: true });
      write();
      text.focus();
    }, true);
    const own = cell(say`You wrote`, make('dd', { class: 'cp-own' }, state(model).explanation));
    const authors = spec.because ? cell(say`One way to say it`, rich('dd', {}, spec.because)) : null;
    const list = make('dl', { class: authors ? 'cp-compare' : 'cp-compare cp-alone', tabindex: '-1' }, own, authors);
    const lead = authors ? make('p', { class: 'cp-note' }, say`What does the one say that the other does not?`) : null;
    box.replaceChildren(...[rich('p', { class: 'cp-asked' }, asked), list, lead,
      make('div', { class: 'cp-row' }, change, beginAgain(model, el))].filter(Boolean));
    typeset(box);
    return list;
  }

  text.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(draft, 300);
  });
  text.addEventListener('change', draft);
  if (state(model).explanation && !state(model).writing) compare();
  else write();
  return box;
}

function beginAgain(model, el) {
  const row = make('div', { class: 'cp-again' });
  const start = button(say`Begin again`, sure, true);
  start.className = 'cp-link';

  function sure() {
    const words = make('p', { class: 'cp-sure', id: unique('sure') }, say`This erases your prediction and what you wrote.`);
    const leave = button(say`Leave it`, () => {
      row.classList.remove('cp-row');
      row.replaceChildren(start);
      start.focus();
    }, true);
    leave.setAttribute('aria-describedby', words.id);
    const erase = button(say`Erase it`, () => {
      model.set('state', {});
      model.save_changes();
      draw(model, el, 'form');
    }, true);
    row.classList.add('cp-row');
    row.replaceChildren(words, leave, erase);
    leave.focus();
  }

  row.append(start);
  return row;
}

// What was locked, where it still answers the question; else null.
function locked(spec, kept) {
  if (!kept.locked) return null;
  const fits = spec.form === 'choice' ? spec.options[kept.chosen] : Number.isFinite(kept.value);
  return fits ? kept : null;
}

function draw(model, el, again) {
  const spec = model.get('spec');
  const { root, body, tell } = frame(el, spec.question, spec.label);
  root.classList.add('cp-predict');
  const kept = locked(spec, state(model));
  const title = root.getAttribute('aria-labelledby');
  (kept ? show : ask)({ model, el, spec, body, tell, title, again, kept });
}

export default {
  render({ model, el }) {
    draw(model, el, '');
  },
};
