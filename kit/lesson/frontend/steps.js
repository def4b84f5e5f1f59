import { make, rich, frame, button, place, state, remember, number, unique, typeset } from './shared.js';

const normal = (text) => text.normalize('NFKC').toLowerCase().replace(/[\s.,;:!?"'’‘“”()[\]]+/g, ' ').trim();

// What a typed text is worth in a blank step: null where there is nothing to check.
function judge(step, typed) {
  const value = step.form === 'number' ? number(typed, step.unit) : normal(typed);
  if (value === null || value === '') return null;
  const near = (other) => (step.form === 'number'
    ? Math.abs(value - other) <= step.tolerance + 1e-9 * Math.abs(other) : value === other);
  const right = step.form === 'number' ? near(step.right) : step.right.some(near);
  const known = step.wrong.find((one) => near(one.value));
  return { right, value: step.form === 'number' ? value : typed.trim(), why: right ? step.why : known ? known.why : step.otherwise };
}

// What the learner is to do in a round.
function task(round) {
  if (round.blank === 0) return say`an example`;
  if (round.blank === round.steps.length) return say`on your own`;
  return say`the last ${round.blank /* count */} steps are yours`;
}

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    const several = spec.rounds.length > 1;
    const { body, tell } = frame(el, spec.question, spec.label);
    const kept = () => state(model).steps || {};
    const done = spec.rounds.map((round) => round.steps.map((step) => (step.form === 'given' ? 'right' : 'open')));
    const finished = (at) => done[at].every((one) => one === 'right' || one === 'shown');
    const drawn = [];
    const list = make('div', {});
    const onward = make('div', { class: 'cp-row' });
    body.append(list, onward);

    function keep(key, change) {
      const last = done[done.length - 1];
      remember(model, {
        steps: { ...kept(), [key]: { ...kept()[key], ...change } },
        right: last.every((one) => one === 'right'),
      });
    }

    // The state of the whole: a wrong step is told until it is mended.
    function sum() {
      const blanks = done.flatMap((round, r) => round.filter((one, s) => spec.rounds[r].steps[s].form !== 'given'));
      const solved = blanks.filter((one) => one === 'right').length;
      const shown = blanks.filter((one) => one === 'shown').length;
      const last = spec.rounds.length - 1;
      if (!blanks.length) return;
      if (blanks.includes('wrong')) tell('wrong', say`not yet`);
      else if (drawn.length > last && finished(last) && !done[last].includes('shown')) tell('right', say`done`);
      else if (solved + shown === blanks.length) tell('part', say`done, ${shown} shown`);
      else if (solved + shown) tell('part', say`${solved + shown /* done */} of ${blanks.length /* count */} steps done`);
      else tell('open', '');
    }

    function step(roundAt, at) {
      const one = spec.rounds[roundAt].steps[at];
      const key = `${roundAt}.${at}`;
      const id = unique('step');
      const ask = rich(one.form === 'given' ? 'div' : 'label', { class: 'cp-ask', for: one.form === 'given' ? null : id }, one.ask);
      const result = rich('div', { class: 'cp-result', tabindex: -1 }, one.shown);
      const row = make('li', { class: 'cp-step' }, ask);
      if (one.form === 'given') {
        row.append(result);
        return { row, open() {}, focus() { result.focus(); }, blank: false };
      }
      const said = place();
      const input = make('input', {
        type: 'text', id, autocomplete: 'off', disabled: true, class: one.form === 'text' ? 'cp-words' : null,
        inputmode: one.form === 'number' ? 'decimal' : null,
        onkeydown: (event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          check();
        },
      });
      const checks = button(say`Check`, () => check());
      const shows = button(say`Show this step`, () => settle('shown', true), true);
      const field = make('div', { class: 'cp-row cp-field' }, input, make('span', { class: 'cp-unit' }, one.unit));
      row.append(field, said.element);

      // The step stands worked: by the learner, or shown.
      function settle(how, now) {
        done[roundAt][at] = how;
        const whose = how === 'right' ? say`yours, right` : say`shown`;
        result.append(make('span', { class: 'cp-whose', 'data-state': how }, whose));
        field.replaceWith(result);
        if (how === 'shown') said.say('');
        row.dataset.state = how;
        if (!now) return;
        if (how === 'shown') keep(key, { shown: true });
        forward(roundAt);
      }

      function check() {
        const found = judge(one, input.value);
        if (!found) {
          said.say(`<p>${one.form === 'number' ? say`Type a number, such as 1,500 or −0.25.` : say`Write what comes out of this step.`}</p>`);
          input.focus();
          return;
        }
        const tries = ((kept()[key] || {}).tries || 0) + 1;
        done[roundAt][at] = found.right ? 'right' : 'wrong';
        keep(key, { typed: input.value, value: found.value, right: found.right, tries });
        told(found, tries);
        if (found.right) settle('right', true);
        else {
          sum();
          input.focus();
        }
      }

      function told(found, tries) {
        row.dataset.state = found.right ? 'right' : 'wrong';
        said.element.dataset.state = row.dataset.state;
        said.say(found.why);
        if (found.right) return;
        checks.textContent = say`Check again`;
        if (tries > 1 && !shows.isConnected) field.append(shows);
      }

      const before = kept()[key] || {};
      const found = before.typed ? judge(one, before.typed) : null;
      if (before.shown) settle('shown', false);
      else if (found) {
        input.value = before.typed;
        done[roundAt][at] = found.right ? 'right' : 'wrong';
        told(found, before.tries || 1);
        if (found.right) settle('right', false);
      }
      const open = (main) => {
        input.disabled = false;
        checks.className = main ? 'cp-button' : 'cp-quiet';
        if (!checks.isConnected) field.insertBefore(checks, shows.isConnected ? shows : null);
      };
      return { row, open, focus: (worked) => (worked ? result : input).focus(), blank: true };
    }

    // Open the next blank step of a round, and show the way on from the last one.
    function unlock() {
      drawn.forEach((round, at) => {
        const next = done[at].findIndex((one) => one === 'open' || one === 'wrong');
        if (next >= 0) round.steps[next].open(at === drawn.length - 1);
      });
      const at = drawn.length - 1;
      const following = spec.rounds[at + 1];
      if (!following) onward.replaceChildren();
      else if (finished(at)) onward.replaceChildren(button(say`Next: ${task(following) /* task */}`, go));
      else onward.replaceChildren(button(say`Skip ahead`, go, true));
      onward.hidden = !following;
      sum();
    }

    function forward(roundAt) {
      unlock();
      const next = done[roundAt].findIndex((one) => one === 'open' || one === 'wrong');
      const way = roundAt === drawn.length - 1 && onward.querySelector('button');
      if (next >= 0) drawn[roundAt].steps[next].focus(false);
      else if (way) way.focus();
      else drawn[roundAt].steps[done[roundAt].length - 1].focus(true);
    }

    function go() {
      draw(drawn.length);
      remember(model, { opened: drawn.length });
      unlock();
      drawn[drawn.length - 1].title.focus();
    }

    function draw(at) {
      const round = spec.rounds[at];
      const said = several ? say`Round ${at + 1 /* number */} of ${spec.rounds.length /* count */}, ${task(round) /* task */}` : '';
      const title = make('div', { class: 'cp-round', tabindex: -1, role: 'group' },
        several ? make('p', { class: 'cp-note' }, said) : null,
        round.problem ? rich('h4', {}, round.problem) : null);
      const rows = round.steps.map((one, place) => step(at, place));
      drawn.push({ steps: rows, title });
      list.append(...(several || round.problem ? [title] : []), make('ol', { class: 'cp-steps' }, rows.map(({ row }) => row)));
      typeset(list);
    }

    const opened = Math.max(1, Math.min(state(model).opened || 1, spec.rounds.length));
    for (let at = 0; at < opened; at += 1) draw(at);
    unlock();
  },
};
