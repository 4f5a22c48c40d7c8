"""What a page's templates show around its text: menu, languages, notices. Plain data, all links relative."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from posixpath import commonprefix, dirname
from typing import Any
from unicodedata import combining, east_asian_width

from campaign.content.number_doubts import number_doubt
from campaign.graph.tracking import remembered_property
from campaign.models.campaign import FRONT, Campaign, Language
from campaign.models.contact import Contact
from campaign.models.page import Page, address_of

# Pages with a part to play, where a campaign has them.
HOME, SOURCES, SERVICES = FRONT, "sources.md", "services.md"
SAFETY = "safety.md"
# Feedback from readers: a form to print, for example.
FEEDBACK = "tell-us.md"
# The section on getting help that says what to do if nobody answers.
NO_ANSWER = "no-answer"
# The list of everything: made, not written; its later pages have a number.
A_TO_Z, WHOLE_A_TO_Z = "a-z.md", "a-z-all.md"
A_TO_Z_PART = re.compile(r"a-z(-all)?(-[0-9]+)?\.md")
# Fewer headings than this, and a list of them is in the way.
MANY_HEADINGS = 4
# With this many sections a page is several phone screens long: the list is open from the start.
OPEN_HEADINGS = 6
# Codes of three letters for which ISO 639-1 has others.
SEARCH_CODES = {"cmn": "zh", "fil": "tl", "prs": "fa", "zsm": "ms"}
# In pixels on the smallest phone: the row of languages without the link to the rest, the padding of a name, and the
# width of a letter, of wide ones (Chinese, Japanese, Korean) and of others.
ROW_OF_LANGUAGES, PADDING, LETTER, WIDE = 258, 16, 9, 17
# Something that a page shows: a heading, a number, a picture, a link, a download, in plain words.
Fact = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """One entry of a menu or of the row of languages.

    Attributes:
        language: of its words, if not the page's.
    """

    title: str
    href: str
    is_current: bool = False
    language: Language | None = None


@dataclass(frozen=True)
class View:
    """A page as shown in a language. page.language differs from language if there is no translation.

    facts: what has been written of its text so far, in order (website/describe.py).
    """

    campaign: Campaign
    language: Language
    page: Page
    headings: tuple[Link, ...] = field(default=())
    facts: list[Fact] = field(default_factory=list, compare=False, repr=False)

    def show(self, **fact: Any) -> Fact:
        """Notes something that is written next."""
        self.facts.append(fact)
        return fact

    @property
    def title(self) -> str:
        """The page's own."""
        return self.page.title

    @property
    def address(self) -> str:
        """Below the site's root."""
        return address_of(self.language.code, self.page.path)

    @property
    def is_home(self) -> bool:
        """Whether it is the front page of its language."""
        return self.page.path == HOME

    @property
    def text_language(self) -> Language:
        """The language that the page's own text is in."""
        return self.campaign.languages[self.page.language]

    @property
    def is_translated(self) -> bool:
        """Return whether its text is in the language that shows it; otherwise it is a fallback page."""
        return self.page.language == self.language.code

    def link(self, address: str) -> str:
        """From this page to an address below the root."""
        return _relative(address, self._folder)

    @remembered_property
    def _folder(self) -> str:
        return dirname(self.address)

    def page_link(self, path: str, anchor: str = "") -> str:
        """From this page to another of the same language; '' where the campaign has no such page."""
        if not self.campaign.page(self.language.code, path):
            return ""
        return self.link(address_of(self.language.code, path)) + (f"#{anchor}" if anchor else "")

    @property
    def home(self) -> str:
        """The link to the front page."""
        return self.page_link(HOME)

    @property
    def help(self) -> str:
        """The link to the page on getting help; '' where the campaign has none."""
        return self.page_link(self.campaign.help_page)

    @property
    def sources(self) -> str:
        """The link to the page on sources; '' where the campaign has none."""
        return self.page_link(SOURCES)

    @property
    def layout(self) -> str:
        """Which kind of page it is: the name of its layout."""
        return self.page.layout

    @property
    def all_titles(self) -> str:
        """The list of everything from A to Z."""
        return self.link(address_of(self.language.code, A_TO_Z if self.is_public else WHOLE_A_TO_Z))

    @property
    def is_public(self) -> bool:
        """Return whether the page is for everybody; search and lists begin with public pages."""
        return self.campaign.is_public(self.page) and not self.page.path.startswith(WHOLE_A_TO_Z.removesuffix(".md"))

    @property
    def is_all_titles(self) -> bool:
        """Whether it is a page of the list from A to Z."""
        return bool(A_TO_Z_PART.fullmatch(self.page.path))

    @property
    def is_made(self) -> bool:
        """Whether no file of the campaign has its text: a list that is made."""
        return not self.page.where

    def language_file(self, name: str) -> str:
        """Return the address of a file in the language's folder."""
        return self.link(f"{self.language.code}/{name}")

    @property
    def root(self) -> str:
        """What leads from this page to the site's root: '../', '../../'."""
        return "../" * self.address.count("/")

    @remembered_property
    def safety(self) -> Link | None:
        """The page that says what leaving and saving do."""
        page = self.campaign.page(self.language.code, SAFETY)
        return Link(page.title, self.page_link(SAFETY), language=self._other(page.language)) if page else None

    @remembered_property
    def no_answer(self) -> Link | None:
        """Return what to do if nobody answers a number."""
        return no_answer(self.campaign, self.language.code, self.link)

    @remembered_property
    def feedback(self) -> Link | None:
        """The page by which readers tell the campaign something."""
        page = self.campaign.page(self.language.code, FEEDBACK)
        return Link(page.title, self.page_link(FEEDBACK), language=self._other(page.language)) if page else None

    @remembered_property
    def offers_saving(self) -> bool:
        """Whether that page lets visitors save and forget copies."""
        page = self.campaign.page(self.language.code, SAFETY)
        return bool(page and offers_saving(page))

    @remembered_property
    def menu(self) -> list[Link]:
        """The pages that mkdocs.yml lists under `nav`, by their titles in this language."""
        pages = (self.campaign.page(self.language.code, path) for path in self.campaign.navigation)
        return [
            Link(
                title=self.language.strings["home"] if page.path == HOME else page.title,
                href=self.page_link(page.path),
                is_current=page.path == self.page.path,
                language=self._other(page.language),
            )
            for page in pages
            if page
        ]

    @remembered_property
    def languages(self) -> list[Link]:
        """Return the same page in every language, first language first; the home page if a language lacks it.

        Languages that only have pieces are offered if they have the page.
        """
        links = []
        for language in default_language_first(self.campaign.languages.values()):
            # Letters fall on other pages in other languages.
            path = (A_TO_Z if self.is_public else WHOLE_A_TO_Z) if self.is_all_titles else self.page.path
            own = (language.code, path) in self.campaign.pages
            # Generated pages have no fallback pages.
            has_page = own if self.is_made else self.campaign.page(language.code, path)
            if not language.is_whole and not has_page:
                continue
            href = self.link(address_of(language.code, path if has_page else HOME))
            links.append(Link(language.name, href, language == self.language, language))
        # Who reads a page knows its language's name: it is never among the rest.
        return [
            *links[:1],
            *(link for link in links[1:] if link.is_current),
            *(link for link in links[1:] if not link.is_current),
        ]

    @remembered_property
    def first_languages(self) -> int:
        """Return how many languages a small phone shows in one row; the rest are one tap away.

        Widths of names are estimates: readers have other fonts.
        """
        return max(1, sum(end <= ROW_OF_LANGUAGES for end in self._row_of_languages[: len(self.languages)]))

    @remembered_property
    def overflow_count(self) -> int:
        """Return how many links of that row a small phone hides: languages, and the link about leaving."""
        ends = self._row_of_languages
        return len(ends) - max(1, sum(end <= ROW_OF_LANGUAGES for end in ends))

    @remembered_property
    def _row_of_languages(self) -> list[int]:
        """Return the right edge of each name in the row and of the link about leaving after them, in pixels."""
        names = [link.title for link in self.languages]
        names += [self.language.strings["about-leaving"]] if self.safety else []
        return list(accumulate(PADDING + _width(name) for name in names))

    @remembered_property
    def alternates(self) -> list[tuple[str, str]]:
        """Return (code, address) of the real translations for `hreflang`; none on a fallback page.

        Languages without a code are left out: search engines would report an error.
        """
        if not self.is_translated or (self.is_all_titles and self.page.path not in (A_TO_Z, WHOLE_A_TO_Z)):
            return []
        codes = [code for code in self.campaign.languages if (code, self.page.path) in self.campaign.pages]
        found = [
            (known, self.absolute_url(address_of(code, self.page.path)))
            for code in codes
            if (known := search_code(code))
        ]
        return [*found, ("x-default", self.absolute_url("index.html"))]

    @property
    def canonical(self) -> str:
        """Return the address that search engines should use for this text: the source's page for a fallback page."""
        return self.absolute_url(address_of(self.page.language, self.page.path))

    @remembered_property
    def notices(self) -> list[str]:
        """Return the notices before the text: not translated, not reviewed, or outdated."""
        words, translation = self.language.strings, self.page.translation
        if not self.is_translated:
            return [words["not-translated"].format(language=self.text_language.name)]
        if translation is None:
            return []
        unchecked = translation.is_by_machine and (not translation.reviewed_by or translation.is_own_review)
        # In few words on the page whose first view has to help.
        notice = words["machine-translation-short" if self.is_home else "machine-translation"]
        return [
            *([notice] if unchecked else []),
            *([words["translation-outdated"]] if translation.is_outdated else []),
        ]

    @property
    def is_long(self) -> bool:
        """Return whether the list of sections is open."""
        return len(self.headings) >= OPEN_HEADINGS

    @remembered_property
    def emergency(self) -> Contact | None:
        """The number that every page offers."""
        return self.campaign.emergency

    @property
    def doubt(self) -> str:
        """Return the warning about that number; '' if it was verified recently."""
        return number_doubt(self.language, self.emergency)

    def absolute_url(self, address: str) -> str:
        """Where others find it: in full once the site has a real address."""
        return self.campaign.site_url + address if self.campaign.is_published else self.link(address)

    def _other(self, code: str) -> Language | None:
        return None if code == self.language.code else self.campaign.languages[code]


def page_view(campaign: Campaign, language: Language, path: str) -> View:
    """A page in a language.

    Raises:
        KeyError: the campaign has no such page.
    """
    page = campaign.page(language.code, path)
    if page is None:
        raise KeyError(path)
    headings = tuple(Link(each.words.strip(), f"#{each.to}") for each in page.outline.headings if each.level == 2)
    shows = path != HOME and not page.formats and len(headings) >= MANY_HEADINGS
    return View(campaign, language, page, headings if shows else ())


# Every page of a folder links to the same menu.
@lru_cache(maxsize=50_000)
def _relative(address: str, folder: str) -> str:
    """Return the relative address from a folder ('': the root) to a file; `relpath` reads the working directory."""
    to, at = address.split("/"), folder.split("/") if folder else []
    shared = len(commonprefix([to[:-1], at]))
    return "/".join([*[".."] * (len(at) - shared), *to[shared:]])


def a_to_z_path(number: int, is_whole: bool = False) -> str:
    """Return the path of one page of the A–Z list, from 1. is_whole: including entries for staff and press."""
    first = WHOLE_A_TO_Z if is_whole else A_TO_Z
    return first if number == 1 else first.replace(".md", f"-{number}.md")


def no_answer(campaign: Campaign, code: str, link: Callable[[str], str]) -> Link | None:
    """Return what to do if nobody answers a number, under its heading; None if the campaign has no such text.

    link: makes a link from an address relative to the site.
    """
    page = campaign.page(code, campaign.help_page)
    title = heading_of(page, NO_ANSWER) if page else ""
    if not page or not title:
        return None
    other = None if page.language == code else campaign.languages[page.language]
    return Link(title, f"{link(address_of(code, page.path))}#{NO_ANSWER}", language=other)


def heading_of(page: Page, id: str) -> str:
    """The words of the heading with this id; '' where a page has none."""
    return next((each.words.strip() for each in page.outline.headings if each.to == id), "")


def offers_saving(page: Page) -> bool:
    """Whether a page has the places where a copy of the site is saved and forgotten."""
    return all(map(page.outline.has_shortcode, ("saving", "forgetting")))


def search_code(code: str) -> str:
    """Return a language's code for search engines: ISO 639-1, two letters; '' if it has none."""
    language, dash, region = code.partition("-")
    language = SEARCH_CODES.get(language, language)
    return f"{language}{dash}{region}" if len(language) == 2 else ""


@lru_cache(maxsize=1000)
def _width(words: str) -> int:
    return sum(0 if combining(c) else WIDE if east_asian_width(c) in "WF" else LETTER for c in words)


def default_language_first(languages: Iterable[Language]) -> list[Language]:
    """The languages with the first language first, the others in their order."""
    return sorted(languages, key=lambda language: not language.is_first)
