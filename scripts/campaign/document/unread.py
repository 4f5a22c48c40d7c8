"""Find markup that stays in the text as typed: of other systems, unpaired, or with a typo. Escaped markup is fine."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from campaign.models.nodes import CodeBlock, Fault, Node, Text, walk

# Groups are named after their rules; a line may also begin inside a quote or list.
_LINE = r"^(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?=[ ]))*+"
MARKS = re.compile(
    "|".join(
        (
            # Rows of a table whose second line is not `---`; columns pasted from a spreadsheet or a word processor.
            rf"{_LINE}(?=(?P<table_unread>\|.*\|[ \t]*$|[^\s|][^\n|]*\t[^\n\t]*\t[^\n]*$)).",
            # Tabs, formulas, included files, blocks and tables of contents of other systems.
            rf"{_LINE}(?P<mark_foreign__>===[!+]?[ ]+\"|\$\$|-+8<-+|///[ ]*\w|\[(?:TOC|toc)\][ \t]*$)",
            # Notes of other systems, containers, abbreviations.
            rf"{_LINE}(?P<mark_foreign_>(?:!!!|\?\?\?\+?|:::)[ ]?\w+|\[![A-Za-z]+\]|\*\[[^\[\]\n]{{1,200}}\]:)",
            # Headings and lists without their space; bullets from a symbol font.
            rf"{_LINE}(?P<mark_without_space>\#{{1,6}}(?=[^\s#])|[•◦▪●‣·](?=\s))",
            r"(?P<mark_foreign>~~(?=\S)|==(?=[^\s=])(?=[^\n]{0,200}[^\s=]==)|\+\+(?=\w)(?=[^\n]{0,200}\w\+\+)|\[\[[^\[\]\n]{1,200}\]\]"
            # Insertions, letters set lower or higher, formulas, comments of reviewers.
            r"|\^\^(?=\S)(?=[^\n]{0,200}\S\^\^)|(?<=\w)~(?=[^\s~]{1,20}~)|(?<=\w)\^(?=[^\s^]{1,20}\^)"
            r"|\$\$(?=\S)(?=[^\n]{0,200}\$\$)|\$(?=[^\s$][^$\n]{0,60}[\\^][^$\n]{0,60}\$)"
            r"|\{(?:--|>>)(?=[^{}\n]{0,200}(?:--|<<)\})"
            # Attributes of other systems; braces around words are words.
            r"|(?<!\{)\{(?!\{)[ ]?[:#.%][^{}\n]{0,200}\}(?!\})|\{%(?=[ -])"
            r"|(?<=[)\]*_`])\{[\w-]+=[^{}\n]{0,200}\}(?!\}))",
            r"(?P<mark_unpaired>\*\*(?!\*)|(?<![\w_])__(?=[^\W_])|(?<=[^\W_])__(?![\w_]))",
            r"(?P<link_apart>\][ ]{1,3}\((?:https?://|mailto:|tel:|[\w./-]+\.(?:md|html?|pdf)\b)[^()\n]{0,200}\))",
        )
    ),
    re.MULTILINE,
)
# A fence whose lines other systems turn into a drawing or a formula.
DIAGRAM = re.compile(
    r"[`~]{3,}[ ]*\{?[ ]*\.?(?:mermaid|math|latex|plantuml|graphviz|dot|d2|vegalite|chart|katex)\b", re.IGNORECASE
)
# Characters that every pattern needs: most lines have none, and are skipped in a tenth of the time. `a|b`, not `[ab]`:
# with literal beginnings `re` jumps from one candidate to the next.
MARKUP_SIGNS = re.compile(
    r"\||\t|===|\$|8<|///|\[TOC|\[toc|\^|~|#|•|◦|▪|●|‣|·|\{|!!!|\?\?\?|:::|\[!|\[\[|\*\[|\*\*|~~|==|\+\+|__|\] "
)

SHORTCODE = re.compile(r"\{\{\s*([a-z][a-z-]*)((?:\s+[a-z]+=[^\s{}\"'<>]+)*)\s*\}\}")
# Shortcodes inside other text, broken ones, and braces without their pair. Open questions (`ask:`) belong there.
BRACES = re.compile(
    r"\\\{\{[^{}\n]*\}{0,2}|\\\}\}|\{\{\s*ask:[^{}]+\}\}"
    r"|(?P<pair>\{\{(?:[^{}\n]|\n(?!\s*\n)|[{}](?![{}]))*\}\})|(?P<single>\{\{[^{}\n]{0,40}\}?|\}\})"
)


def unread_marks(text: str, offset: int, nodes: Iterable[Node]) -> Iterator[Fault]:
    """Yield a fault for each kind of them in a run of text. `offset`: the byte of the file at which the text begins."""
    results = list(walk(nodes))
    spans = sorted((node.start, node.end) for node in results if isinstance(node, Text))
    starts = [position for position, _ in spans]
    # Once per run of text: a table without its line is one mistake, not one per row.
    reported: set[tuple[str, int]] = set()
    for rule, position, markup in (*_marks(text, offset), *_braces(text, offset)):
        span = bisect_right(starts, position) - 1
        if span >= 0 and position < spans[span][1] and ((rule, span) not in reported or markup.startswith("{{")):
            reported.add((rule, span))
            yield Fault(rule, position, markup)
    lines = text.encode()
    for node in results:
        if isinstance(node, CodeBlock):
            first = lines[node.start - offset :].split(b"\n", 1)[0].decode(errors="replace")
            if not first.startswith(("`", "~")):
                yield Fault("text-indented", node.start, node.text.strip().split("\n")[0])
            elif DIAGRAM.match(first):
                yield Fault("mark-foreign", node.start, first)


def _marks(text: str, offset: int) -> Iterator[tuple[str, int, str]]:
    """Yield (rule, byte of the file, typed text) of unescaped markup."""
    for mark in _looking_alike(text):
        name = str(mark.lastgroup)
        start = mark.start(name)
        if text[start - 1 : start] != "\\":
            yield name.rstrip("_").replace("_", "-"), offset + len(text[:start].encode()), mark[name]


def _braces(text: str, offset: int) -> Iterator[tuple[str, int, str]]:
    """Yield (rule, byte of the file, typed text) of shortcodes inside other text, and of broken ones."""
    for match in _double_braces(text):
        rule = "shortcode-inside" if SHORTCODE.fullmatch(match[0]) else "shortcode-broken"
        yield rule, offset + len(text[: match.start()].encode()), match[0]


def double_braces(text: str) -> Iterator[str]:
    """Yield the shortcodes and stray double braces of a text that takes none."""
    yield from (match[0] for match in _double_braces(text))


def _double_braces(text: str) -> Iterator[re.Match[str]]:
    if "{{" in text or "}}" in text:
        yield from (match for match in BRACES.finditer(text) if match.lastgroup)


def _looking_alike(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for sign in MARKUP_SIGNS.finditer(text):
        if sign.start() >= end:
            start = text.rfind("\n", 0, sign.start()) + 1
            end = text.find("\n", sign.start()) + 1 or len(text)
            yield from MARKS.finditer(text, start, end)
