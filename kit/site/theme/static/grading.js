// The calculator of the grading page: the sums of kit/course/weighing.py, done again here.
// What a reader types is kept nowhere.
(function () {
  'use strict';
  const { say, percent: shown } = window.courseWords;
  const HAIR = 1e-9;  // what floating point may cost without a grade being missed

  // The mean without the lowest `drop`; one at least stays. Null where there is nothing.
  function mean(items, drop) {
    const order = items.map((percent, place) => [percent, place]);
    order.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    const gone = new Set(order.slice(0, Math.max(0, Math.min(drop, items.length - 1)))
      .map((one) => one[1]));
    const kept = items.filter((_, place) => !gone.has(place));
    return kept.length ? kept.reduce((sum, percent) => sum + percent, 0) / kept.length : null;
  }

  // The course's percent; a group in which nothing counts leaves its weight to the others.
  function percentOf(groups, items) {
    let total = 0, sum = 0, counted = false;
    groups.forEach((group, place) => {
      const found = mean(items[place], group.drop);
      if (found === null) return;
      counted = true;
      total += group.weight;
      sum += group.weight * found;
    });
    return counted && total ? sum / total : null;
  }

  const reaches = (percent, least) => percent !== null && percent + HAIR >= least;

  const filled = (items, toCome, percent) => items.map(
    (known, place) => known.concat(Array(toCome[place]).fill(percent)));

  // The smallest percent, in tenths, that each of what is to come has to bring; null: none does.
  function needed(groups, items, toCome, least) {
    const enough = (tenths) => reaches(
      percentOf(groups, filled(items, toCome, tenths / 10)), least);
    if (!enough(1000)) return null;
    let low = -1, high = 1000;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (enough(middle)) high = middle;
      else low = middle;
    }
    return high / 10;
  }

  function row(table, name, value) {
    const line = table.insertRow();
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = name;
    line.append(head);
    const cell = line.insertCell();
    cell.className = 'number';
    cell.textContent = value;
  }

  function answer(form, spec, output) {
    const fields = spec.groups.map((_, place) => [...form.querySelectorAll(`[name=g${place}]`)]);
    const wrong = fields.flat().filter((field) => !field.validity.valid);
    for (const field of fields.flat())
      field.setAttribute('aria-invalid', String(!field.validity.valid));
    output.replaceChildren();
    if (wrong.length) {
      output.textContent = say('A percent is a number from 0 to 100.');
      return;
    }
    const items = fields.map((group) => group.filter((field) => field.value !== '')
      .map((field) => Number(field.value)));
    const toCome = fields.map((group, place) => group.length - items[place].length);
    const left = toCome.reduce((sum, one) => sum + one, 0);
    const table = document.createElement('table');
    table.className = 'answer';
    const soFar = percentOf(spec.groups, items);
    if (soFar !== null) row(table, left ? say('So far') : say('The course'), shown(soFar));
    if (soFar !== null && left)
      row(table, say('If the rest brings nothing'),
        shown(percentOf(spec.groups, filled(items, toCome, 0))));
    if (!left) {
      const best = spec.cutoffs.find(([, least]) => reaches(soFar, least));
      if (best) row(table, say('Grade'), best[0]);
    }
    for (const [name, least] of left ? spec.cutoffs : []) {
      const need = needed(spec.groups, items, toCome, least);
      row(table, say('For {grade} you need', { grade: name }),
        need === null ? say('more than there is') : need === 0 ? say('nothing more')
          : left > 1 ? say('{percent} on each of the rest', { percent: shown(need) })
            : say('{percent} on the last one', { percent: shown(need) }));
    }
    output.append(table);
  }

  window.courseGrades = { percentOf, needed, filled };

  for (const form of document.querySelectorAll('form[data-grades]')) {
    const spec = JSON.parse(form.dataset.grades);
    const output = form.querySelector('output');
    const again = () => answer(form, spec, output);
    form.addEventListener('input', again);
    form.addEventListener('reset', () => setTimeout(again));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.hidden = false;
    again();
  }
})();
