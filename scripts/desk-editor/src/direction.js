// Lines of either direction in one text: each runs as its own words do, and marks and numbers stay whole within it.
import { Decoration, Direction, EditorView, ViewPlugin } from "@codemirror/view";
import { Prec, RangeSetBuilder } from "@codemirror/state";

const line = Decoration.line({ attributes: { dir: "auto" } });
const isolate = Decoration.mark({ class: "cm-isolate", inclusive: true, attributes: { dir: "ltr" }, bidiIsolate: Direction.LTR });
// Numbers as they are dialled, shortcodes, looks and ids, sources, pictograms, addresses of links.
const WHOLE = /[+\d][\d\s().\u2011/-]{2,}\d|\{\{[^}\n]*\}\}|\{[.#][\w-]+\}|\[\^[^\]\s]+\]|:[a-z][a-z0-9-]*:|\]\([^)\s]*\)/g;

function made(view, perLine) {
  const builder = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const { from: begin, to: end, text } = view.state.doc.lineAt(at);
      if (perLine) builder.add(begin, begin, line);
      else for (const found of text.matchAll(WHOLE)) builder.add(begin + found.index, begin + found.index + found[0].length, isolate);
      at = end + 1;
    }
  }
  return builder.finish();
}

const plugin = (perLine) => ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = made(view, perLine); }
  update(update) {
    if (update.docChanged || update.viewportChanged) this.decorations = made(update.view, perLine);
  }
}, {
  provide: (plugin) => {
    const access = (view) => view.plugin(plugin)?.decorations ?? Decoration.none;
    return perLine
      ? EditorView.decorations.of(access)
      : Prec.lowest([EditorView.decorations.of(access), EditorView.bidiIsolatedRanges.of(access)]);
  },
});

export const direction = [plugin(true), plugin(false), EditorView.perLineTextDirection.of(true)];
