import { make, rich, frame, state, remember, unique, typeset } from './shared.js';
import { chart } from './charts.js';

// ------------------------------------------------------------------------------ controls

// A control as elements, and its place: which of all its values it stands at.
function slider(control, places, change) {
  const id = unique('slider');
  const unit = control.unit ? ` ${control.unit}` : '';
  const said = (place) => `${control.shown[place]}${unit}`;
  const output = make('output', { for: id });
  output.style.minWidth = `${Math.max(...places.map((place) => said(place).length))}ch`;
  const input = make('input', { type: 'range', id, min: 0, max: places.length - 1, step: 1 });
  const tell = () => {
    output.textContent = said(places[input.value]);
    input.setAttribute('aria-valuetext', said(places[input.value]));
  };
  input.addEventListener('input', () => { tell(); change(false); });
  input.addEventListener('change', () => change(true));
  const element = make('div', { class: 'cp-slider' }, rich('label', { for: id }, control.label), input, output);
  return { element, get: () => places[input.value], set(place) { input.value = places.indexOf(place); tell(); } };
}

function choice(control, places, change) {
  const many = places.length > 5;
  const name = unique('choice');
  if (many) {
    const input = make('select', { id: name }, places.map((place) => make('option', { value: place }, control.shown[place])));
    input.addEventListener('change', () => change(true));
    const element = make('div', { class: 'cp-choice' }, rich('label', { for: name }, control.label), input);
    return { element, get: () => Number(input.value), set(place) { input.value = place; } };
  }
  const inputs = places.map((place) => make('input', { type: 'radio', name, value: place, onchange: () => change(true) }));
  const element = make('fieldset', { class: 'cp-choice' }, rich('legend', {}, control.label),
    make('div', { class: 'cp-options' }, inputs.map((input, at) => make('label', { class: 'cp-option' }, input, control.shown[places[at]]))));
  return {
    element,
    get: () => Number(inputs.find((input) => input.checked).value),
    set(place) { for (const input of inputs) input.checked = Number(input.value) === place; },
  };
}

function onoff(control, places, change) {
  const input = make('input', { type: 'checkbox', onchange: () => change(true) });
  const element = make('label', { class: 'cp-option cp-switch' }, input, rich('span', {}, control.label));
  return { element, get: () => (input.checked ? 1 : 0), set(place) { input.checked = place === 1; } };
}

const CONTROLS = { slider, choice, switch: onoff };

// ------------------------------------------------------------------------------- a state

function explore({ model, el }) {
  const spec = model.get('spec');
  // A page has no kernel to send to; there, a control goes through the steps that are held.
  const live = typeof model.send === 'function';
  const { body } = frame(el, spec.question, spec.label);
  const controls = spec.controls.map((control) => {
    const places = live ? control.keys.map((_, place) => place) : control.steps;
    return CONTROLS[control.form](control, places, moved);
  });
  const views = spec.extents.map(() => make('figure', { class: 'cp-view' }));
  const told = make('p', { class: spec.texts.some((one) => one.told) ? 'cp-told' : 'cp-unseen', 'aria-live': 'polite', 'aria-atomic': 'true' });
  const found = new Map();
  let current = null;
  let asked = null;
  let waited = 0;

  const here = () => controls.map((control) => control.get());
  const colour = (name) => `var(--cp-s${(spec.colours[String(name).toLowerCase()] || 0) % 6 + 1})`;

  // A chart with the lists that many views share.
  function whole(part) {
    const filled = { ...part };
    for (const name of ['x', 'y', 'names', 'values']) {
      if (typeof part[name] === 'number') filled[name] = spec.lists[part[name]];
    }
    if (part.marks) filled.marks = part.marks.map(whole);
    return filled;
  }

  // The state at these places; nothing where only a kernel could tell.
  function known(places) {
    let at = 0;
    for (const [index, control] of spec.controls.entries()) {
      const step = control.steps.indexOf(places[index]);
      if (step < 0) return found.get(String(places));
      at = at * control.steps.length + step;
    }
    const row = spec.grid[at];
    return { views: row.slice(0, -1).map((view) => spec.views[view]), text: spec.texts[row.at(-1)] };
  }

  function show(shown) {
    const before = current;
    current = shown;
    shown.views.forEach((view, at) => {
      if (!before || before.views[at] !== view) fill(views[at], view, spec.extents[at], shown.text.said);
      else if (view.picture) views[at].setAttribute('aria-label', shown.text.said);
    });
    if (shown.text.told) told.innerHTML = shown.text.told;
    else told.textContent = shown.text.said;
    typeset(told);
    views.forEach(hold);
    hold(told);
  }

  function fill(element, view, extent, said) {
    if (!view.chart) {
      element.innerHTML = view.html;
      element.classList.toggle('cp-wide', Boolean(view.wide));
      if (view.picture) {
        element.setAttribute('role', 'img');
        element.setAttribute('aria-label', said);
      }
      typeset(element);
      return;
    }
    const size = Math.round(element.clientWidth) || 300;
    const caption = view.chart.caption ? [make('figcaption', {}, view.chart.caption)] : [];
    element.replaceChildren(chart(whole(view.chart), size, extent, colour, said), ...caption);
  }

  // What follows stays where it is when a view or a sentence gets shorter.
  function hold(element) {
    const tall = element.offsetHeight;
    if (tall > (Number(element.dataset.tall) || 0)) {
      element.dataset.tall = tall;
      element.style.minHeight = `${tall}px`;
    }
  }

  function again() {
    for (const element of [...views, told]) {
      element.dataset.tall = 0;
      element.style.minHeight = '';
    }
    const longest = spec.texts.reduce((most, one) => (one.told.length > most.told.length ? one : most));
    told.innerHTML = longest.told;
    hold(told);
    const shown = current;
    current = null;
    if (shown) show(shown);
  }

  function moved(settled) {
    const places = here();
    const shown = known(places);
    if (shown) {
      show(shown);
      ready();
    }
    if (shown && !settled) return;
    remember(model, { at: Object.fromEntries(spec.controls.map((control, at) => [control.name, control.keys[places[at]]])) });
    if (!shown) ask(places);
  }

  // The kernel answers one question at a time; when it has, it is asked where the control is now.
  function ask(places) {
    asked = String(places);
    body.setAttribute('aria-busy', 'true');
    if (waited) return;
    waited = setTimeout(() => {
      problem.textContent = say`The kernel has not answered yet. If it does not, run the cell again.`;
    }, 4000);
  }

  function ready() {
    asked = null;
    clearTimeout(waited);
    waited = 0;
    problem.textContent = '';
    body.removeAttribute('aria-busy');
  }

  function answered() {
    const answer = model.get('shown') || {};
    if (!answer.places) return;
    if (!answer.problem) found.set(String(answer.places), answer);
    if (asked !== String(answer.places)) return;
    ready();
    if (answer.problem) problem.textContent = say`The function could not answer here. ${answer.problem}`;
    else show(answer);
  }

  const problem = make('p', { class: 'cp-note cp-problem', 'aria-live': 'polite' });
  body.append(make('div', { class: 'cp-controls' }, controls.map(({ element }) => element)),
    make('div', { class: views.length > 1 ? 'cp-views cp-linked' : 'cp-views' }, views), told, problem);
  const before = state(model).at || {};
  controls.forEach((control, at) => {
    const { name, keys, steps, start } = spec.controls[at];
    const place = keys.indexOf(before[name]);
    control.set(place >= 0 && (live || steps.includes(place)) ? place : start);
  });
  typeset(body);
  answered();
  show(known(here()) || known(spec.controls.map(({ start }) => start)));
  again();
  moved(false);
  model.on('change:shown', answered);
  let size = body.clientWidth;
  const watch = new ResizeObserver(() => {
    if (body.clientWidth === size) return;
    size = body.clientWidth;
    again();
  });
  watch.observe(body);
  return () => {
    watch.disconnect();
    clearTimeout(waited);
    model.off('change:shown', answered);
  };
}

export default { render: explore };
