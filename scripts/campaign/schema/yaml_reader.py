"""YAML as people type it: every value stays text and every key keeps its line.

YAML itself would turn ``0711234567`` into another number, ``12:30`` into 750 and ``no`` into False. So values are read
from the parser's events, and aliases, tags, merge keys and duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from campaign.models.problem import CampaignError, Problem, did_you_mean, failure

# libyaml is several times faster but accepts tabs and question marks where PyYAML doesn't. In quotes both accept them.
PYTHON_LOADER = yaml.SafeLoader
C_LOADER = getattr(yaml, "CSafeLoader", PYTHON_LOADER)
LIBYAML_DIFFERENCES = re.compile(r"""\t|^[^"'\n]*(?:\?|[\[{].*\?)""", re.MULTILINE)
# Directional formatting: a name or number has its script's direction.
DIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Signatures of renamed documents.
DOCUMENTS = {
    b"PK\x03\x04": "a document of a word processor, or a zip",
    b"\xd0\xcf\x11\xe0": "a document of an old word processor",
    b"{\\rtf": "rich text",
    b"%PDF": "a PDF",
    b"\xff\xd8\xff": "a picture",
    b"\x89PNG": "a picture",
}
# Curly quotes, as word processors insert them; how much of such a value is quoted.
CURLY_QUOTES = re.compile("[“”„«].*[“”»]|[‘’‚].*[’‘]", re.DOTALL)
QUOTED_CHARS = 40
QUOTES = ("'", '"')
TAB = "'\\t'"
# Not allowed in YAML (1.1, section 5.1); U+0085 is in ODD_ENDS.
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Line ends for YAML but not for editors, so line numbers would differ.
ODD_ENDS = "\x85\u2028\u2029"
# A line that an unfinished merge left, in any file.
MERGE_MARK = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: \S.*)?$")
LONE_RETURN = re.compile("\r(?!\n)")
MAX_DEPTH = 12
# Open at once, also in texts.
MAX_BRACKETS = 200
BRACKET = re.compile(r"[\[\]{}]")
MAX_CHARS = 500_000


@dataclass(frozen=True)
class Value:
    """A typed value: one of text, items and keys. Lines count from 1."""

    line: int
    text: str | None = None
    items: tuple[Value, ...] | None = None
    keys: Mapping[str, Value] | None = None

    def plain(self) -> object:
        """Return it as str, list and dict."""
        if self.keys is not None:
            return {key: value.plain() for key, value in self.keys.items()}
        if self.items is not None:
            return [value.plain() for value in self.items]
        return self.text


EMPTY_VALUE = Value(line=1, keys={})


def read_text(path: Path, where: str, problems: list[Problem], as_typed: bool = False) -> str | None:
    """Return a UTF-8 file's text, or None and a problem. `as_typed` keeps a byte order mark and CRLF."""
    try:
        return _text(path, where, as_typed)
    except CampaignError as error:
        problems.extend(error.problems)
        return None


def _text(path: Path, where: str, as_typed: bool) -> str:
    try:
        data = path.read_bytes() if path.is_file() else None
    except OSError as error:
        message = f"The file cannot be read ({error.strerror})."
        raise failure("file-unreadable", where, message, "Check its permissions.") from error
    if data is None:
        message, fix = "This is not a file that can be read.", "Put an ordinary file in its place."
        raise failure("file-unreadable", where, message, fix)
    if kind := next((kind for start, kind in DOCUMENTS.items() if data.startswith(start)), ""):
        fix = "Copy its words into a plain text file, or save it as text with the encoding UTF-8."
        raise failure("file-not-text", where, f"This is {kind}, despite its name.", fix)
    if len(data) > MAX_CHARS:
        raise failure(
            "file-large", where, f"The file is over {MAX_CHARS // 1000} kB.", "Split it: no one reads a text that long."
        )
    try:
        text = data.decode("utf-8" if as_typed else "utf-8-sig")
    except UnicodeDecodeError as error:
        line, fix = data[: error.start].count(b"\n") + 1, "Save it again with the encoding UTF-8."
        raise failure("file-not-utf8", f"{where}:{line}", "The file is not UTF-8 text.", fix) from error
    text = LONE_RETURN.sub("\n", text) if as_typed else text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL_CHARACTERS.search(text):
        line = text[: control.start()].count("\n") + 1
        message = f"There is an invisible control character (U+{ord(control[0]):04X})."
        raise failure("file-control-character", f"{where}:{line}", message, "Delete it, or type the line again.")
    return text


def parse_yaml(text: str, where: str, problems: list[Problem], first_line: int = 1) -> Value:
    """Parse plain YAML; EMPTY and a problem otherwise. `first_line`: of the text in the file, from 1."""
    for end in ODD_ENDS:
        text = text.replace(end, " ")
    for number, line_text in enumerate(text.split("\n"), first_line) if DIRECTIONAL.search(text) else ():
        if match := DIRECTIONAL.search(line_text):
            message = f"An invisible character (U+{ord(match[0]):04X}) reverses the text after it."
            fix = "Delete it; in most editors, type the line again."
            problems.append(Problem("text-direction", f"{where}:{number}", message, fix))
    merge_problems = [
        Problem("merge-conflict", f"{where}:{number}", *merge_fault(line))
        for number, line in enumerate(text.split("\n"), first_line)
        if MERGE_MARK.match(line)
    ]
    if merge_problems:
        problems.extend(merge_problems)
        return EMPTY_VALUE
    try:
        _Builder(where, first_line - 1).refuse_deep(text)
        try:
            loader = PYTHON_LOADER if LIBYAML_DIFFERENCES.search(text) else C_LOADER
            return _Builder(where, first_line - 1).build(text, loader)
        except yaml.YAMLError:  # PyYAML's messages are clearer.
            return _Builder(where, first_line - 1).build(text, PYTHON_LOADER)
    except yaml.YAMLError as error:
        problems.append(_explain(error, text, where, first_line))
    except CampaignError as error:
        problems.extend(error.problems)
    return EMPTY_VALUE


def merge_fault(line: str) -> tuple[str, str]:
    """Return message and remedy for a line that matches MERGE_MARK."""
    fix = "Keep one of the two versions, and delete the lines of the merge."
    return f"`{line[:40]}` was left by an unfinished merge.", fix


def _explain(error: yaml.YAMLError, text: str, where: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + first_line
    reason = str(getattr(error, "problem", None) or "it is not YAML")
    if TAB in reason:
        message, fix = "There is a tab instead of spaces.", "Use spaces, as many as the lines around it."
        return Problem("yaml-tab", f"{where}:{line}", message, fix)
    if (quote_line := _open_quote(text, error)) is not None:
        message = "A quotation mark in this line is never closed."
        fix = 'Put the same mark behind its last word, as in title: "Some words".'
        return Problem("quotes-open", f"{where}:{quote_line + first_line}", message, fix)
    message = (
        "This line, or the one above it, cannot be read. A line begins with a word, a colon and a space; lines "
        "that belong to it are moved in by two spaces."
    )
    fix = f'Put text with a colon or a hash in "double quotes". (The reader says: {reason}.)'
    return Problem("yaml-broken", f"{where}:{line}", message, fix)


def _open_quote(text: str, error: yaml.YAMLError) -> int | None:
    """Return the line of an unclosed quote, from 0: the parser fails at the next quote, lines below."""
    spans: list[tuple[int, int]] = []
    result = getattr(error, "problem_mark", None)
    line_number = result.line if result else -1
    try:
        for token in yaml.scan(text, Loader=PYTHON_LOADER):
            start, end = token.start_mark.line, token.end_mark.line
            if start > line_number:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in QUOTES and start < end:
                spans.append((start, end))
    except yaml.YAMLError as scanned:
        if "quoted scalar" in str(getattr(scanned, "context", "")) and scanned.context_mark:  # type: ignore[attr-defined]
            spans.append((scanned.context_mark.line, line_number))  # type: ignore[attr-defined]
    first = None
    for start, end in reversed(spans):
        if end == line_number:
            first = line_number = start
    return first


def read_yaml(path: Path, where: str, problems: list[Problem]) -> Value:
    """Return a file's mapping; EMPTY and a problem if it has none."""
    text = read_text(path, where, problems)
    if text is None:
        return EMPTY_VALUE
    value = parse_yaml(text, where, problems)
    if value.keys is None:
        message, fix = "Lines of `key: value` are expected here.", "Write one key a line."
        problems.append(Problem("value-not-lines", f"{where}:{value.line}", message, fix))
        return EMPTY_VALUE
    return value


@dataclass
class _OpenNode:
    """A list or mapping that has begun and not ended."""

    line: int
    is_mapping: bool
    items: list[Value] = field(default_factory=list)
    keys: dict[str, Value] = field(default_factory=dict)
    key: str | None = None


class _Builder:
    def __init__(self, where: str, offset: int) -> None:
        self.where, self.offset = where, offset
        self.open: list[_OpenNode] = []
        self.root: Value | None = None

    def build(self, text: str, loader: type) -> Value:
        for event in yaml.parse(text, Loader=loader):
            assert event.start_mark is not None  # parsed events have marks
            line = event.start_mark.line + 1 + self.offset
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                message = "Anchors (&) and aliases (*) are not used here."
                raise self.failure("yaml-not-plain", line, message, "Put the text in quotes, or write it out.")
            if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag not in (None, "!"):
                message, fix = f"The tag {event.tag} is not used here.", "Remove what begins with an exclamation mark."
                raise self.failure("yaml-not-plain", line, message, fix)
            if isinstance(event, yaml.CollectionStartEvent):
                self.begin(line, isinstance(event, yaml.MappingStartEvent))
            elif isinstance(event, yaml.CollectionEndEvent):
                node = self.open.pop()
                parts = {"keys": node.keys} if node.is_mapping else {"items": tuple(node.items)}
                self.add(Value(node.line, **parts))
            elif isinstance(event, yaml.ScalarEvent):
                if not event.style and CURLY_QUOTES.fullmatch(event.value):
                    message = f"Typographic quotes would be part of the value: {event.value[:QUOTED_CHARS]}"
                    fix = 'Type plain quotes ("). To show others to readers, put plain quotes around the whole.'
                    raise self.failure("quotes-curly", line, message, fix)
                self.scalar(line, event.value)
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                message, fix = "A second document begins here (---).", "Keep one document in a file."
                raise self.failure("yaml-not-plain", line, message, fix)
        return self.root or EMPTY_VALUE

    def refuse_deep(self, text: str) -> None:
        """Refuse thousands of open brackets, for which the parser takes a time that grows with their square."""
        if text.count("[") + text.count("{") > MAX_BRACKETS:
            depth = 0
            for match in BRACKET.finditer(text):
                depth += 1 if match[0] in "[{" else -1
                if depth > MAX_BRACKETS:
                    line = text.count("\n", 0, match.start()) + 1 + self.offset
                    raise self.failure("yaml-not-plain", line, "Lists are nested too deeply.", "Flatten them.")

    def begin(self, line: int, is_mapping: bool) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self.failure("yaml-not-plain", line, "Lists are nested too deeply.", "Flatten them.")
        top = self.open[-1] if self.open else None
        if top and top.is_mapping and top.key is None:
            fix = "Put text before the colon."
            raise self.failure("yaml-not-plain", line, "A key is expected here, not a list.", fix)
        self.open.append(_OpenNode(line, is_mapping))

    def scalar(self, line: int, text: str) -> None:
        top = self.open[-1] if self.open else None
        if top and top.is_mapping and top.key is None:
            if text == "<<":
                raise self.failure("yaml-not-plain", line, "Merging (<<) is not used here.", "Write the lines out.")
            if text in top.keys:
                raise self.failure("key-twice", line, f"The key `{text}` is given twice.", "Keep one of the two.")
            top.key = text
        else:
            self.add(Value(line, text=text))

    def add(self, value: Value) -> None:
        if not self.open:
            self.root = value if value.text != "" else EMPTY_VALUE
        elif self.open[-1].is_mapping:
            top = self.open[-1]
            top.keys[top.key or ""] = value
            top.key = None
        else:
            self.open[-1].items.append(value)

    def failure(self, rule: str, line: int, message: str, fix: str) -> CampaignError:
        return failure(rule, f"{self.where}:{line}", message, fix)


class Fields:
    """Reads the keys of a mapping by type, and collects problems."""

    def __init__(self, value: Value, where: str, problems: list[Problem], allowed: Iterable[str] = ()) -> None:
        self.where, self.problems = where, problems
        self.value = value
        self.keys = value.keys or {}
        if value.keys is None:
            self.complain("value-not-lines", value, "Lines of `key: value` are expected here.", "Write one key a line.")
        allowed = tuple(allowed)
        for key in self.keys if allowed else ():
            if key not in allowed:
                fix = did_you_mean(key, allowed, f"Known keys: {', '.join(allowed)}.")
                self.complain("key-unknown", self.keys[key], f"The key `{key}` is not known.", fix)

    def complain(self, rule: str, value: Value, message: str, fix: str) -> None:
        """Add a problem on a value's line."""
        self.problems.append(Problem(rule, f"{self.where}:{value.line}", message, fix))

    def line(self, key: str) -> str:
        """Return file and line of a key."""
        return f"{self.where}:{self.keys.get(key, self.value).line}"

    def text(self, key: str, default: str = "", required: bool = False) -> str:
        """Return a text without surrounding space."""
        value = self.keys.get(key)
        if value is None or value.text == "":
            if required:
                self.complain("key-missing", value or self.value, f"`{key}` is missing.", f"Add a line `{key}: ...`.")
            return default
        if value.text is None:
            fix = "Write the text on the same line, after the colon."
            self.complain("value-not-text", value, f"`{key}` takes a text.", fix)
            return default
        return value.text.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of words."""
        value = self.keys.get(key)
        if value is None or value.text == "":
            return ()
        if value.items is None or any(item.text is None for item in value.items):
            fix = f"Write it as `{key}: [one, two]`."
            self.complain("value-not-list", value, f"`{key}` takes a list of words.", fix)
            return ()
        return tuple(item.text or "" for item in value.items)

    def values(self, key: str) -> tuple[Value, ...]:
        """Return a list of anything."""
        value = self.keys.get(key)
        if value is None or value.text == "":
            return ()
        if value.items is None:
            self.complain("value-not-list", value, f"`{key}` takes a list.", "Begin each of its lines with a dash.")
            return ()
        return value.items

    def mapping(self, key: str) -> Value:
        """Return a mapping, or EMPTY."""
        value = self.keys.get(key)
        if value is None or value.text == "":
            return EMPTY_VALUE
        if value.keys is None:
            self.complain("value-not-lines", value, f"`{key}` takes `name: value` lines.", "Indent them below it.")
            return EMPTY_VALUE
        return value

    def day(self, key: str, required: bool = False) -> date | None:
        """Return a date typed as 2026-11-25."""
        raw = self.text(key, required=required)
        if not raw:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
                raise ValueError
            return date.fromisoformat(raw)
        except ValueError:
            fix = "Write year-month-day, as in 2026-11-25."
            self.complain("value-not-date", self.keys[key], f"`{raw}` is not a date.", fix)
            return None

    def choice(self, key: str, choices: Iterable[str], default: str = "", required: bool = False) -> str:
        """Return one of some words, otherwise the default."""
        raw = self.text(key, default, required)
        choices = tuple(choices)
        if raw and raw not in choices:
            message, fix = f"`{raw}` isn't a valid value of `{key}`.", f"Choose from: {', '.join(choices)}."
            self.complain("value-unknown", self.keys[key], message, fix)
            return default
        return raw

    def flag(self, key: str) -> bool | None:
        """Return yes or no as a bool."""
        raw = self.text(key).lower()
        if raw in ("", "unknown"):
            return None
        if raw not in ("yes", "no", "true", "false"):
            fix = "Leave it out if it is unknown."
            self.complain("value-not-yes-no", self.keys[key], f"`{key}` takes yes or no.", fix)
            return None
        return raw in ("yes", "true")

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a number."""
        raw = self.text(key)
        if not raw:
            return default
        try:
            return float(raw)
        except ValueError:
            self.complain("value-not-number", self.keys[key], f"`{key}` takes a number.", "Write digits only.")
            return default
