"""Parts that few need: what each is for, and what pip finds it by (wheels of fonts are in `printing/scripts.py`).

pip looks for `campaign[zim]` on an index, where the generator is not; so whoever lacks a part is told its own name.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Part(NamedTuple):
    """An optional part.

    Attributes:
        requirement: what pip takes, as in pyproject.toml.
        purpose: what cannot be done without it.
    """

    requirement: str
    purpose: str

    @property
    def package(self) -> str:
        """Its name on an index."""
        return re.split(r"[<>=]", self.requirement)[0]

    @property
    def remedy(self) -> str:
        """What to run where it is not installed."""
        return f'python -m pip install "{self.requirement}"'


PARTS = {
    "heic": Part("pillow-heif>=1.1,<2", "photos of iPhones (HEIC)"),
    "ssh": Part("asyncssh>=2.21,<3", "publishing over ssh without rsync"),
    "cluster": Part("distributed>=2026.8,<2027", "making pieces on a cluster"),
    "bucket": Part("obstore>=0.12,<0.13", "publishing to a bucket"),
    "zim": Part("libzim==3.6.0", "files for Kiwix"),
}
