// The Python of a page: Pyodide, the checkers, and one namespace for the page's cells. python.js
// starts it at a reader's first click and ends it with Stop. What is marked with say is put into
// the course's language by the build.
import { loadPyodide } from './pyodide.mjs';

const here = new URL('.', import.meta.url).href;

async function read(name, how) {
  const answer = await fetch(here + name);
  if (!answer.ok) throw new Error(say`${name} is not there (${answer.status})`);
  return answer[how]();
}

async function start() {
  const [lock, packed] = await Promise.all([read('pyodide-lock.json', 'json'), read('kit.zip', 'arrayBuffer')]);
  const python = await loadPyodide({
    indexURL: here,
    packageBaseUrl: here,
    lockFileContents: lock,
    env: { HOME: '/home/pyodide', MPLBACKEND: 'agg', NO_COLOR: '1' },
  });
  python.setStdin({ error: true }); // nobody could answer an input()
  python.FS.writeFile('/kit.zip', new Uint8Array(packed));
  python.runPython("import sys; sys.path.insert(0, '/kit.zip')");
  return python;
}

const started = start();
started.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error.message || error) }));

let session = null;
let now = null; // the message that is being answered

async function run(python, { id, cells }) {
  session = session || python.pyimport('kit.lesson.running').Session(
    (kind, text) => postMessage({ id: now, kind, text }),
    say`output was cut here: a page shows {most} characters of a cell`,
  );
  for (const { name, source, place } of cells) {
    postMessage({ id, begins: place });
    await python.loadPackagesFromImports(source, { messageCallback: () => {}, errorCallback: () => {} });
    postMessage({ id, loaded: place });
    const isWell = session.run(source, name);
    postMessage({ id, ended: place, isWell });
    if (!isWell) return false;
  }
  return true;
}

function judge(python, { id, data, text }) {
  postMessage({ id, loaded: 0 });
  return JSON.parse(python.pyimport('kit.lesson.judging').judge(data, text));
}

let last = started.catch(() => {});
onmessage = ({ data }) => {
  last = last.then(async () => {
    now = data.id;
    try {
      const python = await started;
      postMessage({ id: now, answer: await (data.do === 'run' ? run : judge)(python, data) });
    } catch (error) {
      postMessage({ id: now, failed: String(error.message || error) });
    }
  });
};
