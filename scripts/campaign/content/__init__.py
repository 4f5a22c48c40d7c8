"""Reads what people wrote: Markdown, words, contacts, art."""

from campaign.content.load import find_root, load

__all__ = ["find_root", "load"]
