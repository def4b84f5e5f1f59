// Draws the charts of kit.lesson.charts as SVG, in the colours of the page.

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

// The same for labels side by side, each about its x.
function abreast(labels, size) {
  labels.sort((one, other) => one.x - other.x);
  let free = 0;
  for (const one of labels) {
    one.x = Math.max(one.x, free + width(one.text) / 2);
    free = one.x + width(one.text) / 2 + 12;
  }
  free = size;
  for (const one of labels.reverse()) {
    one.x = Math.min(one.x, free - width(one.text) / 2);
    free = one.x - width(one.text) / 2 - 12;
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
  const up = chart.y === null ? [] : ticks(low, high, 4);
  const isUpright = (one) => one.form === 'line' && one.x.every((value) => value === one.x[0]);
  const named = chart.marks.filter((one) => one.name && !isUpright(one));
  const upright = chart.marks.filter((one) => one.name && isUpright(one));
  const box = {
    left: Math.max(...up.map((one) => width(numeral(one))), 0) + 10, top: (chart.y ? 28 : 12) + (upright.length ? 12 : 0),
    right: size - (named.length ? Math.max(...named.map((one) => width(one.name))) + 14 : 10), low: height - (chart.x ? 44 : 26),
  };
  const x = (value) => box.left + (value - left) / (right - left || 1) * (box.right - box.left);
  const y = (value) => box.top + 6 + (high - value) / (high - low || 1) * (box.low - box.top - 12);
  const across = ticks(left, right, Math.max(3, Math.floor((box.right - box.left) / 80)));
  const labels = [];
  const marks = chart.marks.map((one) => {
    const fill = colour(one.name || one.form);
    const last = one.x.indexOf(Math.max(...one.x));
    // The name of a line stands at its end, that of a cloud at its middle height.
    const height = one.form === 'line' ? one.y[last] : one.y.reduce((sum, value) => sum + value, 0) / one.y.length;
    if (named.includes(one)) labels.push({ y: y(height) + 4, text: one.name, fill });
    if (one.form === 'line') {
      return draw('polyline', { points: one.x.map((value, at) => `${x(value).toFixed(1)},${y(one.y[at]).toFixed(1)}`).join(' '), stroke: fill, class: 'line' });
    }
    return draw('g', { fill, class: 'points' }, ...one.x.map((value, at) => draw('circle', { cx: x(value).toFixed(1), cy: y(one.y[at]).toFixed(1), r: one.x.length > 150 ? 2 : 3.5 })));
  });
  return canvas(size, height, label,
    ...up.flatMap((one) => [draw('line', { x1: box.left, x2: box.right, y1: y(one), y2: y(one), class: 'grid' }), words(numeral(one), box.left - 8, y(one) + 4, 'end', 'm')]),
    ...(up.length ? [] : [draw('line', { x1: box.left, x2: box.right, y1: box.low, y2: box.low, class: 'axis' })]),
    ...across.map((one) => words(numeral(one), x(one), box.low + 18, 'middle', 'm')),
    ...(chart.y ? [words(chart.y, 0, 13, 'start', 'm')] : []),
    ...(chart.x ? [words(chart.x, (box.left + box.right) / 2, height - 6, 'middle', 'm')] : []),
    ...marks,
    ...apart(labels, box.top + 4, box.low, 16).map((one) => {
      const text = words(one.text, box.right + 7, one.y);
      text.style.fill = one.fill;
      return text;
    }),
    ...abreast(upright.map((one) => ({ x: x(one.x[0]), text: one.name })), size).map((one) => {
      const text = words(one.text, one.x, box.top - 4, 'middle');
      text.style.fill = colour(one.text);
      return text;
    }));
}

const CHARTS = { bars, columns, plot };

// A chart as wide as `size`, which covers the `extent` of each axis at least; `colour` gives that
// of a name, `told` says in words what a plot shows.
export function chart(data, size, extent, colour, told) {
  return CHARTS[data.form](data, size, extent, colour, told);
}
