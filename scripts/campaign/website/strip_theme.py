"""Remove the elements that Material's base.html adds outside of all blocks for its own script."""

from __future__ import annotations

import re

from campaign.models.campaign import Language

# Parts of base.html in mkdocs-material 9.6 to 9.8 that are removed; a test compares them.
_LEFTOVERS = re.compile(
    r'<input class="md-toggle"[^>]*>'
    r'|<label class="md-overlay"[^>]*></label>'
    r'|<div data-md-component="(?:skip|announce)">\s*</div>'
    r'|<div class="md-dialog"[^>]*>\s*<div class="md-dialog__inner md-typeset"></div>\s*</div>'
)
_CLASSES = re.compile(r' class="md-(?:container|main|main__inner md-grid)"')
_ATTRIBUTES = re.compile(r' data-md-[\w-]+="[^"]*"')
_BEGIN = re.compile(r"<html [^>]*>")
_LANGUAGE = re.compile(r"<html lang=\"?([\w-]+)")
_BODY = re.compile(r"<body[^>]*>")


def strip_theme(html: str, language: Language) -> str:
    """Return the page without leftovers, with language and direction on its root element."""
    html = _LEFTOVERS.sub("", html)
    html = _ATTRIBUTES.sub("", _CLASSES.sub("", html))
    html = _BODY.sub("<body>", html, count=1)
    return _BEGIN.sub(f'<html lang="{language.code}" dir="{language.direction}">', html, count=1)


def language_of(html: str) -> str:
    """Return the language of a page's root element, or ''."""
    match = _LANGUAGE.search(html)
    return match[1] if match else ""
