"""Every kind of mistake that a message names: a row each, whatever part of the program finds it."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.models.rules import copies, files, outputs, pictures, settings, texts, translations
from campaign.models.rules.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: Mapping[str, Rule] = {
    rule.id: rule for room in (files, settings, texts, pictures, translations, outputs, copies) for rule in room.ROWS
}
