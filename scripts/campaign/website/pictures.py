"""Outputs as pages need them: `<picture>` elements, sizes, links."""

from __future__ import annotations

import base64
from collections import defaultdict
from functools import cached_property, partial
from urllib.parse import quote

from markupsafe import Markup

from campaign.models.campaign import Campaign, Language
from campaign.models.media import Photo, Rights
from campaign.models.outputs import OFFICE, PLACEHOLDER, Artifact
from campaign.plan.finder import Offer, offers
from campaign.plan.outputs import CONTACT_SHEET, Image, photo_name
from campaign.website.components import draw, in_language
from campaign.website.view import View
from campaign.website.words import in_unit, shown_size

# Newest first; the last one available works in every browser.
ENDINGS = ("avif", "webp", "png", "jpeg")
TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
# The width for browsers without srcset, and for readers who save the picture.
PLAIN_WIDTH = 640
# Width of a picture in the text column: 360 px minus margins of 20, so 640 pixels are enough on a phone.
TEXT_SIZES = "(min-width: 40em) 36rem, 88vw"


def _likeness(artifact: Artifact) -> tuple[object, ...]:
    output = artifact.output
    is_own = output.kind == "picture" and not output.destination
    return (output.name, output.format, artifact.width) if is_own else (output.public,)


def credit(view: View, rights: Rights) -> str:
    """Return a picture's credit in the page's language."""
    return view.language.strings["credit"].format(credit=rights.credit, licence=rights.licence)


class PublicAssets:
    """The published outputs (`public`), by kind and name."""

    def __init__(self, made: list[Artifact], campaign: Campaign | None = None) -> None:
        """Index the outputs; with a campaign, its offers are cached."""
        self._campaign = campaign
        self._bytes = {artifact.output.public: artifact.bytes for artifact in reversed(made)}
        # A picture is never made wider than its original: of equal widths, the first is enough.
        unique = {_likeness(artifact): artifact for artifact in reversed(made) if artifact.output.public}
        self.public = [artifact for artifact in made if unique.get(_likeness(artifact)) is artifact]
        self._pictures: dict[str, dict[str, list[Artifact]]] = defaultdict(partial(defaultdict, list))
        self._sent: dict[tuple[str, str, str | None], Artifact] = {}
        self._placeholders = {
            artifact.output.name: artifact for artifact in made if artifact.output.part == PLACEHOLDER
        }
        self._sheets = {
            (item.output.language, item.output.place): item
            for item in self.public
            if item.output.kind == CONTACT_SHEET and item.output.flavour == OFFICE
        }
        for item in sorted(self.public, key=lambda item: item.width):
            if item.output.destination:
                self._sent[item.output.destination, item.output.name, item.output.language] = item
            elif item.output.kind == "picture":
                self._pictures[item.output.name][item.output.format].append(item)

    @staticmethod
    def picture_name(source: str) -> str:
        """Return the output name of the image at this path below the root."""
        return Image(source, "").name

    def size(self, language: Language, artifact: Artifact) -> str:
        """Return a file's size in a language's words."""
        return in_unit(language, *self.shown_size(artifact.output.public))

    def shown_size(self, address: str) -> tuple[str, float]:
        """Return a file's size, see `words.shown_size`."""
        return shown_size(self._bytes[address])

    @cached_property
    def _offers(self) -> dict[str, list[Offer]]:
        assert self._campaign is not None
        return offers(self._campaign, self.public)

    def offers(self, campaign: Campaign) -> dict[str, list[Offer]]:
        """Return the downloadable pieces by language."""
        return self._offers if self._campaign is not None else offers(campaign, self.public)

    def pieces(self, language: str) -> dict[tuple[str, str], list[Artifact]]:
        """Return a language's downloadable files by (kind, name)."""
        artifacts: dict[tuple[str, str], list[Artifact]] = defaultdict(list)
        for item in self.public:
            if item.output.is_piece and item.output.language == language:
                artifacts[item.output.kind, item.output.name].append(item)
        return dict(artifacts)

    def at_least(self, name: str, width: int) -> Artifact | None:
        """Return the smallest picture of this width in a format that all browsers support, otherwise the widest."""
        suffixes = self._pictures.get(name, {})
        plain = next((suffixes[suffix] for suffix in reversed(ENDINGS) if suffix in suffixes), [])
        return next((item for item in plain if item.width >= width), plain[-1] if plain else None)

    def sent(self, destination: str, name: str, language: str) -> Artifact | None:
        """Return the published picture for a destination."""
        return self._sent.get((destination, name, language))

    def sheet(self, language: str, place: str | None) -> Artifact | None:
        """Return the published contact sheet for office printers; `place` is None for the whole country."""
        return self._sheets.get((language, place))

    def picture(self, view: View, name: str, alt: str, sizes: str, is_lazy: bool = True, title: str = "") -> str:
        """Return the `<picture>` of an output in all widths, or '' if it has no picture. `sizes` is HTML's."""
        by_width = self._pictures.get(name, {})
        suffixes = [(suffix, by_width[suffix]) for suffix in ENDINGS if suffix in by_width]
        if not suffixes:
            return ""
        *better, (_, plain) = suffixes
        plain_picture = next((item for item in plain if item.width >= PLAIN_WIDTH), plain[-1])
        data = {
            "sources": [{"type": TYPES[suffix], "set": self._srcset(view, pictures)} for suffix, pictures in better],
            "sizes": sizes,
            "to": self.href(view, plain_picture),
            "set": self._srcset(view, plain),
            "width": f"{plain_picture.width:.0f}",
            "height": f"{plain_picture.height:.0f}",
            "alt": view.record(picture=plain_picture.output.public, alt=alt)["alt"],
            "title": title,
            "is_lazy": is_lazy,
            "under": self.placeholder(name),
        }
        return draw(view.campaign, "picture/picture", data)

    def placeholder(self, name: str) -> dict[str, str]:
        """Return the few pixels shown while a photo loads, or {}."""
        cached = self._placeholders.get(name)
        if cached is None:
            return {}
        data = base64.b64encode(cached.file.read_bytes()).decode()
        return {"data": data, "width": f"{cached.width:.0f}", "height": f"{cached.height:.0f}"}

    def figure(self, view: View, photo: Photo, is_lazy: bool = True) -> str:
        """Return a photo with caption and credit, '' if the site may not show it."""
        language_code, source = view.language.code, view.campaign.source_language.code
        code = language_code if language_code in photo.captions else source
        picture = self.picture(view, photo_name(photo), photo.alts.get(code, ""), TEXT_SIZES, is_lazy)
        if not picture:
            return ""
        data = {
            "picture": Markup(picture),
            "caption": photo.captions.get(code, ""),
            "credit": credit(view, photo.rights),
            "language": {} if code == language_code else in_language(view.campaign.languages[code]),
            "own": in_language(view.language),
        }
        return draw(view.campaign, "picture/photo", data)

    def _srcset(self, view: View, pictures: list[Artifact]) -> str:
        return ", ".join(f"{self.href(view, picture)} {picture.width:.0f}w" for picture in pictures)

    def href(self, view: View, artifact: Artifact) -> str:
        """Return the link from a page to an output."""
        return view.link(quote(artifact.output.public))
