"""Links between pages outside the site, on paper and in files of text: full addresses, and no lines of navigation."""

from __future__ import annotations

from posixpath import dirname
from urllib.parse import urljoin

from campaign.models.campaign import Campaign
from campaign.models.nodes import Block, Heading, Link, Paragraph, Text, words
from campaign.models.page import Page

# Between the links of a line of navigation.
SEPARATORS = " \n·|•–—/,"


def folder_address(campaign: Campaign, page: Page) -> str:
    """Return the address of a page's folder, with a slash at its end."""
    folder = f"{page.language}/{dirname(page.path)}".rstrip("/")
    return f"{campaign.site_url.rstrip('/')}/{folder}/"


def full_address(folder: str, to: str) -> str:
    """Return a link's full address if it leads to a page of the site, otherwise the link as it is.

    `folder`: the address of the folder of the page with the link. `to`: as in the Markdown file, such as
    `../numbers.md#by-phone`.
    """
    path, hash_sign, anchor = to.partition("#")
    if not path.endswith(".md") or "://" in path:
        return to
    return urljoin(folder, path.removesuffix(".md") + ".html") + hash_sign + anchor


def without_navigation(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks without a last line of links to other pages, which is for screens only.

    Links stay if they are all that a heading or a sentence with a colon introduces.
    """
    if len(blocks) < 2 or not _is_navigation(blocks[-1]):
        return blocks
    is_introduced = isinstance(blocks[-2], Heading) or words([blocks[-2]]).rstrip().endswith((":", "："))
    return blocks if is_introduced else blocks[:-1]


def _is_navigation(block: Block) -> bool:
    if not isinstance(block, Paragraph) or not any(isinstance(inline, Link) for inline in block.children):
        return False
    return all(
        inline.to.partition("#")[0].endswith(".md")
        if isinstance(inline, Link)
        else isinstance(inline, Text) and not inline.text.strip(SEPARATORS)
        for inline in block.children
    )
