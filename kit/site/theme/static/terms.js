// Terms of the glossary tell their definition on hover and focus; the link leads to it.
(function () {
  'use strict';
  const terms = document.querySelectorAll('a[data-definition]');
  if (!terms.length) return;
  const kept = document.createElement('div');  // what screen readers say of each term
  kept.hidden = true;
  const tip = document.createElement('div');
  tip.className = 'definition';
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  document.body.append(kept, tip);
  let shownBy = null, leaving = 0;

  function show(term) {
    clearTimeout(leaving);
    shownBy = term;
    tip.textContent = term.dataset.definition;
    tip.hidden = false;
    const place = term.getClientRects()[0];
    const wide = document.documentElement.clientWidth;
    const left = Math.max(12, Math.min(place.left, wide - tip.offsetWidth - 12));
    const above = place.top - tip.offsetHeight - 6;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above > 4 ? above : place.bottom + 6) + scrollY}px`;
  }
  function hide() {
    clearTimeout(leaving);
    tip.hidden = true;
    shownBy = null;
  }
  // The pointer may wander onto the definition, to select from it.
  const soon = () => { leaving = setTimeout(hide, 200); };

  const names = new Map();
  for (const term of terms) {
    const text = term.dataset.definition;
    if (!names.has(text)) {
      const said = document.createElement('span');
      said.id = `definition-${names.size + 1}`;
      said.textContent = text;
      kept.append(said);
      names.set(text, said.id);
    }
    term.setAttribute('aria-describedby', names.get(text));
    term.addEventListener('pointerenter', (event) => {
      if (event.pointerType !== 'touch') show(term);
    });
    term.addEventListener('pointerleave', soon);
    term.addEventListener('focus', () => { if (term.matches(':focus-visible')) show(term); });
    term.addEventListener('blur', hide);
  }
  tip.addEventListener('pointerenter', () => clearTimeout(leaving));
  tip.addEventListener('pointerleave', soon);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && shownBy) hide();
  });
})();
