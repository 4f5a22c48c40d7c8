"""Sheets of labels that put a right number over a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from campaign.models.campaign import Campaign, Language
from campaign.printing import fonts
from campaign.printing import typeset as engine


@dataclass(frozen=True)
class Label:
    """What stands on all 24 labels of a sheet.

    Attributes:
        name: in small letters above it; '' for none.
        number: as it is read.
        size: of its letters in points, where the label is wide enough for it.
    """

    name: str
    number: str
    size: float


def label_sheets(campaign: Campaign, language: Language, title: str, labels: Sequence[Label]) -> bytes:
    """A PDF with a page of 24 labels (A4, 70 x 37 mm) for each.

    Args:
        campaign: whose fonts they are set in.
        language: of the names.
        title: of the PDF.
        labels: what stands on them.
    """
    letters = {*title, *(letter for each in labels for letter in each.name + each.number)}
    known = fonts.families(campaign.fonts)
    chosen, _ = fonts.choose(letters, campaign.identity.fonts, known, campaign.fonts, language.code)
    data = {
        "title": title,
        "fonts": [family.name for family in chosen],
        "language": {"code": language.code, "direction": language.direction},
        "labels": [asdict(each) for each in labels],
    }
    return engine.typeset(data, tuple(path for each in chosen for path in each.files), campaign.date, main="labels.typ")
