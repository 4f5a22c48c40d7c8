"""The words that carry the campaign: docs/_glossary.yml, a term a key, with the forms accepted in each language."""

from __future__ import annotations

from pathlib import Path

from campaign.models.campaign import Source, Term
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import EMPTY, Fields, read_yaml

FILE = "docs/_glossary.yml"
CERTAINTY = ("high", "medium", "low")


def read_glossary(
    root: Path, languages: tuple[str, ...], sources: dict[str, Source], problems: list[Problem]
) -> tuple[Term, ...]:
    """Every term; none where there is no file."""
    if not (root / FILE).is_file():
        return ()
    value = read_yaml(root / FILE, FILE, problems)
    if value is EMPTY:
        return ()
    top = Fields(value, FILE, problems)
    return tuple(_term(id, top, languages, sources) for id in top.keys)


def terms_in(glossary: tuple[Term, ...], language: str) -> tuple[str, ...]:
    """Every form that the glossary accepts in a language."""
    return tuple(form for term in glossary for form in term.forms.get(language, ()))


def _term(id: str, top: Fields, languages: tuple[str, ...], sources: dict[str, Source]) -> Term:
    fields = Fields(top.mapping(id), FILE, top.problems, (*languages, "source", "certainty"))
    source = fields.text("source")
    if source and source not in sources:
        fields.complain(fields.keys["source"], f"`{source}` is not in docs/_sources.yml.", "Add it there.")
    forms = {code: fields.texts(code) for code in languages if code in fields.keys}
    return Term(id, forms, source, fields.choice("certainty", CERTAINTY))
