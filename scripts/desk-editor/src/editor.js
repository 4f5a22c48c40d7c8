import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { completionKeymap } from "@codemirror/autocomplete";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { campaignMarkdown, look } from "./markdown.js";
import { direction } from "./direction.js";
import { completion } from "./completion.js";
import { isRich, toMarkdown } from "./paste.js";
import { MARKS, intoText, takeBack } from "./marks.js";
import { ask, lineButton, newest } from "./asking.js";

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--sheet)" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", border: "0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--focus) 30%, transparent) !important" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--ink)", color: "var(--paper)" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", marginInlineStart: "1em" },
});

// (event -> whether it was taken) of what comes from the clipboard.
function paste(event, view) {
  const html = event.clipboardData?.getData("text/html") ?? "";
  if (!isRich(html)) return false;
  const words = toMarkdown(html);
  if (!words) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(words), { userEvent: "input.paste", scrollIntoView: true });
  return true;
}

function phrases(words) {
  const keys = ["Find", "Replace", "next", "previous", "all", "match case", "by word", "regexp", "replace", "replace all", "close", "Completions", "Diagnostics"];
  const found = keys.map((key) => [key, words[key.toLowerCase().replaceAll(" ", "-")]]);
  return Object.fromEntries(found.filter(([, said]) => said));
}

export function openEditor(form, field, given, typed, printed) {
  const check = newest(async () => {
    const text = view.state.doc.toString();
    const found = await ask(given.check, { text });
    if (!found.problems) return;
    printed(found.formats);
    if (view.state.doc.toString() === text) show(view, form, given, found.problems);
  });
  const view = new EditorView({
    doc: field.value,
    extensions: [
      EditorView.cspNonce.of(given.nonce),
      // Before that of the list, which closes it alone.
      Prec.highest(keymap.of([{ key: "Escape", run: takeBack }])),
      EditorState.phrases.of(phrases(given.words)),
      lineNumbers(), highlightSpecialChars(), history(), drawSelection(), search({ top: true }), highlightSelectionMatches(),
      EditorView.lineWrapping, campaignMarkdown, look, direction, completion(given.known), lintGutter(), theme,
      // Tab is absent: it leaves the field, as in every other.
      keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap,
        { key: "Mod-b", run: (view) => { MARKS.bold(view); return true; } },
        { key: "Mod-s", run: () => { form.requestSubmit(); return true; } }]),
      EditorView.domEventHandlers({ paste }),
      EditorView.contentAttributes.of({
        "aria-label": given.words.text, "aria-describedby": "text-help", lang: given.language, tabindex: "0", spellcheck: "true", autocapitalize: "sentences",
      }),
      EditorView.updateListener.of((update) => { if (update.docChanged) { check(); typed(); mirror(update.state.doc, form); } }),
    ],
  });
  field.typed = () => view.state.doc.toString();
  field.after(view.dom);
  field.hidden = true;
  form.querySelector("label[for=text]").hidden = true;
  form.addEventListener("submit", () => { field.value = view.state.doc.toString(); });
  const marks = form.querySelector(".marks");
  marks.hidden = false;
  marks.addEventListener("click", (event) => {
    const mark = MARKS[event.target.dataset?.mark];
    if (!mark) return;
    view.focus();
    intoText(view);
    mark(view);
  });
  form.addEventListener("input", (event) => {
    const slot = event.target.dataset?.slot;
    const found = slot && headings(view.state.doc).find((each) => each.slot === slot);
    if (!found) return;
    const words = event.target.value.replace(MARKED, "\\$&").trim();
    view.dispatch({ changes: { from: found.from, to: found.to, insert: words && `${words} ` } });
  });
  document.addEventListener("click", (event) => {
    const line = Number(event.target.dataset?.line);
    if (line) leadTo(view, line);
  });
  const line = Number(new URLSearchParams(location.search).get("line"));
  if (line) leadTo(view, line);
  check();
  return view;
}

// Words on a drawing have fields of their own, and stand in the text as headings: both say the same.
const HEADING = /^(##[ \t]*)(.*?)[ \t]*\{#([\w-]+)\}[ \t]*$/u;
const MARKED = /[\\`*_[\]{}<>#|~^]|&(?=#?\w+;)/g;

function headings(doc) {
  const found = [];
  for (let number = 1; number <= doc.lines; number++) {
    const line = doc.line(number), match = HEADING.exec(line.text);
    if (!match) continue;
    const from = line.from + match[1].length;
    // A question that waits for an answer is no words yet.
    found.push({ slot: match[3], words: /^\{\{\s*ask:/.test(match[2]) ? "" : match[2].replace(/\\([\\`*_[\]{}<>#|~^&])/g, "$1"), from, to: line.from + line.text.lastIndexOf("{#") });
  }
  return found;
}

function mirror(doc, form) {
  const fields = [...form.querySelectorAll("[data-slot]")].filter((each) => each !== document.activeElement);
  if (!fields.length) return;
  const words = new Map(headings(doc).map((each) => [each.slot, each.words]));
  for (const field of fields) field.value = words.get(field.dataset.slot) ?? "";
}

function leadTo(view, number) {
  const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  view.focus();
}

// Problems under their lines, and below the text in words.
function show(view, form, { words }, problems) {
  view.dispatch(setDiagnostics(view.state, problems.map((each) => {
    const line = view.state.doc.line(Math.min(Math.max(each.line, 1), view.state.doc.lines));
    return { from: line.from, to: line.to, severity: each.stops ? "error" : "warning", message: `${each.what} ${each.fix}` };
  })));
  const list = document.createElement("ul");
  list.className = "problems";
  for (const each of problems) {
    const row = list.appendChild(document.createElement("li"));
    row.className = each.stops ? "must" : "note";
    const tag = row.appendChild(document.createElement("span"));
    tag.className = "tag";
    tag.textContent = each.stops ? words.must : words.note;
    row.appendChild(document.createElement("p")).textContent = `${each.what} ${each.fix}`;
    if (each.whole) {
      const whole = row.appendChild(document.createElement("details"));
      whole.className = "whole";
      whole.appendChild(document.createElement("summary")).textContent = words.whole;
      Object.assign(whole.appendChild(document.createElement("p")), { lang: "en", textContent: each.whole });
    }
    if (!each.line) continue;
    row.append(lineButton(words, each.line));
  }
  form.querySelector("#wrong").replaceChildren(list);
}
