// Markdown as campaigns write it: front matter, shortcodes, pictograms, looks and ids beside the ordinary marks.
import { Language, defineLanguageFacet, HighlightStyle, syntaxHighlighting, languageDataProp } from "@codemirror/language";
import { parser as commonmark, GFM } from "@lezer/markdown";
import { styleTags, tags as t } from "@lezer/highlight";

// Without a rule of its own the last line of the front matter would make a heading of the one above.
const frontMatter = {
  defineNodes: [{ name: "FrontMatter", block: true }, "FrontMatterMark"],
  props: [styleTags({ FrontMatter: t.meta, FrontMatterMark: t.processingInstruction })],
  parseBlock: [{
    name: "FrontMatter",
    before: "HorizontalRule",
    parse(cx, line) {
      if (cx.lineStart !== 0 || line.text.trimEnd() !== "---") return false;
      const begin = cx.lineStart;
      const marks = [cx.elt("FrontMatterMark", begin, begin + line.text.length)];
      while (cx.nextLine()) {
        if (line.text.trimEnd() !== "---") continue;
        marks.push(cx.elt("FrontMatterMark", cx.lineStart, cx.lineStart + line.text.length));
        const end = cx.lineStart + line.text.length;
        cx.nextLine();
        cx.addElement(cx.elt("FrontMatter", begin, end, marks));
        return true;
      }
      cx.addElement(cx.elt("FrontMatter", begin, cx.prevLineEnd(), marks));
      return true;
    },
  }],
};

function inline(name, first, pattern, tag) {
  return {
    defineNodes: [name],
    props: [styleTags({ [name]: tag })],
    parseInline: [{
      name,
      before: "Link",
      parse(cx, next, pos) {
        if (next !== first.charCodeAt(0)) return -1;
        const found = pattern.exec(cx.slice(pos, Math.min(cx.end, pos + 200)));
        return found ? cx.addElement(cx.elt(name, pos, pos + found[0].length)) : -1;
      },
    }],
  };
}

const parser = commonmark.configure([
  GFM,
  frontMatter,
  inline("Source", "[", /^\[\^[^\]\s]+\]/, t.labelName),
  inline("Shortcode", "{", /^\{\{[^}]*\}\}/, t.macroName),
  inline("Look", "{", /^\{[.#][\w-]+\}/, t.attributeName),
  inline("Pictogram", ":", /^:[a-z][a-z0-9-]*:/, t.atom),
]);

const facet = defineLanguageFacet({ closeBrackets: { brackets: [] } });
export const campaignMarkdown = new Language(facet, parser.configure({ props: [languageDataProp.add((type) => (type.isTop ? facet : undefined))] }), [], "markdown");

export const look = syntaxHighlighting(HighlightStyle.define([
  { tag: t.heading, fontWeight: "700" },
  { tag: t.strong, fontWeight: "700" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: [t.meta, t.processingInstruction, t.attributeName, t.contentSeparator], color: "var(--soft)" },
  { tag: [t.link, t.url, t.labelName], color: "var(--act)" },
  { tag: [t.macroName, t.atom], color: "var(--due)" },
]));
