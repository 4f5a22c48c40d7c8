"""The page of an adopted campaign that lists what is still open: open-questions.md in its folder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from campaign.content.country_words import one_of
from campaign.content.drafts import read_json
from campaign.content.placeholders import Placeholder, find_kept_numbers, find_placeholders
from campaign.content.questions import FILE as QUESTIONS
from campaign.content.questions import Question
from campaign.content.translating import paths_of, read_file
from campaign.content.upstream_base import ADOPTED_FILE
from campaign.content.writing import write_file
from campaign.models.campaign import Campaign
from campaign.schema.yaml_edit import CannotEdit

FILE = "open-questions.md"
MONEY = re.compile(r"[$€£¥]\s?\d|\d[\d.,]*\s?(?:dollars?|d[óo]lares?|dolar|euros?|USD|EUR)\b", re.IGNORECASE)
MAX_LISTED = 40


def write_open_list(campaign: Campaign, questions: Iterable[Question]) -> dict[str, int]:
    """Write open-questions.md; return the number of entries of each section."""
    sections = list(_sections(campaign, list(questions)))
    text = f"# What is still open\n\n`campaign adopt --status` writes this page again.\n\n{_summary(sections)}"
    for title, note, items in sections:
        text += f"\n## {title} ({len(items)})\n\n{note}\n\n{_listed(items)}"
    write_file(campaign.root, campaign.root / FILE, text.encode())
    return {title: len(items) for title, _, items in sections}


def _summary(sections: Sequence[tuple[str, str, list[str]]]) -> str:
    return "".join(f"- {title}: {len(items)}\n" for title, _, items in sections)


def _listed(items: Sequence[str]) -> str:
    left = len(items) - MAX_LISTED
    more = f"- and {left} more\n" if left > 0 else ""
    return "".join(f"- {item}\n" for item in items[:MAX_LISTED]) + more if items else "Nothing.\n"


def _sections(campaign: Campaign, questions: Sequence[Question]) -> Iterator[tuple[str, str, list[str]]]:
    note = f"Answer each once in `{QUESTIONS}`, then run `campaign adopt` here."
    yield "Questions", note, _questions(campaign, questions)
    note = "Sentences whose source changed, such as by your answers. Translate them at the desk."
    yield "Sentences to translate", note, list(_untranslated(campaign))
    note = "Nothing of the first country was kept. Run `campaign explain contacts` to see an example."
    yield "Contacts and places", note, list(_missing_contacts(campaign))
    note = "Names of the first country that are still in texts, file names or settings."
    yield "Old names", note, list(_old_names(campaign))
    note = "They have no source. Are they right in your country? Check dates of holidays, and amounts of money, too."
    yield "Numbers that were kept", note, list(_kept_numbers(campaign))
    note = "A program can't change them. Do people, clothes, houses, signs and uniforms look like your country?"
    yield "Drawings and photos to look at", note, list(_pictures(campaign))
    note = "Dates, time zones and offices that sign. Write your own."
    yield "Press releases", note, [page.where for page in campaign.pages.values() if page.release]
    if campaign.readers == "open":
        note = "Fewer functions are shown to these readers. Rewrite the page about them."
        yield "Pages about safety", note, [page.where for page in campaign.pages.values() if page.path == "safety.md"]


def _questions(campaign: Campaign, questions: Sequence[Question]) -> list[str]:
    places = list(find_placeholders(campaign))
    count = Counter(place.question for place in places)
    files = Counter(question for question, _ in {(place.question, _file(place)) for place in places})
    known = {question.ask: question.id for question in questions}
    return [
        f"**{question}** {count[question]} places in {files[question]} files. `{known.get(question, '')}`"
        for question, _ in count.most_common()
    ]


def _file(place: Placeholder) -> str:
    return re.split("[: ]", place.where)[0]


def _untranslated(campaign: Campaign) -> Iterator[str]:
    for code, language in campaign.languages.items():
        if code == campaign.source_language.code:
            continue
        counts = {}
        for path in paths_of(campaign, code):
            try:
                counts[path] = len(read_file(campaign, code, path).open_rows)
            except (LookupError, CannotEdit):
                continue
        for path, count in counts.items():
            if count:
                yield f"{language.name}: docs/{code}/{path}, {count} sentences"


def _missing_contacts(campaign: Campaign) -> Iterator[str]:
    if not any(True for _ in campaign.all_contacts):
        yield "There are no contacts in assets/contacts/national.yml."
    if not campaign.places:
        yield "There are no places in mkdocs.yml (`places:`)."


def _old_names(campaign: Campaign) -> Iterator[str]:
    names = read_json(campaign.root / ADOPTED_FILE).get("names", ())
    pattern = one_of(name for name in names if isinstance(name, str))
    if pattern is None:
        return
    for path in _texts(campaign.root):
        text = path.read_text(encoding="utf-8", errors="replace")
        found = Counter(match[0] for match in pattern.finditer(text))
        if found:
            words = ", ".join(f"{name} ({count})" for name, count in found.most_common())
            yield f"{path.relative_to(campaign.root).as_posix()}: {words}"


def _texts(root: Path) -> Iterator[Path]:
    yield root / "mkdocs.yml"
    for top in ("docs", "assets"):
        for path in sorted((root / top).rglob("*")):
            is_kept_apart = any(part.startswith("_") for part in path.relative_to(root).parts[:-1])
            is_record = path.name in ("_adopted.json", "_questions.yml")
            if path.suffix in (".md", ".yml", ".svg") and path.is_file() and not is_kept_apart and not is_record:
                yield path


def find_numbers(campaign: Campaign) -> list[tuple[str, str]]:
    """Return (file, line) of numbers without a source near questions, and of amounts of money."""
    lines = [(_file(item), item.question) for item in find_kept_numbers(campaign)]
    for page in campaign.pages.values():
        if page.language == campaign.source_language.code:
            text = (campaign.root / page.where).read_text(encoding="utf-8", errors="replace")
            lines += [(page.where, line) for line in text.splitlines() if MONEY.search(line)]
    return list(dict.fromkeys(lines))


def _kept_numbers(campaign: Campaign) -> Iterator[str]:
    """Yield the numbers of the day of adoption that are still there."""
    for file, line in read_json(campaign.root / ADOPTED_FILE).get("numbers", ()):
        path = campaign.root / file
        if path.is_file() and line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            yield f"{file}: {line.strip()}"


def _pictures(campaign: Campaign) -> Iterator[str]:
    for folder in ("posters", "photos", "logos", "partners"):
        for path in sorted((campaign.root / "assets" / folder).rglob("*")):
            if path.suffix in (".svg", ".jpg", ".jpeg", ".png", ".webp"):
                yield path.relative_to(campaign.root).as_posix()
