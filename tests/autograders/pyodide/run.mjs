// Run the checkers' tests in Pyodide: node run.mjs LIBRARIES [PYTEST ARGUMENT...]
// LIBRARIES is a folder of the host with pytest and what it needs. See session.py.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, "../../..");
const [libraries, ...pytestArguments] = process.argv.slice(2);

const python = await loadPyodide({ env: { HOME: "/home/pyodide", NO_COLOR: "1" } });

function mount(host, inside) {
  python.FS.mkdirTree(inside);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: host }, inside);
}

mount(resolve(libraries), "/libraries");
mount(resolve(repository, "autograders"), "/repository/autograders");
mount(resolve(repository, "tests/autograders"), "/repository/tests/autograders");

python.globals.set("pytest_arguments", python.toPy(pytestArguments));
const told = python.runPython(`
import json, sys
sys.path.insert(0, "/repository/tests/autograders/pyodide")
import session
json.dumps(session.run("/libraries", "/repository", *pytest_arguments))
`);
console.log(told);
process.exit(0);
