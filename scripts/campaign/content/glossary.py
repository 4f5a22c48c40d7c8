"""The campaign's key terms: docs/_glossary.yml, with the accepted forms in each language."""

from __future__ import annotations

from pathlib import Path

from campaign.models.campaign import Source, Term
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import GlossaryTerm
from campaign.schema.yaml_reader import Value, read_yaml

FILE = "docs/_glossary.yml"


def read_glossary(
    root: Path, languages: tuple[str, ...], sources: dict[str, Source], problems: list[Problem]
) -> tuple[Term, ...]:
    """Return every term."""
    if not (root / FILE).is_file():
        return ()
    value = read_yaml(root / FILE, FILE, problems)
    return tuple(_term(id, item, languages, sources, problems) for id, item in (value.keys or {}).items())


def terms_in(glossary: tuple[Term, ...], language: str) -> tuple[str, ...]:
    """Return every accepted form in a language."""
    return tuple(form for term in glossary for form in term.forms.get(language, ()))


def _term(
    id: str, value: Value, languages: tuple[str, ...], sources: dict[str, Source], problems: list[Problem]
) -> Term:
    entry = bind(GlossaryTerm, value, FILE, problems, languages)
    if entry.source and entry.source not in sources:
        entry.complain("source-unknown", "source", f"`{entry.source}` is not in docs/_sources.yml.", "Add it there.")
    if entry.search and not entry.leads_to:
        fix = "Add `leads_to: signs.md`, the page people look for."
        entry.complain("search-nowhere", "search", "These words lead nowhere.", fix)
    forms = {code: entry.words(code) for code in languages if entry.has(code)}
    searches = {code: words for code, words in entry.search.items() if code in languages}
    return Term(id, forms, entry.source, entry.certainty or "", searches, entry.leads_to)
