// What a static page needs of @jupyterlab/apputils; the whole package would bring React.
export { Sanitizer } from '@jupyterlab/apputils/lib/sanitizer.js';

export class WidgetTracker {
  constructor() {
    this.known = new Set();
  }

  has(widget) {
    return this.known.has(widget);
  }

  add(widget) {
    this.known.add(widget);
    return Promise.resolve();
  }

  dispose() {
    this.known.clear();
  }
}
