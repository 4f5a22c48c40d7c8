"""Outputs as pages need them: `<picture>` elements, sizes, links."""

from __future__ import annotations

import base64
from collections import defaultdict
from functools import cached_property, partial
from urllib.parse import quote

from markupsafe import Markup

from campaign.models.campaign import Campaign, Language
from campaign.models.media import Photo, Rights
from campaign.models.outputs import OFFICE, PLACEHOLDER, Made
from campaign.plan.finder import Offer, offers
from campaign.plan.outputs import CONTACT_SHEET, Image, photo_name
from campaign.website.components import draw, in_language
from campaign.website.view import View
from campaign.website.words import shown_size

# Newest first; the last that there is serves every browser.
ENDINGS = ("avif", "webp", "png", "jpeg")
TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
# What a browser without srcset, or a reader who saves the picture, gets.
PLAIN_WIDTH = 640
# Width of a picture in the text column: 360 px minus margins of 20, so 640 pixels are enough on a phone.
TEXT_SIZES = "(min-width: 40em) 36rem, 88vw"


def _likeness(made: Made) -> tuple[object, ...]:
    output = made.output
    is_own = output.kind == "picture" and not output.destination
    return (output.name, output.format, made.width) if is_own else (output.public,)


def credit(view: View, rights: Rights) -> str:
    """Return a picture's credit in the page's language."""
    return view.language.strings["credit"].format(credit=rights.credit, licence=rights.licence)


class PublicAssets:
    """The published outputs (`public`), by kind and name."""

    def __init__(self, made: list[Made], campaign: Campaign | None = None) -> None:
        """Index the outputs; with a campaign, its offers are cached."""
        self._campaign = campaign
        self._bytes = {each.output.public: each.bytes for each in reversed(made)}
        # A picture is never made wider than its original: of widths that came out alike the first is enough.
        unlike = {_likeness(each): each for each in reversed(made) if each.output.public}
        self.public = [each for each in made if unlike.get(_likeness(each)) is each]
        self._pictures: dict[str, dict[str, list[Made]]] = defaultdict(partial(defaultdict, list))
        self._sent: dict[tuple[str, str, str | None], Made] = {}
        self._placeholders = {each.output.name: each for each in made if each.output.part == PLACEHOLDER}
        self._sheets = {
            (each.output.language, each.output.place): each
            for each in self.public
            if each.output.kind == CONTACT_SHEET and each.output.flavour == OFFICE
        }
        for each in sorted(self.public, key=lambda each: each.width):
            if each.output.destination:
                self._sent[each.output.destination, each.output.name, each.output.language] = each
            elif each.output.kind == "picture":
                self._pictures[each.output.name][each.output.format].append(each)

    @staticmethod
    def picture_name(source: str) -> str:
        """Return the output name of the image at this path below the root."""
        return Image(source, "").name

    def size(self, language: Language, made: Made) -> str:
        """Return a file's size in a language's words."""
        unit, number = self.shown_size(made.output.public)
        return language.strings[unit].format(size=number)

    def shown_size(self, address: str) -> tuple[str, str]:
        """Return a file's size, see `words.shown_size`."""
        return shown_size(self._bytes[address])

    @cached_property
    def _offers(self) -> dict[str, list[Offer]]:
        assert self._campaign is not None
        return offers(self._campaign, self.public)

    def offers(self, campaign: Campaign) -> dict[str, list[Offer]]:
        """Return the downloadable pieces by language."""
        return self._offers if self._campaign is not None else offers(campaign, self.public)

    def pieces(self, language: str) -> dict[tuple[str, str], list[Made]]:
        """Return a language's downloadable files by (kind, name)."""
        found: dict[tuple[str, str], list[Made]] = defaultdict(list)
        for each in self.public:
            if each.output.is_piece and each.output.language == language:
                found[each.output.kind, each.output.name].append(each)
        return dict(found)

    def at_least(self, name: str, width: int) -> Made | None:
        """Return the smallest picture of this width in a format that all browsers support, otherwise the widest."""
        endings = self._pictures.get(name, {})
        plain = next((endings[ending] for ending in reversed(ENDINGS) if ending in endings), [])
        return next((each for each in plain if each.width >= width), plain[-1] if plain else None)

    def sent(self, destination: str, name: str, language: str) -> Made | None:
        """Return the published picture for a destination."""
        return self._sent.get((destination, name, language))

    def sheet(self, language: str, place: str | None) -> Made | None:
        """Return the published contact sheet for office printers; `place` is None for the whole country."""
        return self._sheets.get((language, place))

    def picture(self, view: View, name: str, alt: str, sizes: str, is_lazy: bool = True, title: str = "") -> str:
        """Return the `<picture>` of an output in all widths, or '' if it has no picture. `sizes` is HTML's."""
        there = self._pictures.get(name, {})
        endings = [(ending, there[ending]) for ending in ENDINGS if ending in there]
        if not endings:
            return ""
        *better, (_, plain) = endings
        shown = next((each for each in plain if each.width >= PLAIN_WIDTH), plain[-1])
        data = {
            "sources": [{"type": TYPES[ending], "set": self._srcset(view, pictures)} for ending, pictures in better],
            "sizes": sizes,
            "to": self.href(view, shown),
            "set": self._srcset(view, plain),
            "width": f"{shown.width:.0f}",
            "height": f"{shown.height:.0f}",
            "alt": view.show(picture=shown.output.public, alt=alt)["alt"],
            "title": title,
            "is_lazy": is_lazy,
            "under": self.placeholder(name),
        }
        return draw(view.campaign, "picture/picture", data)

    def placeholder(self, name: str) -> dict[str, str]:
        """Return the few pixels shown while a photo loads, or {}."""
        made = self._placeholders.get(name)
        if made is None:
            return {}
        data = base64.b64encode(made.file.read_bytes()).decode()
        return {"data": data, "width": f"{made.width:.0f}", "height": f"{made.height:.0f}"}

    def figure(self, view: View, photo: Photo, is_lazy: bool = True) -> str:
        """Return a photo with caption and credit, '' if the site may not show it."""
        own, source = view.language.code, view.campaign.source_language.code
        code = own if own in photo.captions else source
        picture = self.picture(view, photo_name(photo), photo.alts.get(code, ""), TEXT_SIZES, is_lazy)
        if not picture:
            return ""
        data = {
            "picture": Markup(picture),
            "caption": photo.captions.get(code, ""),
            "credit": credit(view, photo.rights),
            "language": {} if code == own else in_language(view.campaign.languages[code]),
            "own": in_language(view.language),
        }
        return draw(view.campaign, "picture/photo", data)

    def _srcset(self, view: View, pictures: list[Made]) -> str:
        return ", ".join(f"{self.href(view, picture)} {picture.width:.0f}w" for picture in pictures)

    def href(self, view: View, made: Made) -> str:
        """Return the link from a page to an output."""
        return view.link(quote(made.output.public))
