"""Every page of the desk opens and every form is answered, whatever its input: nothing ends as a fault."""

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
    found = {}
    for each in form.css("input, textarea, select"):
        kind, option = each.attributes.get("type") or "text", each.css_first("option[selected]")
        value = each.text() if each.tag == "textarea" else (option or each).attributes.get("value") or ""
        is_typed = each.tag == "textarea" or (each.tag == "input" and kind not in ("hidden", "checkbox", "radio"))
        if each.attributes.get("name") and (kind not in ("checkbox", "radio") or "checked" in each.attributes):
            found[each.attributes["name"]] = "" if is_blank and is_typed else value
    return found


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
        status, said = ask(guard, "GET", address)
        assert status in ANSWERS, address
        tree = LexborHTMLParser(said)
        links = (urlsplit(unquote(each.attributes["href"])).path for each in tree.css("a[href]"))
        new = dict.fromkeys("/" + link.removeprefix(guard.home) for link in links if link.startswith(guard.home))
        left += [each for each in new if each not in left and not any(part in each for part in LEFT_OUT)]
        for each in tree.css("main form[method=post]"):
            forms.setdefault("/" + unquote(each.attributes["action"]).partition("?")[0].removeprefix(guard.home), each)
    assert len(forms) > 30
    for action, form in forms.items():
        for is_blank in (True, False) if action not in LEFT_OUT else ():
            status, said = ask(guard, "POST", action, {**fields_of(form, is_blank), "token": guard.token})
            assert status in ANSWERS, (action, is_blank, said)
    assert not (desk.workspace.root / ".build/desk/fault.txt").exists()
