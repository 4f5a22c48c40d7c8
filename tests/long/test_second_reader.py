"""The project doesn't depend on one parser: another reader gives the same trees behind the same adapter."""

from __future__ import annotations

import markdown_it_events
from conftest import HERE, REPOSITORY
from document_dump import dump
from msgspec.structs import replace

from campaign.content.pages import FRONT_MATTER
from campaign.document import reader

PAGES = sorted(
    path
    for folder in (REPOSITORY / "docs", HERE / "campaigns/tiny/docs", REPOSITORY / "scripts/campaign/skeleton/docs")
    for path in folder.rglob("*.md")
)


def tree(body: str) -> str:
    """Only the nodes: messages about an editor's mistakes depend on how our reader tells markup from words."""
    return dump(replace(reader.read_document(body), faults=()), with_lines=False)


def test_second_reader_gives_the_same_trees(monkeypatch):
    bodies = {path: FRONT_MATTER.sub("", path.read_text(encoding="utf-8"), count=1) for path in PAGES}
    ours = {path: tree(body) for path, body in bodies.items()}
    monkeypatch.setattr(reader, "read_events", markdown_it_events.read_events)
    other_text = {path: tree(body) for path, body in bodies.items()}
    differ = [str(path) for path in PAGES if ours[path] != other_text[path]]
    assert len(PAGES) > 300
    assert not differ
