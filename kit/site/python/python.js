// Python for the components and the cells of a page, in a worker that starts at the first click.
// What is marked with say is put into the language of the course by the build, as in components.
// The worker has the page's own policy, so that no code in it reaches another site.
window.coursePython = (() => {
  const script = document.currentScript;
  const base = new URL('.', script.src).href;
  const asked = new Map();
  let worker = null;
  let isReady = false;
  let count = 0;

  const python = {
    base,
    isFile: location.protocol === 'file:',
    hub: script.dataset.hub || '',
    seconds: 30, // a cell may take so long
    ends: 0, // how often Python was ended: what it knew is gone
    ask,
    stop,
  };
  const STARTING = say`Starting Python, about ${script.dataset.megabytes} MB once.`;

  function end(why) {
    if (worker) worker.terminate();
    python.ends += 1;
    worker = null;
    isReady = false;
    const waiting = [...asked.values()];
    asked.clear();
    for (const one of waiting) {
      clearTimeout(one.timer);
      one.reject(why);
    }
  }

  function stop() { end(Object.assign(new Error(say`Stopped.`), { isStop: true })); }

  function broken(text) {
    end(new Error(say`Python could not be started: ${text}. Reload the page to try again.`));
  }

  function start() {
    const text = `import ${JSON.stringify(`${base}worker.js`)};`;
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    worker = new Worker(address, { type: 'module' });
    worker.onmessage = ({ data }) => {
      if (data.ready) {
        isReady = true;
        URL.revokeObjectURL(address);
        for (const one of asked.values()) one.note('');
      } else if (data.id === undefined) broken(data.failed);
      else heard(data);
    };
    worker.onerror = (event) => broken(event.message || say`its files cannot be loaded`);
  }

  function heard(data) {
    const one = asked.get(data.id);
    if (!one) return;
    if (data.loaded !== undefined) {
      clearTimeout(one.timer);
      const why = say`Stopped after ${python.seconds} seconds, the most that a cell may take here.`;
      one.timer = setTimeout(() => end(Object.assign(new Error(why), { isStop: true })), python.seconds * 1000);
    }
    if (data.ended !== undefined) clearTimeout(one.timer);
    if ('answer' in data || 'failed' in data) {
      clearTimeout(one.timer);
      asked.delete(data.id);
      if ('answer' in data) one.resolve(data.answer);
      else one.reject(new Error(data.failed));
    } else one.told(data);
  }

  // Sends a message to the worker; `note` is told what it is doing, `told` each piece on the way.
  function ask(message, { note = () => {}, told = () => {} } = {}) {
    return new Promise((resolve, reject) => {
      count += 1;
      asked.set(count, { resolve, reject, note, told, timer: 0 });
      try {
        if (!worker) start();
      } catch (error) {
        broken(say`this browser does not run it`);
        return;
      }
      note(isReady ? '' : STARTING);
      worker.postMessage({ ...message, id: count });
    });
  }

  return python;
})();
