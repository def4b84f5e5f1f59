import { make, rich, frame, button, state, remember, typeset } from './shared.js';

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    const count = spec.hints.length;
    const { body, tell } = frame(el, spec.question, spec.label);
    const list = make('ol', { class: 'cp-hints' });
    const said = make('div', { 'aria-live': 'polite' }, list);
    const next = button('', () => open(true), true);
    const row = make('div', { class: 'cp-row' }, next);
    let opened = 0;

    function open(now) {
      const name = make('span', { class: 'cp-name' }, say`Hint ${opened + 1 /* number */}`);
      const hint = make('li', { tabindex: -1 }, name, rich('div', {}, spec.hints[opened]));
      opened += 1;
      list.append(hint);
      typeset(hint);
      label();
      if (!now) return;
      remember(model, { opened });
      if (opened === count) hint.focus();
    }

    function label() {
      next.textContent = say`Hint ${opened + 1 /* number */} of ${count}`;
      row.hidden = opened === count;
      tell('open', opened ? say`${opened} of ${count} open` : '');
    }

    label();
    const before = Math.min(state(model).opened || 0, count);
    while (opened < before) open(false);
    body.append(said, row);
  },
};
