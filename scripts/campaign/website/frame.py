"""A page as a frame and fragments of its own, so that what many pages have alike is finished once.

The frame is what templates put around a page: head, top row, menu, foot. The fragments are what differs from page to
page of a folder: what is said about it, its languages, its text. Between the tags of the frame that lead to them they
are a short page themselves, and each step that finishes whole pages takes it for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, zip_longest
from posixpath import dirname

import msgspec

from campaign.cache.memo import Memo
from campaign.website.css_usage import unpaired
from campaign.website.inline_css import Linked, StyleInliner, minified, with_styles
from campaign.website.view import View

# What no page holds: it stands for an end of a fragment, and for the styles.
CUT, STYLES = "\0", "\1"


@dataclass(frozen=True)
class Frame:
    """What many pages have around their fragments.

    Attributes:
        parts: finished HTML before, between and behind the fragments.
        unpaired_tags: of each part the tags that lead from one fragment to the next.
        linked: the style sheets that the pages link to (StyleInliner.bundle).
        names: what of their names stands in the parts.
    """

    parts: tuple[str, ...]
    unpaired_tags: tuple[str, ...]
    linked: Linked
    names: frozenset[str]


class Frames:
    """The frames of a site's pages, each made with the first page that has it, and kept for the next build.

    Attributes:
        known: those that were asked for, by their keys.
        new: those of them that were made here.
    """

    def __init__(self, inliner: StyleInliner, finish_texts: Callable[[str], str]) -> None:
        """Begins without any.

        Args:
            inliner: gives pages their styles.
            finish_texts: finishes the texts of a page.
        """
        self.inliner, self.finish_texts = inliner, finish_texts
        self.known: dict[str, Frame] = {}
        self.new: dict[str, Frame] = {}
        self._memo, self._fingerprint = Memo(None), ""

    def keep(self, memo: Memo, fingerprint: str) -> None:
        """Takes those of builds before, and lets go of what was made from anything else.

        Args:
            memo: for frames alone.
            fingerprint: the hash of all that frames are made from, beside the kind of page.
        """
        self._memo, self._fingerprint = memo, fingerprint

    def finish(self, view: View, fragments: Sequence[str], write: Callable[[], str]) -> str:
        """A page with its texts finished and its styles inside.

        Args:
            view: what it shows around its text.
            fragments: HTML that no other page has, in its order.
            write: writes all of it by the templates.
        """
        key = f"{self._fingerprint} {_kind(view)}"
        frame = self.known.get(key) or self._kept(key)
        if not frame:
            page = write()
            frame = self._frame(page, fragments)
            if not frame:
                return self.inliner.inline(self.finish_texts(page))
            self.new[key] = frame
        self.known[key] = frame
        return self._fill(frame, fragments)

    def save(self) -> None:
        """Keeps what is new, and forgets what no page of today has."""
        for key, frame in self.new.items():
            self._memo.put(key, frame)
        self._memo.keep_only(set(filter(lambda key: key.startswith(self._fingerprint), self._memo.keys())))
        self._memo.save()

    def _kept(self, key: str) -> Frame | None:
        with suppress(msgspec.ValidationError):
            return msgspec.convert(self._memo.get(key), Frame)
        return None

    def _frame(self, page: str, fragments: Iterable[str]) -> Frame | None:
        """None where the fragments do not stand in the page one after the other, each once."""
        parts = []
        for fragment in map(str.strip, fragments):
            before, found, page = page.partition(fragment) if fragment else ("", "", page)
            if not found or fragment in page:
                return None
            parts.append(before)
        bare, linked = self.inliner.unlinked(self.finish_texts(CUT.join((*parts, page))))
        parts = [part.strip() for part in bare.split(CUT)]
        frame = CUT.join(parts)
        return Frame(
            parts=tuple(minified(with_styles(frame, STYLES)).split(CUT)),
            unpaired_tags=tuple(map(unpaired, parts)),
            linked=linked,
            names=self.inliner.names(self.inliner.bundle(linked), frame),
        )

    def _fill(self, frame: Frame, fragments: Iterable[str]) -> str:
        short = self.finish_texts(
            _in_turn(frame.unpaired_tags, [f"{CUT}{fragment.strip()}{CUT}" for fragment in fragments])
        )
        bundle = self.inliner.bundle(frame.linked)
        styles = self.inliner.styles(bundle, frame.names | self.inliner.names(bundle, short), short)
        return _in_turn((part.replace(STYLES, styles) for part in frame.parts), minified(short).split(CUT)[1::2])


def _kind(view: View) -> tuple[str | bool, ...]:
    """What pages with the same frame have in common: the same links, and where they are in the menu."""
    path, campaign = view.page.path, view.campaign
    in_menu = path if view.is_home or path in campaign.navigation else ""
    # Links out of a folder are those out of all others as deep; into it no others have.
    folder, top = dirname(path), f"{path.partition('/')[0]}/"
    is_led_into = any(each.startswith(top) for each in (*campaign.navigation, campaign.help_page))
    return view.language.code, folder if is_led_into else view.root, in_menu, view.is_public, view.is_all_titles


def _in_turn(parts: Iterable[str], fragments: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(parts, fragments, fillvalue="")))
