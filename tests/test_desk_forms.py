"""Every page of the desk opens and every form is answered, with any input: nothing ends as a fault."""

from __future__ import annotations

from collections import Counter
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from test_typed_text import ask, guard  # noqa: F401

from campaign.desk.jobs import Jobs

# Pages that no link leads to in a small campaign.
STARTS = ("/", "/sources/new", "/contacts/sheet", "/texts/new", "/folder/docs/ar", "/look/pieces", "/corrections/none")
# Downloads, and links that open the system's file manager.
LEFT_OUT = ("/send", "/dist/", "/print/folder", "/client/")
ANSWERS = {200, 204, 303, 404, 409, 422}


def fields_of(form: LexborNode, is_blank: bool) -> dict[str, str]:
    """Return what a browser would send; is_blank: a form with every typed field emptied."""
    results = {}
    for item in form.css("input, textarea, select"):
        kind, option = item.attributes.get("type") or "text", item.css_first("option[selected]")
        value = item.text() if item.tag == "textarea" else (option or item).attributes.get("value") or ""
        is_typed = item.tag == "textarea" or (item.tag == "input" and kind not in ("hidden", "checkbox", "radio"))
        if item.attributes.get("name") and (kind not in ("checkbox", "radio") or "checked" in item.attributes):
            results[item.attributes["name"]] = "" if is_blank and is_typed else value
    return results


@pytest.mark.long  # 28 s of CPU
def test_every_page_opens_and_every_form_is_answered_also_an_empty_one(guard, monkeypatch):  # noqa: F811
    guard, desk = guard
    monkeypatch.setattr(Jobs, "_wait", lambda *_: None)
    left, kinds, forms = [*STARTS], Counter(), {}
    for address in left:
        kind = address.split("/")[1], address.count("/")
        kinds[kind] += 1
        if kinds[kind] > 3:  # the others are alike
            continue
        status, text = ask(guard, "GET", address)
        assert status in ANSWERS, address
        tree = LexborHTMLParser(text)
        links = (urlsplit(unquote(item.attributes["href"])).path for item in tree.css("a[href]"))
        new = dict.fromkeys("/" + link.removeprefix(guard.home) for link in links if link.startswith(guard.home))
        left += [item for item in new if item not in left and not any(part in item for part in LEFT_OUT)]
        for item in tree.css("main form[method=post]"):
            forms.setdefault("/" + unquote(item.attributes["action"]).partition("?")[0].removeprefix(guard.home), item)
    assert len(forms) > 30
    for action, form in forms.items():
        for is_blank in (True, False) if action not in LEFT_OUT else ():
            status, text = ask(guard, "POST", action, {**fields_of(form, is_blank), "token": guard.token})
            assert status in ANSWERS, (action, is_blank, text)
    assert not (desk.workspace.root / ".build/desk/fault.txt").exists()
