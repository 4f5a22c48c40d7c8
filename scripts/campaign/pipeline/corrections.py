"""`campaign correct`: makes labels, notices and lists that replace a wrong printed number."""

from __future__ import annotations

import difflib
import io
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from campaign import printing
from campaign.cache.atomic import fresh_folder, work_folder
from campaign.content import clock
from campaign.content.known_numbers import typed_lines
from campaign.content.typed_numbers import is_same
from campaign.exchange.tally import piece_code, tally
from campaign.images import draw_page
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact, Number
from campaign.models.outputs import OFFICE, Artifact, Output
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.packs.correction import (
    AFFECTED_PIECES_FILE,
    DIGIT_SEPARATORS,
    FOLDER,
    LABELS,
    NOTICE,
    AffectedPiece,
    affected_table,
    message,
    name_of,
    new_kit,
    notice,
    place_scope,
    right_number,
    write_kit,
)
from campaign.pipeline.jobs import make_all
from campaign.pipeline.locking import lock
from campaign.pipeline.reading import read
from campaign.pipeline.report import Progress, Report, Selection, quiet
from campaign.plan.outputs import catalogue
from campaign.plan.packs import PACKS, every_piece
from campaign.printing.labels import Label, label_sheets

# Width of the picture for chats and boards, in pixels.
PICTURE_WIDTH = 1080
# Sizes that differ by less than this, in points, share a sheet of labels.
LABEL_SIZE_STEP_PT = 2


@dataclass(frozen=True)
class Correction:
    """The result: the folder, the affected pieces, and the number of copies handed out.

    Attributes:
        typed: file and line of each text that still contains the wrong number.
        unsure: the new number if it is unverified, so that no label shows it; otherwise ''.
    """

    folder: Path
    bearers: list[AffectedPiece]
    copies: int | None
    typed: list[str]
    unsure: str = ""


def make_correction(
    root: Path,
    id: str,
    old: str,
    new_number: str = "",
    log: Path | None = None,
    languages: Collection[str] = (),
    progress: Progress = quiet,
) -> Correction:
    """Make dist/corrections/<id>-<digits>/, replacing an earlier correction of the same number.

    Args:
        root: the campaign's folder, which already has the right number.
        id: of the contact; the name of one that was removed.
        old: the number that was printed.
        new_number: which of the contact's numbers replaces it; '' if it has at most one.
        log: folder of filled-in forms with the copies handed out; None for none.
        languages: codes of the notices; () for all.
        progress: called at each step.

    Raises:
        CampaignError: there is no such contact, or something can't be made.
    """
    with lock(root):
        campaign, problems = read(root)
        report = Report(problems=problems)
        contact = _contact(campaign, id, old)
        number = _right(contact, new_number)
        # The replacement must be right, so labels and notices never show an unverified number.
        verified_number = number if number and number.is_fresh else None
        if not report.stops:
            make_all(campaign, _selection_of(campaign, contact), report, progress)
        if report.has_problems:  # a correction covers every piece, or is refused
            raise CampaignError(unsilenced(report.problems, campaign.silence))
        copies_by_piece = tally(campaign, log, clock.now().date()).handed_out if log else None
        lines = list(typed_lines(campaign, old))
        bearers = list(_affected_pieces(root, campaign, contact, (number, old), lines, report.made, copies_by_piece))
        folder = fresh_folder(root, FOLDER)
        (folder / AFFECTED_PIECES_FILE).write_text(affected_table(bearers, lines), encoding="utf-8", newline="")
        kit = new_kit(contact, old, verified_number.phone if verified_number else "", clock.now().date())
        write_kit(folder, kit)
        for language in (campaign.languages[code] for code in languages or campaign.languages):
            _write_language(campaign, contact, old, verified_number, language, bearers, folder)
        target = root / "dist" / FOLDER / kit.folder
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
    copies = None if copies_by_piece is None else sum(bearer.copies or 0 for bearer in bearers)
    return Correction(target, bearers, copies, lines, number.phone if number and not verified_number else "")


def _selection_of(campaign: Campaign, contact: Contact) -> Selection:
    """Return the pieces that may show the number; pieces of other places are skipped to save time."""
    if contact.place is None:
        return Selection(kinds=frozenset(campaign.kinds))
    places = frozenset(code for code in campaign.places if contact.place in place_scope(campaign, code))
    return Selection(kinds=frozenset(campaign.kinds), places=places | {contact.place})


def _contact(campaign: Campaign, id: str, old: str) -> Contact:
    contacts_by_id = {contact.id: contact for contact in campaign.whole_register}
    retired = (contact for contact in campaign.retired if contact.name == id and is_same(contact.former[0].phone, old))
    contact = contacts_by_id.get(id) or next(retired, None)
    if contact is None:
        close_matches = difflib.get_close_matches(id, contacts_by_id, n=1)
        fix = f"Did you mean `{close_matches[0]}`?" if close_matches else f"Choose from: {', '.join(contacts_by_id)}."
        raise CampaignError([Problem("value-unknown", "CONTACT", f"There is no contact `{id}`.", fix)])
    digits = _digits(old)
    if not digits:
        message, fix = f"`{old}` is no number.", "Write the number that was printed."
        raise CampaignError([Problem("correct-number", "--was", message, fix)])
    matches = [number for number in contact.numbers if _digits(number.phone) == digits]
    if matches:
        message = f"`{old}` is what {matches[0].where} still says."
        fix = "Correct or remove the number in that file first; then correct the printed pieces."
        raise CampaignError([Problem("correct-number", "--was", message, fix)])
    return contact


def _right(contact: Contact, new_number: str) -> Number | None:
    """Return the number that replaces the wrong one; None if the contact has none that may be printed.

    Raises:
        CampaignError: it has several numbers, and `new_number` doesn't say which to use.
    """
    printable_numbers = [number for number in contact.numbers if number.is_printed]
    results = [number for number in printable_numbers if not new_number or _digits(number.phone) == _digits(new_number)]
    if len(results) > 1 or (new_number and not results):
        numbers = ", ".join(number.phone for number in printable_numbers) or "none"
        message = f"`{contact.id}` has these numbers: {numbers}."
        raise CampaignError(
            [Problem("correct-number", "--now", message, "Write which of them is the right one: --now.")]
        )
    return results[0] if results else None


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def _affected_pieces(
    root: Path,
    campaign: Campaign,
    contact: Contact,
    numbers: tuple[Number | None, str],
    wrong_lines: list[str],
    artifacts: list[Artifact],
    copies_by_piece: Counter[tuple[str, ...]] | None,
) -> Iterator[AffectedPiece]:
    """Yield the pieces that show the contact's number, and so showed the wrong one.

    For a contact without a number, these are all pieces with contacts. Pieces of any place whose text contains the
    wrong number are included.
    """
    (number, old), packs_by_piece, keys = numbers, _packs_by_piece(root), set()
    pages_by_piece = {
        (page.language, page.stem, format): page
        for page in every_piece(campaign, campaign.languages)
        for format in page.formats
    }
    files = {artifact.output: artifact.file for artifact in artifacts}
    editions: dict[tuple[str, str | None], set[str | None]] = defaultdict(set)
    for item in catalogue(campaign):
        editions[item.name, item.language].add(item.place)
    for output in sorted([*files, *catalogue(campaign)], key=lambda item: item.flavour != OFFICE):
        if not output.is_piece or output.ending != "pdf" or output.part:
            continue
        key = (output.name, output.language, output.place, output.format)
        page = pages_by_piece.get((str(output.language), output.name, output.format))
        lines = tuple(line for line in wrong_lines if page and line.rpartition(":")[0] == page.where)
        is_affected = output in files and contact.place in place_scope(campaign, output.place)
        if key in keys or not (is_affected or lines or output.place is None):
            continue
        # Existing files are the ones on the walls.
        file = files.get(output) or root / "dist" / output.path
        size = number_size(file, number.phone) if number and is_affected else 0.0
        size = size or number_size(file, old)
        if size or lines or (is_affected and not number and campaign.formats[output.format].has_places):
            keys.add(key)
            copies = (
                None
                if copies_by_piece is None
                else _copies(
                    campaign,
                    copies_by_piece,
                    piece_code(page) if page else output.name,
                    output,
                    editions[output.name, output.language],
                )
            )
            yield AffectedPiece(output, size, tuple(packs_by_piece.get(output.path, ())), copies, lines)


def _copies(
    campaign: Campaign,
    copies_by_piece: Counter[tuple[str, ...]],
    code: str,
    output: Output,
    editions: Collection[str | None],
) -> int:
    """Return the copies of an edition that were handed out (see Tally.given).

    Args:
        campaign: the campaign.
        copies_by_piece: copies handed out.
        code: of the piece.
        output: the edition.
        editions: the places with editions; a copy counts for the nearest one.
    """
    return sum(
        count
        for (place, _, _, piece, language, *_), count in copies_by_piece.items()
        if (piece, language) == (code, output.language)
        and next((item for item in _nearest_first(campaign, place) if item in editions), None) == output.place
    )


def _nearest_first(campaign: Campaign, place: str) -> list[str | None]:
    """Return a place, its regions, and the country."""
    country, *regions = place_scope(campaign, place)
    return [*regions, country]


def _packs_by_piece(root: Path) -> dict[str, list[str]]:
    """Return the packs that contained a file of dist/, such as 'police 2026.1', as far as this computer knows."""
    results: dict[str, list[str]] = {}
    for note in sorted((work_folder(root) / PACKS).glob("*.json")):
        try:
            record = json.loads(note.read_bytes())
        except (OSError, ValueError):
            continue
        for zip, checksums in record.get("packs", {}).items():
            pack, _, folder = zip.partition("/")
            prefix = "" if folder == "shared" else f"{folder}/"
            for name in checksums:
                results.setdefault(prefix + name, []).append(f"{pack} {record['version']}")
    return results


def number_size(file: Path, phone: str) -> float:
    """Return the type size of a number on the first page that shows it, in points; 0 if no page does.

    Args:
        file: the PDF.
        phone: the number as typed; spaces may differ in print.
    """
    pattern = re.compile(rf"(?<!\d)(?<!\d\s){DIGIT_SEPARATORS.join(_digits(phone))}(?!\d)")
    if not file.is_file():
        return 0.0
    document = pypdfium2.PdfDocument(file)
    try:
        for page in document:
            text = page.get_textpage()
            letters = "".join(
                chr(raw.FPDFText_GetUnicode(text, index)) for index in range(raw.FPDFText_CountChars(text))
            )
            if match := pattern.search(letters):
                return float(raw.FPDFText_GetFontSize(text, match.start()))
    finally:
        document.close()
    return 0.0


def _write_language(
    campaign: Campaign,
    contact: Contact,
    old: str,
    number: Number | None,
    language: Language,
    bearers: list[AffectedPiece],
    folder: Path,
) -> None:
    code = language.code
    own_pieces = [bearer for bearer in bearers if bearer.output.language == code]
    new = right_number(number, language)
    sizes = sorted({round(item.size / LABEL_SIZE_STEP_PT) * LABEL_SIZE_STEP_PT for item in own_pieces if item.size})
    if new and sizes:
        labels = [Label(name_of(contact, language), new, size) for size in sizes]
        sheets = label_sheets(campaign, language, f"{name_of(contact, language)}: {new}", labels)
        (folder / f"{LABELS}-{code}.pdf").write_bytes(sheets)
    page = notice(campaign, contact, old, number, language, own_pieces)
    notice_campaign = replace(campaign, pages={**campaign.pages, (code, page.path): page})
    output = Output("large-print", page.stem, code, None, "large-print", OFFICE)
    target = folder / f"{NOTICE}-{code}.pdf"
    result = printing.make(notice_campaign, output, target)
    if not isinstance(result, Artifact):
        raise CampaignError(result)
    data = io.BytesIO()
    draw_page(target, 0, PICTURE_WIDTH).save(data, "PNG", optimize=True)
    (folder / f"{NOTICE}-{code}.png").write_bytes(data.getvalue())
    (folder / f"{NOTICE}-{code}.txt").write_text(
        message(contact, old, number, language) + "\n", encoding="utf-8", newline="\n"
    )
