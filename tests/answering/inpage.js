// What the tests of answers ask a page, in few words each: where a thing is, and what is to be read.
window.answering = (() => {
  // What is heard once, or drawn by MathJax a moment later, is no lasting part of what is said.
  const PASSING = 'script, style, .math, mjx-container, .cp-heard, .cp-hidden, [role=status], [hidden], .copybtn';
  const roots = () => [...document.querySelectorAll('[data-part], article .cell.tag_run')]
    .filter((one) => !one.dataset.part || one.querySelector('section.cp'));

  function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  // A text without its spaces: two paragraphs are told apart by their words.
  function words(node) {
    if (!node) return '';
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll(PASSING)) one.remove();
    return copy.textContent.replace(/\s+/g, '');
  }

  const read = (html) => words(new DOMParser().parseFromString(html || '', 'text/html').body);

  // A path of selectors, each with which of those it finds; "button:" finds by a label.
  function find(at, path) {
    let here = roots()[at];
    for (let step = 0; here && step < path.length; step += 2) {
      const [what, which] = [path[step], path[step + 1]];
      const all = what.startsWith('button:')
        ? [...here.querySelectorAll('button')].filter((one) => one.checkVisibility()
          && new RegExp(what.slice(7)).test(one.textContent.trim()))
        : [...here.querySelectorAll(what)];
      here = all[which];
    }
    return here || null;
  }

  function must(at, path) {
    const found = find(at, path);
    if (!found) throw new Error(`there is no ${path.join(' ')}`);
    return found;
  }

  // Where to point at it, in the middle of the window and under nothing else. `share` is how far
  // along a slider.
  function aim(at, path, share) {
    const one = must(at, path);
    if (one.disabled) throw new Error(`${path.join(' ')} is disabled`);
    one.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = one.getBoundingClientRect();
    const thumb = one.closest('.cp-numberline') ? 28 : 16;
    const x = share === undefined ? box.left + box.width / 2
      : box.left + thumb / 2 + share * (box.width - thumb);
    const y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    if (!top || !(one.contains(top) || top.contains(one))) {
      throw new Error(`${path.join(' ')} lies under ${top && top.outerHTML.slice(0, 80)}`);
    }
    aimed = one;
    isHit = false;
    return { x, y };
  }

  // What moves between the look and the click is missed, by a mouse as by a hand.
  let aimed = null;
  let isHit = false;
  document.addEventListener('pointerdown', ({ target }) => {
    isHit = isHit || aimed?.contains(target) || target.contains(aimed);
  }, true);

  function named(one) {
    const label = one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent || '';
    return `${one.tagName.toLowerCase()} ${label.trim().slice(0, 40)}`;
  }

  // Whether a reader sees where the focus is: an outline of it or of the label around it, within
  // the window. A slider's thumb has its own, which only a picture tells ("look").
  function shown(one) {
    const box = one.getBoundingClientRect();
    if (box.bottom <= 0 || box.top >= innerHeight || !box.width) return 'no';
    if (!one.matches(':focus-visible')) return 'no';
    const ringed = (each) => {
      const style = getComputedStyle(each);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    };
    if (ringed(one)) return 'yes';
    return one.type === 'range' ? 'look' : 'no';
  }

  function focus(at, path) {
    const one = document.activeElement;
    const none = !one || one === document.body;
    const inside = none ? -1 : roots().findIndex((root) => root.contains(one));
    return {
      there: !none && (path ? find(at, path) === one : false),
      none, inside, shown: none ? 'no' : shown(one), name: none ? 'nothing' : named(one),
    };
  }

  function fields(root) {
    return [...root.querySelectorAll('input, select, textarea')]
      .map((one) => (['radio', 'checkbox'].includes(one.type) ? one.checked : one.value));
  }

  // All that a component shows: it is to be the same after a reload.
  function seen(at) {
    const root = roots()[at];
    const section = root.querySelector('section.cp');
    return { state: section.dataset.state, kind: words(section.querySelector('.cp-kind')), words: words(section), fields: fields(section) };
  }

  // What is not as expected of a component: its state and the word for it, HTML that it says and
  // hides, what elements and all elements of a selector say.
  function amiss(at, { state, word, says, hides, exact, each }) {
    const found = seen(at);
    const root = roots()[at].querySelector('section.cp');
    const wrong = [];
    const must = (is, told) => { if (!is) wrong.push(told); };
    must(state === null || found.state === state, `its state is ${found.state} and not ${state}`);
    must(found.kind.endsWith(read(word)), `the word for its state is ${found.kind} and not ${word}`);
    for (const html of says) must(found.words.includes(read(html)), `it does not say ${read(html).slice(0, 99)}`);
    for (const html of hides) must(!read(html) || !found.words.includes(read(html)), `it says ${read(html).slice(0, 99)}`);
    const same = (said, html) => must(said === read(html), `it says ${said.slice(0, 99)}, and not ${read(html).slice(0, 99)}`);
    for (const [path, html] of exact) same(words(find(at, path)), html);
    for (const [selector, htmls] of each) {
      const all = [...root.querySelectorAll(selector)].map(words);
      must(all.length === htmls.length, `there are ${all.length} ${selector}, and not ${htmls.length}`);
      htmls.forEach((html, place) => same(all[place] || '', html));
    }
    return wrong;
  }

  // All that a later visit is to find: not what is said once, of a solution, and by a page's Python, which says it again.
  function kept(at) {
    const found = seen(at);
    const root = roots()[at].cloneNode(true);
    const once = { solution: true, journal_entry: found.state !== 'right' }[root.dataset.part];
    for (const one of once ? root.querySelectorAll('.cp-body > .cp-said, .cp-check') : []) one.remove();
    return { ...found, words: words(root) };
  }

  // An exploration: where its controls stand, its sentence, and its views as seen and as heard.
  function explored(at) {
    const root = roots()[at];
    const places = [...root.querySelectorAll('.cp-controls > *')].map((one) => {
      const input = one.matches('input') ? one : one.querySelector('input[type=radio]:checked, select, input:not([type=radio])');
      return input.type === 'checkbox' ? Number(input.checked) : Number(input.value);
    });
    const views = [...root.querySelectorAll('figure.cp-view')].map((one) => ({
      drawn: Boolean(one.querySelector('svg')), words: words(one),
      heard: [one, ...one.querySelectorAll('[aria-label], [alt]')].map((each) => each.getAttribute('aria-label') || each.getAttribute('alt') || '').join(' ') + words(one),
    }));
    return { places, views, told: words(root.querySelector('p.cp-told, p.cp-unseen')) };
  }

  // What is kept of answers, by names of course, page and component.
  const inStore = () => JSON.stringify(Object.entries(localStorage)
    .filter(([name]) => name.split(':').length > 2).sort());

  // What the components hold, in the order of the page; cells that run stand among them.
  function specs() {
    let cells = 0;
    return roots().map((one) => {
      if (one.dataset.spec) return unpacked(one.dataset.spec);
      if (one.dataset.part) return { kind: one.dataset.part };
      cells += 1;
      return { kind: 'run', id: `cell ${cells}`, asks: false };
    });
  }

  // T-accounts that say not what they are, or not which side is which; wherever they stand.
  const mute = () => [...document.querySelectorAll('table.cp-t')].filter((one) => !words(one.caption)
    || [...one.querySelectorAll('th[scope=col]')].map(words).join() !== 'Debit,Credit').length;

  // MathJax and the fonts move what stands below them: pointing waits for both.
  async function settled() {
    await document.fonts.ready;
    await window.MathJax?.startup?.promise;
  }

  return { aim, isHit: () => isHit, find, must, focus, seen, amiss, kept, inStore, explored, words, read, mute, specs, settled, fields };
})();
