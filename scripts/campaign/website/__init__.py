"""The website, and the start pages of dist/, which look like it. Only mkdocs/ imports MkDocs."""

from campaign.website.handover import handover_pages, start_page
from campaign.website.mkdocs.incremental import build_site
from campaign.website.mkdocs.pages_on_demand import PagesOnDemand
from campaign.website.mkdocs.runner import check_settings
from campaign.website.published_copies import existing_copies
from campaign.website.site_copy import site_copy

__all__ = [
    "PagesOnDemand",
    "build_site",
    "check_settings",
    "existing_copies",
    "handover_pages",
    "site_copy",
    "start_page",
]
