"""Sheets of labels that cover a wrong number with the right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from campaign.models.campaign import Campaign, Language
from campaign.printing import fonts
from campaign.printing import typeset as engine


@dataclass(frozen=True)
class Label:
    """The text on all 24 labels of a sheet."""

    name: str  # in small type above the number, or ''
    number: str
    size: float  # of the number in points, if the label is wide enough


def label_sheets(campaign: Campaign, language: Language, title: str, labels: Sequence[Label]) -> bytes:
    """Return a PDF with a page of 24 labels (A4, 70 × 37 mm) for each label."""
    letters = {*title, *(letter for label in labels for letter in label.name + label.number)}
    families_by_name = fonts.families(campaign.fonts)
    families, _ = fonts.choose(letters, campaign.identity.fonts, families_by_name, campaign.fonts, language.code)
    data = {
        "title": title,
        "fonts": [family.name for family in families],
        "language": {"code": language.code, "direction": language.direction},
        "labels": [asdict(label) for label in labels],
    }
    return engine.typeset(
        data, tuple(path for item in families for path in item.files), campaign.date, main="labels.typ"
    )
