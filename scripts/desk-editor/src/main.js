// The editor of a page: it takes the place of the plain text field, which works without it.
import { openEditor } from "./editor.js";
import { Preview } from "./preview.js";

const form = document.getElementById("writing");
if (form) {
  const given = JSON.parse(form.dataset.editor);
  const field = form.elements.text;
  const preview = new Preview(given, () => editor.state.doc.toString());
  const editor = openEditor(form, field, given, () => preview.typed(), (formats) => preview.list(formats));
  preview.begin();
}
