import { make, rich, frame, button, place, state, remember, unique, typeset } from './shared.js';

// Different words, so that a key held down is no attempt.
function words(text) {
  const found = window.Intl && Intl.Segmenter
    ? [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].filter((one) => one.isWordLike).map((one) => one.segment)
    : text.match(/[\p{L}\p{N}]+/gu) || [];
  return new Set(found.map((one) => one.toLowerCase())).size;
}

// Whether a built page holds the component of that id; in JupyterLab nothing tells of answers.
function there(id) {
  return Boolean(id) && [...document.querySelectorAll('.course-part[data-spec]')]
    .some((one) => JSON.parse(atob(one.dataset.spec)).id === id);
}

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    const { body, tell } = frame(el, spec.question, spec.label);
    const waits = there(spec.after);
    const said = place();

    function open(now) {
      const attempt = waits ? '' : state(model).attempt || '';
      const id = unique('solution');
      const content = make('div', { class: 'cp-content', tabindex: -1, role: 'group', 'aria-labelledby': id },
        make('div', { class: 'cp-name', id }, say`The solution`), rich('div', {}, spec.content));
      const own = attempt ? make('div', {}, make('div', { class: 'cp-name' }, say`Your attempt`),
        make('div', { class: 'cp-attempt' }, attempt)) : null;
      said.say('');
      body.replaceChildren(make('div', { class: 'cp-beside' }, ...[own, content].filter(Boolean)),
        ...(own ? [make('p', { class: 'cp-note' }, say`Compare the two: what stands in one and not in the other?`)] : []), said.element);
      tell('open', say`open`);
      typeset(body);
      if (now && !waits) content.focus();
      if (now && waits) said.say(`<p class="cp-note">${say`The solution is open.`}</p>`);
    }

    function ask() {
      const id = unique('attempt');
      const field = make('textarea', { id, rows: 4, onchange: () => remember(model, { attempt: field.value }) });
      field.value = state(model).attempt || '';
      const check = button(say`Show the solution`, () => {
        const count = words(field.value);
        if (count < spec.words) {
          said.say(`<p>${count ? say`A start.` : say`The solution is worth more after a try of your own.`} `
            + `${say`Write ${spec.words /* count */} different words or more: what would you do first?`}</p>`);
          field.focus();
          return;
        }
        remember(model, { attempt: field.value.trim(), open: true });
        open(true);
      });
      body.append(rich('label', { for: id, class: 'cp-try' }, spec.attempt), field,
        make('div', { class: 'cp-row' }, check), said.element);
    }

    function wait() {
      body.append(make('p', { class: 'cp-note' }, say`Opens when you have answered the question on this page that it belongs to.`), said.element);
      const answered = (event) => {
        if (event.detail !== spec.after) return;
        document.removeEventListener('component-answered', answered);
        remember(model, { open: true });
        open(true);
      };
      document.addEventListener('component-answered', answered);
    }

    if (state(model).open) open(false);
    else if (waits) wait();
    else ask();
  },
};
