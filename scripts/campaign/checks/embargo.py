"""Prove that no embargoed release is in the outputs: open every file, archives and PDFs too.

Texts are compared by letters and digits only, so line breaks, markup, case and accents can't hide a sentence.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from posixpath import basename
from urllib.parse import unquote

from campaign.content.releases import with_withheld
from campaign.document.text import plain_text
from campaign.models.campaign import Campaign
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.plan.site_files import page_files, recordings_of

# Shorter sentences may appear by chance.
MIN_LETTERS = 20
# A file in a zip in a zip, and no deeper.
MAX_DEPTH = 4
MAX_BYTES = 500_000_000
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".ttf", ".otf", ".woff2", ".mp3", ".ogg", ".opus")
TAG = re.compile(r"<[^>]*>")
CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
SENTENCE_BREAK = re.compile(r"(?<=[.!?…:;|])\s+|\n")
BUG = "this is a bug in the generator: publish nothing, and report it."
FIX = f"T{BUG[1:]}"


@dataclass(frozen=True)
class _Needle:
    """A sentence that may not appear: as written, and its letters."""

    sentence: str
    letters: str
    raw: bytes
    where: str


def check_linked(campaign: Campaign) -> Iterator[Problem]:
    """Yield public pages that link to an embargoed release, because the link's words may reveal it."""
    withheld_paths = {path for _, path in campaign.withheld}
    for page in campaign.pages.values() if withheld_paths else ():
        for link in page.outline.links:
            target = unquote(link.to).partition("#")[0].rsplit("/", 1)[-1]
            if any(path.rsplit("/", 1)[-1] == target for path in withheld_paths):
                message = f"The page links to a release that is under embargo: {target}."
                fix = "Remove the link; `{{ press-kit }}` lists each release when its embargo ends."
                yield Problem("embargo-linked", page.line(link.start), message, fix)
    yield from _check_shared_files(campaign)


def _check_shared_files(campaign: Campaign) -> Iterator[Problem]:
    full_campaign = with_withheld(campaign)
    own_files = {path for page in campaign.withheld.values() for path in recordings_of(full_campaign, page)}
    shared_paths = {path for page in campaign.withheld.values() for path in page_files(full_campaign, page)}
    for page in campaign.pages.values() if shared_paths else ():
        for path in sorted({*page_files(full_campaign, page)} & shared_paths):
            name = basename(path)
            if path in own_files:
                message = f"The page publishes the recording of a release that is under embargo: {name}."
                yield Problem("embargo-linked", page.where, message, "Take the link out until the embargo has ended.")
            else:
                message = f"`{name}` belongs to a release under embargo as well, and this page publishes it now."
                fix = "Take the link out, unless readers may have it already."
                yield Problem("embargo-file", page.where, message, fix)


def check_embargo(campaign: Campaign, folders: Iterable[Path], private_folder: str = "") -> Iterator[Problem]:
    """Yield files with a sentence or name of an embargoed release; `private_folder` isn't public."""
    if not campaign.withheld:
        return
    search = _Search(list(_needles(campaign)), _names(campaign))
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name.split("/")[0] != private_folder:
                where = f"{folder.name}/{name}"
                yield from search.in_names(where, name)
                yield from search.in_file(where, path.name, path.read_bytes())


def _needles(campaign: Campaign) -> Iterator[_Needle]:
    """Yield the sentences of withheld releases that aren't on public pages."""
    public = "".join("|".join(map(squeeze, (*_texts(page), str(page.options)))) for page in campaign.pages.values())
    public += "".join(squeeze(" ".join(language.strings.values())) for language in campaign.languages.values())
    public += squeeze(" ".join(f"{source.title} {source.publisher}" for source in campaign.sources.values()))
    sentences: set[str] = set()
    for page in campaign.withheld.values():
        for sentence in _sentences(page):
            letters = squeeze(sentence)
            if len(letters) >= MIN_LETTERS and letters not in sentences and letters not in public:
                sentences.add(letters)
                yield _Needle(sentence, letters, sentence.strip(".!?…:; ").encode(), page.where)


def _texts(page: Page) -> tuple[str, ...]:
    text = plain_text((*page.document.blocks, *page.document.notes))
    return page.title, page.description, page.headline, page.alt, *page.search, text


def _sentences(page: Page) -> Iterator[str]:
    for text in _texts(page):
        for sentence in SENTENCE_BREAK.split(text):
            if sentence.strip():
                yield " ".join(sentence.split())


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, in lower case and without accents."""
    # NFKD separates accents from letters; neither they nor spaces match \w.
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).lower())


@dataclass
class _Search:
    """Searches files for sentences and names. `clean`: hashes of content that has none."""

    needles: list[_Needle]
    names: re.Pattern[str]
    clean: set[bytes] = field(default_factory=set)

    def in_file(self, where: str, name: str, data: bytes, depth: int = 0) -> Iterator[Problem]:
        digest = hashlib.sha256(data).digest()
        if digest in self.clean:
            return
        try:
            results = list(self._in_bytes(where, name, data, depth))
        except (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
            message = f"The file cannot be opened to look for releases under embargo: {error}."
            results = [Problem("embargo-unproven", where, message, "Delete it, and build again.")]
        if not results:
            self.clean.add(digest)
        yield from results

    def in_names(self, where: str, text: str) -> Iterator[Problem]:
        for name in sorted(set(self.names.findall(text))):
            yield Problem("embargo-broken", where, f"The name of a release under embargo appears here: `{name}`.", FIX)

    def _in_bytes(self, where: str, name: str, data: bytes, depth: int) -> Iterator[Problem]:
        if data[:4] == b"PK\x03\x04" and depth < MAX_DEPTH:
            yield from self._in_zip(where, data, depth)
        elif data[:2] == b"\x1f\x8b" and depth < MAX_DEPTH:
            with gzip.open(io.BytesIO(data)) as stream:
                yield from self.in_file(where, name.removesuffix(".gz"), stream.read(MAX_BYTES), depth + 1)
        elif data[:5] == b"%PDF-":
            yield from self._problems_in_letters(where, squeeze(_pdf_text(data)))
        elif name.lower().endswith(PICTURES):
            yield from (_problem(where, needle) for needle in self.needles if needle.raw in data)
        else:
            text = data.decode("utf-8", errors="ignore")
            yield from self.in_names(where, text)
            text = unescape(CODE.sub(lambda match: chr(int(match.group(1), 16)), text))
            yield from self._problems_in_letters(where, f"{squeeze(TAG.sub('', text))} {squeeze(text)}")

    def _in_zip(self, where: str, data: bytes, depth: int) -> Iterator[Problem]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                member_path = f"{where}/{member.filename}"
                yield from self.in_names(member_path, member.filename)
                if member.file_size <= MAX_BYTES:
                    yield from self.in_file(member_path, member.filename, archive.read(member), depth + 1)

    def _problems_in_letters(self, where: str, letters: str) -> Iterator[Problem]:
        yield from (_problem(where, needle) for needle in self.needles if needle.letters in letters)


def _pdf_text(data: bytes) -> str:
    import pypdfium2  # slow to import, and rarely needed

    document = pypdfium2.PdfDocument(data)
    try:
        texts = [*document.get_metadata_dict().values(), *(mark.get_title() for mark in document.get_toc())]
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_bounded())
            text.close()
            page.close()
        return "\n".join(texts)
    finally:
        document.close()


def _names(campaign: Campaign) -> re.Pattern[str]:
    stems = {path.removesuffix(".md") for _, path in campaign.withheld}
    published_names = {page.stem for page in campaign.pages.values()}
    files = {page.stem for page in campaign.withheld.values()} - published_names
    addresses = "|".join(sorted(map(re.escape, stems)))
    names = "|".join(sorted(map(re.escape, files))) or "(?!)"
    codes = "|".join(map(re.escape, campaign.languages))
    return re.compile(rf"(?<![\w-])(?:(?:{addresses})\.(?:html|md)|(?:{names})(?:-(?:{codes})-|\.(?:pdf|txt|docx)))")


def _problem(where: str, needle: _Needle) -> Problem:
    words = needle.sentence if len(needle.sentence) <= 60 else needle.sentence[:57] + "..."
    message = f"A sentence of {needle.where}, which is under embargo, appears here: “{words}”."
    fix = f"Look at {needle.where}: end its embargo, or take the sentence out elsewhere. If it stands only there: {BUG}"
    return Problem("embargo-broken", where, message, fix)
