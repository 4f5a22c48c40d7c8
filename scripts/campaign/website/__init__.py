"""The website, and the door to dist/, which looks like it. MkDocs is imported in mkdocs/ alone."""

from campaign.website.handover import handover_pages
from campaign.website.mkdocs.build import build_site
from campaign.website.mkdocs.pages_on_demand import PagesOnDemand

__all__ = ["PagesOnDemand", "build_site", "handover_pages"]
