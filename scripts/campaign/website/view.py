"""The data that templates show around a page's text: menu, languages, notices. All links are relative."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from posixpath import commonprefix, dirname
from typing import Any, NamedTuple
from unicodedata import category, east_asian_width

from campaign.content.number_doubts import number_doubt
from campaign.document.word_ends import SPACELESS_SCRIPTS
from campaign.graph.tracking import derived, remembered_property
from campaign.models.campaign import FRONT, SAFETY, Campaign, Language
from campaign.models.contact import Contact
from campaign.models.page import ANSWERS, Page, address_of
from campaign.website.words import MAX_SHORT_NUMBER

# Pages with a special role, if a campaign has them.
HOME = FRONT
SOURCES = "sources.md"
SERVICES = "services.md"
# Feedback from readers: a form to print, for example.
FEEDBACK = "tell-us.md"
# The section of the page on getting help about unanswered calls.
NO_ANSWER = "no-answer"
# The generated list of everything; its later pages have a number.
A_TO_Z = "a-z.md"
WHOLE_A_TO_Z = "a-z-all.md"
A_TO_Z_PART = re.compile(r"a-z(-all)?(-[0-9]+)?\.md")
# With fewer headings, a list of them is only in the way.
MANY_HEADINGS = 4
# With this many sections a page is several phone screens long: the list is open from the start.
OPEN_HEADINGS = 6
# Codes of three letters for which ISO 639-1 has others.
SEARCH_CODES = {"cmn": "zh", "fil": "tl", "prs": "fa", "zsm": "ms"}
# In pixels on the smallest phone: a row, the padding of a language's name, and the width of a letter, of wide ones
# (Chinese, Japanese, Korean) and of others. Of the top row: everything except letters, and the ratio of bold ones.
ROW = 296
PADDING = 16
LETTER = 9
WIDE_LETTER = 17
TOP_ROW_PADDING = 100
BOLD_LETTER = 1.25
# A word of this many letters may not fit a small phone at the size of titles. Wide letters count twice. Scripts
# without spaces break lines anywhere between words.
LONG_WORD_LETTERS = 14
WORD = re.compile(rf"[^\s\d\-–—/:{SPACELESS_SCRIPTS}\u2e80-\u9fff]+")
WIDE_LETTERS = re.compile(r"[mwжмшщыюф\u0b80-\u0dff]", re.IGNORECASE)
# Something that a page shows: a heading, a number, a picture, a link, a download, in plain words.
Fact = dict[str, Any]


class NameOfLanguage(NamedTuple):
    """A language in the row of languages."""

    code: str
    name: str
    direction: str
    is_whole: bool


@dataclass(frozen=True)
class Link:
    """An entry of a menu; `language` is that of its words if it isn't the page's."""

    title: str
    href: str
    is_current: bool = False
    language: Language | NameOfLanguage | None = None


@dataclass(frozen=True)
class View:
    """A page in a language; `page.language` differs if it isn't translated. `facts` records what its text shows."""

    campaign: Campaign
    language: Language
    page: Page
    headings: tuple[Link, ...] = field(default=())
    facts: list[Fact] = field(default_factory=list, compare=False, repr=False)

    def record(self, **fact: Any) -> Fact:
        """Record something that is written next."""
        self.facts.append(fact)
        return fact

    @property
    def title(self) -> str:
        """The page's title."""
        return self.page.title

    @property
    def has_long_word(self) -> bool:
        """Whether the title is set smaller so that no word of it breaks."""
        return any(len(WIDE_LETTERS.sub("mm", word)) >= LONG_WORD_LETTERS for word in WORD.findall(self.title))

    @property
    def browser_title(self) -> str:
        """The title in tabs and history."""
        if self.is_home:
            return front_title(self.campaign, self.language)
        name = self.campaign.name_in(self.language.code)
        return name if self.hides_title else f"{self.title} – {name}"

    @property
    def hides_title(self) -> bool:
        """Whether its title stays out of histories and previews: an answer, where readers may be watched."""
        return self.campaign.may_be_watched and self.page.path.startswith(ANSWERS)

    @property
    def address(self) -> str:
        """The address below the site's root."""
        return address_of(self.language.code, self.page.path)

    @property
    def is_home(self) -> bool:
        """Whether it is the language's front page."""
        return self.page.path == HOME

    @property
    def is_urgent(self) -> bool:
        """Whether its first view must help: the front page, the page about getting help, an answer."""
        return self.is_home or self.page.path == self.campaign.help_page or self.page.path.startswith(ANSWERS)

    @property
    def text_language(self) -> Language:
        """The language of the page's text."""
        return self.campaign.languages[self.page.language]

    @property
    def is_translated(self) -> bool:
        """Whether the text is in the language that shows it."""
        return self.page.language == self.language.code

    def link(self, address: str) -> str:
        """Return the link to an address below the root."""
        return _relative(address, self._folder)

    @remembered_property
    def _folder(self) -> str:
        return dirname(self.address)

    def page_link(self, path: str, anchor: str = "") -> str:
        """Return the link to a page in the same language, or ''."""
        if not self.campaign.page(self.language.code, path):
            return ""
        return self.link(address_of(self.language.code, path)) + (f"#{anchor}" if anchor else "")

    @property
    def home(self) -> str:
        """The link to the front page."""
        return self.page_link(HOME)

    @property
    def help(self) -> str:
        """The link to the help page, or ''."""
        return self.page_link(self.campaign.help_page)

    @property
    def sources(self) -> str:
        """The link to the sources, or ''."""
        return self.page_link(SOURCES)

    @property
    def layout(self) -> str:
        """The name of its layout."""
        return self.page.layout

    @property
    def all_titles(self) -> str:
        """The link to the list from A to Z."""
        return self.link(address_of(self.language.code, A_TO_Z if self.is_public else WHOLE_A_TO_Z))

    @property
    def is_public(self) -> bool:
        """Whether the page is public: its search and list start with public pages too."""
        return self.campaign.is_public(self.page) and not self.page.path.startswith(WHOLE_A_TO_Z.removesuffix(".md"))

    @property
    def is_all_titles(self) -> bool:
        """Whether it is a page of the list from A to Z."""
        return bool(A_TO_Z_PART.fullmatch(self.page.path))

    @property
    def can_listen(self) -> bool:
        """Whether its readers can have it read aloud: a public page that is not generated."""
        return self.campaign.reads_aloud and self.is_public and not self.is_made

    @property
    def is_made(self) -> bool:
        """Whether it is generated."""
        return not self.page.where

    def language_file(self, name: str) -> str:
        """Return the link to a file in the language's folder."""
        return self.link(f"{self.language.code}/{name}")

    @property
    def root(self) -> str:
        """The path to the site's root: '../', '../../'."""
        return "../" * self.address.count("/")

    @remembered_property
    def safety(self) -> Link | None:
        """The page about leaving and saving."""
        return self._link_to(SAFETY)

    @remembered_property
    def no_answer(self) -> Link | None:
        """The section about unanswered calls."""
        return no_answer(self.campaign, self.language.code, self.link)

    @remembered_property
    def feedback(self) -> Link | None:
        """The page for feedback."""
        return self._link_to(FEEDBACK)

    def _link_to(self, path: str) -> Link | None:
        page = self.campaign.page(self.language.code, path)
        return Link(page.title, self.page_link(path), language=self._other_language(page.language)) if page else None

    @remembered_property
    def offers_saving(self) -> bool:
        """Whether visitors can save and delete copies on that page."""
        page = self.campaign.page(self.language.code, SAFETY)
        return bool(page and offers_saving(self.campaign, page))

    @remembered_property
    def menu(self) -> list[Link]:
        """The pages below `nav` in mkdocs.yml."""
        pages = (self.campaign.page(self.language.code, path) for path in self.campaign.navigation)
        return [
            Link(
                title=self.language.strings["home"] if page.path == HOME else page.title,
                href=self.page_link(page.path),
                is_current=page.path == self.page.path,
                language=self._other_language(page.language),
            )
            for page in pages
            if page
        ]

    @remembered_property
    def languages(self) -> list[Link]:
        """The page in every language, the default first and the current one second; or the language's front page.

        Languages with pieces only are listed if they have the page.
        """
        links = []
        # Letters fall on other pages in other languages.
        path = (A_TO_Z if self.is_public else WHOLE_A_TO_Z) if self.is_all_titles else self.page.path
        for language in _names_of_languages(self.campaign):
            # Generated pages have no fallback pages.
            has_page = (language.code, path) in self.campaign.pages or (
                language.is_whole and not self.is_made and self.campaign.page(language.code, path) is not None
            )
            if language.is_whole or has_page:
                href = self.link(address_of(language.code, path if has_page else HOME))
                links.append(Link(language.name, href, language.code == self.language.code, language))
        # Readers know the name of the page's language: it is never hidden with the rest.
        return [*links[:1], *sorted(links[1:], key=lambda link: not link.is_current)]

    @remembered_property
    def first_languages(self) -> int:
        """The number of languages that fit in one row on a small phone, by estimated widths."""
        return self._fitting(self._row_of_languages[: len(self.languages)])

    @remembered_property
    def has_more_languages(self) -> bool:
        """Whether a small phone hides a link of that row: a language, or the link about leaving."""
        return self._fitting(self._row_of_languages) < len(self._row_of_languages)

    def _fitting(self, ends: list[int]) -> int:
        room = ROW - PADDING - _width(self.language.strings["more"])
        return max(2, sum(end <= room for end in ends))  # the first, and that of the page

    @remembered_property
    def has_long_name(self) -> bool:
        """Whether the campaign's name needs a separate row on a small phone, by estimated widths."""
        words, number = self.language.strings, self.emergency.phone if self.emergency else ""
        # A long one is hidden there.
        number = number if len(number) <= MAX_SHORT_NUMBER else ""
        longest = max(map(_width, self.campaign.name_in(self.language.code).split()), default=0)
        others = sum(map(_width, (words["menu"], *self._leave_word, number)))
        return longest * BOLD_LETTER + others * BOLD_LETTER + TOP_ROW_PADDING > ROW

    @property
    def _leave_word(self) -> list[str]:
        return [self.language.strings["leave"]] if self.campaign.may_be_watched else []

    @remembered_property
    def _row_of_languages(self) -> list[int]:
        """The end of each language's name in the row, in pixels; then of the link about leaving."""
        names = [link.title for link in self.languages]
        names += [self.language.strings["about-leaving"]] if self.safety and self.campaign.may_be_watched else []
        return list(accumulate(PADDING + _width(name) for name in names))

    @remembered_property
    def alternates(self) -> list[tuple[str, str]]:
        """(code, address) of translations for `hreflang`, except for codes that search engines don't know."""
        if not self.is_translated or (self.is_all_titles and self.page.path not in (A_TO_Z, WHOLE_A_TO_Z)):
            return []
        codes = [code for code in self.campaign.languages if (code, self.page.path) in self.campaign.pages]
        results = [
            (hreflang, self.absolute_url(address_of(code, self.page.path)))
            for code in codes
            if (hreflang := search_code(code))
        ]
        return [*results, ("x-default", self.absolute_url("index.html"))]

    @property
    def canonical(self) -> str:
        """The address for search engines: the source's page if it isn't translated."""
        return self.absolute_url(address_of(self.page.language, self.page.path))

    @remembered_property
    def notices(self) -> list[str]:
        """Warnings before the text: not translated, not reviewed, out of date."""
        words, translation = self.language.strings, self.page.translation
        if not self.is_translated:
            return [words["not-translated"].format(language=self.text_language.name)]
        if translation is None:
            return []
        unchecked = translation.is_by_machine and (not translation.reviewed_by or translation.is_own_review)
        notice = words["machine-translation-short" if self.is_urgent else "machine-translation"]
        return [*([notice] if unchecked else []), *([words["translation-outdated"]] if translation.is_outdated else [])]

    @property
    def is_long(self) -> bool:
        """Whether the table of contents is open."""
        return len(self.headings) >= OPEN_HEADINGS and not self.page.formats

    @remembered_property
    def emergency(self) -> Contact | None:
        """The number on every page."""
        return self.campaign.emergency

    @property
    def doubt(self) -> str:
        """The warning about that number, or ''."""
        return number_doubt(self.language, self.emergency)

    def absolute_url(self, address: str) -> str:
        """Return the full address once the site has one."""
        return self.campaign.site_url + address if self.campaign.is_published else self.link(address)

    def _other_language(self, code: str) -> Language | None:
        return None if code == self.language.code else self.campaign.languages[code]


def page_view(campaign: Campaign, language: Language, path: str) -> View:
    """Return a page in a language.

    Raises:
        KeyError: the campaign has no such page.
    """
    page = campaign.page(language.code, path)
    if page is None:
        raise KeyError(path)
    headings = _headings(page, 2)
    if len(headings) < MANY_HEADINGS and len(lower := _headings(page, 3)) >= OPEN_HEADINGS:
        headings = lower
    # A printed lesson is used on paper, and its page is heavy enough.
    is_lesson = page.formats and page.layout == "course"
    is_listed = path != HOME and not is_lesson and len(headings) >= MANY_HEADINGS
    return View(campaign, language, page, headings if is_listed else ())


def front_title(campaign: Campaign, language: Language) -> str:
    """Return the title of a front page: name and tagline, without saying the name twice."""
    name, tagline = campaign.name_in(language.code), language.strings["tagline"]
    return tagline if name in tagline else f"{name} – {tagline}"


def _headings(page: Page, lowest: int) -> tuple[Link, ...]:
    """Return the headings of levels 2 to `lowest`."""
    found = (heading for heading in page.outline.headings if 2 <= heading.level <= lowest)
    return tuple(Link(heading.words.strip(), f"#{heading.to}") for heading in found)


# Every page of a folder links to the same menu.
@lru_cache(maxsize=50_000)
def _relative(address: str, folder: str) -> str:
    """Return the link from a folder to a file; `relpath` would ask the system for the current folder."""
    to, path_parts = address.split("/"), folder.split("/") if folder else []
    shared = len(commonprefix([to[:-1], path_parts]))
    return "/".join([*[".."] * (len(path_parts) - shared), *to[shared:]])


def addresses_with(campaign: Campaign, code: str, shortcode: str) -> list[str]:
    """Return the addresses of a language's pages that have a shortcode."""
    pages = {path: campaign.page(code, path) for _, path in campaign.pages}
    return [address_of(code, path) for path, page in pages.items() if page and page.outline.has_shortcode(shortcode)]


def a_to_z_path(number: int, is_whole: bool = False) -> str:
    """Return the path of a page of the list from A to Z, from 1. `is_whole`: with pages for staff and the press."""
    first = WHOLE_A_TO_Z if is_whole else A_TO_Z
    return first if number == 1 else first.replace(".md", f"-{number}.md")


def no_answer(campaign: Campaign, code: str, link: Callable[[str], str]) -> Link | None:
    """Return the link to the section about unanswered calls, or None."""
    page = campaign.page(code, campaign.help_page)
    title = (
        next((heading.words.strip() for heading in page.outline.headings if heading.to == NO_ANSWER), "")
        if page
        else ""
    )
    if not page or not title:
        return None
    page_language = None if page.language == code else campaign.languages[page.language]
    return Link(title, f"{link(address_of(code, page.path))}#{NO_ANSWER}", language=page_language)


def offers_saving(campaign: Campaign, page: Page) -> bool:
    """Return whether a copy of the site can be saved on a page, and deleted if readers share devices."""
    return all(map(page.outline.has_shortcode, ("saving", "forgetting")[: 1 + campaign.shares_devices]))


def search_code(code: str) -> str:
    """Return a language's code for search engines (ISO 639-1), or ''."""
    language, dash, region = code.partition("-")
    language = SEARCH_CODES.get(language, language)
    return f"{language}{dash}{region}" if len(language) == 2 else ""


@lru_cache(maxsize=1000)
def _width(words: str) -> int:
    marks = ("Mn", "Me", "Cf")  # drawn above or below letters, or not at all
    return sum(0 if category(c) in marks else WIDE_LETTER if east_asian_width(c) in "WF" else LETTER for c in words)


@derived
def _names_of_languages(campaign: Campaign) -> list[NameOfLanguage]:
    """Return all languages with the default first, as one value: every page shows them."""
    languages = default_language_first(campaign.languages.values())
    return [NameOfLanguage(item.code, item.name, item.direction, item.is_whole) for item in languages]


def default_language_first(languages: Iterable[Language]) -> list[Language]:
    """Return the languages with the default first."""
    return sorted(languages, key=lambda language: not language.is_first)
