"""An editor mends slips alone: in files that no form can show, in folders under another name, in what repeats it."""

from __future__ import annotations

import asyncio
import html
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import pytest
from conftest import HERE, copy_campaign

from campaign.content import load
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.ways import is_written, way_to
from campaign.desk.workspace import Workspace
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import parse_yaml

TINY = HERE / "campaigns/tiny"
SECRET = "nfp_abcdefghijklmnopqrstuvwx"


class Asked:
    """A desk without a server: what it answers, and what stands in its files."""

    def __init__(self, root, workspace) -> None:
        self.root, self.workspace = root, workspace
        self.guard = application(Desk(workspace), 18020)

    def ask(self, path: str, method: str = "GET", body: bytes = b"") -> tuple[int, str, str]:
        """(status, where it sends on to, text)."""
        parts = urlsplit(path)
        headers = {"host": "127.0.0.1:18020", "origin": "http://127.0.0.1:18020", "accept-language": "en"}
        headers |= {"content-type": "application/x-www-form-urlencoded"} if body else {}
        scope = {
            **{"type": "http", "method": method, "query_string": parts.query.encode(), "root_path": ""},
            **{"path": self.guard.home + parts.path.removeprefix("/"), "http_version": "1.1", "scheme": "http"},
            **{"headers": [(name.encode(), value.encode()) for name, value in headers.items()], "server": None},
        }
        sent, told = [], iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive():
            return next(told, {"type": "http.disconnect"})

        async def send(message):
            sent.append(message)

        with ThreadPoolExecutor(1) as beside:  # beside the loop that Playwright runs in this thread
            beside.submit(asyncio.run, self.guard(scope, receive, send)).result()
        fields = dict(sent[0]["headers"])
        text = b"".join(each.get("body", b"") for each in sent[1:]).decode()
        return sent[0]["status"], fields.get(b"location", b"").decode(), html.unescape(text)

    def send(self, path: str, **form: str) -> tuple[int, str, str]:
        return self.ask(path, "POST", urlencode({"token": self.guard.token} | form).encode())

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_bytes(text.encode())

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def version(self, path: str) -> str:
        return re.search(r'name="version" value="(\w+)"', self.ask(path)[2])[1]

    def undo(self) -> tuple[int, str, str]:
        return self.send(f"/history/{self.workspace.files.history()[0].number}/undo")


@contextmanager
def desk(root):
    workspace = Workspace(root)
    try:
        yield Asked(root, workspace)
    finally:
        workspace.end()


def test_settings_with_a_slip_are_mended_at_the_desk_and_its_secrets_stay_hidden(tmp_path):
    with desk(copy_campaign(TINY, tmp_path / "campaign")) as asked:
        good = asked.read("mkdocs.yml").replace("docs_dir: docs", f"extra:\n  token: {SECRET}\r\ndocs_dir: docs")
        line = good[: good.index("      places:")].count("\n") + 1
        bad = good.replace("      places:", "\tplaces:")
        asked.write("mkdocs.yml", bad)
        status, _, said = asked.ask("/texts")
        assert (status, f"/file/mkdocs.yml?line={line}" in said) == (409, True)
        status, _, said = asked.ask("/file/mkdocs.yml")
        assert (status, f"mkdocs.yml:{line}" in said, f'data-line="{line}"' in said) == (200, True, True)
        assert SECRET not in said
        shown = re.search(r"<textarea[^>]*>\n(.*)</textarea>", said, re.DOTALL)[1]
        version = asked.version("/file/mkdocs.yml")
        # What cannot be read is not saved; what was typed stays.
        status, _, said = asked.send("/file/mkdocs.yml", text=shown + "mine: [", version=version)
        assert (status, "mine: [" in said, asked.read("mkdocs.yml")) == (422, True, bad)
        none = re.sub(r"- \{locale.*", "", shown).replace("\tplaces:", "      places:")
        assert asked.send("/file/mkdocs.yml", text=none, version=version)[0] == 422
        # Nor is what somebody else has written meanwhile: both are shown, and nobody reads the secret there either.
        mended = shown.replace("\tplaces:", "      places:")
        asked.write("mkdocs.yml", bad + "# theirs\r\n")
        status, _, said = asked.send("/file/mkdocs.yml", text=mended, version=version)
        assert (status, "# theirs" in said, SECRET in said, "# theirs" in asked.read("mkdocs.yml")) == (
            *(409, True, False, True),
        )
        asked.write("mkdocs.yml", bad)
        status, to, _ = asked.send("/file/mkdocs.yml", text=mended.replace("\n", "\r\n"), version=version)
        # Every other byte stays, line ends of two kinds too.
        assert (status, asked.read("mkdocs.yml")) == (303, good)
        assert "Saved: mkdocs.yml mended." in asked.ask(to[len(asked.guard.home) - 1 :])[2]
        assert asked.ask("/texts")[0] == 200
        asked.undo()
        assert asked.read("mkdocs.yml") == bad
        # Nothing else is opened: no link, nothing outside.
        (asked.root / "docs/out.yml").symlink_to("/etc/passwd")
        for name in (
            "docs/out.yml",
            "../x.yml",
            ".build/x.yml",
            "pyproject.toml",
            "docs/../mkdocs.yml",
            "docs/none.yml",
        ):
            assert asked.ask(f"/file/{name}")[0] == 404, name


def test_words_with_a_slip_lead_to_their_text(tmp_path):
    name = "docs/ar/_strings.yml"
    root = copy_campaign(TINY, tmp_path / "campaign")
    with desk(root) as asked:
        good = asked.read(name)
        asked.write(name, good.replace(": ", ': "', 1))
        problems = [each for each in load(root)[1] if each.where.startswith(name)]
        assert [way_to(each, asked.workspace.campaign) for each in problems if each.stops][:1] == [
            f"/file/{name}?line={good[: good.index(': ')].count(chr(10)) + 1}"
        ]
        assert f"file/{name}" in asked.ask("/translate/ar")[2]
        assert asked.ask("/translate/ar/_strings.yml")[2].count(f"file/{name}") == 1
        assert asked.send(f"/file/{name}", text=good, version=asked.version(f"/file/{name}"))[0] == 303
        assert asked.read(name) == good


def test_every_written_file_that_a_message_names_has_a_way_at_the_desk():
    campaign = load(TINY)[0]
    rows = re.findall(
        r"^(?:problem|note) (\S+): .*\(([a-z0-9-]+)\)$", (HERE / "golden/faults.txt").read_text("utf-8"), re.M
    )
    named = [(where, id) for where, id in rows if is_written(where.partition(":")[0])]
    assert len({where.partition(":")[0] for where, _ in named}) > 15
    for known in (campaign, None):
        lost = [(where, id) for where, id in named if not way_to(Problem(id, where, "", ""), known)]
        assert not lost
    source = Problem("words-missing", "docs/fil/_strings.yml", "", "")
    assert way_to(source, campaign) == "/file/docs/fil/_strings.yml"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('title: "Foo\nfor: [public]\ndescription: "a b"\n', 2),
        ('title: "Foo\nfor: [public]\ndescription: a b\nmore: c', 2),
        ("a: b\ntitle: 'Foo\nfor: [public]\ndescription: it's\n", 3),
        ('a: "b\n  c"\nd: "e\nf: "g"\nh: "i"\n', 4),
        ('a: "b\n  c"\nd: [e\nf: g\n', 0),
    ],
)
def test_a_quote_that_nobody_closed_is_told_where_it_opens(text, line):
    problems: list[Problem] = []
    parse_yaml(text, "x", problems, first_line=2)
    assert [each.where for each in problems if each.id == "quotes-open"] == ([f"x:{line}"] if line else [])
    assert problems
