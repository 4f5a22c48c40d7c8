"""The record of a published site: its files, and the data that must not return once removed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from campaign.cache.atomic import files_below
from campaign.content.typed_numbers import digits_of, is_same
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, failure

TEL = re.compile(rb'href="?tel:([+\d,]+)')
PHOTO = re.compile(r"pictures/(photos-.+)-\d+\.\w+")
PUBLISH_AGAIN = "Build and publish again instead: campaign build, then campaign publish."


@dataclass(frozen=True)
class SiteState:
    """A published site."""

    version: str  # of the campaign
    numbers: tuple[str, ...] = ()  # dialled on its pages
    photos: tuple[str, ...] = ()  # names
    releases: tuple[str, ...] = ()  # addresses
    former: tuple[str, ...] = ()  # former numbers of contacts, as typed

    def to_json(self) -> bytes:
        """Return it as stored with a version."""
        return json.dumps(asdict(self), sort_keys=True).encode()


@dataclass
class Change:
    """The changes that publishing makes, by address."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    bytes: int = 0  # to send
    is_unfinished: bool = False  # an interrupted run left something to tidy up

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.new or self.changed or self.gone or self.is_unfinished)


def taken_back_on(site: Path, campaign: Campaign) -> list[str]:
    """Return numbers on a site's pages without an owner."""
    state = state_of(site, campaign)
    dialled = {digits_of(number.partition(",")[0]) for number in state.numbers}
    return [item for item in state.former if digits_of(item) in dialled]


def state_of(site: Path, campaign: Campaign) -> SiteState:
    """Return the record of a site."""
    numbers: set[str] = set()
    photos: set[str] = set()
    for name, entry in files_below(site):
        if name.endswith(".html"):
            numbers |= {number.decode() for number in TEL.findall(Path(entry.path).read_bytes())}
        elif match := PHOTO.fullmatch(name):
            photos.add(match[1])
    pages = {**campaign.pages, **campaign.withheld}.values()
    releases = sorted(page.address for page in pages if page.release and (site / page.address).is_file())
    # A number that a contact has again is right.
    current_digits = {digits_of(number.phone) for contact in campaign.whole_register for number in contact.numbers}
    former = {
        former.phone
        for contact in campaign.with_former
        for former in contact.former
        if digits_of(former.phone) not in current_digits
        and not any(is_same(former.phone, number.phone) for number in contact.numbers)
    }
    return SiteState(
        campaign.version, tuple(sorted(numbers)), tuple(sorted(photos)), tuple(releases), tuple(sorted(former))
    )


def parse_state(data: bytes) -> SiteState | None:
    """Parse a stored record; None if it is damaged."""
    try:
        record = json.loads(data)
        # Older records don't have releases and former numbers.
        sections = (tuple(record.get(key, ())) for key in ("releases", "former"))
        return SiteState(str(record["version"]), tuple(record["numbers"]), tuple(record["photos"]), *sections)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def changes(site: Path, old: dict[str, str], left_out: Collection[str] = ()) -> Change:
    """Compare a site with a target's file hashes (`old`); `left_out` isn't published."""
    change, seen_names = Change(), set()
    for name, entry in sorted(files_below(site)):
        if name in left_out:
            continue
        seen_names.add(name)
        if name not in old:
            change.new.append(name)
        elif sum_of(Path(entry.path)) != old[name]:
            change.changed.append(name)
        else:
            continue
        change.bytes += entry.stat().st_size
    change.gone = sorted(old.keys() - seen_names)
    return change


def sum_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def withdrawn(old: SiteState, site_state: SiteState) -> Iterator[Problem]:
    """Yield a problem for numbers, photos and releases that a rollback would bring back."""
    prefix = "The version before would bring back"
    former = {
        number for number in old.numbers if any(is_same(number.partition(",")[0], item) for item in site_state.former)
    }
    if numbers := former | ({*old.numbers} - {*site_state.numbers}):
        message = f"{prefix} numbers that were taken out since: {', '.join(sorted(numbers))}."
        yield Problem("rollback-returns", "--rollback", message, PUBLISH_AGAIN)
    if photos := {*old.photos} - {*site_state.photos}:
        message = f"{prefix} photos that were taken out since: {', '.join(sorted(photos))}."
        yield Problem("rollback-photo", "--rollback", message, PUBLISH_AGAIN)
    if releases := {*old.releases} - {*site_state.releases}:
        message = f"{prefix} releases that are withheld now, or were taken out: {', '.join(sorted(releases))}."
        yield Problem("rollback-withheld", "--rollback", message, PUBLISH_AGAIN)


def check_rollback(old: SiteState | None, site_state: SiteState | None) -> None:
    """Raise CampaignError for a version that is unknown, or would bring back removed data."""
    if old is None or site_state is None:
        raise failure("rollback-unknown", "--rollback", "The contents of that version are unknown.", PUBLISH_AGAIN)
    if withdrawn_items := list(withdrawn(old, site_state)):
        raise CampaignError(withdrawn_items)
