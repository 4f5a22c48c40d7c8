"""Files in the package: templates, fonts and requirements."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Folder in the package -> folder in the repository.
CHECKOUT = {"overrides": "overrides", "fonts": "assets/fonts", "requirements": "requirements"}


def shipped_folder(name: str) -> Path:
    """Return a folder of CHECKOUT, in the installed package or the checkout."""
    package_folder = PACKAGE / name
    return package_folder if package_folder.is_dir() else PACKAGE.parent.parent / CHECKOUT[name]
