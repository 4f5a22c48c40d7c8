"""Structured data for search engines (schema.org, as JSON-LD).

Numbers only appear if they are verified. Answers have none, so that nothing names their subject except their text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from posixpath import dirname

from markupsafe import Markup

from campaign.content.releases import FORMAT, is_example
from campaign.models.contact import Contact, Number
from campaign.models.page import Page, address_of
from campaign.plan.press_kits import PressPicture, press_pictures
from campaign.website.feed import updated
from campaign.website.pictures import PublicAssets
from campaign.website.view import HOME, View

Node = dict[str, object]
# The page that offers pictures to newspapers.
PRESS_PANEL = "press-kit"
# The maker of a picture -> the term of schema.org.
MAKERS = {"person": "Person", "organisation": "Organization"}


def structured_data(view: View, assets: PublicAssets) -> Markup:
    """Return a page's JSON-LD, or ''."""
    nodes = [*_nodes(view, assets)]
    if not nodes:
        return Markup("")
    data = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _nodes(view: View, assets: PublicAssets) -> Iterator[Node]:
    """Yield what a page's card (website.metadata) doesn't say."""
    campaign, page = view.campaign, view.page
    if view.hides_title:
        return
    if view.is_home:
        yield from _organisations(view, campaign.offices)
        return
    is_release = FORMAT in page.formats and not is_example(page)
    if is_release or page.outline.has_shortcode(PRESS_PANEL):
        yield _page(view, assets, is_release)
    if page.path == campaign.help_page:
        # Without breadcrumbs: it has the smallest budget for its length (tests/test_weight.py).
        yield from _organisations(view, campaign.contacts_for(None))
    elif campaign.is_published and view.is_translated:
        yield _breadcrumbs(view)


def _page(view: View, assets: PublicAssets, is_release: bool) -> Node:
    """Return a release, or a page with pictures for the press."""
    campaign, page = view.campaign, view.page
    site: Node = {"@type": "WebSite", "name": campaign.name_in(view.language.code)}
    if campaign.is_published:
        site["url"] = campaign.site_url + address_of(view.language.code, HOME)
    data: Node = {
        "@type": "NewsArticle" if is_release else "WebPage",
        ("headline" if is_release else "name"): page.headline,
        "description": page.description,
        "inLanguage": page.language,
        "isPartOf": site,
    }
    if is_release:
        data |= {"datePublished": updated(campaign, page), "dateline": (page.release.dateline if page.release else "")}
    pictures = press_pictures(campaign, view.language.code, assets.public)
    offered = view.absolute_url(address_of(view.language.code, _press_page(view)))
    # Other pages say the caption below the picture, and weigh more.
    data["image"] = [
        _image(view, picture, offered) | ({"caption": picture.caption} if is_release else {}) for picture in pictures
    ]
    if campaign.is_published:
        data["url"] = campaign.site_url + address_of(page.language, page.path)
    return _filled(data)


def _press_page(view: View) -> str:
    """Return the path of the page with pictures for the press in the page's language, else its own."""
    press_pages = (page for page in view.campaign.pages.values() if page.language == view.language.code)
    return next((page.path for page in press_pages if page.outline.has_shortcode(PRESS_PANEL)), view.page.path)


def _image(view: View, picture: PressPicture, offered: str) -> Node:
    """Return a press picture with its licence; `offered` is the page that explains its use.

    Source: developers.google.com/search/docs/appearance/structured-data/image-license-metadata
    """
    rights = picture.rights
    return _filled(
        {
            "@type": "ImageObject",
            "contentUrl": view.absolute_url(picture.large.output.public),
            "creditText": rights.credit,
            "creator": {"@type": MAKERS[rights.maker], "name": rights.credit} if rights.maker else "",
            "copyrightNotice": rights.line,
            "license": rights.url,
            "acquireLicensePage": offered,
            "width": round(picture.large.width),
            "height": round(picture.large.height),
        }
    )


def _organisations(view: View, contacts: Iterable[Contact]) -> Iterator[Node]:
    """Yield those with a name and a verified number."""
    for contact in contacts:
        name = contact.name_in(view.language.code)
        points = [_contact_point(contact, number) for number in contact.numbers if number.is_fresh]
        if name and points:
            yield _filled({"@type": "Organization", "name": name, "url": contact.web, "contactPoint": points})


def _contact_point(contact: Contact, number: Number) -> Node:
    """Return a number; an extension follows as in RFC 3966."""
    dial, _, extension = number.dial.partition(",")
    return _filled(
        {
            "@type": "ContactPoint",
            "telephone": f"{dial};ext={extension}" if extension else dial,
            "contactType": contact.kind,
            "availableLanguage": [*contact.languages],
        }
    )


def _breadcrumbs(view: View) -> Node:
    """Return the way from the front page, over the page that stands for the folder if there is one."""
    campaign, code = view.campaign, view.language.code
    folder = dirname(view.page.path)
    parents = (f"{folder}.md", f"{folder}/{HOME}") if folder else ()
    found = (campaign.pages.get((code, path)) for path in parents if path != view.page.path)
    section = next((page for page in found if page), None)
    steps = [(campaign.name_in(code), HOME), *([_step(section)] if section else []), _step(view.page)]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": campaign.site_url + address_of(code, path)}
        for number, (name, path) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _step(page: Page) -> tuple[str, str]:
    return page.headline, page.path


def _filled(data: Node) -> Node:
    return {key: value for key, value in data.items() if value}
