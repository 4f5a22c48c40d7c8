// Buttons for the marks; what is selected is marked.
import { startCompletion } from "@codemirror/autocomplete";
import { EditorSelection } from "@codemirror/state";

const around = (before, after) => (view) => view.dispatch(view.state.changeByRange((range) => {
  const words = view.state.sliceDoc(range.from, range.to);
  const begin = range.from + before.length;
  return { changes: { from: range.from, to: range.to, insert: before + words + after }, range: EditorSelection.range(begin, begin + words.length) };
}));

const before = (mark) => (view) => {
  const { state } = view;
  const first = state.doc.lineAt(state.selection.main.from).number, last = state.doc.lineAt(state.selection.main.to).number;
  const changes = [];
  for (let number = first; number <= last; number += 1) {
    const line = state.doc.line(number);
    if (!line.text.startsWith(mark)) changes.push({ from: line.from, insert: mark });
  }
  view.dispatch({ changes });
};

const completed = (typed) => (view) => {
  view.dispatch(view.state.replaceSelection(typed));
  startCompletion(view);
};

const alone = (typed) => (view) => {
  const line = view.state.doc.lineAt(view.state.selection.main.head);
  if (line.text.trim()) view.dispatch({ changes: { from: line.to, insert: "\n\n" }, selection: { anchor: line.to + 2 } });
  completed(typed)(view);
};

export const MARKS = {
  bold: around("**", "**"),
  list: before("- "),
  heading: before("## "),
  note(view) {
    const line = view.state.doc.lineAt(view.state.selection.main.head);
    view.dispatch({ changes: { from: line.from, insert: "{.note}\n\n" } });
  },
  link(view) {
    const { from, to } = view.state.selection.main;
    const words = view.state.sliceDoc(from, to);
    view.dispatch({ changes: { from, to, insert: `[${words}](` }, selection: { anchor: from + words.length + 3 } });
    startCompletion(view);
  },
  pictogram: completed(" :"),
  shortcode: alone("{{ "),
  source: completed("[^"),
};
