import { make, frame, button, place, state, remember, unique, typeset } from './shared.js';

const SIDES = ['debit', 'credit'];
const STATES = { r: 'right', p: 'part', w: 'wrong' };
const WORDS = { right: say`right`, part: say`not yet`, wrong: say`not yet` };
const LETTERS = 'xyzuvwst';
const MOST_LINES = 8;
const KERNEL_SECONDS = 6;

// ---- amounts: whole cents

// What is typed, in cents: 4,000 or 4 000 or 12.50; 0 for nothing, NaN for what is no amount.
function cents(text) {
  let plain = String(text).trim().replace(/[−–]/g, '-').replace(/[\s\u00a0\u202f'’]/g, '');
  plain = plain.replace(/^[€$£¥]|[€$£¥]$/g, '');
  if (plain === '') return 0;
  if (/^\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain)) plain = plain.replace(/,/g, '');
  else if (/^\d+,\d{1,2}$/.test(plain)) plain = plain.replace(',', '.');
  const found = /^(\d{0,12})(?:\.(\d{0,2}))?$/.exec(plain);
  if (!found || plain === '.') return NaN;
  return Number(found[1] || 0) * 100 + Number((found[2] || '').padEnd(2, '0'));
}

function grouped(whole) {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

// As entries are written: 4,000 or 12.50.
function money(amount) {
  const size = Math.abs(amount);
  const part = size % 100;
  const digits = grouped((size - part) / 100) + (part ? '.' + String(part).padStart(2, '0') : '');
  return amount < 0 ? '−' + digits : digits;
}

// As the checker tells amounts: 12.5 for 12.50.
function figure(amount) {
  return amount % 100 ? money(amount).replace(/0$/, '') : money(amount);
}

const total = (lines, side) => lines.reduce((sum, line) => sum + (line.side === side ? line.amount : 0), 0);

// ---- an entry: lines of { account (its place in the chart), side, amount }

// Debits before credits, each by the chart: so the text and the table have it.
function ordered(lines) {
  const place = (line) => SIDES.indexOf(line.side) * 1000 + line.account;
  return [...lines].sort((one, other) => place(one) - place(other));
}

// The text form, as autograders.accounting writes it.
function written(lines, spec) {
  const postings = ordered(lines).map(({ account, side, amount }) =>
    [`${side === 'debit' ? 'Dr' : 'Cr'} ${spec.accounts[account].words}`, money(amount)]);
  if (postings.length <= 2) {
    const body = postings.map((posting) => posting.join(' ')).join(' / ');
    return spec.head ? `${spec.head}  ${body}` : body;
  }
  const names = Math.max(...postings.map(([name]) => name.length));
  const amounts = Math.max(...postings.map(([, amount]) => amount.length));
  const rows = postings.map(([name, amount]) => `    ${name.padEnd(names)}  ${amount.padStart(amounts)}`);
  return spec.head ? [spec.head, ...rows].join('\n') : rows.join('\n').trimStart();
}

// What the checker said of such an entry when the page was made; null where it was not asked.
function lookUp(lines, table) {
  const sums = new Map();
  for (const { account, side, amount } of ordered(lines)) {
    const name = String.fromCharCode((side === 'credit' ? 97 : 65) + account);
    sums.set(name, (sums.get(name) || 0) + amount);
  }
  const others = [];
  let key = '';
  for (const [name, amount] of sums) {
    const known = table.amounts.indexOf(amount);
    if (known < 0 && !others.includes(amount)) others.push(amount);
    key += name + (known < 0 ? LETTERS[others.indexOf(amount)] : known);
  }
  const holes = [total(lines, 'debit'), total(lines, 'credit'), ...others];
  // The checker tells ten digits of an amount, and no more.
  if (others.length > LETTERS.length || holes.some((one) => one % 100 && one >= 1e10)) return null;
  const words = table.rows.split(' ');
  const at = words.indexOf(key + (holes[0] === holes[1] ? '=' : '!'));
  if (at < 0) return null;
  const found = table.outcomes.split(' ')[words[at + 1]];
  const said = found.slice(1).split(',').map((one) => table.said[one].replace(/[\ue000-\ue00f]/g,
    (hole) => figure(holes[hole.charCodeAt(0) - 0xe000])));
  return { state: STATES[found[0]], said };
}

// ---- the accounts

function accounts(spec) {
  const drawn = spec.accounts.map((account) => {
    const body = make('tbody', {});
    const head = make('tr', {}, make('th', { scope: 'col' }, say`Debit`), make('th', { scope: 'col' }, say`Credit`));
    const element = make('table', { class: 'cp-t' }, make('caption', {}, account.name), make('thead', {}, head), body);
    return { account, body, element };
  });
  const beam = make('p', { class: 'cp-beam' });

  function move(lines) {
    drawn.forEach(({ account, body }, at) => {
      const columns = SIDES.map((side) => [
        ...account[side].map((amount) => money(amount)),
        ...lines.filter((line) => line.account === at && line.side === side)
          .map((line) => make('b', { class: 'cp-new' }, money(line.amount))),
      ]);
      const least = Math.max(account.debit.length, account.credit.length, 1) + 1;
      const height = Math.max(least, columns[0].length, columns[1].length);
      body.replaceChildren(...Array.from({ length: height }, (_, row) =>
        make('tr', {}, columns.map((column) => make('td', {}, column[row] || '')))));
    });
    const sums = { asset: 0, liability: 0, equity: 0, revenue: 0, expense: 0 };
    spec.accounts.forEach(({ kind, debit, credit }, at) => {
      const own = lines.filter((line) => line.account === at);
      const before = debit.reduce((sum, one) => sum + one, 0) - credit.reduce((sum, one) => sum + one, 0);
      sums[kind] += before + total(own, 'debit') - total(own, 'credit');
    });
    const equity = -(sums.equity + sums.revenue + sums.expense);
    const even = sums.asset === equity - sums.liability;
    beam.dataset.even = even ? 'yes' : 'no';
    beam.replaceChildren(make('span', {}, say`Assets ${money(sums.asset) /* amount */}`), ' ',
      make('span', { class: 'cp-sign' }, even ? '=' : '≠'), ' ',
      make('span', {}, say`Liabilities ${money(-sums.liability) /* amount */} + Equity ${money(equity)}`));
    return beam.textContent;
  }

  const note = make('p', { class: 'cp-note' }, say`Bold: your entry. Equity has revenue less expenses in it.`);
  const element = make('div', { role: 'group', 'aria-label': say`The accounts with your entry` },
    make('div', { class: 'cp-ts' }, drawn.map((one) => one.element)), beam, note);
  return { element, move };
}

// ---- the lines

function grid(spec, kept, changed, check) {
  const rows = [];
  const body = make('tbody', {});

  function add([name, ...amounts] = []) {
    const at = rows.length + 1;
    const choices = spec.accounts.map((account) =>
      make('option', { value: account.name, selected: account.name === name }, account.name));
    const account = make('select', { 'aria-label': say`Account, line ${at /* line */}`, onchange: () => changed(true) },
      make('option', { value: '' }, say`Account`), choices);
    const inputs = SIDES.map((side, which) => {
      const input = make('input', {
        type: 'text', inputmode: 'decimal', autocomplete: 'off', value: amounts[which] || '',
        'aria-label': side === 'debit' ? say`Debit, line ${at /* line */}` : say`Credit, line ${at /* line */}`,
        oninput: () => changed(false), onchange: () => changed(true),
        onkeydown: (event) => { if (event.key === 'Enter') check(); },
      });
      return input;
    });
    const element = make('tr', {}, [account, ...inputs].map((one) => make('td', {}, one)));
    rows.push({ element, account, inputs });
    body.append(element);
    return account;
  }

  // The lines that are whole, and the first thing that keeps the others from it.
  function read() {
    const lines = [];
    let trouble = null;
    const told = (input, words) => { trouble = trouble || { input, words }; };
    rows.forEach(({ element, account, inputs }, at) => {
      const which = spec.accounts.findIndex((one) => one.name === account.value);
      const amounts = inputs.map((input) => cents(input.value));
      inputs.forEach((input, side) => {
        input.toggleAttribute('aria-invalid', false);
        if (!Number.isNaN(amounts[side])) return;
        input.setAttribute('aria-invalid', 'true');
        told(input, /^\s*[-−–]/.test(input.value)
          ? say`Amounts in a journal are positive: the side says which way.`
          : say`Line ${at + 1 /* line */}: type an amount such as 4,000 or 12.50.`);
      });
      element.dataset.side = amounts[1] && !amounts[0] ? 'credit' : 'debit';
      if (which >= 0 && amounts.every((amount) => amount === 0)) {
        told(inputs[0], say`Line ${at + 1 /* line */} has no amount yet.`);
      }
      if (which < 0 && amounts.some((amount) => amount > 0)) {
        told(account, say`Choose the account of line ${at + 1 /* line */}.`);
      }
      SIDES.forEach((side, one) => {
        if (which >= 0 && amounts[one] > 0) lines.push({ account: which, side, amount: amounts[one] });
      });
    });
    return { lines, trouble };
  }

  const typed = () => rows.map(({ account, inputs }) => [account.value, ...inputs.map((one) => one.value)]);
  const before = Array.isArray(kept) ? kept.filter(Array.isArray).slice(0, MOST_LINES) : [];
  for (let at = 0; at < Math.max(2, before.length); at += 1) add(before[at]);
  const heads = [say`Account`, say`Debit`, say`Credit`].map((head) => make('th', { scope: 'col' }, head));
  const element = make('table', { class: 'cp-entry', 'aria-label': say`Lines of the entry` }, make('thead', {}, make('tr', {}, heads)), body);
  return { element, add, read, typed, isFull: () => rows.length >= MOST_LINES };
}

// ---- the text form

function copyOf(element, status) {
  const copied = () => { status.textContent = say`Copied.`; };
  function byHand() {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    if (document.execCommand('copy')) copied();
    else status.textContent = say`It is selected: copy it with Ctrl+C or Cmd+C.`;
  }
  if (!navigator.clipboard) return byHand();
  return navigator.clipboard.writeText(element.textContent).then(copied, byHand);
}

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    const { root, body, tell } = frame(el, spec.question, spec.label);
    root.classList.add('cp-journal_entry');
    const isLive = model.get('told') !== undefined;
    const said = place();
    const balance = make('p', { class: 'cp-balance', id: unique('balance') });
    const spoken = make('p', { class: 'cp-hidden', role: 'status' });
    const text = make('pre', { class: 'cp-text', tabindex: '0' });
    const copied = make('span', { class: 'cp-note', role: 'status' });
    const books = accounts(spec);
    const lines = grid(spec, state(model).rows, changed, () => answer());
    let waiting = null;

    function paragraphs(parts) {
      return parts.map((part) => `<p>${part}</p>`).join('');
    }

    function changed(isDone) {
      const { lines: own, trouble } = lines.read();
      const equation = books.move(own);
      const sums = SIDES.map((side) => total(own, side));
      const gap = Math.abs(sums[0] - sums[1]);
      balance.dataset.even = gap ? 'no' : 'yes';
      balance.textContent = !sums[0] && !sums[1] ? say`One line for each account that changes.`
        : gap ? say`Out of balance by ${money(gap)}: debits ${money(sums[0]) /* debits */}, credits ${money(sums[1]) /* credits */}.`
          : say`In balance: debits and credits are both ${money(sums[0]) /* amount */}.`;
      if (trouble && trouble.input.hasAttribute('aria-invalid')) balance.textContent = trouble.words;
      const form = own.length ? written(own, spec) : '';
      if (text.textContent !== form) copied.textContent = '';
      text.textContent = form;
      copy.disabled = !form;
      if (!isDone) return;
      if (own.length && form !== state(model).text) spoken.textContent = `${balance.textContent} ${equation}`;
      if (state(model).checked && state(model).checked !== form) tell('open');
      remember(model, { rows: lines.typed(), text: form });
    }

    function show(told) {
      waiting = null;
      tell(told.state, WORDS[told.state]);
      said.say(paragraphs(told.said));
      check.textContent = told.state === 'right' ? say`Check` : say`Check again`;
    }

    // An entry that the page was not made for, or a kernel that is silent.
    function showNone() {
      waiting = null;
      tell('open', say`not checked`);
      if (isLive) {
        said.say(`<p>${say`The kernel does not answer. Run the cell once more, then check again.`}</p>`);
        return;
      }
      const why = location.protocol === 'file:'
        ? say`This page is open as a file, and there a browser starts no Python.`
        : say`This page has no answer to this entry.`;
      said.say(paragraphs([`<strong>${say`Check this one in the notebook.`}</strong> ${why} ${say`Copy the text form into a cell there.`}`]));
    }

    // The Python of the page, where it has one: it asks the checker of homework.
    async function ask(form, asked) {
      const python = window.coursePython;
      if (!python || python.isFile) return showNone();
      waiting = asked;
      tell('open', say`checking`);
      const note = (words) => { if (waiting === asked) said.say(`<p>${words || say`The checker looks at it.`}</p>`); };
      try {
        const told = await python.ask({ do: 'judge', data: JSON.stringify(spec.checker), text: form }, { note });
        if (waiting !== asked) return undefined;
        show(told);
        remember(model, { right: told.state === 'right', found: told.state });
        return changed(true); // it may have been changed meanwhile
      } catch (error) {
        if (waiting !== asked) return undefined;
        waiting = null;
        tell('open', say`not checked`);
        said.say('<p></p>');
        said.element.firstChild.textContent = say`${error.message /* why */} Check again, or check it in the notebook.`;
        return undefined;
      }
    }

    function answer() {
      changed(false);
      const { lines: own, trouble } = lines.read();
      if (trouble || !own.length) {
        said.say('<p></p>');
        said.element.firstChild.textContent = trouble ? trouble.words : say`Fill in a line first: an account and an amount.`;
        if (trouble) trouble.input.focus();
        return;
      }
      const form = written(own, spec);
      const asked = (state(model).check || 0) + 1;
      const told = isLive ? null : lookUp(own, spec.table);
      if (isLive) wait(asked, own);
      else if (told) show(told);
      remember(model, {
        rows: lines.typed(), text: form, checked: form, check: asked, tries: asked,
        right: told ? told.state === 'right' : false, found: '',
      });
      if (!isLive && !told) ask(form, asked);
    }

    function wait(asked, own) {
      waiting = asked;
      said.say(`<p>${say`The kernel looks at it…`}</p>`);
      window.setTimeout(() => {
        if (waiting !== asked) return;
        const told = lookUp(own, spec.table);
        if (told) show(told);
        else showNone();
      }, KERNEL_SECONDS * 1000);
    }

    function heard() {
      const told = model.get('told');
      if (!told.check || told.check !== state(model).check) return;
      show(told);
      if (state(model).right !== (told.state === 'right')) remember(model, { right: told.state === 'right' });
    }

    const more = button(say`Add a line`, () => {
      lines.add().focus();
      more.disabled = lines.isFull();
      changed(true);
    }, true);
    const copy = button(say`Copy`, () => copyOf(text, copied), true);
    const check = button(say`Check`, answer);
    more.disabled = lines.isFull();
    const label = make('span', { class: 'cp-note', id: unique('text') }, say`As text, for a cell of homework`);
    text.setAttribute('aria-labelledby', label.id);
    if (spec.head) body.append(make('p', { class: 'cp-note' }, spec.head));
    body.append(lines.element, make('div', { class: 'cp-row' }, more, balance), books.element,
      make('div', { class: 'cp-row cp-check' }, check), said.element,
      make('div', { class: 'cp-row cp-as-text' }, label, copied, copy), text, spoken);
    changed(false);
    typeset(root);
    const was = state(model);
    if (isLive) {
      heard();
      model.on('change:told', heard);
      return () => model.off('change:told', heard);
    }
    if (was.checked && was.checked === text.textContent) {
      const told = lookUp(lines.read().lines, spec.table);
      if (told) show(told);
      else if (!window.coursePython || window.coursePython.isFile) showNone();
      else {
        // What Python found is kept, and not what it said: an old page's words are no HTML to trust.
        const found = was.right ? 'right' : was.found;
        if (WORDS[found]) tell(found, WORDS[found]);
        if (found !== 'right') said.say(`<p>${say`Check it again to hear what the checker says.`}</p>`);
      }
    }
    return undefined;
  },
};
