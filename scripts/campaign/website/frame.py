"""A page as a frame and fragments of its own, so that what many pages have alike is finished once.

The frame is what templates put around a page: head, top row, menu, foot. The fragments are what differs from page to
page of a folder: what is said about it, its languages, its text. Between the tags of the frame that lead to them they
are a short page themselves, and each step that finishes whole pages takes it for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from posixpath import dirname

from campaign.website.css_usage import unpaired
from campaign.website.inline_css import Bundle, StyleInliner, minified, with_styles
from campaign.website.view import View

# What no page holds: it stands for an end of a fragment, and for the styles.
CUT, STYLES = "\0", "\1"


@dataclass(frozen=True)
class Frame:
    """What many pages have around their fragments.

    Attributes:
        parts: finished HTML before, between and behind the fragments.
        unpaired_tags: of each part the tags that lead from one fragment to the next.
        bundle: the style sheets that the pages link to.
        names: what of their names stands in the parts.
    """

    parts: tuple[str, ...]
    unpaired_tags: tuple[str, ...]
    bundle: Bundle
    names: frozenset[str]


class Frames:
    """The frames of a site's pages. One is made with the second page that has it."""

    def __init__(self, inliner: StyleInliner, finish_texts: Callable[[str], str]) -> None:
        """Begins without any.

        Args:
            inliner: gives pages their styles.
            finish_texts: finishes the texts of a page.
        """
        self.inliner, self.finish_texts = inliner, finish_texts
        self.known: dict[object, Frame | None] = {}
        self._met: set[object] = set()

    def finish(self, view: View, fragments: Sequence[str], write: Callable[[], str]) -> str:
        """A page with its texts finished and its styles inside.

        Args:
            view: what it shows around its text.
            fragments: HTML that no other page has, in its order.
            write: writes all of it by the templates.
        """
        kind = _kind(view)
        if kind in self._met and kind not in self.known:
            self.known[kind] = self._frame(write(), fragments)
        self._met.add(kind)
        frame = self.known.get(kind)
        return self._fill(frame, fragments) if frame else self.inliner.inline(self.finish_texts(write()))

    def _frame(self, page: str, fragments: Iterable[str]) -> Frame | None:
        """None where the fragments do not stand in the page one after the other, each once."""
        parts = []
        for fragment in map(str.strip, fragments):
            before, found, page = page.partition(fragment) if fragment else ("", "", page)
            if not found or fragment in page:
                return None
            parts.append(before)
        bare, bundle = self.inliner.unlinked(self.finish_texts(CUT.join((*parts, page))))
        parts = [part.strip() for part in bare.split(CUT)]
        frame = CUT.join(parts)
        return Frame(
            parts=tuple(minified(with_styles(frame, STYLES)).split(CUT)),
            unpaired_tags=tuple(map(unpaired, parts)),
            bundle=bundle,
            names=self.inliner.names(bundle, frame),
        )

    def _fill(self, frame: Frame, fragments: Iterable[str]) -> str:
        short = self.finish_texts(
            _in_turn(frame.unpaired_tags, [f"{CUT}{fragment.strip()}{CUT}" for fragment in fragments])
        )
        names = frame.names | self.inliner.names(frame.bundle, short)
        styles = self.inliner.styles(frame.bundle, names, short)
        return _in_turn((part.replace(STYLES, styles) for part in frame.parts), minified(short).split(CUT)[1::2])


def _kind(view: View) -> object:
    """What pages with the same frame have in common: links to the same files, and where they are in the menu."""
    path = view.page.path
    in_menu = path if view.is_home or path in view.campaign.navigation else ""
    return view.language.code, dirname(path), in_menu, view.is_public, view.is_all_titles


def _in_turn(parts: Iterable[str], fragments: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(parts, fragments, fillvalue="")))
