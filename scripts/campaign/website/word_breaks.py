"""Line breaks in scripts without spaces, for browsers without dictionaries (feature phones)."""

from __future__ import annotations

from campaign.document.word_ends import LETTER, RUN, word_ends

BREAK = "<wbr>"
# Words of so few letters fit on a line of a small phone and need no break; headings have larger letters, and share
# their line with the campaign's name.
SHORT, SHORT_LARGE = 20, 12


def with_word_breaks(text: str, terms: tuple[str, ...], is_large: bool) -> str:
    """Return an HTML text with breaks at the ends of words. `is_large`: in headings and buttons."""
    short = SHORT_LARGE if is_large else SHORT
    return RUN.sub(lambda found: _between_words(found.group(), short, terms), text)


def _between_words(run: str, short: int, terms: tuple[str, ...]) -> str:
    if len(run) < short:
        return run
    ends = word_ends(run, terms)
    return LETTER.sub(lambda found: BREAK if found.start() in ends else "", run)
