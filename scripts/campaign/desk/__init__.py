"""The desk: a local web application for writing, translating, checking, printing and publishing without programming.

It edits the same plain files as a text editor. `guard` decides who may use it, `files` saves and undoes, `workspace`
knows the campaign on the disk, `jobs` runs long commands; each panel is a class in `panels/` with its own templates.
"""

from campaign.desk.server import open_desk

__all__ = ["open_desk"]
