"""Split pages into a frame and fragments, so that the parts that many pages share are finished once.

The frame is the head, menu and foot of the templates. The fragments are what differs between pages of a folder:
metadata, languages, text. Fragments inside the frame's unpaired tags form a short page, which all finishing steps
accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from posixpath import dirname

import msgspec

from campaign.cache.store import hash_text
from campaign.graph.traces import Nodes
from campaign.graph.tracking import Trace, Tracker, ValuePath, recording
from campaign.website.css_usage import unbalanced_tags
from campaign.website.inline_css import Linked, StyleInliner, minified, with_styles
from campaign.website.view import View

# Characters that no page contains: placeholders for the ends of fragments and for the styles.
SEPARATOR = "\0"
STYLES = "\1"
# The path of the frames' hashes in a tracker.
FRAMES: ValuePath = (("of", "frames"),)


@dataclass(frozen=True)
class Frame:
    """The HTML that many pages share around their fragments."""

    parts: tuple[str, ...]  # finished HTML before, between and after the fragments
    unpaired_tags: tuple[str, ...]  # of each part
    linked: Linked  # style sheets (StyleInliner.bundle)
    names: frozenset[str]  # of the style sheets that are in the parts


@dataclass(frozen=True)
class NewFrame:
    """A frame, and the page that it was made for."""

    frame: Frame
    page: tuple[str, str] | None  # (language, path), None if generated
    trace: Trace


class Frames:
    """The frames of a site's pages, made with a page and kept for the next build. Pages depend on their frame's hash.

    `by_kind` are the frames, `new` those made here, `hashes` today's hashes by kind.
    """

    def __init__(self, inliner: StyleInliner, finish_texts: Callable[[str], str]) -> None:
        """Start without frames; `finish_texts` finishes a page's texts."""
        self.inliner, self.finish_texts = inliner, finish_texts
        self.by_kind: dict[str, Frame] = {}
        self.new: dict[str, NewFrame] = {}
        self.hashes: dict[str, str] = {}
        self._nodes: Nodes | None = None
        self._tracker: Tracker | None = None

    def load(self, nodes: Nodes, tracker: Tracker, hashes: dict[str, str]) -> list[tuple[str, str]]:
        """Load the frames of the last build; return the pages, as (language, path), to make outdated ones again."""
        self._nodes, self._tracker, self.hashes = nodes, tracker, hashes
        kinds = sorted(nodes.memo.keys())
        hashes |= {kind: row["hash"] for kind in kinds if (row := nodes.find(kind))}
        for kind in hashes:  # after all were looked at: each changes which pages are current
            self._record(kind)
        old = (row for kind in kinds if kind not in hashes and (row := nodes.memo.get(kind)))
        return list(dict.fromkeys((row["page"][0], row["page"][1]) for row in old if row.get("page")))

    def finish(self, view: View, fragments: Sequence[str], write: Callable[[], str]) -> str:
        """Return a page with finished texts and styles inside.

        `fragments` is HTML that no other page has, in order; `write` renders the page with separators in their place.
        """
        kind = " ".join(map(str, _kind(view)))
        frame = self.by_kind.get(kind) or self._cached_frame(kind)
        if not frame:
            with recording() as trace:
                frame = self._frame(write())
            source = (view.language.code, view.page.path) if view.page.where else None
            self.add(kind, NewFrame(frame, source, trace))
            self.new[kind] = NewFrame(frame, source, trace)
        self.by_kind[kind] = frame
        self._record(kind)
        return self._fill(frame, fragments)

    def _record(self, kind: str) -> None:
        """Record which frame pages of a kind have, in the tracker and in the active recording."""
        if self._tracker:
            self._tracker.note((*FRAMES, ("item", kind)), self.hashes[kind])

    def add(self, kind: str, frame: NewFrame) -> None:
        """Add a frame made here or in another process."""
        encoded = msgspec.json.encode(frame.frame, order="deterministic").decode()
        self.by_kind[kind], self.hashes[kind] = frame.frame, hash_text(encoded)
        self._record(kind)
        if self._nodes:
            row = {"frame": frame.frame, "hash": self.hashes[kind], "page": frame.page}
            self._nodes.put(kind, row, frame.trace)

    def take_new(self) -> dict[str, NewFrame]:
        """Return the new frames since the last call."""
        new, self.new = self.new, {}
        return new

    def save(self) -> None:
        """Save new frames and drop unused ones."""
        if self._nodes:
            self._nodes.memo.keep_only({*self.hashes})
            self._nodes.memo.save()

    def _cached_frame(self, kind: str) -> Frame | None:
        row = self._nodes.find(kind) if self._nodes else None
        return msgspec.convert(row["frame"], Frame) if row else None

    def _frame(self, page: str) -> Frame:
        html_without_css, stylesheets = self.inliner.unlinked(self.finish_texts(page))
        parts = [part.strip() for part in html_without_css.split(SEPARATOR)]
        frame = SEPARATOR.join(parts)
        return Frame(
            parts=tuple(minified(with_styles(frame, STYLES)).split(SEPARATOR)),
            unpaired_tags=tuple(map(unbalanced_tags, parts)),
            linked=stylesheets,
            names=self.inliner.names(self.inliner.bundle(stylesheets), frame),
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


def _kind(view: View) -> tuple[str | bool, ...]:
    """Return what pages with the same frame have in common: the same links, and their place in the menu."""
    path, campaign = view.page.path, view.campaign
    in_menu = path if view.is_home or path in campaign.navigation else ""
    # Links out of a folder only depend on its depth; links into it are its own.
    folder, top = dirname(path), f"{path.partition('/')[0]}/"
    is_in_navigation = any(item.startswith(top) for item in (*campaign.navigation, campaign.help_page))
    return view.language.code, folder if is_in_navigation else view.root, in_menu, view.is_public, view.is_all_titles


def _interleave(parts: Iterable[str], fragments: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(parts, fragments, fillvalue="")))
