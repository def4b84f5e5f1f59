import { make, rich, frame, button, place, state, remember, number, unique, typeset } from './shared.js';

// One or several of some options.
function choice({ model, el, spec }) {
  const { body, tell } = frame(el, spec.question, spec.label);
  const several = spec.right.length > 1 || spec.several;
  const group = unique('group');
  const rows = spec.options.map((option, at) => {
    const input = make('input', { type: several ? 'checkbox' : 'radio', name: group, value: at });
    const why = place();
    const words = make('span', {}, rich('span', {}, option.text), why.element);
    return { input, why, at, row: make('label', { class: 'cp-option' }, input, words) };
  });
  const said = place();
  const check = button('Check', () => answer(true));
  const chosen = () => rows.filter(({ input }) => input.checked).map(({ at }) => at);

  function answer(keep) {
    const picked = chosen();
    if (!picked.length) {
      said.say('<p>Choose an answer first.</p>');
      return;
    }
    for (const { why, at } of rows) {
      const told = picked.includes(at) ? spec.options[at].why : '';
      why.element.dataset.state = spec.right.includes(at) ? 'right' : 'wrong';
      why.say(told);
    }
    const hits = picked.filter((at) => spec.right.includes(at)).length;
    const right = hits === picked.length && hits === spec.right.length;
    said.say(right || several ? summary(right, hits, picked.length) : '');
    tell(right ? 'right' : hits ? 'part' : 'wrong', right ? 'right' : 'not yet');
    check.textContent = right ? 'Check' : 'Check again';
    if (keep) remember(model, { chosen: picked, right, tries: (state(model).tries || 0) + 1 });
  }

  function summary(right, hits, count) {
    if (right) return several ? '<p>All that is right, and nothing else.</p>' : '';
    const more = spec.right.length - hits;
    const wrong = count - hits;
    const parts = [];
    if (wrong) parts.push(`${wrong} of your ${count} ${wrong === 1 ? 'does' : 'do'} not belong here`);
    if (more) parts.push(`${more} more ${more === 1 ? 'is' : 'are'} right`);
    return `<p>${parts.join('; ')}.</p>`;
  }

  const before = state(model).chosen || [];
  for (const { input, at } of rows) input.checked = before.includes(at);
  const named = make('div', { role: several ? 'group' : 'radiogroup', 'aria-labelledby': body.parentNode.getAttribute('aria-labelledby') },
    rows.map(({ row }) => row));
  body.append(...(several ? [make('p', { class: 'cp-note' }, 'Choose all that are right.')] : []), named,
    make('div', { class: 'cp-row' }, check), said.element);
  typeset(body);
  if (before.length) answer(false);
}

// A number that is typed.
function figure({ model, el, spec }) {
  const { body, tell } = frame(el, spec.question, spec.label);
  const said = place();
  const input = make('input', {
    type: 'text', inputmode: 'decimal', autocomplete: 'off', 'aria-label': 'Your answer',
    value: state(model).typed || '', onkeydown: (event) => { if (event.key === 'Enter') answer(true); },
  });
  const check = button('Check', () => answer(true));
  const near = (value, other) => Math.abs(value - other) <= spec.tolerance + 1e-9 * Math.abs(other);

  function answer(keep) {
    const value = number(input.value);
    if (value === null) {
      said.say('<p>Type a number, such as 1,500 or −0.25.</p>');
      input.focus();
      return;
    }
    const right = near(value, spec.value);
    const known = spec.wrong.find((one) => near(value, one.value));
    said.say(right ? spec.why : known ? known.why : spec.otherwise);
    tell(right ? 'right' : 'wrong', right ? 'right' : 'not yet');
    check.textContent = right ? 'Check' : 'Check again';
    if (keep) remember(model, { typed: input.value, value, right, tries: (state(model).tries || 0) + 1 });
  }

  body.append(make('div', { class: 'cp-row' }, input, make('span', { class: 'cp-unit' }, spec.unit), check), said.element);
  if (state(model).typed) answer(false);
}

const FORMS = { choice, figure };

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    FORMS[spec.form]({ model, el, spec });
  },
};
