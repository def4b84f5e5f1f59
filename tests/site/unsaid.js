// What a page says outside of marks: texts between ⟪ ⟫ are its author's, those between ⟦ ⟧ ours.
// Evaluated with a selector of what is passed over; gives pairs of a place and what stands there.
(passed) => {
  const found = [];
  const open = '⟦⟪', close = '⟧⟫';
  const where = (one) => {
    const names = [];
    for (let at = one; at && at.localName !== 'body'; at = at.parentElement)
      names.unshift(at.localName + (at.classList[0] ? `.${at.classList[0]}` : ''));
    return names.slice(-4).join(' > ');
  };
  const outside = (text, depth = 0) => {
    let rest = '';
    for (const letter of text) {
      if (open.includes(letter)) depth += 1;
      else if (close.includes(letter)) depth -= 1;
      else if (!depth) rest += letter;
    }
    return [rest.trim(), depth];
  };
  const tell = (place, text) => {
    if (/\p{L}/u.test(text)) found.push([place, text]);
  };

  let depth = 0;
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const [rest, now] = outside(node.data, depth);
      depth = now;
      tell(where(node.parentElement), rest);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.localName === 'noscript') {
      const inner = new DOMParser().parseFromString(node.textContent, 'text/html');
      tell(where(node), outside(inner.body.textContent)[0]);
      return;
    }
    if (!node.matches(passed)) node.childNodes.forEach(walk);
  };
  walk(document.body);
  if (depth) found.push(['the page', `${depth} marks are not closed`]);

  for (const one of document.querySelectorAll('body, body *, title')) {
    if (one.closest(passed)) continue;
    for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'data-tooltip', 'value',
      'data-toggle-hint', 'aria-roledescription', 'aria-valuetext'])
      if (one.hasAttribute(name) && !(name === 'value' && one.localName !== 'input'))
        tell(`${where(one)}[${name}]`, outside(one.getAttribute(name))[0]);
    for (const pseudo of ['::before', '::after'])
      for (const said of getComputedStyle(one, pseudo).content.match(/"(?:[^"\\]|\\.)*"/g) || [])
        tell(where(one) + pseudo, outside(said)[0]);
  }
  tell('title', outside(document.title)[0]);
  for (const meta of document.querySelectorAll('meta[name=description], meta[property^="og:"]'))
    if (!/og:(type|url|image|locale)/.test(meta.getAttribute('property')))
      tell(`meta ${meta.getAttribute('property') || 'description'}`, outside(meta.content)[0]);
  return found;
}
