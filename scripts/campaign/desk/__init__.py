"""The desk: a page in the browser on which people who are no programmers write, translate, check, print and publish.

Plain files stay the truth: a text editor and git work beside it. `guard` says who may come in, `files` saves and takes
back, `workspace` knows the campaign as it is on the disk, `jobs` runs what takes long; each panel is a file of
`panels/` with templates of its own.
"""

from campaign.desk.server import open_desk

__all__ = ["open_desk"]
