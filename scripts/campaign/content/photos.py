"""Photos that somebody took: assets/photos/<name>.jpg, the .yml beside each, and their words in every language.

A photo of people who have not agreed to it, or no longer do, is a Problem that stops the build.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from campaign.content import licences
from campaign.content.settings import NAME, Settings
from campaign.content.translation import fingerprint, parse_translation
from campaign.models.formats import USES
from campaign.models.media import Consent, Photo
from campaign.models.page import Translation
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import EMPTY, Fields, Value, read_yaml

FOLDER = "assets/photos"
WORDS = "_photos.yml"
ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif", ".heic")
KEYS = (*licences.KEYS, "taken", "use", "shows", "consent", "focus", "redact")
SIDES = ("left", "top", "right", "bottom")
WHOLE = (0.0, 0.0, 1.0, 1.0)
EXAMPLE = (
    "Write `consent: {form: where the signed form is, scope: [site, press], until: 2030-12-31}`, or `shows: nobody`."
)


Origins = dict[str, Translation | None]


def read_photos(root: Path, settings: Settings, problems: list[Problem]) -> tuple[dict[str, Photo], Origins]:
    """Photos by name, sorted, and who translated their words; a photo of which nothing can be made is left out."""
    files: dict[str, Path] = {}
    for path in sorted((root / FOLDER).glob("*")):
        where = f"{FOLDER}/{path.name}"
        if path.suffix.lower() not in ENDINGS:
            if path.suffix != ".yml" and not path.name.startswith((".", "README")):
                problems.append(Problem(where, "This is no photo.", f"Keep photos here: {', '.join(ENDINGS)}."))
        elif path.is_symlink():
            problems.append(Problem(where, "This is a link, not a photo.", "Put the photo itself here."))
        elif path.stem in files:
            problems.append(
                Problem(where, f"The name `{path.stem}` is taken.", f"Rename it or {files[path.stem].name}.")
            )
        elif not NAME.fullmatch(path.stem):
            fix = "Use lower-case letters, digits and hyphens."
            problems.append(Problem(where, "The photo's name is not plain.", fix))
        else:
            files[path.stem] = path
    words, origins = _read_words(root, settings, files, problems)
    photos = (_photo(path, words, settings, problems) for path in files.values())
    return {photo.name: photo for photo in photos if photo}, origins


def today() -> date:
    """The day by which a consent is old: SOURCE_DATE_EPOCH, else the clock, since people cannot wait for a version."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdigit() else date.today()


def _photo(
    path: Path, words: Mapping[str, Mapping[str, Fields]], settings: Settings, problems: list[Problem]
) -> Photo | None:
    where = f"{FOLDER}/{path.stem}.yml"
    for word in settings.avoided_words:
        if word.lower() in path.stem:
            fix = "Rename it: the name is seen in a phone's history and downloads."
            problems.append(Problem(f"{FOLDER}/{path.name}", f"The file's name holds `{word}`, a word to avoid.", fix))
    if not path.with_suffix(".yml").is_file():
        what = "Nothing is said of this photo: who took it, under which licence, who agreed to it."
        problems.append(Problem(f"{FOLDER}/{path.name}", what, f"Add {path.stem}.yml beside it. {EXAMPLE}"))
        return None
    value = read_yaml(path.with_suffix(".yml"), where, problems)
    if value is EMPTY:
        return None
    fields = Fields(value, where, problems, KEYS)
    taken = fields.text("taken")
    if taken and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", taken):
        fix = "Write year and month, as in 2026-05, or the year alone: a day can tell where somebody was."
        fields.complain(fields.keys["taken"], f"`{taken}` is not a month.", fix)
    own = words.get(path.stem, {})
    return Photo(
        name=path.stem,
        file=path,
        captions={code: each.text("caption") for code, each in own.items() if each.text("caption")},
        alts={code: each.text("alt") for code, each in own.items() if each.text("alt")},
        rights=licences.read_rights(fields),
        taken=taken,
        use=_uses(fields, "use") if "use" in fields.keys else USES,
        consent=_consent(fields),
        focus=_focus(fields),
        redact=tuple(_region(item, fields) for item in fields.values("redact")),
        where=where,
    )


def _consent(fields: Fields) -> Consent | None:
    """What those who are shown agreed to; None where the photo says that it shows nobody."""
    shows = fields.choice("shows", ("nobody", "people"))
    given = fields.mapping("consent")
    if shows == "nobody":
        if given is not EMPTY:
            fields.complain(given, "It shows nobody, and somebody agreed.", "Keep one of `shows:` and `consent:`.")
        return None
    if given is EMPTY:
        fields.complain(fields.keys.get("consent", fields.value), "There is no consent to this photo.", EXAMPLE)
        return Consent("", (), None)
    own = Fields(given, fields.where, fields.problems, ("form", "scope", "until"))
    form, until = own.text("form", required=True), own.day("until")
    if "until" not in own.keys:
        own.complain(given, "It is not said until when the consent holds.", "Add `until: 2030-12-31`.")
    scope = _uses(own, "scope")
    if not own.texts("scope"):
        own.complain(given, "It is not said what the consent is for.", f"Add `scope:` with some of: {', '.join(USES)}.")
    if until and until < today():
        fix = "Ask again and write the new day, or take the photo and this file away."
        own.complain(own.keys["until"], f"The consent ended on {until.isoformat()}.", fix)
    return Consent(form, scope, until)


def _uses(fields: Fields, key: str) -> tuple[str, ...]:
    """Some of USES; those that are none are complained of together."""
    typed = fields.texts(key)
    if unknown := [f"`{use}`" for use in typed if use not in USES]:
        is_one = len(unknown) == 1
        what = f"{', '.join(unknown)} {'is not a use' if is_one else 'are no uses'} of photos."
        fields.complain(fields.keys[key], what, f"Choose from: {', '.join(USES)}.")
    return tuple(use for use in typed if use in USES)


def _focus(fields: Fields) -> tuple[float, float]:
    given = fields.mapping("focus")
    if given is EMPTY:
        return (0.5, 0.5)
    own = Fields(given, fields.where, fields.problems, ("x", "y"))
    return _share(own, "x", 0.5), _share(own, "y", 0.5)


def _region(item: Value, fields: Fields) -> tuple[float, float, float, float]:
    """Left, top, right, bottom. What cannot be understood hides all of the picture, for whoever goes on regardless."""
    own = Fields(item, fields.where, fields.problems, SIDES)
    missing = [side for side in SIDES if side not in own.keys]
    if missing:
        fix = "Write `- {left: 10, top: 20, right: 30, bottom: 40}`: percent, from the left and from the top."
        own.complain(item, f"The region to paint over lacks: {', '.join(missing)}.", fix)
        return WHOLE
    left, top, right, bottom = (_share(own, side, -1) for side in SIDES)
    if min(left, top, right, bottom) < 0:
        return WHOLE
    if left >= right or top >= bottom:
        fix = "All four count percent from the picture's left and top edge."
        own.complain(item, "The region to paint over has no size.", fix)
        return WHOLE
    return left, top, right, bottom


def _share(own: Fields, key: str, default: float) -> float:
    """Percent as typed, as a share."""
    typed = own.number(key)
    if typed is None or not 0 <= typed <= 100:
        if typed is not None:
            own.complain(own.keys[key], f"`{key}` is not between 0 and 100.", "Write percent of the picture.")
        return default
    return typed / 100


def words_fingerprint(value: Value) -> str:
    """Of a source language's file of captions: what a translator translates."""
    entries = (value.keys or {}).items()
    said = [(name, key, each.text or "") for name, words in entries for key, each in (words.keys or {}).items()]
    return fingerprint(*(f"{name} {key}: {text}" for name, key, text in sorted(said) if name != "translation"))


def _read_words(
    root: Path, settings: Settings, files: Mapping[str, Path], problems: list[Problem]
) -> tuple[dict[str, dict[str, Fields]], Origins]:
    """Photo -> language -> its caption and alt; who translated them."""
    found: dict[str, dict[str, Fields]] = {}
    origins: Origins = {}
    source = settings.source_language
    made_from = ""
    for code in sorted((code for code, _ in settings.languages), key=lambda code: code != source):
        where = f"docs/{code}/{WORDS}"
        if not (root / where).is_file():
            continue
        value = read_yaml(root / where, where, problems)
        top = Fields(value, where, problems)
        if code == source:
            made_from = words_fingerprint(value)
        elif value is not EMPTY:
            origins[code] = made = parse_translation(top, made_from)
            if made and made.is_outdated:
                fix = "Mend the translation, then run `campaign translate stamp` on it."
                what = "The source text has changed since this was translated."
                problems.append(Problem(where, what, fix, stops=False))
        for name, words in top.keys.items():
            if name == "translation":
                continue
            if name not in files:
                top.complain(words, f"There is no photo `{name}`.", f"Add it to {FOLDER}/, or remove these lines.")
            own = Fields(words, where, problems, ("caption", "alt"))
            own.text("caption", required=True), own.text("alt", required=True)
            found.setdefault(name, {})[code] = Fields(words, where, [])
    for name in files:
        said = found.get(name, {})
        whole = [code for code, _ in settings.languages if code not in settings.pieces_only]
        for code in (code for code in whole if code not in said):
            what = f"The photo `{name}` has no caption and no words for people who cannot see it."
            fix = f"Add `{name}: {{caption: ..., alt: ...}}`."
            problems.append(Problem(f"docs/{code}/{WORDS}", what, fix, stops=code == source))
    return found, origins
