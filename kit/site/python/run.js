// Cells that run in the page: an editor, Run, Stop and Reset below each cell that is tagged `run`.
(() => {
  const script = document.currentScript;
  const python = window.coursePython;
  const absent = JSON.parse(script.dataset.absent || '[]');
  const root = document.documentElement;
  const start = `${root.dataset.course}:${root.dataset.page}`;

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === 'function') element.addEventListener(name, value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const button = (label, click, kind = 'quiet') => make('button', { type: 'button', class: kind, click }, label);

  // Edits lie beside the answers to components, so that they are exported and erased with them.
  function store(name) {
    const key = `${start}:${name}`;
    return {
      read() {
        try { return JSON.parse(localStorage.getItem(key)).code; } catch (error) { return undefined; }
      },
      write(code) {
        try {
          if (code === undefined) localStorage.removeItem(key);
          else localStorage.setItem(key, JSON.stringify({ code }));
        } catch (error) { /* not kept */ }
      },
    };
  }

  // A name for a cell that follows from its code: an edit is of this code, and of no other.
  function nameOf(code, seen) {
    let sum = 2166136261;
    for (const letter of code) sum = Math.imul(sum ^ letter.codePointAt(0), 16777619);
    const name = `run-${(sum >>> 0).toString(36)}`;
    seen[name] = (seen[name] || 0) + 1;
    return seen[name] > 1 ? `${name}-${seen[name]}` : name;
  }

  let loading = null;
  function editorOf() {
    loading = loading || new Promise((resolve, reject) => {
      document.head.append(make('script', { src: `${python.base}editor.js`, load: () => resolve(window.courseEditor), error: () => { loading = null; reject(new Error(say`The editor cannot be loaded.`)); } }));
    });
    return loading;
  }

  function elsewhere(why) {
    const note = make('p', { class: 'run-note' }, `${why} `);
    if (python.hub) {
      const [before, after] = say`It runs ${'\n' /* where */}.`.split('\n');
      note.append(before, make('a', { href: python.hub }, say`on the hub`), after);
    }
    return note;
  }

  const cells = [];
  let running = null;

  function cell(element, place, seen) {
    const input = element.querySelector('.cell_input');
    const pre = input && input.querySelector('pre');
    if (!pre) return null;
    const lacks = absent[place] || [];
    const number = cells.length + 1;
    if (lacks.length) {
      input.after(elsewhere(`${say`This cell needs ${lacks.join(', ') /* names */}, which this page has not.`} ${python.hub ? '' : say`Run it in the notebook.`}`));
      return { number, lacks };
    }
    const original = pre.textContent;
    const shown = [...pre.childNodes];
    const kept = store(nameOf(original, seen));
    const before = element.querySelector('.cell_output');
    const status = make('span', { class: 'run-status', role: 'status' });
    const clock = make('span', { class: 'run-status', 'aria-hidden': 'true' });
    const output = make('div', { class: 'cell_output run-output', role: 'region', 'aria-label': say`Output of cell ${number}`, 'aria-live': 'polite' });
    const hint = make('p', { class: 'run-note', id: `run-hint-${number}`, hidden: '' }, say`Shift+Enter runs. Tab indents; Esc, then Tab, leaves the editor.`);
    const one = { number, name: say`cell ${number}`, ran: '', lacks };
    let editor = null;

    const runs = button(say`Run`, () => go(one), '');
    const edits = button(say`Edit`, open);
    const resets = button(say`Reset`, reset);
    const stops = button(say`Stop`, () => python.stop());
    runs.setAttribute('aria-label', say`Run cell ${number}`);
    edits.setAttribute('aria-label', say`Edit cell ${number}`);
    resets.setAttribute('aria-label', say`Reset cell ${number}`);
    stops.hidden = true;
    const bar = make('div', { class: 'run-bar' }, runs, stops, edits, resets, status, clock);

    one.source = () => (editor ? editor.text() : kept.read() ?? original).trimEnd();
    one.say = (text) => { if (status.textContent !== text) status.textContent = text; };
    one.tick = (text) => { clock.textContent = text; };
    one.show = (kind, text) => window.courseOutput.show(output, kind, text);
    one.note = (note) => output.append(note);
    one.empty = () => {
      output.replaceChildren();
      if (before) before.hidden = true;
      if (!output.parentNode) (before || hint).after(output);
    };
    one.busy = (isBusy) => {
      const hadFocus = [runs, stops].includes(document.activeElement);
      runs.hidden = isBusy;
      stops.hidden = !isBusy;
      if (hadFocus) (isBusy ? stops : runs).focus();
    };
    one.lock = (isLocked) => { runs.disabled = isLocked; };

    async function open() {
      if (editor) return;
      one.say(say`Loading the editor.`);
      try {
        const makeEditor = await editorOf();
        const code = one.source();
        const parent = make('div', { class: 'run-editor' });
        pre.closest('.highlight').after(parent);
        editor = makeEditor({ parent, text: code, label: say`Code of cell ${number}`, describedBy: hint.id, run: () => go(one), changed });
        input.classList.add('run-edited');
        hint.hidden = false;
        edits.hidden = true;
        one.say('');
        editor.focus();
      } catch (error) { one.say(error.message); }
    }

    function changed() {
      const code = editor.text();
      const isOther = code.trimEnd() !== original.trimEnd();
      kept.write(isOther ? code : undefined);
      edited(isOther);
    }

    function edited(isEdited) {
      resets.hidden = !isEdited;
      if (!running) one.say(isEdited ? say`Edited; kept in this browser alone.` : '');
    }

    function reset() {
      kept.write(undefined);
      if (editor) editor.replace(original.trimEnd());
      pre.replaceChildren(...shown);
      output.remove();
      if (before) before.hidden = false;
      one.ran = '';
      edited(false);
      (editor || runs).focus();
    }

    if (kept.read() !== undefined) pre.textContent = kept.read();
    edited(kept.read() !== undefined);
    input.after(bar, hint);
    return one;
  }

  const isFresh = (one) => one.ran === `${python.ends}\n${one.source()}`;

  async function go(asked) {
    if (running) return;
    if (python.isFile) {
      asked.empty();
      asked.note(elsewhere(`${say`This page is open as a file, and there a browser starts no Python.`} ${say`Look at it over the web: at the published page, or with kit preview.`}`));
      return;
    }
    const todo = cells.filter((one) => one.number < asked.number && !one.lacks.length && !isFresh(one));
    todo.push(asked);
    running = asked;
    for (const one of cells.filter((each) => each.source)) one.lock(true);
    for (const one of todo) one.empty();
    asked.busy(true);
    const began = todo.map((one) => one.source());
    let at = null;
    let ticking = 0;
    const told = (piece) => {
      const one = piece.begins !== undefined ? cells[piece.begins] : at;
      if (piece.begins !== undefined) at = one;
      else if (piece.loaded !== undefined) ticking = clock(asked, at, ticking);
      else if (piece.ended !== undefined) one.ran = piece.isWell ? `${python.ends}\n${began[todo.indexOf(one)]}` : '';
      else if (piece.kind === 'missing') one.note(elsewhere(`${say`A page has no ${piece.text /* name */}.`} ${python.hub ? '' : say`Run this in the notebook.`}`));
      else one.show(piece.kind, piece.text);
    };
    const note = (text) => asked.say(text || say`Running.`);
    try {
      const message = todo.map((one, place) => ({ name: one.name, source: began[place], place: one.number - 1 }));
      const isWell = await python.ask({ do: 'run', cells: message }, { note, told });
      ended(asked, at, isWell);
    } catch (error) {
      asked.say(error.message);
      if (error.isStop) asked.note(make('p', { class: 'run-note' }, say`${error.message /* why */} Python starts anew at the next Run, and runs the cells above once more.`));
    }
    clearInterval(ticking);
    window.dispatchEvent(new Event('resize')); // site.js: what scrolls now is reachable by keyboard
    asked.tick('');
    running = null;
    for (const one of cells.filter((each) => each.source)) one.lock(false);
    asked.busy(false); // a button that is locked would not take the focus
  }

  function ended(asked, at, isWell) {
    const others = cells.filter((one) => one.number < asked.number && one.lacks.length);
    if (isWell) asked.say(say`Done.`);
    else if (at !== asked) asked.say(say`Cell ${at.number}, which runs before this one, stopped with an error.`);
    else asked.say(others.length ? say`Stopped with an error; cells above did not run here.` : say`Stopped with an error.`);
  }

  // The seconds that a cell has taken, of those that it may.
  function clock(asked, at, before) {
    clearInterval(before);
    const began = Date.now();
    const tell = () => {
      const now = Math.round((Date.now() - began) / 1000);
      asked.tick(at === asked ? say`${now} of at most ${python.seconds} s` : say`cell ${at.number}, ${now} of at most ${python.seconds} s`);
    };
    tell();
    return setInterval(tell, 1000);
  }

  function draw() {
    const seen = {};
    [...document.querySelectorAll('article .cell.tag_run')].forEach((element, place) => {
      const one = cell(element, place, seen);
      if (one) cells.push(one);
    });
    root.dataset.run = 'drawn';
  }

  if (document.readyState === 'complete') draw();
  else window.addEventListener('load', draw);
})();
