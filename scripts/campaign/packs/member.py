"""Members of packs: a text, or a file that already exists."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from campaign.content.picture_metadata import PictureMetadata, with_metadata
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact, Output
from campaign.plan.outputs import sheet_page
from campaign.plan.print_queues import parts_of, queued


@dataclass(frozen=True)
class Member:
    """One file of a pack: text, or a finished output."""

    text: str = ""
    made: Artifact | None = None
    file: Path | None = None
    notice: PictureMetadata | None = None  # metadata for a picture whose file is the same for all languages, or None

    def read(self) -> bytes:
        """Return the file's content."""
        path = self.made.file if self.made else self.file
        data = path.read_bytes() if path else self.text.encode()
        return with_metadata(data, self.notice) if self.notice else data

    @property
    def sha256(self) -> str:
        """Return the content's hash in hexadecimal."""
        if self.made and not self.notice:
            return self.made.sha256
        return hashlib.sha256(self.read()).hexdigest()


def plan_queue(campaign: Campaign, queue: Output, artifacts: list[Artifact]) -> dict[str, Member]:
    """Return the pieces of a queue in printing order, by bookmark title."""
    all_pages = [*campaign.pages.values(), sheet_page(campaign, str(queue.language))]
    titles = {
        (page.stem, name): page.title for page in all_pages if page.language == queue.language for name in page.formats
    }
    words = campaign.languages[str(queue.language)].strings
    results = {}
    for item in queued(campaign, queue, artifacts):
        name, format = item.output.name, item.output.format
        title = f"{titles.get((name, format), name)}, {words.get(f'format-{format}', format)}"
        results[title if title not in results else f"{title} ({name})"] = Member(made=item)
    return results


def queue_job(campaign: Campaign, queue: Output) -> tuple[str, str, str]:
    """Return the title of a queue, its language and its duplex mode (see `parts_of`)."""
    language, source = campaign.languages[str(queue.language)], campaign.source_language.code
    words = language.strings
    place = campaign.places[queue.place].name(language.code, source) if queue.place else words["national"]
    paper, duplex = parts_of(queue)
    return f"{campaign.name_in(language.code)}, {place}, {paper}: {words[f'flip-{duplex}']}", language.code, duplex
