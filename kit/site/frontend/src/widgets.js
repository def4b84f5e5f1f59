// Draws the widgets of a built page without a kernel. The page's state and views stand in
// script tags that the notebook left; only what ipywidgets itself brings is known here.
import '@lumino/widgets/style/index.css';
import '@jupyter-widgets/controls/css/labvariables.css';
import '@jupyter-widgets/controls/css/widgets-base.css';
import '@jupyter-widgets/html-manager/css/output.css';
import { HTMLManager } from '@jupyter-widgets/html-manager/lib/htmlmanager.js';

const STATE = 'application/vnd.jupyter.widget-state+json';
const VIEW = 'application/vnd.jupyter.widget-view+json';

// MathJax 2's queue, which ipywidgets' own controls still call.
function bridgeMath() {
  const math = window.MathJax;
  if (!math || math.Hub || !math.startup) return;
  math.Hub = {
    Queue: (...calls) => {
      const elements = calls.map((call) => call[2]).filter((node) => node instanceof Element);
      return math.startup.promise.then(() => math.typesetPromise(elements));
    },
  };
}

function apology(tag, text) {
  const note = document.createElement('p');
  note.className = 'widget-note';
  note.textContent = text;
  tag.before(note);
}

async function draw(manager, models, tag) {
  const id = JSON.parse(tag.textContent).model_id;
  const model = models.find((item) => item.model_id === id);
  if (!model) {
    apology(tag, 'This part needs Jupyter: open the notebook to use it.');
    return;
  }
  const place = document.createElement('div');
  place.className = 'widget-subarea';
  tag.before(place);
  await manager.display_view(await manager.create_view(model), place);
}

async function start() {
  bridgeMath();
  for (const state of document.querySelectorAll(`script[type="${STATE}"]`)) {
    const manager = new HTMLManager({
      loader: (name) => Promise.reject(new Error(`${name} is not part of this page`)),
    });
    const models = await manager.set_state(JSON.parse(state.textContent));
    const views = [...document.querySelectorAll(`script[type="${VIEW}"]`)];
    await Promise.all(views.map((tag) => draw(manager, models, tag)));
  }
  document.documentElement.dataset.widgets = 'drawn';
  document.dispatchEvent(new CustomEvent('widgets-drawn'));
}

if (document.readyState === 'complete') start();
else window.addEventListener('load', start);
