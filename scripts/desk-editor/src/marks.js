// Buttons for the marks; what is selected is marked.
import { closeCompletion, startCompletion } from "@codemirror/autocomplete";
import { isolateHistory, undo } from "@codemirror/commands";
import { EditorSelection } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

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

// The text with marks that a button began, until something else is typed.
let begun;

function begin(view, from, to, insert) {
  const anchor = from + insert.length;
  view.dispatch({
    changes: { from, to, insert }, selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: "center" }), annotations: isolateHistory.of("full"),
  });
  begun = view.state.doc;
  startCompletion(view);
}

// Whoever leaves the list right away has the text as it was.
export function takeBack(view) {
  if (begun !== view.state.doc) return false;
  begun = undefined;
  closeCompletion(view);
  return undo(view);
}

const completed = (typed) => (view) => {
  const { from, to } = view.state.selection.main;
  begin(view, from, to, typed);
};

// In a paragraph of its own.
const alone = (typed) => (view) => {
  const { doc, selection } = view.state;
  const line = doc.lineAt(selection.main.head);
  const above = line.number > 1 ? doc.line(line.number - 1).text.trim() : "";
  begin(view, line.to, line.to, (line.text.trim() ? "\n\n" : above ? "\n" : "") + typed);
};

// A mark belongs into the text: whoever has not clicked into it yet is between the two lines of hyphens.
export function intoText(view) {
  const { doc, selection } = view.state;
  if (doc.line(1).text.trimEnd() !== "---") return;
  for (let number = 2; number <= doc.lines; number += 1) {
    const line = doc.line(number);
    if (line.text.trimEnd() !== "---") continue;
    if (selection.main.head <= line.to) view.dispatch({ selection: { anchor: doc.length } });
    return;
  }
}

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
    begin(view, from, to, `[${words}](`);
  },
  pictogram: completed(" :"),
  shortcode: alone("{{ "),
  source: completed("[^"),
};
