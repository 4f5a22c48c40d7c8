"""The file of a page as a text field shows it, and back: what somebody did not type stays byte for byte."""

from __future__ import annotations

import difflib
import re
from collections import Counter
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
        ends: its line ends; of several kinds, those that most lines have.
        lines: where it has several kinds, each line with its own; () else.
        begin: the byte order mark, where it has one.
        was: the encoding that it was read as, where it is not UTF-8: a save makes it so; ''.
    """

    name: str
    text: str
    version: str
    ends: str = "\n"
    begin: str = ""
    was: str = ""
    lines: tuple[str, ...] = ()

    @staticmethod
    def read(files: Files, campaign: Campaign, language: str, path: str) -> PageFile:
        """The file of a page of a language.

        Raises:
            LookupError: there is none.
            NotOurs: the name is none of a page.
            CannotEdit: it is no text.
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
            CannotEdit: it is no text.
        """
        text, was = decoded(data)
        if "\0" in text:
            raise CannotEdit("it is no text")
        begin = MARK if text.startswith(MARK) and not was else ""
        text = text.removeprefix(MARK)
        lines = tuple(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text))
        kinds = Counter(each[len(each.rstrip("\r\n")) :] or "\n" for each in lines)
        ends = kinds.most_common(1)[0][0] if kinds else "\n"
        plain = _plain(text)
        return PageFile(
            name, plain, version_of(data), ends, begin, was, lines if plain.replace("\n", ends) != text else ()
        )

    def encoded(self, typed: str) -> bytes:
        """What the file becomes with a text that a browser sent."""
        plain = _plain(typed).replace("\0", "")
        text = plain.replace("\n", self.ends)
        if self.lines:
            before, after = self.text.split("\n"), plain.split("\n")
            same = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
            ends = {new + at: self._end(old + at) for old, new, size in same for at in range(size)}
            rows = (line + ends.get(at, self.ends) for at, line in enumerate(after[:-1]))
            text = "".join((*rows, after[-1]))
        return (self.begin + text).encode("utf-8", errors="replace")

    def _end(self, at: int) -> str:
        line = self.lines[at] if at < len(self.lines) else ""
        return line[len(line.rstrip("\r\n")) :] or self.ends


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
