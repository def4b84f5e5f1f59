import { make, rich, frame, state, remember, unique, typeset } from './shared.js';

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (value) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// Captions as an address of their own: a page that is opened as a file may not load another file.
function track(cues) {
  const at = (seconds) => new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
  const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const blocks = cues.map((cue) => `${at(cue.start)} --> ${at(cue.end)}\n${escaped(cue.text)}`);
  return `data:text/vtt;charset=utf-8,${encodeURIComponent(['WEBVTT', ...blocks].join('\n\n'))}`;
}

// JupyterLab shows a notebook at one address and serves the files beside it at another.
function beside(address) {
  const shown = location.pathname.match(/^(.*?\/)(?:lab(?:\/workspaces\/[^/]+)?\/tree|notebooks)\/(.*)$/);
  if (!address || !shown || /^https?:/.test(address)) return address;
  return new URL(address, `${location.origin}${shown[1]}files/${shown[2]}`).href;
}

// The transcript: a button a paragraph, one of them in the order of Tab, arrows for the others.
function transcript(spec, seek) {
  const rows = spec.paragraphs.map((one, at) => make('button', {
    type: 'button', class: 'cp-line', tabindex: at ? -1 : 0, onclick: () => seek(one.start),
    onkeydown: (event) => move(event, at),
  }, make('span', { class: 'cp-time' }, clock(one.start)), make('span', { class: 'cp-line-text' }, one.text)));
  const id = unique('transcript');
  const name = make('div', { class: 'cp-name', id }, say`Transcript`);
  const box = make('div', { class: 'cp-lines', role: 'group', 'aria-labelledby': id }, rows);

  function move(event, at) {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
    rest(row);
    row.focus();
  }

  function rest(row) {
    for (const one of rows) one.tabIndex = one === row ? 0 : -1;
  }

  let current = -1;
  let following = true;
  for (const event of ['wheel', 'touchmove', 'keydown']) {
    box.addEventListener(event, () => { following = false; }, { passive: true });
  }

  // Marks what is said now, and scrolls to it, in the box alone.
  function follow(seconds) {
    let now = -1;
    spec.paragraphs.forEach((one, at) => { if (one.start <= seconds + 0.05) now = at; });
    if (now === current) return;
    if (current >= 0) rows[current].removeAttribute('aria-current');
    current = now;
    if (now < 0) return;
    rows[now].setAttribute('aria-current', 'true');
    if (!box.contains(document.activeElement)) rest(rows[now]);
    if (!following) return;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const top = rows[now].offsetTop - box.offsetTop - (box.clientHeight - rows[now].offsetHeight) / 3;
    box.scrollTo({ top, behavior: still ? 'auto' : 'smooth' });
  }

  return { name, box, follow, resume() { following = true; } };
}

export default {
  render({ model, el }) {
    const spec = model.get('spec');
    const { body, tell } = frame(el, spec.question, spec.label);
    const words = rich('div', { class: 'cp-text' }, spec.text);
    if (!spec.text) words.append(...spec.paragraphs.map((one) => make('p', {}, one.text)));
    if (!spec.video) {
      tell('open', say`as text`);
      body.append(words);
      typeset(body);
      return;
    }
    const video = make('video', {
      controls: true, preload: 'metadata', playsinline: true, 'aria-label': spec.name,
      src: beside(spec.video), poster: beside(spec.poster) || null,
    });
    if (spec.cues.length) {
      video.append(make('track', { kind: 'captions', default: true, label: say`Captions`, srclang: document.documentElement.lang || 'en', src: track(spec.cues) }));
    }
    const missing = make('p', { class: 'cp-note', role: 'status' });
    video.addEventListener('error', () => {
      missing.textContent = say`The video cannot be played here. What is said in it stands below.`;
    });
    body.append(video, missing);
    if (spec.text) {
      body.append(make('details', {}, make('summary', {}, say`Transcript`), words));
      typeset(body);
    } else {
      const lines = transcript(spec, (seconds) => {
        lines.resume();
        video.currentTime = seconds;
        lines.follow(seconds);
        video.play().catch(() => {});
      });
      video.addEventListener('timeupdate', () => lines.follow(video.currentTime));
      video.addEventListener('seeked', () => lines.follow(video.currentTime));
      video.addEventListener('play', lines.resume);
      body.append(lines.name, lines.box);
    }

    // Where the learner stopped: kept at each pause, and gone to at the next visit.
    const keep = () => remember(model, { at: video.ended ? 0 : video.currentTime });
    video.addEventListener('pause', keep);
    window.addEventListener('pagehide', () => { if (!video.paused) keep(); });
    const before = state(model).at || 0;
    if (before) {
      video.addEventListener('loadedmetadata', () => { video.currentTime = before; }, { once: true });
    }
  },
};
