"""What a site holds, as far as publishing asks: its files, and what must not come back once it was taken out."""

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
from campaign.models.problem import CampaignError, Problem

TEL = re.compile(rb'href="?tel:([+\d,]+)')
PHOTO = re.compile(r"pictures/(photos-.+)-\d+\.\w+")
CHUNK = 1 << 20
ANEW = "Build and publish again instead: campaign build, then campaign publish."


@dataclass(frozen=True)
class SiteState:
    """A site that was published.

    Attributes:
        version: of the campaign.
        numbers: that its pages dial, each once.
        photos: the names of photos that it shows.
        releases: the addresses of releases to the press that it has.
        former: numbers that contacts had before, as typed; a text that still has one makes it none of theirs.
    """

    version: str
    numbers: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """As it is written beside a version."""
        return json.dumps(asdict(self), sort_keys=True).encode()


@dataclass
class Change:
    """What publishing changes: files by their addresses.

    Attributes:
        bytes: how much is sent.
        is_unfinished: whether the target also holds something else to tidy up, such as after an interrupted run.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    bytes: int = 0
    is_unfinished: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the target has all of it already."""
        return not (self.new or self.changed or self.gone or self.is_unfinished)


def taken_back_on(site: Path, campaign: Campaign) -> list[str]:
    """Numbers that pages of a site dial, and that are nobody's any more."""
    state = state_of(site, campaign)
    dialled = {digits_of(number.partition(",")[0]) for number in state.numbers}
    return [each for each in state.former if digits_of(each) in dialled]


def state_of(site: Path, campaign: Campaign) -> SiteState:
    """What is to be known of a site once it is published."""
    numbers: set[str] = set()
    photos: set[str] = set()
    for name, entry in files_below(site):
        if name.endswith(".html"):
            numbers |= {found.decode() for found in TEL.findall(Path(entry.path).read_bytes())}
        elif found := PHOTO.fullmatch(name):
            photos.add(found[1])
    pages = {**campaign.pages, **campaign.withheld}.values()
    releases = sorted(page.address for page in pages if page.release and (site / page.address).is_file())
    # One that was put back is right again, whoever has it.
    now = {digits_of(number.phone) for contact in campaign.whole_register for number in contact.numbers}
    former = {
        former.phone
        for contact in campaign.with_former
        for former in contact.former
        if digits_of(former.phone) not in now
        and not any(is_same(former.phone, number.phone) for number in contact.numbers)
    }
    return SiteState(
        campaign.version, tuple(sorted(numbers)), tuple(sorted(photos)), tuple(releases), tuple(sorted(former))
    )


def parse_state(data: bytes) -> SiteState | None:
    """What was written beside a version; None where it cannot be read."""
    try:
        found = json.loads(data)
        # What was published before releases and former numbers were noted names none.
        others = (tuple(found.get(key, ())) for key in ("releases", "former"))
        return SiteState(str(found["version"]), tuple(found["numbers"]), tuple(found["photos"]), *others)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def changes(site: Path, old: dict[str, str], left_out: Collection[str] = ()) -> Change:
    """What differs from what a target has.

    Args:
        site: the folder.
        old: sums of the target's files by their addresses.
        left_out: addresses that do not go there.
    """
    change, seen = Change(), set()
    for name, entry in sorted(files_below(site)):
        if name in left_out:
            continue
        seen.add(name)
        if name not in old:
            change.new.append(name)
        elif sum_of(Path(entry.path)) != old[name]:
            change.changed.append(name)
        else:
            continue
        change.bytes += entry.stat().st_size
    change.gone = sorted(old.keys() - seen)
    return change


def sum_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def taken_out(old: SiteState, now: SiteState) -> Iterator[Problem]:
    """What a site had and has no more, as the problem that its return would be.

    Numbers, also those that are no contact's any more; photos; releases, by their addresses.
    """
    before = "The version before would bring back"
    former = {number for number in old.numbers if any(is_same(number.partition(",")[0], each) for each in now.former)}
    if numbers := former | ({*old.numbers} - {*now.numbers}):
        what = f"{before} numbers that were taken out since: {', '.join(sorted(numbers))}."
        yield Problem("rollback-returns", "--rollback", what, ANEW)
    if photos := {*old.photos} - {*now.photos}:
        what = f"{before} photos that were taken out since: {', '.join(sorted(photos))}."
        yield Problem("rollback-photo", "--rollback", what, ANEW)
    if releases := {*old.releases} - {*now.releases}:
        what = f"{before} releases that are withheld now, or were taken out: {', '.join(sorted(releases))}."
        yield Problem("rollback-withheld", "--rollback", what, ANEW)


def refuse_return(old: SiteState | None, now: SiteState | None) -> None:
    """A version that would bring back what was taken out stays away.

    Raises:
        CampaignError: it has a number, a photo or a release that the present one has no more, or nobody knows.
    """
    if old is None or now is None:
        raise CampaignError(
            [Problem("rollback-unknown", "--rollback", "The contents of that version are unknown.", ANEW)]
        )
    if lost := list(taken_out(old, now)):
        raise CampaignError(lost)
