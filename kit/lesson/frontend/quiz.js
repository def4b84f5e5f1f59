import { make, rich, frame, button, place, state, remember, number, unique, typeset } from './shared.js';

const keys = (list) => [...list.keys()];
const all = (list) => [...new Set(list)];

// What all forms but the cards share. A form puts its parts in `body` and `row`, and returns what
// judges an answer: how many are right (`hits`) `of` how many, which wrong answers are `known`,
// whether their reasons stand `beside` them, and what to keep (`values`); nothing, where there is
// nothing to judge yet.
function asked({ model, el, spec }) {
  const { root, body, tell } = frame(el, spec.question, spec.label);
  const said = place();
  const check = button(say`Check`, () => answer(true));
  const row = make('div', { class: 'cp-row' }, check);
  const kept = { chosen: [], order: [], typed: [], ...state(model) };
  if (spec.note) body.append(make('p', { class: 'cp-note' }, spec.note));
  const judge = ({ choice, order, match }[spec.form] || fields)({ spec, kept, root, body, row, answer });

  function answer(keep) {
    const found = judge(keep);
    if (!found) return said.say(spec.ask);
    const { hits, of, beside, values } = found;
    const known = found.known.filter(Boolean);
    const right = hits === of;
    const why = right ? spec.why : known[0] ? !beside && known.map((one) => one.why).join('') : spec.otherwise;
    const head = spec.counted ? say`${spec.counted /* what */}: ${hits} of ${of}.` : found.head;
    said.say((head ? `<p>${head}</p>` : '') + (why || ''));
    tell(right ? 'right' : hits ? 'part' : 'wrong', right ? say`right` : say`not yet`);
    check.textContent = right ? say`Check` : say`Check again`;
    const { tries = 0, misconceptions = [] } = state(model);
    const names = known.flatMap((one) => one.name || []);
    if (keep) remember(model, { ...values, right, tries: tries + 1, misconceptions: all([...misconceptions, ...names]) });
  }

  body.append(row, said.element);
  typeset(body);
  if (kept.tries) answer();
}

// One or several of some options.
function choice({ spec, kept, root, body }) {
  const { options, right, several } = spec;
  const name = unique('group');
  const group = make('div', { role: several ? 'group' : 'radiogroup', 'aria-labelledby': root.getAttribute('aria-labelledby') });
  const rows = options.map(({ text }, value) => {
    const checked = kept.chosen.includes(value);
    const input = make('input', { type: several ? 'checkbox' : 'radio', name, value, checked });
    const why = place();
    why.element.dataset.state = right.includes(value) ? 'right' : 'wrong';
    group.append(make('label', { class: 'cp-option' }, input, make('span', {}, rich('span', {}, text), why.element)));
    return { input, why };
  });
  body.append(group);

  return () => {
    const chosen = keys(rows).filter((at) => rows[at].input.checked);
    const count = chosen.length;
    if (!count) return null;
    rows.forEach(({ why }, at) => why.say(chosen.includes(at) && options[at].why));
    const hits = chosen.filter((at) => right.includes(at)).length;
    const more = right.length - hits;
    const wrong = count - hits;
    const parts = [
      wrong && say`${wrong} of your ${count} do not belong here`,
      more && say`${more} more are right`,
    ].filter(Boolean);
    const head = several && `${parts.join('; ') || say`All that is right, and nothing else`}.`;
    return { hits, of: count + more, head, beside: true, known: chosen.map((at) => options[at]), values: { chosen } };
  };
}

// Items to put in order. It is the neighbour that moves in the page, so that an item keeps the
// focus and the pointer.
function order({ spec, kept, body }) {
  const { items } = spec;
  const of = items.length;
  const list = make('ol', { class: 'cp-order', role: 'list' });
  const heard = make('p', { class: 'cp-heard', 'aria-live': 'polite' });
  const rows = () => [...list.children];
  const at = (row) => rows().indexOf(row);

  function mark() {
    for (const row of rows()) {
      row.children[2].ariaDisabled = !row.previousSibling;
      row.children[3].ariaDisabled = !row.nextSibling;
    }
  }
  function move(row, up) {
    const other = up ? row.previousSibling : row.nextSibling;
    if (other) row[up ? 'after' : 'before'](other);
    mark();
    heard.textContent = say`${items[row.item].plain /* item */}: ${at(row) + 1 /* place */} of ${of}`;
  }
  function drag({ currentTarget: row, clientY }) {
    if (!row.dataset.moving) return;
    const to = rows().filter((one) => {
      const { top, height } = one.getBoundingClientRect();
      return one !== row && top + height / 2 < clientY;
    }).length;
    while (at(row) !== to) move(row, at(row) > to);
  }
  list.append(...(kept.order.length === of ? kept.order : keys(items)).map((item) => {
    const { text, plain } = items[item];
    const up = button(say`Up`, () => move(row, true), true);
    const down = button(say`Down`, () => move(row), true);
    up.ariaLabel = say`Up: ${plain /* item */}`;
    down.ariaLabel = say`Down: ${plain /* item */}`;
    const row = make('li', {
      onpointerdown(event) {
        if (event.button || event.target.type) return;
        event.preventDefault();
        row.setPointerCapture(event.pointerId);
        row.dataset.moving = 1;
      },
      onpointermove: drag,
      onlostpointercapture: () => delete row.dataset.moving,
    }, make('span', { class: 'cp-grip' }), rich('span', {}, text), up, down);
    row.item = item;
    return row;
  }));
  mark();
  body.append(list, heard);

  return () => {
    const given = rows().map((row) => row.item);
    const hits = given.filter((one, place) => one === spec.right[place]).length;
    const known = [spec.wrong.find((one) => `${one.order}` === `${given}`)];
    return { hits, of, known, values: { order: given } };
  };
}

// Items to match with options.
function match({ spec, kept, body }) {
  const rows = spec.items.map(({ text }, at) => {
    const options = spec.options.map((one, to) => new Option(one, to, false, kept.chosen[at] === to));
    const select = make('select', {}, new Option(say`Choose`, ''), options);
    const why = place();
    body.append(make('label', { class: 'cp-match' }, rich('span', {}, text), select), why.element);
    return { select, why };
  });

  return () => {
    if (rows.some(({ select }) => !select.value)) return null;
    const chosen = rows.map(({ select }) => +select.value);
    const known = chosen.map((to, at) => spec.wrong.find((one) => one.at === at && one.to === to));
    known.forEach((one, at) => rows[at].why.say(one && one.why));
    const hits = chosen.filter((to, at) => to === spec.items[at].right).length;
    return { hits, of: rows.length, beside: true, known, values: { chosen } };
  };
}

const normal = (text) => text.normalize('NFKC').toLowerCase().replace(/[‐-―−]/g, '-').replace(/[‘’]/g, "'")
  .replace(/[“”]/g, '"').replace(/\s+/g, ' ').replace(/^ |[ .,;]+$/g, '');

// A number, or a sentence with fields in it.
function fields({ spec, kept, body, row, answer }) {
  const { blanks, sentence, tolerance, unit } = spec;
  const same = (text, other) => (Number.isFinite(other)
    ? Math.abs((number(text, unit) ?? NaN) - other) <= tolerance + 1e-9 * Math.abs(other) : normal(text) === normal(other));
  const inputs = blanks.map(({ label, figures }, at) => make('input', {
    type: 'text', autocomplete: 'off', spellcheck: 'false', inputmode: figures && 'decimal', 'aria-label': label, value: kept.typed[at],
    onkeydown: (event) => event.key === 'Enter' && answer(true),
  }));
  if (sentence) body.append(rich('div', { class: 'cp-sentence' }, sentence));
  else row.prepend(inputs[0], make('span', { class: 'cp-unit' }, spec.unit));
  body.querySelectorAll('[data-blank]').forEach((spot, at) => spot.replaceWith(inputs[at]));

  return (keep) => {
    const typed = inputs.map((one) => one.value.trim());
    const given = typed.map((text, at) => (blanks[at].figures ? number(text, unit) : text || null));
    const open = given.indexOf(null);
    if (open >= 0) return keep && inputs[open].focus();
    const good = typed.map((text, at) => blanks[at].right.some((one) => same(text, one)));
    const known = spec.wrong.filter(({ at, value }) => !good[at] && same(typed[at], value));
    return { hits: good.filter(Boolean).length, of: good.length, known, values: { typed, given } };
  };
}

// Cards that go round until all are known.
function cards({ model, el, spec }) {
  const { body, tell } = frame(el, spec.question, spec.label);
  const of = spec.cards.length;
  const fresh = { left: keys(spec.cards), missed: [], tries: 0 };
  const now = () => ({ ...fresh, ...state(model) });
  const counts = make('p', { class: 'cp-note' });
  const front = place();
  const back = place();
  const turn = button(say`Turn over`, () => go(true));
  const knew = button(say`Knew it`, () => next(true));
  const again = button(say`Again`, () => next(), true);
  const anew = button(say`Go round again`, () => go(false, fresh), true);
  const row = make('div', { class: 'cp-row' }, turn, knew, again, anew);

  function show(turned) {
    const { left, missed, tries } = now();
    const card = spec.cards[left[0]];
    counts.textContent = say`Known: ${of - left.length /* known */} of ${of}. Turns: ${tries + !!turned /* turns */}.`;
    front.say(card ? card.front : `<p>${say`You know all ${of}, ${of - missed.length /* first */} of them at once.`}</p>`);
    back.say(turned && card.back);
    turn.hidden = turned || !card;
    knew.hidden = again.hidden = !turned;
    anew.hidden = !!card;
    tell(card ? 'open' : 'right', card ? '' : say`all known`);
  }
  function go(turned, change) {
    if (change) remember(model, change);
    show(turned);
    row.querySelector(':not([hidden])').focus();
  }
  function next(known) {
    const { left: [at, ...rest], missed, tries, right } = now();
    const left = known ? rest : [...rest, at];
    go(false, { left, missed: known ? missed : all([...missed, at]), tries: tries + 1, right: right || !left.length });
  }

  body.append(make('div', { class: 'cp-card' }, front.element, back.element), row, counts);
  show();
}

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    (spec.form === 'cards' ? cards : asked)({ model, el, spec });
  },
};
