// The editor of code cells that run in a page: CodeMirror, in the colours of the page.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { pythonLanguage } from '@codemirror/lang-python';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.moduleKeyword], color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--right)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--note)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--wrong)' },
]);

const look = EditorView.theme({
  '&': { background: 'var(--sunk)', color: 'var(--ink)', borderRadius: '6px', fontSize: '.875rem' },
  '&.cm-focused': { outline: '3px solid var(--accent)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '.9rem 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 1.1rem 0 .4rem' },
  '.cm-gutters': { background: 'none', border: '0', color: 'var(--muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--accent) 25%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { background: 'color-mix(in srgb, var(--note) 30%, transparent)' },
});

// Tab indents. After Escape it moves on, until the editor is left.
const wayOut = EditorView.domEventHandlers({
  blur: (event, view) => { view.setTabFocusMode(false); },
});

window.courseEditor = function courseEditor({ parent, text, label, describedBy, run, changed }) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([
          { key: 'Shift-Enter', run: () => { run(); return true; } },
          { key: 'Escape', run: (editor) => { editor.setTabFocusMode(true); return false; } },
        ])),
        lineNumbers(), EditorView.lineWrapping, highlightSpecialChars(), history(), drawSelection(), indentOnInput(),
        bracketMatching(), indentUnit.of('    '), EditorState.tabSize.of(4),
        new LanguageSupport(pythonLanguage), syntaxHighlighting(colours), look, wayOut,
        keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': describedBy }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(); }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    focus: () => view.focus(),
  };
};
