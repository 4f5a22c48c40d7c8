"""Rules about people hold at every entrance: the command line, imports, files edited by hand, and the desk."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run
from starlette.routing import Route

from campaign.checks.release import check_release
from campaign.content import load
from campaign.content.translating import origin_of, read_file, save_translations
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.workspace import Workspace
from campaign.models.names import is_among
from campaign.models.page import MACHINE_TRANSLATOR, Translation

PAGE = "docs/ar/boil.md"


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")


def made_by(root: Path, by: str) -> None:
    run(root, "translate", "stamp", str(root / PAGE), "--by", by)


SAME_PERSONS = [
    ("Maria Soares", "Maria Soares"),
    ("Maria Soares", "maria  SOARES"),
    ("Maria Soares", "Soares, Maria"),
    ("Soares, Maria", "Maria Soares"),
    ("José Ximenes", "Jose Ximénes"),
    ("Maria Soares", "M. Soares"),
    ("João Pereira, Maria Soares", "Maria Soares"),
    ("João Pereira and Maria Soares", "Soares Maria"),
    ("João Pereira; Maria Soares", "Maria Soares"),
    ("João Pereira & Maria Soares", "M Soares"),
    ("machine, Maria Soares", "Maria Soares"),
    ("Maria Soares", " Maria\u00a0Soares "),
]


@pytest.mark.parametrize(("translator", "reviewer"), SAME_PERSONS)
def test_translator_reviews_no_text_of_their_own(root, translator, reviewer):
    made_by(root, translator)
    kept = (root / PAGE).read_bytes()
    assert "(review-own)" in run(root, "translate", "accept", str(root / PAGE), "--by", reviewer, code=1)
    assert (root / PAGE).read_bytes() == kept
    # Written by hand, or merged, it doesn't count either, and a release stops at it.
    text = kept.decode().replace("reviewed: no", f"reviewed: {{by: {json.dumps(reviewer)}, on: 2026-11-20}}")
    (root / PAGE).write_text(text, encoding="utf-8")
    campaign, _ = load(root)
    assert not origin_of(campaign, "ar", "boil.md").is_reviewed
    assert "review-own" in {item.id for item in check_release(campaign) if item.where.startswith(PAGE)}


def test_somebody_else_reviews_it(root):
    made_by(root, "Maria Soares")
    for nobody in ("", " ", "-", "123", "machine", "Unknown"):
        assert "(reviewer-no-name)" in run(root, "translate", "accept", str(root / PAGE), "--by", nobody, code=1)
    run(root, "translate", "accept", str(root / PAGE), "--by", "Maria Pereira")
    assert origin_of(load(root)[0], "ar", "boil.md").is_reviewed
    assert not is_among("Ana", "Ana José")


def test_who_mends_a_machine_translation_does_not_review_it(root):
    made_by(root, MACHINE_TRANSLATOR)
    campaign, _ = load(root)
    file = read_file(campaign, "ar", "boil.md")
    row = next(row for row in file.rows if row.now)
    save_translations(campaign, "ar", "boil.md", {row.unit.key: f"{row.now} ا"}, "Maria Soares")
    result = origin_of(load(root)[0], "ar", "boil.md")
    assert (result.by, result.is_by_machine) == ("machine, Maria Soares", True)
    assert "(review-own)" in run(root, "translate", "accept", str(root / PAGE), "--by", "Maria Soares", code=1)


def test_translation_of_a_machine_says_so_until_somebody_else_has_read_it():
    assert Translation("x", "machine, Ana").is_by_machine
    assert not Translation("x", "Ana", "Ana").is_reviewed
    assert Translation("x", "Ana", "Rui").is_reviewed


def test_number_typed_by_one_person_and_agreed_tomorrow_is_no_more_sure_than_before(root):
    """The desk asks for both names and refuses a day to come; so do files that are edited by hand."""
    place = root / "assets/contacts/river.yml"
    text = place.read_text(encoding="utf-8")
    assert "    source:" in text
    raw = 'again: {phone: "07700 900143", by: Ana}'
    for more, rule in (
        (raw, "number-again-same"),
        ("agreed: {by: Ana, on: 2099-01-01}", "check-ahead"),
    ):
        place.write_text(text.replace("    source:", f"    {more}\n    source:", 1), encoding="utf-8")
        campaign, problems = load(root)
        assert rule in {problem.id for problem in problems}
        number = campaign.places["river"].contacts[0].numbers[0]
        assert not number.is_typed_twice
        assert not number.is_agreed


def ask(guard, path: str, token: str, port: int) -> int:
    """The status of a POST like one from our page, but without the token."""
    sent: list[dict] = []
    body = b"file=x&way=go"
    fields = {"host": f"127.0.0.1:{port}", "origin": f"http://127.0.0.1:{port}", "x-desk-token": token}
    fields |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
    scope = {"type": "http", "method": "POST", "path": f"/{guard.key}{path}", "query_string": b"", "scheme": "http"}
    scope |= {"headers": [(name.encode(), value.encode()) for name, value in fields.items()], "http_version": "1.1"}
    scope |= {"raw_path": b"", "root_path": "", "server": ("127.0.0.1", port), "client": ("127.0.0.1", 1)}

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as beside:  # Playwright may run a loop in this thread
        beside.submit(asyncio.run, guard(scope, receive, send)).result()
    return sent[0]["status"]


def test_every_post_of_the_desk_wants_its_token(root, request):
    port = 18999
    workspace = Workspace(root)
    request.addfinalizer(workspace.end)
    guard = application(Desk(workspace), port)
    posts = [route for route in guard.app.routes if isinstance(route, Route) and "POST" in route.methods]
    assert len(posts) > 40
    assert "/ticket" in {post.path for post in posts}
    for route in posts:
        path = route.path
        for name, convertor in route.param_convertors.items():
            kind = {"PathConvertor": ":path", "IntegerConvertor": ":int"}.get(type(convertor).__name__, "")
            path = path.replace(f"{{{name}{kind}}}", "1")
        for token in ("", "x", guard.token[:-1]):
            assert ask(guard, path, token, port) == 403, route.path
    assert ask(guard, "/ticket", guard.token, port) == 200
