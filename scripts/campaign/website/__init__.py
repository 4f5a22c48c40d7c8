"""The website: MkDocs runs inside this folder alone."""

from campaign.website.build import build_site

__all__ = ["build_site"]
