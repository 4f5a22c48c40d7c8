"""Takes contacts of a table into assets/contacts/: what differs is told first, and nothing that stands there is lost.

Files are changed line by line, so that comments and all that a table does not know stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign.content.contacts import FOLDER
from campaign.exchange.contacts_table import COLUMNS, NATIONAL, Row, contact_rows
from campaign.models.campaign import Campaign

LISTS = ("does", "languages")
OF_NUMBER = ("phone", "extension", "letters", "for", "free", "checked on", "checked how")
# What was made sure of was the number before.
OF_CHECK = ("checked", "calls", "again", "agreed")
PLAIN = re.compile(r"[A-Za-z][\w ’'()/&-]*")
WORDS = ("yes", "no", "true", "false", "null", "on", "off", "y", "n")


@dataclass
class Taking:
    """What a table would change.

    Attributes:
        told: each difference, in a line.
        by_hand: what the table cannot change: where, and what.
        files: what files hold then, by their path below the campaign.
    """

    told: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def compare(campaign: Campaign, rows: list[dict[str, str]]) -> Taking:
    """What differs between a table and the contacts, and what their files would hold.

    Args:
        campaign: whose contacts.
        rows: of a table.
    """
    taking = Taking()
    known = _by_id(contact_rows(campaign))
    for id, given in _by_id(rows).items():
        if not id:
            taking.by_hand += [f"line {row['line']}: a row without an id." for row in given]
        elif id not in known:
            _add(campaign, taking, given)
        else:
            _change(campaign, taking, known[id], given)
    missing = [id for id in known if id not in {row.get("id", "") for row in rows}]
    if missing:
        taking.by_hand.append(f"not in the table, and kept: {', '.join(missing)}")
    return taking


def write(campaign: Campaign, taking: Taking) -> None:
    """Writes the files."""
    for where, text in taking.files.items():
        (campaign.root / where).write_text(text, encoding="utf-8", newline="\n")


def _by_id(rows: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.get("id", ""), []).append(row)
    return found


def _file(row: Row) -> str:
    return f"{FOLDER}/{row.get('place') or NATIONAL}.yml"


def _read(campaign: Campaign, taking: Taking, where: str) -> str | None:
    if where not in taking.files:
        path = campaign.root / where
        if not re.fullmatch(rf"{FOLDER}/[a-z0-9-]+\.yml", where) or not path.is_file():
            return None
        return path.read_text(encoding="utf-8")
    return taking.files[where]


def _add(campaign: Campaign, taking: Taking, rows: list[dict[str, str]]) -> None:
    row, where = rows[0], _file(rows[0])
    text = _read(campaign, taking, where)
    if text is None:
        taking.by_hand.append(f"line {row['line']}: there is no place `{row.get('place', '')}` ({where}).")
        return
    lines = _entry(rows)
    if re.search(r"^contacts:\s*\[\]\s*$", text, re.MULTILINE):
        text = re.sub(r"^contacts:\s*\[\]\s*$", "contacts:", text, count=1, flags=re.MULTILINE)
    elif not re.search(r"^contacts:\s*(#.*)?$", text, re.MULTILINE):
        taking.by_hand.append(f"{where}: its contacts are not written in lines; add {row['id']} by hand.")
        return
    taking.files[where] = text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    taking.told.append(f"new in {where}: {row['id']}, {row.get('name', '')}, {row.get('phone', '')}")


def _entry(rows: list[dict[str, str]]) -> list[str]:
    """A new contact, as lines of YAML."""
    row, lines = rows[0], []
    for column in COLUMNS:
        if column in OF_NUMBER or column == "place" or not row.get(column):
            continue
        lines.append(f"{_key(column)}: {_value(column, row[column])}")
    if len(rows) == 1:
        lines += _number_lines(row)
    else:
        lines.append("numbers:")
        for each in rows:
            first, *rest = _number_lines(each) or ['phone: ""']
            lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    lines.sort(key=lambda line: not line.startswith("id:"))
    return [f"  - {line}" if at == 0 else f"    {line}" for at, line in enumerate(lines)]


def _number_lines(row: Row) -> list[str]:
    lines = [f"{column}: {_value(column, row[column])}" for column in OF_NUMBER[:5] if row.get(column)]
    if row.get("checked on"):
        lines.append(f"checked: {{on: {row['checked on']}, how: {row.get('checked how') or 'called'}}}")
    return lines


def _key(column: str) -> str:
    return column


def _value(column: str, typed: str) -> str:
    """A cell as YAML: a list in brackets, hours by days as rows, everything that could be read otherwise in quotes."""
    if column in LISTS:
        return f"[{', '.join(_scalar(part.strip()) for part in typed.split(',') if part.strip())}]"
    if column == "messenger":
        pairs = (part.partition(":") for part in typed.split(";") if part.strip())
        return "{" + ", ".join(f"{_scalar(app.strip())}: {_scalar(name.strip())}" for app, _, name in pairs) + "}"
    if column == "hours" and re.match(r"(mon|tue|wed|thu|fri|sat|sun)\b", typed):
        rows = (part.strip().partition(" ") for part in typed.split(";"))
        said = (
            f"{{days: {days}, open: [{', '.join(time.strip() for time in times.split(','))}]}}"
            for days, _, times in rows
        )
        return f"[{', '.join(said)}]"
    if column in ("main", "free") and typed.lower() in ("yes", "no"):
        return typed.lower()
    return _scalar(typed)


def _scalar(typed: str) -> str:
    is_plain = PLAIN.fullmatch(typed) and typed.lower() not in WORDS
    return typed if is_plain else json.dumps(typed, ensure_ascii=False)


def _change(campaign: Campaign, taking: Taking, known: list[dict[str, str]], rows: list[dict[str, str]]) -> None:
    """Changes lines of a contact; what a table cannot say safely is told, and left to a person."""
    old, new, where = known[0], rows[0], _file(known[0])
    id, line = old["id"], new["line"]
    if new.get("place", old["place"]) not in ("", old["place"]):
        taking.by_hand.append(f"line {line}: {id} is in {where}; move it by hand.")
    numbers = [tuple(row.get(column, "") for column in OF_NUMBER[:5]) for row in rows]
    if len(known) > 1 or len(rows) > 1:
        if numbers != [tuple(row[column] for column in OF_NUMBER[:5]) for row in known]:
            taking.by_hand.append(f"line {line}: {id} has several numbers; change them in {where} by hand.")
        columns = [column for column in COLUMNS if column not in OF_NUMBER]
    else:
        columns = [column for column in COLUMNS if not column.startswith("checked")]
    for column in columns:
        # An empty cell takes nothing away.
        if column in ("place", "id") or not new.get(column) or new[column] == old[column]:
            continue
        text = _read(campaign, taking, where)
        changed = _with_line(text or "", id, column, new[column])
        if changed is None:
            taking.by_hand.append(
                f"line {line}: `{column}` of {id} ({old[column]} -> {new[column]}): by hand in {where}."
            )
            continue
        taking.files[where] = changed
        taking.told.append(f"{where}, {id}: {column}: {old[column] or 'nothing'} -> {new[column]}")
        if column in ("phone", "extension") and old["checked on"]:
            taking.told.append(
                f"{where}, {id}: its check of {old['checked on']} was of {old['phone']}, and is set aside"
            )


def _with_line(text: str, id: str, column: str, typed: str) -> str | None:
    """The text of a file with one key of a contact changed; None where that key is not on a line of its own."""
    lines = text.split("\n")
    begin = next(
        (
            at
            for at, each in enumerate(lines)
            if re.match(rf"\s*(- )?id:\s*[\"']?{re.escape(id)}[\"']?\s*(#.*)?$", each)
        ),
        None,
    )
    if begin is None:
        return None
    indent = len(re.match(r"\s*(- )?", lines[begin])[0])  # type: ignore[index]
    while not lines[begin].lstrip().startswith("- "):
        begin -= 1
        if begin < 0:
            return None
    end = begin + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) >= indent):
        end += 1
    own = range(begin, end)
    pattern = re.compile(rf"^(\s*(?:- )?){re.escape(column)}:(\s*)(.*)$")
    found = next((at for at in own if (hit := pattern.match(lines[at])) and len(hit[1]) == indent), None)
    value = _value(column, typed)
    if found is None:
        at = max(at for at in own if lines[at].strip())
        lines.insert(at + 1, f"{' ' * indent}{column}: {value}")
    else:
        is_whole = found + 1 >= end or not lines[found + 1].strip() or _indent(lines[found + 1]) <= indent
        hit = pattern.match(lines[found])
        if not hit or not hit[3] or not is_whole or hit[3].startswith(("{", "|", ">")):
            return None
        comment = re.search(r"\s+#.*$", hit[3]) if not hit[3].startswith(('"', "'")) else None
        lines[found] = f"{hit[1]}{column}: {value}{comment[0] if comment else ''}"
    if column in ("phone", "extension"):
        lines = _set_aside(lines, begin, indent)
    return "\n".join(lines)


def _set_aside(lines: list[str], begin: int, indent: int) -> list[str]:
    """Comments out what was made sure of for the number before."""
    at, is_inside = begin, False
    while at < len(lines):
        line = lines[at]
        if at > begin and line.strip() and _indent(line) < indent:
            break
        key = re.match(r"\s*(?:- )?(\w+):", line) if _indent(line) == indent else None
        if key:
            is_inside = key[1] in OF_CHECK
        if is_inside and line.strip():
            lines[at] = f"{' ' * indent}# of the number before: {line.strip()}"
        at += 1
    return lines


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
