// What is pasted from a word processor or a page becomes the marks that campaigns use.
import TurndownService from "turndown";
import { gfm } from "turndown-plugin-gfm";

const service = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*", hr: "" });
service.use(gfm);
// Pictures have consent and credit, so they come in another way.
service.addRule("pictures", { filter: ["img"], replacement: () => "" });
service.addRule("struck", { filter: ["del", "s", "strike"], replacement: (words) => words });
service.addRule("items", {
  filter: "li",
  replacement(words, node) {
    const list = node.parentNode;
    const number = list.nodeName === "OL" ? `${[...list.children].indexOf(node) + 1}. ` : "- ";
    return number + words.trim().replace(/\n/g, `\n${" ".repeat(number.length)}`) + (node.nextSibling ? "\n" : "");
  },
});

export function isRich(html) {
  return /<(?:p|h[1-6]|li|table|b|strong|em|i|a)[\s>]/i.test(html);
}

export function toMarkdown(html) {
  // The desk lets no style stand that it did not write; here they are read alone.
  const plain = html.replace(/<style[\s>][\s\S]*?<\/style>/gi, "").replace(/\sstyle=(?=["'])/gi, " data-style=");
  const page = new DOMParser().parseFromString(plain, "text/html");
  for (const each of page.querySelectorAll("style, script, img, del, xml, meta, link, title")) each.remove();
  for (const each of [...page.querySelectorAll("*")].filter((node) => node.nodeName.includes(":"))) each.replaceWith(...each.childNodes);
  listWordItems(page);
  for (const table of page.querySelectorAll("table")) {
    for (const cell of table.rows[0]?.querySelectorAll("td") ?? []) cell.replaceWith(renamed(page, cell, "th"));
    for (const cell of table.querySelectorAll("td, th")) {
      for (const part of cell.querySelectorAll("p, div, br")) part.replaceWith(...part.childNodes, " ");
    }
  }
  // A page has one title, which is no heading of its text.
  for (const title of page.querySelectorAll("h1")) title.replaceWith(renamed(page, title, "h2"));
  const made = service.turndown(page.body).replace(/\u00a0/g, " ").replace(/[ \t]+$/gm, "");
  return made.replace(/^(#+ )\*\*(.+)\*\*$/gm, "$1$2").replace(/\n{3,}/g, "\n\n").trim();
}

// Word writes items as paragraphs, with their sign as text in a span that says it may be ignored.
function listWordItems(page) {
  let list = null;
  for (const item of [...page.querySelectorAll("p, h1, h2, h3")]) {
    const style = item.dataset.style ?? "";
    if (!/mso-list:\s*(?!none)\w/i.test(style)) { list = null; continue; }
    const sign = [...item.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.dataset.style ?? ""));
    const kind = /^\s*(?:\d+|[a-z])[.)]/i.test(sign?.textContent ?? "") ? "ol" : "ul";
    sign?.remove();
    if (list?.nodeName.toLowerCase() !== kind || item.previousElementSibling !== list) {
      list = page.createElement(kind);
      item.before(list);
    }
    list.append(renamed(page, item, "li"));
    item.remove();
  }
}

function renamed(page, node, name) {
  const made = page.createElement(name);
  made.append(...node.childNodes);
  return made;
}
