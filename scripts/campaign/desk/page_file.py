"""The file of a page as a text field shows it, and back: what somebody did not type stays byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaign.desk.decoded import decoded
from campaign.desk.files import Files, version_of
from campaign.models.campaign import Campaign
from campaign.schema.yaml_edit import CannotEdit

MARK = "\ufeff"
PATH = re.compile(r"(?:[^/]+/)*[^/]+\.md")


@dataclass(frozen=True)
class PageFile:
    """A page's file.

    Attributes:
        name: from the campaign's folder.
        text: with line ends as browsers have them.
        version: of its bytes.
        ends: its line ends.
        begin: the byte order mark, where it has one.
        was: the encoding that it was read as, where it is not UTF-8: a save makes it so; ''.
    """

    name: str
    text: str
    version: str
    ends: str = "\n"
    begin: str = ""
    was: str = ""

    @staticmethod
    def read(files: Files, campaign: Campaign, language: str, path: str) -> PageFile:
        """The file of a page of a language.

        Raises:
            LookupError: there is none.
            NotOurs: the name is none of a page.
            CannotEdit: it is no text, or its line ends would not stay as they are.
        """
        if language not in campaign.languages or not PATH.fullmatch(path) or "/_" in f"/{path}":
            raise LookupError(path)
        name = f"docs/{language}/{path}"
        data = files.read(name)
        if data is None:
            raise LookupError(path)
        return PageFile.of(name, data)

    @staticmethod
    def of(name: str, data: bytes) -> PageFile:
        """What a file of these bytes says.

        Raises:
            CannotEdit: it is no text, or its line ends would not stay as they are.
        """
        text, was = decoded(data)
        begin = MARK if text.startswith(MARK) and not was else ""
        text = text.removeprefix(MARK)
        ends = "\r\n" if "\r\n" in text else "\n"
        plain = text.replace(ends, "\n")
        if "\r" in plain or (ends == "\r\n" and plain.count("\n") != text.count(ends)) or "\0" in plain:
            raise CannotEdit("its lines end in different ways")
        return PageFile(name, plain, version_of(data), ends, begin, was)

    def encoded(self, typed: str) -> bytes:
        """What the file becomes with a text that a browser sent."""
        plain = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        return (self.begin + plain.replace("\n", self.ends)).encode("utf-8", errors="replace")
