"""A page's file as a text area shows it, and back: lines that weren't edited stay byte for byte."""

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
    """A page's file."""

    name: str
    text: str  # with \n line ends
    version: str
    ends: str = "\n"  # the most common line ending
    begin: str = ""  # byte order mark, or ''
    was: str = ""  # original encoding if not UTF-8; saving converts it
    lines: tuple[str, ...] = ()  # each line with its own ending, if these differ

    @staticmethod
    def read(files: Files, campaign: Campaign, language: str, path: str) -> PageFile:
        """Return a page's file.

        Raises:
            LookupError: no such page
            NotOurs: the name isn't a page's
            CannotEdit: it isn't text.
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
        """Decode a file.

        Raises:
            CannotEdit: it isn't text.
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
        """Return the file's bytes for a text that a browser sent."""
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
