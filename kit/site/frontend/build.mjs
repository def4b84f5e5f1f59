// Bundles what a built site needs in the browser into the folder named by the first argument.
// Run by hatch_build.py after `npm ci`; see CONTRIBUTING for running it by hand.
import { build } from 'esbuild';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const out = process.argv[2];
if (!out) throw new Error('usage: node build.mjs OUTPUT-FOLDER');
const modules = 'node_modules';

const FONTS = {
  'source-serif-4': {
    family: 'Source Serif 4 Variable',
    weight: '200 900',
    files: [
      ['source-serif-4-latin-wght-normal', 'normal', 'latin'],
      ['source-serif-4-latin-wght-italic', 'italic', 'latin'],
      ['source-serif-4-latin-ext-wght-normal', 'normal', 'latin-ext'],
    ],
  },
  inter: {
    family: 'Inter Variable',
    weight: '100 900',
    files: [
      ['inter-latin-wght-normal', 'normal', 'latin'],
      ['inter-latin-ext-wght-normal', 'normal', 'latin-ext'],
    ],
  },
  'jetbrains-mono': {
    family: 'JetBrains Mono Variable',
    weight: '100 800',
    files: [
      ['jetbrains-mono-latin-wght-normal', 'normal', 'latin'],
      ['jetbrains-mono-latin-ext-wght-normal', 'normal', 'latin-ext'],
    ],
  },
};

const RANGES = {
  latin:
    'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,' +
    'U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  'latin-ext':
    'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,' +
    'U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
};

const shims = {
  '@jupyterlab/apputils': 'src/apputils.js',
  '@jupyterlab/services': 'src/services.js',
  '@jupyter-widgets/base7': 'src/none.js',
  '@jupyter-widgets/controls7': 'src/none.js',
  '@jupyter-widgets/controls7/css/widgets-base.css': 'src/none.js',
  '@jupyter-widgets/controls7/css/labvariables.css': 'src/none.js',
};

const shim = {
  name: 'shim',
  setup({ onResolve }) {
    onResolve({ filter: /^@jupyter/ }, ({ path }) =>
      path in shims ? { path: join(process.cwd(), shims[path]) } : undefined,
    );
  },
};

async function bundleWidgets() {
  const { metafile } = await build({
    entryPoints: { widgets: 'src/widgets.js' },
    outdir: out,
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2020',
    legalComments: 'none',
    metafile: true,
    define: { __webpack_public_path__: '__assets', 'process.env.NODE_ENV': '"production"', global: 'window' },
    banner: { js: 'var __assets="";' },
    loader: { '.svg': 'empty', '.woff': 'empty', '.woff2': 'empty', '.ttf': 'empty', '.eot': 'empty', '.png': 'empty' },
    plugins: [shim],
    logLevel: 'warning',
  });
  return packagesIn(metafile);
}

// The packages of which something is in a bundle.
function packagesIn(metafile) {
  const used = new Set();
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const at = path.lastIndexOf(`${modules}/`);
      if (at < 0 || bytesInOutput === 0 || path.startsWith('(disabled)')) continue;
      const parts = path.slice(at + modules.length + 1).split('/');
      const name = parts[0].startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
      used.add(path.slice(0, at + modules.length + 1) + name);
    }
  return [...used];
}

// Python for pages with code to run, and the editor of that code. Such a page loads them at the
// first click, and other sites have none of it: kit/site/inpage.py.
const PYTHON = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json', 'package.json'];

async function copyPython() {
  for (const file of PYTHON) await cp(join(modules, 'pyodide', file), join(out, 'pyodide', file));
  const { metafile } = await build({
    entryPoints: { editor: 'src/editor.js' },
    outdir: join(out, 'pyodide'),
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2020',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return [join(modules, 'pyodide'), ...packagesIn(metafile)];
}

async function copyMath() {
  const from = join(modules, 'mathjax', 'es5');
  for (const piece of ['tex-chtml.js', 'output/chtml/fonts/woff-v2', 'input/tex/extensions'])
    await cp(join(from, piece), join(out, 'mathjax', piece), { recursive: true });
  return [join(modules, 'mathjax')];
}

async function copyFonts() {
  const faces = [];
  for (const [name, { family, weight, files }] of Object.entries(FONTS))
    for (const [file, style, range] of files) {
      const from = join(modules, '@fontsource-variable', name, 'files', `${file}.woff2`);
      await cp(from, join(out, 'fonts', `${file}.woff2`));
      faces.push(
        `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};` +
          `font-display:swap;src:url(fonts/${file}.woff2) format("woff2");` +
          `unicode-range:${RANGES[range]}}`,
      );
    }
  await writeFile(join(out, 'fonts.css'), `${faces.join('\n')}\n`);
  return Object.keys(FONTS).map((name) => join(modules, '@fontsource-variable', name));
}

// Packages that ship no licence file state their licence in package.json; its standard text
// stands at the end.
async function notice(packages) {
  const rows = [];
  for (const folder of new Set(packages)) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json')));
    const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? (await readFile(join(folder, file), 'utf8')).trim() : '';
    rows.push({ name, version, license: license ?? 'see text', text });
  }
  const { info } = JSON.parse(await readFile(join(out, 'pyodide', 'pyodide-lock.json')));
  const text = (await readFile('licences/PSF-2.0.txt', 'utf8')).trim();
  rows.push({ name: 'CPython, in pyodide', version: info.python, license: 'PSF-2.0', text });
  rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  const line = '-'.repeat(78);
  const list = rows.map(({ name, version, license }) => `${name} ${version}  (${license})`);
  const texts = rows
    .filter(({ text }) => text)
    .map(({ name, version, text }) => `${line}\n${name} ${version}\n${line}\n\n${text}\n`);
  const bare = rows.filter(({ text }) => !text);
  const jupyter = bare.filter(({ license }) => license === 'BSD-3-Clause').map(({ name }) => name);
  const others = bare.filter(({ license }) => license !== 'BSD-3-Clause');
  const known = await readFile('licences/BSD-3-Clause.txt', 'utf8');
  for (const { license, name } of others)
    if (!existsSync(join('licences', `${license}.txt`)))
      throw new Error(`${name} is under ${license} and ships no text: add licences/${license}.txt`);
  const rest = await Promise.all(
    others.map(async ({ license, name, version }) => {
      const standard = await readFile(join('licences', `${license}.txt`), 'utf8');
      return `${line}\n${name} ${version}\n${line}\n\n${standard}\n`;
    }),
  );
  await writeFile(
    join(out, 'NOTICE.txt'),
    'Third-party code that a built site contains, bundled from npm.\n\n' +
      `${list.join('\n')}\n\n${texts.join('\n')}\n${rest.join('\n')}\n${line}\n` +
      `${jupyter.join(', ')}\n${line}\n\n${known}`,
  );
}

await mkdir(out, { recursive: true });
const packages = [
  ...(await bundleWidgets()), ...(await copyMath()), ...(await copyFonts()), ...(await copyPython()),
];
await notice(packages);
