"""Check what people wrote, before anything is made; yields every problem at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from posixpath import basename, dirname, join, normpath, relpath
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, TemplateSyntaxError

from campaign.cache.extensions import extensions
from campaign.checks.contacts import check_contacts
from campaign.checks.renamed import check_renamed, moved_to
from campaign.checks.sources import check_due_sources
from campaign.content.design_options import check_options
from campaign.content.glossary import FILE as GLOSSARY
from campaign.content.messages import WORDS as MESSAGES
from campaign.content.own_checks import run_checks
from campaign.content.photos import WORDS as CAPTIONS
from campaign.content.photos import photo_state
from campaign.content.posters import arts_of, needs_art
from campaign.content.releases import FORMAT
from campaign.content.search_rules import FILE as SEARCH
from campaign.content.settings import FILE, navigation_lines
from campaign.content.translation import outdated_translation
from campaign.document.faults import explain
from campaign.document.shortcodes import check_shortcodes
from campaign.models.campaign import HELP_PAGE, Campaign
from campaign.models.formats import USES
from campaign.models.nodes import Heading, Reference
from campaign.models.own_shortcode import TEMPLATE_FIX
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.plan.outputs import RASTERS, poster_format
from campaign.plan.site_files import LINKABLE, linked_file, recordings_of
from campaign.schema.interface_words import STRINGS

LINK_FIX = "Link to the .md file of a page."
PHOTOS = (".jpg", ".jpeg", ".heic", ".avif", ".tif", ".tiff")


def check_source(campaign: Campaign) -> Iterator[Problem]:
    """Yield every problem in texts and in links between them."""
    yield from _check_navigation(campaign)
    yield from check_contacts(campaign)
    yield from check_due_sources(campaign)
    yield from _check_stamps(campaign)
    yield from check_renamed(campaign)
    yield from _check_searches(campaign)
    yield from _check_piece_names(campaign)
    yield from _check_picture_names(campaign)
    yield from _check_photos_of_posters(campaign)
    yield from run_checks(campaign)
    yield from _check_templates(campaign)
    for check in extensions("checks").values():
        yield from check(campaign)
    anchors = cache(partial(_anchors, campaign))
    for page in campaign.pages.values():
        yield from check_page(campaign, page, anchors)


def _check_templates(campaign: Campaign) -> Iterator[Problem]:
    """Yield templates of own shortcodes that Jinja can't read."""
    for shortcode in campaign.shortcodes.values():
        try:
            Environment().parse(shortcode.html)
        except TemplateSyntaxError as error:
            message = f"The template stops here: {error.message}."
            yield Problem("shortcode-wrong", f"{shortcode.where}:{error.lineno}", message, TEMPLATE_FIX)


def check_page(
    campaign: Campaign, page: Page, anchors: Callable[[str, str], set[str]] | None = None
) -> Iterator[Problem]:
    """Yield the problems of one page. `anchors`: ids of headings by page."""
    yield from check_shortcodes(campaign, page)
    yield from _check_recordings(campaign, page)
    yield from _check_body(campaign, page)
    yield from _check_links(campaign, page, anchors or partial(_anchors, campaign))
    yield from _check_piece(campaign, page)
    yield from _check_name(campaign, page)
    yield from _check_needs(campaign, page)


def _check_recordings(campaign: Campaign, page: Page) -> Iterator[Problem]:
    """Yield named recordings that don't exist. Those of pictograms may be made later."""
    for shortcode in page.outline.shortcodes:
        name = shortcode.arguments.get("name", "") if shortcode.to == "recording" else ""
        if name and name not in campaign.pictograms and not recordings_of(campaign, page, name):
            message = f"No recording called `{name}` lies next to the page."
            fix = f"Put it there as {name}.mp3, .ogg or .opus, or use the name of a pictogram."
            yield Problem("shortcode-value", page.line(shortcode.start), message, fix)


def _anchors(campaign: Campaign, language: str, path: str) -> set[str]:
    return {heading.to for heading in campaign.pages[language, path].outline.headings}


def _check_searches(campaign: Campaign) -> Iterator[Problem]:
    for term in campaign.glossary:
        path, _, anchor = term.leads_to.partition("#")
        page = campaign.page(campaign.source_language.code, path)
        ids = {heading.to for heading in page.outline.headings} if page else set()
        if path and (not page or (anchor and anchor not in ids)):
            message = f"`leads_to` of `{term.id}` names a page or section that doesn't exist: `{term.leads_to}`."
            yield Problem("link-dead", GLOSSARY, message, "Name a file such as signs.md, or signs.md#papers.")
    for code, language in campaign.languages.items():
        for path in language.search.first:
            if not campaign.page(code, path):
                message = f"`first` names a page that doesn't exist: `{path}`."
                yield Problem("link-dead", f"docs/{code}/{SEARCH}", message, "Name a file such as get-help.md.")


def _check_stamps(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note for each language with translations that record no source version."""
    source = campaign.source_language.code
    for code in campaign.languages:
        results = [
            page.where
            for page in campaign.pages.values()
            if page.language == code and page.translation and not page.translation.source
            if (source, page.path) in campaign.pages
        ]
        words = {STRINGS: campaign.word_origins, CAPTIONS: campaign.caption_origins, MESSAGES: campaign.message_origins}
        results += [
            f"docs/{code}/{name}"
            for name, origins in words.items()
            if (origin := origins.get(code)) and not origin.source and (campaign.root / f"docs/{code}/{name}").is_file()
        ]
        if results:
            count = f"{len(results)} translations, {results[0]} first" if results[1:] else "this translation"
            where = f"docs/{code}" if results[1:] else results[0]
            files = (
                " ".join(sorted({re.sub(r"[^/]+\.md$", "*.md", name) for name in results})) if results[1:] else where
            )
            fix = f"Run `campaign translate stamp {files}` once the translation is done."
            yield Problem("translation-unstamped", where, f"No source version is recorded for {count}.", fix)


def _check_needs(campaign: Campaign, page: Page) -> Iterator[Problem]:
    for need in page.needs:
        if f"need-{need}" not in campaign.source_language.strings:
            fix = f"Add `need-{need}` to each _strings.yml, or take it out."
            yield Problem("need-no-words", page.where, f"`needs: {need}` has no words for readers.", fix)


def _check_navigation(campaign: Campaign) -> Iterator[Problem]:
    source = campaign.source_language.code
    dead_paths = [path for path in campaign.navigation if (source, path) not in campaign.pages]
    lines = navigation_lines(campaign.root) if dead_paths else {}
    for path in dead_paths:
        if not _is_unread(campaign, source, path):
            fix = f"Add docs/{source}/{path}."
            yield Problem("nav-dead", lines.get(path, FILE), f"`nav` names a page that doesn't exist: `{path}`.", fix)
    help_page = campaign.help_page
    if help_page != HELP_PAGE and (source, help_page) not in campaign.pages:
        message = f"`help_page` names a page that doesn't exist: `{help_page}`."
        yield Problem("help-page-dead", "mkdocs.yml", message, f"Add docs/{source}/{help_page}, or fix the name.")
    for language in campaign.languages:
        if not campaign.page(language, "index.md"):
            fix = f"Add docs/{source}/index.md."
            yield Problem("front-page-missing", f"docs/{language}", "The front page is missing.", fix)


def _is_unread(campaign: Campaign, language: str, path: str) -> bool:
    """Return whether a page is unreadable, which is reported once and not for each link to it."""
    is_page = path.endswith(".md") and not path.startswith("..") and not basename(path).startswith("_")
    return is_page and (campaign.root / "docs" / language / path).is_file()


def _check_piece_names(campaign: Campaign) -> Iterator[Problem]:
    names: dict[tuple[str, str, str], str] = {}
    for page in campaign.pages.values():
        for name in page.all_formats:
            first = names.setdefault((page.language, page.stem, name), page.where)
            if first != page.where:
                fix = "Rename one of the two files."
                message = f"The name `{page.stem}` is taken by {first} in the format {name}."
                yield Problem("name-taken", page.where, message, fix)


def _check_picture_names(campaign: Campaign) -> Iterator[Problem]:
    posters = {page.stem: page.where for page in campaign.pages.values() if poster_format(campaign, page)}
    for photo in campaign.photos.values():
        if photo.name in posters:
            fix = "Rename the photo."
            yield Problem("name-taken", photo.where, f"The name `{photo.name}` is taken by {posters[photo.name]}.", fix)


def _check_photos_of_posters(campaign: Campaign) -> Iterator[Problem]:
    for poster in campaign.posters.values():
        if not poster.photo:
            continue
        photo, fix = campaign.photos.get(poster.photo), "Put another picture in. (At the desk: Texts, the poster.)"
        if photo is None:
            message = f"The photo `{poster.photo}`, which this poster contains, no longer exists."
        elif missing := [purpose for purpose in USES if not photo.is_for(purpose)]:
            message = f"The photo `{poster.photo}` in this poster may not be used for: {', '.join(missing)}."
        elif photo_state(photo) != poster.photo_state:
            message = f"The photo `{poster.photo}` or its covered regions have changed since it was embedded here."
            fix = "Put it in again. (At the desk: Texts, the poster.)"
        else:
            continue
        yield Problem("art-photo", poster.where, message, fix)


def _check_body(campaign: Campaign, page: Page) -> Iterator[Problem]:
    for fault in page.outline.faults:
        # The line under a conflict marker makes it a heading; `merge-conflict` reports it.
        if fault.rule == "heading-title" and fault.typed.startswith("<<<<<<<"):
            continue
        yield Problem(fault.rule, page.line(fault.start), *explain(fault))
    for note in _unique_references(page.outline.notes):
        if note.to not in campaign.sources and note.to not in {text.id for text in page.document.notes}:
            close_matches = difflib.get_close_matches(note.to, campaign.sources, n=1)
            fix = (
                f"Did you mean `[^{close_matches[0]}]`?"
                if close_matches
                else "Add it to docs/_sources.yml. (At the desk: Sources.)"
            )
            yield Problem("source-unknown", page.line(note.start), f"The source `{note.to}` is not known.", fix)
    for pictogram in _unique_references(page.outline.pictograms):
        if pictogram.to not in campaign.pictograms:
            close_matches = difflib.get_close_matches(pictogram.to, campaign.pictograms, n=1)
            fix = (
                f"Did you mean `:{close_matches[0]}:`?"
                if close_matches
                else f"Add assets/pictograms/{pictogram.to}.svg."
            )
            fix += " (At the desk: choose one by the button Pictogram.)"
            yield Problem(
                "pictogram-unknown", page.line(pictogram.start), f"There is no pictogram `{pictogram.to}`.", fix
            )


def _unique_references(references: Iterable[Reference]) -> Iterable[Reference]:
    return {reference.to: reference for reference in reversed([*references])}.values()


def _check_links(campaign: Campaign, page: Page, anchors: Callable[[str, str], set[str]]) -> Iterator[Problem]:
    for link in page.outline.links:
        if link.to and not urlsplit(link.to).scheme:
            yield from _check_target(campaign, page, link, anchors)
    for image in page.outline.images:
        yield from _check_image(campaign, page, image)


def _check_target(
    campaign: Campaign, page: Page, link: Reference, anchors: Callable[[str, str], set[str]]
) -> Iterator[Problem]:
    href = link.to
    path, _, anchor = unquote(href).partition("#")
    target = normpath(join(dirname(page.path), path)) if path else page.path
    result = campaign.page(page.language, target)
    if not result and (file := linked_file(campaign, page, href)):
        if file.startswith("docs/") and not file.endswith(LINKABLE):
            message = f"The link leads to a kind of file that pages can't link to: `{href}`."
            fix = f"If everyone may read all of it, put it into public/, and link to `/{basename(file)}`."
            yield Problem("link-to-file", page.line(link.start), message, fix)
    elif not result:
        if _is_unread(campaign, page.language, target):
            return
        message = f"The link leads to a page that doesn't exist: `{href}`."
        if elsewhere := next((code for code, other in campaign.pages if other == target), ""):
            message = f"The link leads to a page that `{page.language}` doesn't have: `{href}`."
            fix = f"Translate docs/{elsewhere}/{target}, or take the link out."
        else:
            known = [other for code, other in campaign.pages if campaign.page(page.language, other)]
            similar = difflib.get_close_matches(target, known, n=1) or [
                other for other in known if basename(other) == basename(target)
            ]
            # As a link is written from this page.
            fix = f"Did you mean `{relpath(similar[0], dirname(page.path) or '.')}`?" if similar else LINK_FIX
        yield Problem("link-dead", page.line(link.start), message, fix)
    elif anchor and anchor not in (anchor_ids := anchors(result.language, result.path)):
        close_matches = difflib.get_close_matches(anchor, anchor_ids, n=1)
        fix = f"Did you mean `#{close_matches[0]}`?" if close_matches else "Give the heading an id: `## Title {#id}`."
        message = f"The link leads to a heading that doesn't exist: `{href}`."
        yield Problem("link-no-heading", page.line(link.start), message, fix)


def _check_image(campaign: Campaign, page: Page, image: Reference) -> Iterator[Problem]:
    src, where = image.to, page.line(image.start)
    if urlsplit(src).scheme or src.startswith("/"):
        fix = "Put the file next to the page and name it."
        yield Problem("image-outside", where, f"The picture `{src}` is not one of ours.", fix)
        return
    file = (campaign.root / "docs" / page.language / dirname(page.path) / unquote(src)).resolve()
    if not file.is_relative_to((campaign.root / "docs").resolve()):
        fix = "Put the file next to the page."
        yield Problem("image-outside", where, f"The picture `{src}` is outside docs/.", fix)
    elif not file.is_file():
        fix = "Put the file there, or fix its name. (At the desk: add it under Photos.)"
        yield Problem("image-missing", where, f"The picture `{src}` does not exist.", fix)
    elif file.suffix.lower() in PHOTOS:
        message = f"`{src}` is a photo that doesn't say who took it and who agreed to it."
        fix = "Move it to assets/photos/ with a .yml file, and show it with {{ photo name=... }}."
        fix += " (At the desk: add it under Photos.)"
        yield Problem("photo-among-pages", where, message, fix)
    elif file.suffix.lower() not in RASTERS:
        fix = f"Use one of: {', '.join(RASTERS)}."
        yield Problem("image-kind", where, f"`{src}` is not a picture that a page can show.", fix)
    if not image.words.strip():
        fix = "Write ![what it shows](file)."
        yield Problem("alt-missing", where, f"The picture `{src}` has no words for people who cannot see it.", fix)


def _check_piece(campaign: Campaign, page: Page) -> Iterator[Problem]:
    for name in page.all_formats:
        format, panel_ids = campaign.formats[name], [panel.id for panel in page.panels]
        for id in format.panels:
            if id not in panel_ids:
                message = f"The {format.kind} has no panel `{id}`, which the format {name} needs."
                yield Problem(
                    "panel-missing", page.where, message, f"Add a heading `## Title {{#{id}}}` with its text."
                )
        for panel in page.panels if format.panels and not format.is_free else ():
            if panel.id not in format.panels:
                message = f"The format {name} has no panel `{panel.id}`."
                fix = f"Choose from: {', '.join(format.panels)}."
                yield Problem("panel-unknown", f"{page.where}:{panel.line}", message, fix)
        yield from _check_drawing(campaign, page, name)
    yield from _check_whole(page)
    if page.options:
        yield from check_options(page, [campaign.formats[name] for name in page.formats], campaign.identity.colours)
    link = page.options.link
    if link and not campaign.page(page.language, str(link)):
        fix = "Name a file such as signs.md."
        yield Problem("link-dead", page.where, f"`options: link` names a page that doesn't exist: `{link}`.", fix)
    if (
        page.language != campaign.source_language.code
        and (campaign.source_language.code, page.path) not in campaign.pages
    ):
        fix = f"Add docs/{campaign.source_language.code}/{page.path}, or delete this one."
        if new_path := moved_to(campaign, page.path):
            fix = f"If it is {new_path} now, give that its old name again, or each translation the new one."
        yield Problem("source-page-missing", page.where, "The source language has no such page.", fix)
    elif page.translation and page.translation.is_outdated:
        yield outdated_translation(page.where)


def _check_drawing(campaign: Campaign, page: Page, name: str) -> Iterator[Problem]:
    format = campaign.formats[name]
    for art in arts_of(page) if needs_art(page, format) else ():
        if art not in campaign.posters:
            fix = f"Add the folder assets/posters/{art}, or change `{'covers' if page.covers else 'options: art'}`."
            yield Problem("art-missing", page.where, f"There is no art `{art}`.", fix)
    if format.needs_drawing and not page.alt:
        message = f"The {format.kind} has no words for people who cannot see it."
        yield Problem("alt-missing", page.where, message, "Add `alt: ...` to its front matter.")


def _check_whole(page: Page) -> Iterator[Problem]:
    if page.formats and page.formats != (FORMAT,) and page.panels and not _begins_with_section(page):
        message = "Words above the first section of a piece aren't printed."
        fix = "Move them below a heading `## Title {#id}`."
        yield Problem("words-unprinted", page.line(page.document.blocks[0].start), message, fix)


def _begins_with_section(page: Page) -> bool:
    first = page.document.blocks[0]
    return isinstance(first, Heading) and first.level == 2


def _check_name(campaign: Campaign, page: Page) -> Iterator[Problem]:
    if not re.fullmatch(r"([a-z0-9-]+/)*[a-z0-9-]+\.md", page.path):
        fix = "Use lower-case letters, digits and hyphens."
        yield Problem("name-not-plain", page.where, "The file's name is not plain.", fix)
    for word in campaign.avoided_words:
        if word.lower() in page.path:
            fix = "Rename it: the name is seen in a phone's history and downloads."
            yield Problem("name-to-avoid", page.where, f"The file's name contains `{word}`, a word to avoid.", fix)
