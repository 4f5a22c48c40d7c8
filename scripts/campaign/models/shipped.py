"""Files in the package: data, templates, fonts and requirements."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
# Folder in the package -> folder in the repository.
CHECKOUT = {"overrides": "overrides", "fonts": "assets/fonts", "requirements": "requirements"}


def shipped_folder(name: str) -> Path:
    """Return a folder of CHECKOUT, in the installed package or the checkout."""
    package_folder = PACKAGE / name
    return package_folder if package_folder.is_dir() else PACKAGE.parent.parent / CHECKOUT[name]


def read_data(module: str, name: str) -> dict[str, Any]:
    """Return the data of a TOML file next to a module, which is given by its `__file__`."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))
