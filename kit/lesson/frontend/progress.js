// What a reader has answered: told at the foot of a lesson and on the page of the course, where it
// can be exported and erased. It is kept in this browser and nowhere else.
function keysOf(start) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(start)); } catch (error) { return []; }
}

function keptAt(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
}

// One line a page, beside its answers: how many components ask for one, and what became of them.
function tally() {
  const parts = [...document.querySelectorAll('.course-part[data-part]')]
    .map((el) => unpacked(el.dataset.spec)).filter((spec) => spec.asks !== false).map((spec) => spec.id);
  if (!parts.length) return null;
  const states = parts.map((name) => keptAt(`${course}:${page}:${name}`) || {});
  const found = {
    total: parts.length,
    answered: states.filter((one) => Object.keys(one).length).length,
    right: states.filter((one) => one.right).length,
  };
  try { localStorage.setItem(`${course}:${page}`, JSON.stringify(found)); } catch (error) { /* not kept */ }
  return found;
}

function told({ total, answered, right }) {
  return right ? say`${answered} of ${total} answered, ${right} of them right`
    : say`${answered} of ${total} answered`;
}

function exported(start, name) {
  const all = Object.fromEntries(keysOf(start).map((key) => [key.slice(course.length + 1), keptAt(key)]));
  const text = JSON.stringify({ course, answers: all }, null, 1);
  const link = make('a', { href: `data:application/json;charset=utf-8,${encodeURIComponent(text)}`, download: name });
  link.click();
}

// Export, and Erase, which asks once more: `sure`.
function tools(start, name, sure) {
  const row = make('span', { class: 'kept-tools' });
  const link = (label, onclick) => make('button', { type: 'button', class: 'link', onclick }, label);
  const usual = () => row.replaceChildren(link(say`Export`, () => exported(start, name)), ' ', link(say`Erase`, ask));
  function ask() {
    const yes = link(say`Yes, erase`, () => {
      for (const key of keysOf(start)) localStorage.removeItem(key);
      location.reload();
    });
    row.replaceChildren(`${sure} `, yes, ' ', link(say`No`, () => { usual(); row.querySelector('button').focus(); }));
    yes.focus();
  }
  usual();
  return row;
}

const kept = () => `${say`Kept in this browser alone.`} `;

function foot() {
  const found = tally();
  if (!found) return;
  const line = document.querySelector('.kept') || make('p', { class: 'kept' });
  line.replaceChildren(`${told(found)}. ${kept()}`, tools(`${course}:${page}`, 'answers-of-this-page.json', say`Erase all answers of this page?`));
  const article = document.querySelector('article');
  if (article) article.append(line);
}

function overview() {
  const table = document.querySelector('[data-progress]');
  if (!table) return;
  for (const row of table.querySelectorAll('[data-lesson]')) {
    const found = keptAt(`${course}:${row.dataset.lesson}`);
    if (!found) continue;
    row.querySelector('.state').textContent = told(found);
    row.querySelector('progress').value = found.answered / found.total;
  }
  table.after(make('p', { class: 'kept' }, kept(), tools(`${course}:`, 'answers-of-this-course.json', say`Erase all answers of this course?`)));
}

document.addEventListener('component-answered', () => {
  const found = tally();
  const line = document.querySelector('.kept');
  if (found && line) line.firstChild.textContent = `${told(found)}. ${kept()}`;
});
document.addEventListener('components-drawn', () => { foot(); overview(); });
