// What a static page needs of @jupyterlab/apputils; the whole package would bring React.
export { Sanitizer } from '@jupyterlab/apputils/lib/sanitizer.js';

export class WidgetTracker {
  add() {
    return Promise.resolve();
  }
}
