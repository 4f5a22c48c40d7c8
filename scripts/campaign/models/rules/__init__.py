"""The rules: one per kind of mistake that messages report, with level, reason and example."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.models.rules import copies, files, outputs, pictures, settings, texts, translations
from campaign.models.rules.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: Mapping[str, Rule] = {
    rule.id: rule for room in (files, settings, texts, pictures, translations, outputs, copies) for rule in room.ROWS
}
