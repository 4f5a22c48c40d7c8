"""Split pages into a frame and fragments, so that what pages share is finished once.

The frame is what templates put around a page: head, top bar, menu, foot. Fragments are what differs between pages of a
folder: metadata, languages, text. The frame's tags that lead to a fragment are a short page themselves, and every step
that finishes pages handles them like one.
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

# Characters that no page contains: placeholders for the ends of fragments and for the styles.
SEPARATOR, STYLES = "\0", "\1"
# Where a tracker has the hashes of frames.
FRAMES: ValuePath = (("of", "frames"),)


@dataclass(frozen=True)
class Frame:
    """What pages have around their fragments.

    Attributes:
        parts: finished HTML before, between and after the fragments.
        unpaired_tags: for each part, the tags that lead from one fragment to the next.
        linked: the style sheets that the pages link to (StyleInliner.bundle).
        names: their names that are on the parts.
    """

    parts: tuple[str, ...]
    unpaired_tags: tuple[str, ...]
    linked: Linked
    names: frozenset[str]


@dataclass(frozen=True)
class NewFrame:
    """A frame made with a page.

    Attributes:
        page: (language, path) of the page; None if it has no file.
        trace: everything read while it was rendered. That is more than the frame contains, because a whole page is
            rendered: when some of it changes the frame is made again, and if it comes out the same, its pages stay.
    """

    frame: Frame
    page: tuple[str, str] | None
    trace: Trace


class Frames:
    """The frames of a site's pages, each made with the first page that has it, and kept for the next build.

    A page depends on the hash of its frame, not on the frame's inputs.

    Attributes:
        known: frames that were used, by kind.
        new: the new ones among them.
        hashes: kind -> today's hash of the frame, where known.
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
        """Load the frames of earlier builds.

        Args:
            nodes: the stored frames.
            tracker: records a page's dependency on its frame.
            hashes: filled with the hashes of unchanged frames.

        Returns:
            The pages, as (language, path), with which changed frames must be made again.
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
        """Return a page with finished texts and inlined styles.

        Args:
            view: what surrounds its text.
            fragments: HTML of this page only, in order.
            write: renders the whole page by the templates and records what they read.
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
        """Store new frames and delete those that no page has today."""
        if self._nodes:
            self._nodes.memo.keep_only({*self.hashes, INPUTS})
            self._nodes.save()
            self._nodes.memo.save()

    def _kept(self, kind: str) -> Frame | None:
        row = self._nodes.find(kind) if self._nodes else None
        return msgspec.convert(row["frame"], Frame) if row else None

    def _frame(self, page: str, fragments: Iterable[str]) -> Frame | None:
        """Return the frame; None unless the fragments are in the page one after the other, each once."""
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
    """Return what pages with the same frame share: the same links and position in the menu."""
    path, campaign = view.page.path, view.campaign
    in_menu = path if view.is_home or path in campaign.navigation else ""
    # Links out of a folder are those out of all others as deep; into it no others have.
    folder, top = dirname(path), f"{path.partition('/')[0]}/"
    is_led_into = any(each.startswith(top) for each in (*campaign.navigation, campaign.help_page))
    return view.language.code, folder if is_led_into else view.root, in_menu, view.is_public, view.is_all_titles


def _interleave(parts: Iterable[str], fragments: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(parts, fragments, fillvalue="")))
