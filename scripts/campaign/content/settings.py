"""mkdocs.yml: the campaign's name, languages and places. MkDocs reads the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from campaign.content.destinations import read_destinations, read_packs
from campaign.content.misnamed import rename_or
from campaign.content.phones import is_country
from campaign.content.places import PLACE_CODE, is_table, read_place_rows, with_regions
from campaign.models.addresses import is_private
from campaign.models.campaign import HELP_PAGE, MainSettings
from campaign.models.contact import Place
from campaign.models.problem import CampaignError, Problem, did_you_mean, failure
from campaign.models.rules import load_rules
from campaign.schema.declaration import bind
from campaign.schema.kinds import CampaignSettings
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, Value, read_yaml

CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
NAME = PLACE_CODE
FILE = "mkdocs.yml"


@dataclass(frozen=True, kw_only=True)
class Settings(MainSettings):
    """mkdocs.yml, with names of files that are read after it."""

    languages: tuple[tuple[str, str], ...]  # (code, own name), in the file's order
    source_language: str
    first_language: str
    pieces_only: tuple[str, ...]
    places: tuple[str, ...]
    partners: tuple[str, ...] = ()
    country_words: tuple[str, ...] = ()
    ask_phones_in: frozenset[str] = frozenset()
    place_rows: Mapping[str, Place] = field(default_factory=dict)  # rows of a table of places


def read_settings(root: Path, problems: list[Problem]) -> Settings:
    """Read mkdocs.yml. Raise CampaignError if it is missing, or has no languages."""
    top = _read_top(root, problems)
    campaign_settings = bind(CampaignSettings, plugin_value(top, "campaign"), FILE, problems)
    languages, source = _named_languages(top, problems)
    codes = tuple(code for code, _ in languages)
    site_url = _site_url(top, problems)
    if top.text("docs_dir", "docs") != "docs":
        fix = "Write `docs_dir: docs`."
        problems.append(Problem("docs-dir-moved", top.line("docs_dir"), "Texts are in `docs`, always.", fix))
    rows, places = _places(campaign_settings, root, codes, source)
    first_language = _first_language(campaign_settings, codes, source)
    avoided = campaign_settings.avoid_in_file_names
    values = {
        key: campaign_settings.value(key) if campaign_settings.has(key) else EMPTY_VALUE
        for key in ("destinations", "packs")
    }
    destinations = read_destinations(values["destinations"], FILE, problems, NAME.fullmatch, avoided)
    return Settings(
        name=top.text("site_name", required=True),
        site_url=site_url,
        version=campaign_settings.version,
        date=campaign_settings.date or date(2000, 1, 1),
        languages=languages,
        source_language=source,
        first_language=first_language,
        pieces_only=_pieces_only(campaign_settings, codes, source),
        places=places,
        place_rows=rows,
        audiences=campaign_settings.audiences,
        avoided_words=avoided,
        navigation=_navigation(top),
        destinations=destinations,
        silence=_silence(campaign_settings, root, problems),
        place_editions=campaign_settings.place_editions or "own-contacts",
        readers=campaign_settings.readers or "private",
        partners=campaign_settings.partners,
        country=_country(campaign_settings),
        country_words=campaign_settings.country_words,
        names=_names(campaign_settings, codes),
        help_page=campaign_settings.help_page or HELP_PAGE,
        reads_aloud=campaign_settings.listen is not False,
        packs=read_packs(values["packs"], FILE, problems, NAME.fullmatch, campaign_settings.audiences, destinations),
        templates=_templates(top, root),
        ask_phones_in=frozenset(
            _known_codes(campaign_settings, "ask_phones_in", campaign_settings.ask_phones_in, codes)
        ),
    )


def _read_top(root: Path, problems: list[Problem]) -> Fields:
    if not (root / FILE).is_file():
        message = f"There is no campaign in this folder: {FILE} is missing."
        fix = rename_or(root / FILE, "Go to the campaign's folder, or make one with `campaign new`.")
        raise failure("campaign-missing", FILE, message, fix)
    value = read_yaml(root / FILE, FILE, problems)
    if value is EMPTY_VALUE:
        raise CampaignError(problems)
    return Fields(value, FILE, problems)


def _named_languages(top: Fields, problems: list[Problem]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return (code, own name) of each language, and the source language."""
    languages, source = _languages(Fields(plugin_value(top, "i18n"), FILE, problems), problems)
    if not languages and any(problem.id == "language-code-wrong" for problem in problems):
        raise CampaignError(problems)
    if not languages:
        message = "No language is named: `plugins`, `i18n`, `languages` is empty."
        fix = "Add `- {locale: en, name: English, default: true}`."
        raise CampaignError([*problems, Problem("language-none", FILE, message, fix)])
    return languages, source


def _site_url(top: Fields, problems: list[Problem]) -> str:
    url = top.text("site_url", required=True)
    if url and not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?/", url):
        message = f"`{url}` is not an address that ends in a slash."
        problems.append(Problem("site-url-wrong", top.line("site_url"), message, "Write https://name/."))
        return "https://campaign.example/"
    if is_private(url):
        message = f"`{url}` only opens on your computer or in your office, and QR codes on paper lead there."
        problems.append(
            Problem("site-url-private", top.line("site_url"), message, "Write the website's public address.")
        )
    return url


def _first_language(campaign_settings: CampaignSettings, codes: tuple[str, ...], source: str) -> str:
    first = campaign_settings.first_language or source
    if first in codes:
        return first
    fix = f"Choose from: {', '.join(codes)}."
    message = f"`{first}` isn't a valid value of `first_language`."
    campaign_settings.complain("value-unknown", "first_language", message, fix)
    return source


def _places(
    campaign_settings: CampaignSettings, root: Path, codes: tuple[str, ...], source: str
) -> tuple[dict[str, Place], tuple[str, ...]]:
    raw = campaign_settings.value("places").text or "" if campaign_settings.has("places") else ""
    if is_table(raw):
        name, where = raw.removeprefix("assets/"), campaign_settings.line("places")
        rows = read_place_rows(root, name, where, codes, source, campaign_settings.problems)
        return rows, with_regions(rows)
    places = campaign_settings.words("places")
    for place in places:
        if not PLACE_CODE.fullmatch(place):
            fix = "Use lower-case letters, digits and hyphens."
            campaign_settings.complain("name-not-plain", "places", f"`{place}` is not a code.", fix)
    return {}, places


def _country(campaign_settings: CampaignSettings) -> str:
    code = campaign_settings.country.strip().upper()
    if code and not is_country(code):
        fix = "Write its two letters of ISO 3166-1, such as `TL`, or take the line out."
        campaign_settings.complain(
            "value-unknown", "country", f"`{campaign_settings.country}` is not a country's code.", fix
        )
        return ""
    return code


def _names(campaign_settings: CampaignSettings, codes: tuple[str, ...]) -> dict[str, str]:
    for code in campaign_settings.names:
        if code not in codes:
            fix = f"Choose from: {', '.join(codes)}."
            campaign_settings.complain("value-unknown", "names", f"`{code}` isn't a valid value of `names`.", fix)
    return {code: name for code, name in campaign_settings.names.items() if code in codes and name.strip()}


def _known_codes(
    campaign_settings: CampaignSettings, key: str, locales: tuple[str, ...], codes: tuple[str, ...]
) -> Iterator[str]:
    for code in locales:
        if code in codes:
            yield code
        else:
            fix = f"Choose from: {', '.join(codes)}."
            campaign_settings.complain("value-unknown", key, f"`{code}` isn't a valid value of `{key}`.", fix)


def _pieces_only(campaign_settings: CampaignSettings, codes: tuple[str, ...], source: str) -> tuple[str, ...]:
    """Return languages with their own pieces and pages only; the source doesn't fill gaps in them."""
    locales = campaign_settings.pieces_only
    for code in locales:
        if code not in codes or code == source:
            fix = "Name languages of the list below `i18n:`, not the source."
            campaign_settings.complain(
                "pieces-only-wrong", "pieces_only", f"`{code}` cannot be a language of pieces only.", fix
            )
    return tuple(code for code in locales if code in codes and code != source)


def _silence(campaign_settings: CampaignSettings, root: Path, problems: list[Problem]) -> dict[str, str]:
    results: dict[str, str] = {}
    rules = load_rules()
    for key, raw in (campaign_settings.value("silence").keys or {}).items() if campaign_settings.has("silence") else ():
        id, _, file = key.partition(" ")
        reason, where = campaign_settings.silence.get(key, ""), f"{FILE}:{raw.line}"
        if id not in rules:
            notes = [rule.id for rule in rules.values() if rule.is_note]
            fix = did_you_mean(id, notes, "It is the word in brackets at the end of a note.")
            problems.append(Problem("silence-unknown", where, f"There is no note `{id}` to silence.", fix))
        elif not rules[id].is_note:
            message = f"`{id}` cannot be silenced: only notes can, and this one stops a build."
            problems.append(Problem("silence-stops", where, message, "Fix what it names, and take this line out."))
        elif file.startswith(("docs/", "assets/")) and not (root / file).exists():
            message = f"`{file}` doesn't exist, so `{id}` cannot be silenced in it."
            problems.append(Problem("silence-no-file", where, message, "Correct the path, or delete this line."))
        elif raw.text is not None and not reason:
            fix = f'Write why, as in `{id}: "The law is quoted word for word."`.'
            problems.append(Problem("silence-no-reason", where, f"`{id}` is silenced without a reason.", fix))
        elif reason:
            results[key] = reason
    return results


def _templates(top: Fields, root: Path) -> Path | None:
    theme_keys = top.keys.get("theme", EMPTY_VALUE).keys or {}
    folder = theme_keys["custom_dir"].text if "custom_dir" in theme_keys else ""
    return root / folder if folder else None


def _navigation(top: Fields) -> tuple[str, ...]:
    pages = []
    for item in top.values("nav"):
        if item.text is None or "://" in item.text:
            fix = (
                "Write its name, such as `- about.md`; titles come from pages, and links to other sites go into texts."
            )
            top.complain("value-not-text", item, "`nav` takes names of pages.", fix)
        else:
            pages.append(item.text)
    return tuple(pages)


def navigation_lines(root: Path) -> dict[str, str]:
    """Return file and line of each page in `nav`."""
    entries = Fields(read_yaml(root / FILE, FILE, []), FILE, []).values("nav")
    return {item.text or "": f"{FILE}:{item.line}" for item in entries}


def plugin_value(top: Fields, name: str) -> Value:
    """Return the settings of a plugin; complain if it isn't listed."""
    for item in top.values("plugins"):
        if item.text == name:
            return EMPTY_VALUE
        if item.keys and name in item.keys:
            return item.keys[name] if item.keys[name].text != "" else EMPTY_VALUE
    fix = f"Add `- {name}:` below `plugins:`."
    top.complain("plugin-missing", top.keys.get("plugins", top.value), f"The plugin `{name}` is not listed.", fix)
    return EMPTY_VALUE


def _languages(i18n: Fields, problems: list[Problem]) -> tuple[tuple[tuple[str, str], ...], str]:
    results: list[tuple[str, str]] = []
    sources: list[str] = []
    for item in i18n.values("languages"):
        fields = Fields(item, FILE, problems)
        code, name = fields.text("locale", required=True), fields.text("name", required=True)
        if not code or not name:
            continue
        if not CODE.fullmatch(code):
            fix = "Use a code such as en, fil or zh-Hans."
            fields.complain("language-code-wrong", item, f"`{code}` is not a language code.", fix)
            continue
        if code in dict(results):
            fields.complain("language-twice", item, f"The language `{code}` is listed twice.", "Delete one of the two.")
            continue
        results.append((code, name))
        if fields.flag("default"):
            sources.append(code)
    if results and len(sources) != 1:
        line = i18n.line("languages")
        fix = "Write `default: true` at exactly one."
        problems.append(Problem("source-language-unclear", line, "One language must be the source.", fix))
    return tuple(results), sources[0] if sources else (results[0][0] if results else "")
