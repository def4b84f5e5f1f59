import { make, rich, frame, state, remember, unique, typeset } from './shared.js';

const SVG = 'http://www.w3.org/2000/svg';
// About the width of a letter in a chart, in pixels.
const FONT = 6.7;

// ------------------------------------------------------------------------------- drawing

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function words(text, x, y, anchor, kind) {
  return draw('text', { x, y, 'text-anchor': anchor || 'start', class: kind || '' }, text);
}

function width(text) { return String(text).length * FONT; }

function numeral(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 }).replace('-', '−');
}

function canvas(size, height, label, ...children) {
  const box = { viewBox: `0 0 ${size} ${height}`, width: size, height, role: 'img', 'aria-label': label };
  return draw('svg', box, ...children);
}

// Places of some round numbers between two values.
function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((one) => one * power >= rough * 0.7);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) {
    found.push(Number((at * step).toPrecision(12)));
  }
  return found;
}

// Labels beside marks, moved apart so that none covers another.
function apart(labels, low, high, gap) {
  labels.sort((one, other) => one.y - other.y);
  labels.forEach((one, at) => { one.y = Math.max(one.y, at ? labels[at - 1].y + gap : low); });
  for (let at = labels.length - 1; at >= 0; at -= 1) {
    labels[at].y = Math.min(labels[at].y, at < labels.length - 1 ? labels[at + 1].y - gap : high);
  }
  return labels;
}

function cover(extent, values) {
  const known = [...(extent || []), ...values];
  return [Math.min(...known), Math.max(...known)];
}

function bars(chart, size, extent, colour, told) {
  const [low, high] = cover(extent.y, [0, ...chart.values]);
  const few = chart.said.length > 0 && size / chart.names.length >= 46;
  const label = chart.said.length ? chart.names.map((name, at) => `${name} ${chart.said[at]}`).join(', ') + (chart.unit ? ` ${chart.unit}` : '') : told;
  const grid = few ? [] : ticks(low, high, 4).filter((one) => one !== 0);
  const left = few ? 0 : Math.max(0, ...grid.map((one) => width(numeral(one)))) + 8;
  const band = (size - left) / chart.names.length;
  if (chart.said.length && chart.names.some((name) => width(name) > band - 4)) return rows(chart, size, low, high, label, colour);
  const top = few ? 24 : 10;
  const below = 26 + (few && low < 0 ? 18 : 0);
  const height = Math.round(Math.min(240, Math.max(160, size * 0.5)));
  const at = (value) => top + (high - value) / (high - low || 1) * (height - top - below);
  const wide = chart.said.length ? Math.min(60, band * 0.64) : Math.max(1, band - (band > 5 ? 1.5 : 0));
  const every = few ? 1 : Math.ceil(Math.max(...chart.names.map(width)) * 1.5 / band);
  const marks = chart.names.flatMap((name, place) => {
    const middle = left + band * (place + 0.5);
    const value = chart.values[place];
    const drawn = [draw('rect', {
      x: middle - wide / 2, y: Math.min(at(0), at(value)), width: wide, height: Math.abs(at(value) - at(0)), fill: colour(name),
    })];
    if (few) drawn.push(words(chart.said[place], middle, value < 0 ? at(value) + 16 : at(value) - 7, 'middle', 'v'));
    if (place % every === 0) drawn.push(words(name, middle, height - 6, 'middle', 'm'));
    return drawn;
  });
  const lines = grid.flatMap((one) => [draw('line', { x1: left, x2: size, y1: at(one), y2: at(one), class: 'grid' }), words(numeral(one), left - 8, at(one) + 4, 'end', 'm')]);
  return canvas(size, height, label, ...lines, ...marks, draw('line', { x1: left, x2: size, y1: at(0), y2: at(0), class: 'axis' }));
}

// Bars whose names are too long to stand below them.
function rows(chart, size, low, high, label, colour) {
  const left = Math.min(size * 0.45, Math.max(...chart.names.map(width)) + 10);
  const right = Math.max(...chart.said.map(width)) + 14;
  const room = size - left - right - (low < 0 ? right : 0);
  const from = left + (low < 0 ? right : 0);
  const at = (value) => from + (value - low) / (high - low || 1) * room;
  const marks = chart.names.flatMap((name, place) => {
    const y = place * 34 + 17;
    const value = chart.values[place];
    return [
      words(name, 0, y + 4, 'start', 'm'),
      draw('rect', { x: Math.min(at(0), at(value)), y: y - 11, width: Math.abs(at(value) - at(0)), height: 22, fill: colour(name) }),
      words(chart.said[place], at(value) + (value < 0 ? -7 : 7), y + 4, value < 0 ? 'end' : 'start', 'v'),
    ];
  });
  const height = chart.names.length * 34;
  return canvas(size, height, label, ...marks, draw('line', { x1: at(0), x2: at(0), y1: 0, y2: height, class: 'axis' }));
}

function columns(chart, size, extent, colour) {
  const sums = chart.parts.map((parts) => parts.reduce((sum, [, value]) => sum + value, 0));
  const high = cover(extent.y, [0, ...sums])[1];
  const height = Math.round(Math.min(240, Math.max(160, size * 0.5)));
  const band = size / chart.names.length;
  const wide = Math.min(44, band * 0.3);
  const scale = (height - 32) / (high || 1);
  const marks = chart.parts.flatMap((parts, place) => {
    const x = band * place;
    let y = height - 4 - sums[place] * scale;
    const drawn = [words(chart.names[place], x, 13, 'start', 'm')];
    const labels = [];
    for (const [name, value, said] of parts) {
      if (value > 0) drawn.push(draw('rect', { x, y, width: wide, height: value * scale, fill: colour(name), class: 'part' }));
      if (value > 0) labels.push({ y: y + value * scale / 2 + 4, text: `${name} ${said}` });
      y += value * scale;
    }
    return [...drawn, ...apart(labels, 31, height - 9, 16).map((one) => words(one.text, x + wide + 7, one.y))];
  });
  const label = chart.parts.map((parts, at) => `${chart.names[at]}: ${parts.map(([name, , said]) => `${name} ${said}`).join(', ')}`).join('; ');
  return canvas(size, height, label, ...marks, draw('line', { x1: 0, x2: size, y1: height - 4, y2: height - 4, class: 'axis' }));
}

function plot(chart, size, extent, colour, label) {
  const [left, right] = cover(extent.x, chart.marks.flatMap((one) => one.x));
  const [low, high] = cover(extent.y, chart.marks.flatMap((one) => one.y));
  const height = Math.round(Math.min(280, Math.max(190, size * 0.55)));
  const up = ticks(low, high, 4);
  const named = chart.marks.filter((one) => one.name);
  const box = {
    left: Math.max(...up.map((one) => width(numeral(one))), 8) + 10, top: chart.y ? 28 : 12,
    right: size - (named.length ? Math.max(...named.map((one) => width(one.name))) + 14 : 10), low: height - (chart.x ? 44 : 26),
  };
  const x = (value) => box.left + (value - left) / (right - left || 1) * (box.right - box.left);
  const y = (value) => box.top + 6 + (high - value) / (high - low || 1) * (box.low - box.top - 12);
  const across = ticks(left, right, Math.max(3, Math.floor((box.right - box.left) / 80)));
  const labels = [];
  const marks = chart.marks.map((one) => {
    const fill = colour(one.name || one.form);
    const last = one.x.indexOf(Math.max(...one.x));
    if (one.name) labels.push({ y: y(one.y[last]) + 4, text: one.name, fill });
    if (one.form === 'line') {
      return draw('polyline', { points: one.x.map((value, at) => `${x(value).toFixed(1)},${y(one.y[at]).toFixed(1)}`).join(' '), stroke: fill, class: 'line' });
    }
    return draw('g', { fill, class: 'points' }, ...one.x.map((value, at) => draw('circle', { cx: x(value).toFixed(1), cy: y(one.y[at]).toFixed(1), r: one.x.length > 150 ? 2 : 3.5 })));
  });
  return canvas(size, height, label,
    ...up.flatMap((one) => [draw('line', { x1: box.left, x2: box.right, y1: y(one), y2: y(one), class: 'grid' }), words(numeral(one), box.left - 8, y(one) + 4, 'end', 'm')]),
    ...across.map((one) => words(numeral(one), x(one), box.low + 18, 'middle', 'm')),
    ...(chart.y ? [words(chart.y, 0, 13, 'start', 'm')] : []),
    ...(chart.x ? [words(chart.x, (box.left + box.right) / 2, height - 6, 'middle', 'm')] : []),
    ...marks,
    ...apart(labels, box.top + 4, box.low, 16).map((one) => {
      const text = words(one.text, box.right + 7, one.y);
      text.style.fill = one.fill;
      return text;
    }));
}

const CHARTS = { bars, columns, plot };

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
    element.replaceChildren(CHARTS[view.chart.form](whole(view.chart), size, extent, colour, said), ...caption);
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
      problem.textContent = 'The kernel has not answered yet. If it does not, run the cell again.';
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
    if (answer.problem) problem.textContent = `The function could not answer here. ${answer.problem}`;
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
