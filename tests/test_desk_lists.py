"""Long lists of the desk can be searched, are grouped, and are shown in parts."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from conftest import HERE, copy_campaign
from opened_desk import HILL
from starlette.datastructures import URL, QueryParams
from starlette.requests import Request
from starlette.routing import Match, Route

from campaign.content import clock
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.files import Change, version_of
from campaign.desk.lists import matches, paginate
from campaign.desk.panels import PANELS
from campaign.desk.workspace import Workspace


def test_a_long_list_is_shown_in_parts_whatever_is_asked_for():
    def part(query, count=250):
        url = URL(f"http://127.0.0.1/k/texts?{query}")
        return paginate(range(count), SimpleNamespace(url=url, query_params=QueryParams(url.query)))

    first = part("words=a+b")
    assert (list(first.rows), first.previous, first.next) == ([*range(100)], "", "?words=a+b&part=2")
    last = part("words=a+b&part=3")
    assert (list(last.rows), last.previous, last.next) == ([*range(200, 250)], "?words=a+b&part=2", "")
    for hostile in ("part=0", "part=-1", "part=x", "part=" + "9" * 5000, "part=4", "part=%C2%B2"):
        assert part(hostile).rows in (first.rows, last.rows), hostile
    assert not part("", 0).rows
    assert (part("", 100).previous, part("", 100).next) == ("", "")


def test_words_are_found_in_any_case_order_and_without_accents():
    assert matches("joao 112", "112", "João da Silva")
    assert matches("", "x")
    assert not matches("joao 113", "112", "João")


def test_no_page_is_as_long_as_what_a_whole_country_has_on_it(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    until = clock.now().date()
    contacts = "".join(
        f'  - {{id: mason-{n}, kind: water, does: [water], phone: "07700 9{n:05}", source: drama-numbers, '
        f'former: [{{phone: "07700 8{n:05}", until: {until}}}]}}\n'
        for n in range(150)
    )
    with (root / HILL).open("a", encoding="utf-8") as file:
        file.write(contacts)
    with (root / "docs/_sources.yml").open("a", encoding="utf-8") as file:
        file.write("".join(f'more-{n}: {{title: "More {n}"}}\n' for n in range(150)))
    folder = root / "dist/corrections/mason-1"
    folder.mkdir(parents=True)
    rows = "".join(f"docs/fil/boil.md:{n}\n" for n in range(150))
    (folder / "what-bears-it.csv").write_text(f"text to mend\n{rows}", encoding="utf-8")
    workspace = Workspace(root)
    files = workspace.files
    for n in range(150):
        files.save(f"Save {n}", "", {"docs/new.md": Change(version_of(files.read("docs/new.md")), str(n).encode())})
    try:
        guard = application(Desk(workspace), 18020)

        def response_to(path: str, query: str = "") -> str:
            route, params = next(
                (route, match[1]["path_params"])
                for route in guard.app.routes
                if (match := route.matches({"type": "http", "method": "GET", "path": path}))[0] == Match.FULL
            )
            scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
            # Outside the event loop that Playwright runs in this thread.
            with ThreadPoolExecutor(1) as beside:
                result = beside.submit(asyncio.run, route.endpoint(Request(scope | {"path_params": params})))
                return result.result().body.decode()

        assert response_to("/").count("no longer uses") == 8
        whole = response_to("/", "who=keeper&part=2")
        assert 40 < whole.count("no longer uses") < 100
        for path in ("/sources", "/corrections/mason-1", "/history"):
            text = response_to(path)
            assert "1 to 100 of 15" in text, path
            assert 100 < text.count("<li>") + text.count("<tr>") < 120, path
        assert response_to("/sources", "words=more+149").count("<tr>") == 2
    finally:
        workspace.end()


def test_each_address_of_a_panel_is_answered_by_its_own_method(tmp_path):
    """An address with a variable part (`/contacts/{place}`) never takes that of a literal one (`/contacts/sheet`)."""
    workspace = Workspace(copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign"))
    try:
        desk = Desk(workspace)
        application(desk, 1)
    finally:
        workspace.end()
    routes = [route for route in desk.routes if isinstance(route, Route)]
    addresses = [(method, route.path) for route in routes for method in route.methods - {"HEAD"}]
    assert len(addresses) == len(set(addresses)) > 80
    for method, path in addresses:
        asked = re.sub(r"\{\w+:int\}", "7", re.sub(r"\{\w+(:path)?\}", "zz", path))
        scope = {"type": "http", "method": method, "path": asked, "root_path": "", "headers": []}
        first = next(route for route in routes if route.matches(scope)[0] is Match.FULL)
        assert first.path == path
    assert next(panel.menu for panel in PANELS if panel.menu) == desk.menu[0] == ("/", "today")
