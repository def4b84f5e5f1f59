// What a cell gave, on the page. Python's HTML is made anew from what is known to be harmless:
// whoever edits a cell decides what it says, and it must not run, style the page or ask another
// site for anything. (A frame of its own would have the wrong font, height and colours.)
window.courseOutput = (() => {
  const TAGS = new Set(('a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 '
    + 'hr i img ins kbd li mark ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var').split(' '));
  const GONE = new Set('script style iframe object embed template noscript svg math head title textarea select button input form link meta base'.split(' '));
  const KEPT = new Set('class colspan rowspan scope align aria-hidden title open start'.split(' '));
  const ODD = /[\\@<]|url|image|expression|position|behavior|animation|content|z-index/i;

  const style = (text) => text.split(';').filter((one) => one.trim() && !ODD.test(one)).join(';');

  function attribute(tag, { name, value }) {
    if (KEPT.has(name)) return value;
    if (name === 'style') return style(value);
    if (name === 'href' && tag === 'a') return /^(https?:|mailto:|#)/i.test(value.trim()) ? value : null;
    if (tag === 'img' && name === 'src') return /^data:image\/(png|jpeg|gif|svg\+xml)[;,]/i.test(value) ? value : null;
    return tag === 'img' && ['alt', 'width', 'height'].includes(name) ? value : null;
  }

  function clean(from, to, depth) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE || depth > 60) continue;
      const tag = node.localName;
      if (GONE.has(tag)) continue;
      if (!TAGS.has(tag)) {
        clean(node, to, depth + 1);
        continue;
      }
      const made = document.createElement(tag);
      for (const one of node.attributes) {
        const value = attribute(tag, one);
        if (value !== null) made.setAttribute(one.name, value);
      }
      if (tag === 'a') made.rel = 'noopener noreferrer';
      clean(node, made, depth + 1);
      to.append(made);
    }
  }

  function html(text) {
    const found = document.createElement('div');
    found.className = 'output text_html';
    clean(new DOMParser().parseFromString(text, 'text/html').body, found, 0);
    return found;
  }

  function block(kind, text) {
    const found = document.createElement('div');
    found.className = `output ${kind}`;
    found.append(Object.assign(document.createElement('pre'), { textContent: text }));
    return found;
  }

  function picture(address) {
    const image = new Image();
    image.alt = say`Figure drawn by the code above`;
    image.src = address;
    return image;
  }

  const CLASSES = { stdout: 'stream', stderr: 'stream stderr', text: 'text_plain', error: 'traceback' };

  // Adds a piece to `place`; what is printed goes on in the block that it began.
  function show(place, kind, text) {
    const last = place.lastElementChild;
    if (kind === 'html') place.append(html(text));
    else if (kind === 'svg') place.append(picture(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`));
    else if (kind === 'png') place.append(picture(`data:image/png;base64,${text}`));
    else if (last && last.dataset.kind === kind && kind.startsWith('std')) last.firstChild.append(text);
    else {
      const made = block(CLASSES[kind] || 'text_plain', text);
      made.dataset.kind = kind;
      place.append(made);
    }
  }

  return { show };
})();
