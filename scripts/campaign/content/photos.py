"""Photos: assets/photos/<name>.jpg with a .yml each, and captions in every language. Photos of people need consent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

from campaign.content import licences
from campaign.content.meaning import read_meaning
from campaign.content.settings import NAME, Settings
from campaign.content.translation import Origins, read_word_files
from campaign.models.formats import USES
from campaign.models.leftovers import is_leftover
from campaign.models.media import Consent, Photo, Rights
from campaign.models.problem import Problem
from campaign.schema.declaration import Declared, bind
from campaign.schema.kinds import Caption, Focus, PhotoFile, Region
from campaign.schema.yaml_reader import EMPTY_VALUE, parse_yaml, read_yaml

FOLDER = "assets/photos"
WORDS = "_photos.yml"
ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif", ".heic")
SIDES = ("left", "top", "right", "bottom")
CENTRE = (0.5, 0.5)
NO_RIGHTS = Rights()
WHOLE_PICTURE = (0.0, 0.0, 1.0, 1.0)
EXAMPLE = (
    "Write `consent: {form: where the signed form is, scope: [site, press], until: 2030-12-31}`, or `shows: nobody`."
)


def read_photos(
    root: Path, settings: Settings, problems: list[Problem], today: date
) -> tuple[dict[str, Photo], Origins]:
    """Return usable photos by name, sorted, and the origins of their captions."""
    files: dict[str, Path] = {}
    for path in sorted((root / FOLDER).glob("*")):
        where = f"{FOLDER}/{path.name}"
        if is_leftover(path.name):
            continue
        if path.suffix.lower() not in ENDINGS:
            if path.suffix != ".yml" and not path.name.startswith((".", "README")):
                fix = f"Keep photos here: {', '.join(ENDINGS)}."
                problems.append(Problem("photo-not-one", where, "This is no photo.", fix))
        elif path.stem in files:
            fix = f"Rename it or {files[path.stem].name}."
            problems.append(Problem("name-taken", where, f"The name `{path.stem}` is taken.", fix))
        elif not NAME.fullmatch(path.stem):
            fix = "Use lower-case letters, digits and hyphens."
            problems.append(Problem("name-not-plain", where, "The photo's name is not plain.", fix))
        else:
            files[path.stem] = path
    words, origins = _read_words(root, settings, files, problems)
    for name, path in files.items():
        _check_name(name, f"{FOLDER}/{path.name}", settings.avoided_words, problems)
    photos = (_photo(path, f"{FOLDER}/", words.get(name, {}), problems, today) for name, path in files.items())
    return {photo.name: photo for photo in photos if photo}, origins


def read_photo(path: Path, problems: list[Problem], today: date) -> Photo | None:
    """Return a photo outside a campaign with the record in its folder (`hills.yml`), or None without a usable one."""
    return _photo(path, "", {}, problems, today)


def bare_photo(path: Path, rights: Rights = NO_RIGHTS) -> Photo:
    """Return a photo without a record: cropped around its centre, for any use."""
    return Photo(path.stem, path, {}, {}, rights, "", USES, None, CENTRE, (), path.name)


def find_photo(root: Path, name: str) -> Path | None:
    """Return the file of a photo in a campaign, with or without a record."""
    files = sorted((root / FOLDER).glob(f"{name}.*")) if NAME.fullmatch(name) else []
    return next((path for path in files if path.suffix.lower() in ENDINGS), None)


def read_redact(text: str) -> tuple[tuple[float, float, float, float], ...]:
    """Return the covered regions in a photo's .yml, as shares of the picture."""
    file = bind(PhotoFile, parse_yaml(text, "", []), "", [])
    return tuple(_region(region) for region in file.redact)


def photo_state(photo: Photo) -> str:
    """Return a hash of a photo and its covered regions."""
    return sha256(photo.file.read_bytes() + repr(photo.redact).encode()).hexdigest()[:16]


def _check_name(name: str, where: str, avoided_words: Iterable[str], problems: list[Problem]) -> None:
    for word in avoided_words:
        if word.lower() in name:
            fix = "Rename it: the name is seen in a phone's history and downloads."
            message = f"The file's name contains `{word}`, a word to avoid."
            problems.append(Problem("name-to-avoid", where, message, fix))


def _photo(
    path: Path, folder: str, captions: Mapping[str, Caption], problems: list[Problem], today: date
) -> Photo | None:
    where = f"{folder}{path.stem}.yml"
    if not path.with_suffix(".yml").is_file():
        message = "This photo has no record of photographer, licence and consent."
        fix = f"Add {path.stem}.yml beside it. {EXAMPLE}"
        problems.append(Problem("photo-undocumented", f"{folder}{path.name}", message, fix))
        return None
    value = read_yaml(path.with_suffix(".yml"), where, problems)
    if value is EMPTY_VALUE:
        return None
    file = bind(PhotoFile, value, where, problems)
    if file.taken and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", file.taken):
        fix = "Write year and month, such as 2026-05, or only the year: a day can reveal where someone was."
        file.complain("photo-month", "taken", f"`{file.taken}` is not a month.", fix)
    return Photo(
        name=path.stem,
        file=path,
        captions={code: item.caption for code, item in captions.items() if item.caption},
        alts={code: item.alt for code, item in captions.items() if item.alt},
        rights=licences.read_rights(file),
        taken=file.taken,
        use=_known_uses(file, "use", file.use) if file.has("use") else USES,
        consent=_consent(file, today),
        focus=read_focus(file.focus),
        redact=tuple(_region(region) for region in file.redact),
        where=where,
        meaning=read_meaning(file.meaning),
    )


def _consent(file: PhotoFile, today: date) -> Consent | None:
    """Return the consent, or None if no one is shown."""
    entry = file.consent
    if file.shows == "nobody":
        if entry:
            message = "It says that the photo shows no one, and that someone agreed."
            entry.complain("consent-contradicted", "", message, "Keep one of `shows:` and `consent:`.")
        return None
    if entry is None:
        file.complain("consent-missing", "consent", "There is no consent to this photo.", EXAMPLE)
        return Consent("", (), None)
    if not entry.has("until"):
        entry.complain("consent-no-end", "", "The consent has no end date.", "Add `until: 2030-12-31`.")
    if not entry.scope:
        fix = f"Add `scope:` with some of: {', '.join(USES)}."
        entry.complain("consent-no-scope", "", "The consent doesn't say what it is for.", fix)
    if entry.until and entry.until < today:
        fix = "Ask again and write the new day, or take the photo and this file away."
        entry.complain("consent-ended", "until", f"The consent ended on {entry.until.isoformat()}.", fix)
    return Consent(entry.form, _known_uses(entry, "scope", entry.scope), entry.until)


def _known_uses(declared: Declared, key: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [f"`{value}`" for value in values if value not in USES]:
        is_one = len(unknown) == 1
        message = f"{', '.join(unknown)} {'is not a use' if is_one else 'are no uses'} of photos."
        declared.complain("value-unknown", key, message, f"Choose from: {', '.join(USES)}.")
    return tuple(value for value in values if value in USES)


def _region(region: Region) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom; an invalid region covers the whole picture."""
    missing = [side for side in SIDES if not region.has(side)]
    if missing:
        fix = "Write `- {left: 10, top: 20, right: 30, bottom: 40}`: percent, from the left and from the top."
        region.complain("region-wrong", "", f"The region to paint over lacks: {', '.join(missing)}.", fix)
        return WHOLE_PICTURE
    left, top, right, bottom = (_share(region, side, -1) for side in SIDES)
    if min(left, top, right, bottom) < 0:
        return WHOLE_PICTURE
    if left >= right or top >= bottom:
        fix = "All four count percent from the picture's left and top edge."
        region.complain("region-wrong", "", "The region to paint over has no size.", fix)
        return WHOLE_PICTURE
    return left, top, right, bottom


def read_focus(focus: Focus | None) -> tuple[float, float]:
    """Return the focal point of crops as shares, by default the middle."""
    return (_share(focus, "x", 0.5), _share(focus, "y", 0.5)) if focus else (0.5, 0.5)


def _share(entry: Focus | Region, key: str, default: float) -> float:
    typed: float | None = getattr(entry, key)
    if typed is None or not 0 <= typed <= 100:
        if typed is not None:
            fix = "Write percent of the picture."
            entry.complain("value-not-number", key, f"`{key}` is not between 0 and 100.", fix)
        return default
    return typed / 100


def _read_words(
    root: Path, settings: Settings, files: Mapping[str, Path], problems: list[Problem]
) -> tuple[dict[str, dict[str, Caption]], Origins]:
    captions: dict[str, dict[str, Caption]] = {}
    origins: Origins = {}
    source = settings.source_language
    for code, where, top in read_word_files(root, settings, WORDS, origins, problems):
        for name, words in top.keys.items():
            if name == "translation":
                continue
            if name not in files:
                fix = f"Add it to {FOLDER}/, or remove these lines."
                top.complain("caption-no-photo", words, f"There is no photo `{name}`.", fix)
            captions.setdefault(name, {})[code] = bind(Caption, words, where, problems)
    for name in files:
        text = captions.get(name, {})
        site_codes = [code for code, _ in settings.languages if code not in settings.pieces_only]
        for code in (code for code in site_codes if code not in text):
            message = f"The photo `{name}` has no caption and no words for people who cannot see it."
            fix = f"Add `{name}: {{caption: ..., alt: ...}}`."
            rule = "photo-no-words" if code == source else "photo-words-untranslated"
            problems.append(Problem(rule, f"docs/{code}/{WORDS}", message, fix))
    return captions, origins
