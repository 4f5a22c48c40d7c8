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

import msgspec

from campaign.cache.store import hash_text
from campaign.graph.traces import INPUTS, Nodes
from campaign.graph.tracking import Trace, Tracker, ValuePath, recording, replay
from campaign.website.css_usage import unbalanced_tags
from campaign.website.inline_css import Linked, StyleInliner, minified, with_styles
from campaign.website.view import View

# What no page holds: it stands for an end of a fragment, and for the styles.
SEPARATOR, STYLES = "\0", "\1"
# Where a tracker has the hashes of frames.
FRAMES: ValuePath = (("of", "frames"),)


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


@dataclass(frozen=True)
class NewFrame:
    """A frame that was made with a page.

    Attributes:
        page: (language, path) of that; None of one that no file has.
        trace: what was read while it was made. That is more than the frame holds, since a whole page is written for it:
            when some of it changes the frame is made again, and where it comes out the same, its pages stay.
    """

    frame: Frame
    page: tuple[str, str] | None
    trace: Trace


class Frames:
    """The frames of a site's pages, each made with the first page that has it, and kept for the next build.

    A page depends on the hash of its frame, and not on what that was made from.

    Attributes:
        known: those that were asked for, by their kinds.
        new: those of them that were made here.
        hashes: kind -> the hash of the frame that pages of the kind have today, as far as it is known.
    """

    def __init__(self, inliner: StyleInliner, finish_texts: Callable[[str], str]) -> None:
        """Begins without any.

        Args:
            inliner: gives pages their styles.
            finish_texts: finishes the texts of a page.
        """
        self.inliner, self.finish_texts = inliner, finish_texts
        self.known: dict[str, Frame] = {}
        self.new: dict[str, NewFrame] = {}
        self.hashes: dict[str, str] = {}
        self._nodes: Nodes | None = None
        self._tracker: Tracker | None = None

    def keep(self, nodes: Nodes, tracker: Tracker, hashes: dict[str, str]) -> list[tuple[str, str]]:
        """Take the frames of builds before.

        Args:
            nodes: the rows of frames.
            tracker: where a page's dependency on its frame is recorded.
            hashes: filled with those of frames that are as they were.

        Returns:
            The pages, as (language, path), by which those have to be made again that may not be.
        """
        self._nodes, self._tracker, self.hashes = nodes, tracker, hashes
        stale: dict[tuple[str, str], None] = {}
        for kind in sorted(nodes.memo.keys() - {INPUTS}):
            if row := nodes.find(kind):
                hashes[kind] = row["hash"]
            elif (row := nodes.memo.get(kind)) and row.get("page"):
                code, path = row["page"]
                stale[code, path] = None
        return list(stale)

    def finish(self, view: View, fragments: Sequence[str], write: Callable[[], str]) -> str:
        """A page with its texts finished and its styles inside.

        Args:
            view: what it shows around its text.
            fragments: HTML that no other page has, in its order.
            write: writes all of it by the templates, and reads all that they show of it.
        """
        kind = " ".join(map(str, _kind(view)))
        frame = self.known.get(kind) or self._kept(kind)
        if not frame:
            with recording() as trace:
                page = write()
                frame = self._frame(page, fragments)
            if not frame:
                replay(trace)
                return self.inliner.inline(self.finish_texts(page))
            source = (view.language.code, view.page.path) if view.page.where else None
            self.add(kind, NewFrame(frame, source, trace))
            self.new[kind] = NewFrame(frame, source, trace)
        self.known[kind] = frame
        self._record(kind)
        return self._fill(frame, fragments)

    def _record(self, kind: str) -> None:
        """Tell the tracker which frame pages of a kind have from now on, and an active recording that one does."""
        if self._tracker:
            self._tracker.note((*FRAMES, ("item", kind)), self.hashes[kind])

    def add(self, kind: str, made: NewFrame) -> None:
        """Take a frame that was made here or in another process."""
        self.known[kind], self.hashes[kind] = made.frame, _hash(made.frame)
        self._record(kind)
        if self._nodes:
            row = {"frame": made.frame, "hash": self.hashes[kind], "page": made.page}
            self._nodes.put(kind, row, made.trace)

    def take_new(self) -> dict[str, NewFrame]:
        """The frames that were made here since this was asked last, for another process."""
        new, self.new = self.new, {}
        return new

    def save(self) -> None:
        """Keeps what is new, and forgets what no page of today has."""
        if self._nodes:
            self._nodes.memo.keep_only({*self.hashes, INPUTS})
            self._nodes.save()
            self._nodes.memo.save()

    def _kept(self, kind: str) -> Frame | None:
        row = self._nodes.find(kind) if self._nodes else None
        return msgspec.convert(row["frame"], Frame) if row else None

    def _frame(self, page: str, fragments: Iterable[str]) -> Frame | None:
        """None where the fragments do not stand in the page one after the other, each once."""
        parts = []
        for fragment in map(str.strip, fragments):
            before, found, page = page.partition(fragment) if fragment else ("", "", page)
            if not found or fragment in page:
                return None
            parts.append(before)
        bare, linked = self.inliner.unlinked(self.finish_texts(SEPARATOR.join((*parts, page))))
        parts = [part.strip() for part in bare.split(SEPARATOR)]
        frame = SEPARATOR.join(parts)
        return Frame(
            parts=tuple(minified(with_styles(frame, STYLES)).split(SEPARATOR)),
            unpaired_tags=tuple(map(unbalanced_tags, parts)),
            linked=linked,
            names=self.inliner.names(self.inliner.bundle(linked), frame),
        )

    def _fill(self, frame: Frame, fragments: Iterable[str]) -> str:
        short = self.finish_texts(
            _interleave(frame.unpaired_tags, [f"{SEPARATOR}{fragment.strip()}{SEPARATOR}" for fragment in fragments])
        )
        bundle = self.inliner.bundle(frame.linked)
        styles = self.inliner.styles(bundle, frame.names | self.inliner.names(bundle, short), short)
        return _interleave(
            (part.replace(STYLES, styles) for part in frame.parts), minified(short).split(SEPARATOR)[1::2]
        )


def _hash(frame: Frame) -> str:
    return hash_text(msgspec.json.encode(frame, order="deterministic").decode())


def _kind(view: View) -> tuple[str | bool, ...]:
    """What pages with the same frame have in common: the same links, and where they are in the menu."""
    path, campaign = view.page.path, view.campaign
    in_menu = path if view.is_home or path in campaign.navigation else ""
    # Links out of a folder are those out of all others as deep; into it no others have.
    folder, top = dirname(path), f"{path.partition('/')[0]}/"
    is_led_into = any(each.startswith(top) for each in (*campaign.navigation, campaign.help_page))
    return view.language.code, folder if is_led_into else view.root, in_menu, view.is_public, view.is_all_titles


def _interleave(parts: Iterable[str], fragments: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(parts, fragments, fillvalue="")))
