"""Restore the input of a page's form after a failed save, and from a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

DRAFT = "draft-key"
TOKEN_FIELD = "token"
UNFILLED_TYPES = ("file", "password", "submit", "button", "image", "reset")
TICKED_TYPES = ("checkbox", "radio")
# Fields without typed input.
HIDDEN_FIELDS = ("token", "version", "way", "back", "key", "sent", "sure", "at", "lasting", DRAFT)
MAX_UNCONFIRMED_CHARS = 200_000  # longer texts may be pasted by mistake: ask first
MAX_SHOWN_CHARS = 2_000  # browsers take seconds to render a long text


def fill_form(page: str, action: str, values: Iterable[tuple[str, str]], message: str = "") -> str | None:
    """Return a page with its form filled in and `message` (HTML) on top; None if it has no form for `action`."""
    tree, values = LexborHTMLParser(page), list(values)
    form = next((item for item in tree.css("main form[method=post]") if _is_target_form(item, action, values)), None)
    main = tree.css_first("main")
    if form is None or main is None:
        return None
    _fill(tree, form, values)
    main.attrs["data-typed"] = ""
    parent = form.parent
    while parent is not None:
        if parent.tag == "details":
            parent.attrs["open"] = ""
        parent = parent.parent
    before, opening, after = (tree.html or "").partition("<main")
    start_tag, end, content = after.partition(">")
    return f"{before}{opening}{start_tag}{end}{message}{content}"


def _is_target_form(form: LexborNode, action: str, values: list[tuple[str, str]]) -> bool:
    urls = [form.attributes.get("action"), *(item.attributes.get("formaction") for item in form.css("[formaction]"))]
    if unquote(action) not in [unquote(urlsplit(key_path or "").path) for key_path in urls]:
        return False
    its_key = form.css_first("input[type=hidden][name=key]")
    return its_key is None or ("key", its_key.attributes.get("value") or "") in values


def _fill(tree: LexborHTMLParser, form: LexborNode, values: list[tuple[str, str]]) -> None:
    remaining: dict[str, list[str]] = {}
    for name, value in values:
        remaining.setdefault(name, []).append(value.replace("\r\n", "\n"))
    fields = form.css("input, textarea, select")
    if id := form.attributes.get("id"):
        fields += [item for item in tree.css("[form]") if item.attributes.get("form") == id]
    for field in fields:
        name, kind = field.attributes.get("name") or "", (field.attributes.get("type") or "text").lower()
        if not name or name == TOKEN_FIELD or kind in UNFILLED_TYPES:
            continue
        if kind in TICKED_TYPES:
            _set(field, "checked", (field.attributes.get("value") or "on") in remaining.get(name, ()))
        elif field.tag == "select" and name in remaining:
            for option in field.css("option"):
                _set(option, "selected", option.attributes.get("value", option.text()) in remaining[name])
        elif field.tag == "textarea" and remaining.get(name):
            field.inner_html = f"\n{escape(remaining[name].pop(0))}"  # browsers drop the first newline
        elif field.tag == "input" and remaining.get(name):
            field.attrs["value"] = remaining[name].pop(0)
    if remaining.get(DRAFT):
        hidden = f'<input type="hidden" name="{DRAFT}" value="{escape(remaining[DRAFT][0])}">'
        if made := LexborHTMLParser(hidden).css_first("input"):
            form.insert_child(made)


def _set(node: LexborNode, name: str, is_set: bool) -> None:
    if is_set:
        node.attrs[name] = ""
    elif name in node.attributes:
        del node.attrs[name]


@dataclass(frozen=True)
class TypedField:
    """A submitted field."""

    name: str
    value: str
    is_hidden: bool = False  # set by the desk, not typed

    @property
    def is_long(self) -> bool:
        """Whether it may have been pasted by mistake."""
        return len(self.value) > MAX_UNCONFIRMED_CHARS

    @property
    def beginning(self) -> str:
        """The part that is shown of a long one."""
        return f"{self.value[:MAX_SHOWN_CHARS]} …"


def typed_fields(values: Iterable[tuple[str, object]]) -> list[TypedField]:
    """Return the fields of a form, without its files and token."""
    fields = [TypedField(name, value, name in HIDDEN_FIELDS) for name, value in values if isinstance(value, str)]
    return [field for field in fields if field.name != "token" and field.value]


def has_typed(fields: list[TypedField]) -> bool:
    """Return whether a form contains typed input."""
    return any(not field.is_hidden for field in fields)
