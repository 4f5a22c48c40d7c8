"""The website: MkDocs is imported in this folder alone."""

from campaign.website.mkdocs.build import build_site, serve_site

__all__ = ["build_site", "serve_site"]
