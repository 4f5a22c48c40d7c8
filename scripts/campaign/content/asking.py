"""Replace facts, names and words of one country in texts by questions such as `{{ ask: Which law? }}`."""

from __future__ import annotations

import re
from itertools import takewhile

from campaign.content.country_words import NAME_QUESTION, Country
from campaign.content.translating import words_of
from campaign.content.units import read_units, with_translations
from campaign.models.nodes import PLACEHOLDER_START
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse, remove, set_value

PUBLISHER_QUESTION = "Who issues this campaign?"
PLACE_QUESTION = "Who helps in this place?"
DATELINE_QUESTION = "In which town are press releases written?"
# Text up to one or more footnotes.
CITED_TEXT = re.compile(r"(?P<text>.*?)(?P<notes>(?:\s*\[\^[\w-]+\])+)", re.DOTALL)
NOTE = re.compile(r"\[\^([\w-]+)\]")
LEADING_PICTOGRAM = re.compile(r"\s*(?::[a-z-]+:\s*)?")
# A pictogram and bold words at the beginning of an item say what it is about.
ITEM_LEAD = re.compile(r"\s*(?::[a-z-]+:\s*)?(?:\*\*[^*]+\*\*\s*)?")
PLACE_SHORTCODE = re.compile(r"\{\{[^{}]*\bplace=[^{}]*\}\}")
TABLE_ROWS = re.compile(r"(?m)(^\|.*\n\|[ :|-]+\|\n)((?:\|.*(?:\n|\Z))+)")
# The same question again, in the next item, paragraph or row.
REPEATED = re.compile(r"(?m)^([^\w\n]*\{\{ ask: [^}\n]* \}\}[^\w\n]*\n)(?:\n?\1)+")
CODE = re.compile(r"(?ms)^(```|~~~).*?^\1")
TELEPHONE = "](tel:"
UNKNOWN = "–"
Replaced = list[tuple[str, str]]


def with_placeholders(data: bytes, country: Country, language: str = "", path: str = "") -> tuple[bytes, Replaced]:
    """Return a page with questions, and each question with the text that it replaced."""
    try:
        page = read_units(data)
    except (UnicodeDecodeError, CannotEdit):
        return data, []
    results: Replaced = []
    for unit in sorted((unit for unit in page.units if unit.start >= 0), key=lambda unit: -unit.start):
        text = data[unit.start : unit.end].decode()
        if unit.kind == "heading" and country.pattern and country.pattern.search(text):
            text = country.pattern.sub(_placeholder(NAME_QUESTION), country.replace_words(text, language))
            replaced = [(NAME_QUESTION, unit.text)]
        elif "`" in text:  # footnotes in code are text
            continue
        else:
            text, replaced = _with_questions(text, country, language)
        if replaced:
            data = data[: unit.start] + text.encode() + data[unit.end :]
            results = replaced + results
    front, replaced = _front(data, country, language)
    body, more = _body(data[page.body :].decode(), country, language, path)
    return front + body.encode(), [*replaced, *results, *more]


def _front(data: bytes, country: Country, language: str) -> tuple[bytes, Replaced]:
    page = read_units(data)
    texts, replaced = {}, []
    for unit in takewhile(lambda unit: unit.start < 0, page.units):
        new = f"{PLACEHOLDER_START}{DATELINE_QUESTION}]"
        if unit.kind != "dateline":
            new = country.plain(unit.text, language)
        if new != unit.text:
            texts[unit.key] = new
            replaced += [(question, unit.text) for question in _questions_in(new)]
    lists = {}
    if isinstance(words := page.front.get("search"), list):
        plain = [country.plain(str(word), language) for word in words]
        kept = list(dict.fromkeys(word for word in plain if PLACEHOLDER_START not in word))
        lists = {"search": kept} if kept and kept != words else {}
    result = with_translations(page, texts, lists) if texts or lists else data
    return result[: read_units(result).body], replaced


def _questions_in(text: str) -> list[str]:
    return re.findall(rf"{re.escape(PLACEHOLDER_START)}([^\]]+)\]", text)


def _body(text: str, country: Country, language: str, path: str) -> tuple[str, Replaced]:
    results: Replaced = [(PLACE_QUESTION, place) for place in PLACE_SHORTCODE.findall(text)]
    text = REPEATED.sub(r"\1", PLACE_SHORTCODE.sub(_placeholder(PLACE_QUESTION), text))
    if question := country.pages.get(path):

        def asked(match: re.Match[str]) -> str:
            results.append((question, match[2]))
            columns = match[1].splitlines()[0].count("|") - 1
            return f"{match[1]}| {_placeholder(question)} |{f' {UNKNOWN} |' * (columns - 1)}\n"

        text = TABLE_ROWS.sub(asked, text)
    output, position = "", 0
    for code in CODE.finditer(text):
        output += country.replace_words(text[position : code.start()], language) + code[0]
        position = code.end()
    return output + country.replace_words(text[position:], language), results


def _with_questions(text: str, country: Country, language: str) -> tuple[str, Replaced]:
    output, position = "", 0
    result: Replaced = []
    for part in CITED_TEXT.finditer(text):
        asked = [country.questions[id] for id in NOTE.findall(part["notes"]) if id in country.questions]
        position = part.end()
        if not asked:
            output += part[0]
            continue
        lead = ITEM_LEAD.match(part["text"])
        start = lead[0] if lead else ""
        # A number or service of that country, in bold.
        if TELEPHONE in start or country.question_of(country.replace_words(start, language)):
            start = _sign(start)
        answer = part["text"][len(start) :]
        if not _is_whole(answer):  # it would end inside bold words or a link: replace all of it
            return _sign(text) + _placeholder(asked[0]), [(asked[0], text)]
        result.append((asked[0], f"{answer.strip()}{part['notes']}"))
        placeholder = _placeholder(asked[0])
        if start.strip() or not output.endswith(placeholder):  # don't repeat a question
            before = start or output  # bold words end only before a space
            gap = " " if before.endswith("**") or (output and not before.endswith((" ", "\n"))) else ""
            output += start + gap + placeholder
    output += text[position:]
    if question := country.question_of(country.replace_words(output, language)):
        return _sign(text) + _placeholder(question), [(question, text)]
    return output, result


def _placeholder(question: str) -> str:
    return f"{{{{ ask: {question} }}}}"


def _sign(text: str) -> str:
    match = LEADING_PICTOGRAM.match(text)
    return match[0] if match else ""


def _is_whole(text: str) -> bool:
    return text.count("**") % 2 == 0 and text.count("[") == text.count("]") and text.count("(") == text.count(")")


def with_words_asked(text: str, country: Country, language: str = "") -> str:
    """Replace the publisher and the country's names in strings, captions and messages."""
    for unit in list(words_of(text)):
        new = country.plain(unit.text, language)
        if new != unit.text:
            text = set_value(text, unit.key_path, new)
    for key in ("imprint", "imprint-short"):
        if key in (parse(text) or {}):
            text = set_value(text, (key,), f"{PLACEHOLDER_START}{PUBLISHER_QUESTION}]")
    return text


def plain_glossary(text: str, country: Country) -> str:
    """Return the glossary without names of the country, and without sources that another country can't cite."""
    for id, entry in (parse(text) or {}).items():
        forms = [(code, form) for code, forms in entry.items() if isinstance(forms, list) for form in forms]
        if any(country.plain(form, code) != form for code, form in forms):
            text = remove(text, (id,))
        elif entry.get("source") in country.questions:
            text = remove(text, (id, "source"))
    return text
