"""The website: MkDocs is imported in this folder alone."""

from campaign.website.mkdocs.build import build_site
from campaign.website.mkdocs.pages_on_demand import PagesOnDemand

__all__ = ["PagesOnDemand", "build_site"]
