"""Optional dependencies, by their own names on the index (those for fonts are in `printing/scripts.py`)."""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from campaign.models.systems import LAST_PYTHON


class Part(NamedTuple):
    """An optional dependency."""

    requirement: str  # as in pyproject.toml
    purpose: str  # what needs it
    last_python: tuple[int, int] = LAST_PYTHON  # the newest that has a wheel of it

    @property
    def package(self) -> str:
        """Its name on an index."""
        return re.split(r"[<>=]", self.requirement)[0]

    @property
    def remedy(self) -> str:
        """The command that installs it."""
        is_too_new = sys.version_info[:2] > self.last_python
        limit = " (on Python {}.{} or earlier)".format(*self.last_python) if is_too_new else ""
        return f'python -m pip install "{self.requirement}"{limit}'


PARTS = {
    "heic": Part("pillow-heif>=1.1,<2", "photos of iPhones (HEIC)"),
    "ssh": Part("asyncssh>=2.21,<3", "publishing over ssh without rsync"),
    "cluster": Part("distributed>=2026.8,<2027", "making pieces on a cluster"),
    "bucket": Part("obstore>=0.12,<0.13", "publishing to a bucket"),
    "zim": Part("libzim==3.6.0", "files for Kiwix", last_python=(3, 13)),
}
