"""An editor fixes mistakes without help: in files without a form, in misnamed folders, and in repeated numbers."""

from __future__ import annotations

import asyncio
import html
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlencode, urlsplit

import pytest
from conftest import HERE, MAX_WAIT_S, copy_campaign, run
from test_desk import until

from campaign.checks.renamed import renames
from campaign.checks.source import check_source
from campaign.checks.unfinished import check_unfinished
from campaign.checks.words import check_words
from campaign.content import clock, load
from campaign.content.known_numbers import typed_lines
from campaign.content.review import accept_file
from campaign.content.translating import progress_of, read_file, save_translations
from campaign.content.units import refusal
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.files import Change, ConflictError, Files, NameTakenError, version_of
from campaign.desk.fix_urls import fix_url, is_written
from campaign.desk.grouped_problems import group_problems
from campaign.desk.words import languages
from campaign.desk.workspace import Workspace
from campaign.exchange.translation_file import sent_hash
from campaign.models.problem import Problem, unsilenced
from campaign.packs.correction import kept_corrections, new_kit, write_kit
from campaign.schema.yaml_reader import parse_yaml
from campaign.serve.asked_process import PROCESS_ENDED

TINY = HERE / "campaigns/tiny"
SECRET = "nfp_abcdefghijklmnopqrstuvwx"


class Asked:
    """A desk without a server: its answers, and the content of its files."""

    def __init__(self, root, workspace) -> None:
        self.root, self.workspace = root, workspace
        self.desk = Desk(workspace)
        self.guard = application(self.desk, 18020)

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str, str]:
        """(status, redirect target, text)."""
        parts = urlsplit(path)
        headers = {"host": "127.0.0.1:18020", "origin": "http://127.0.0.1:18020", "accept-language": "en"}
        headers |= {"content-type": kind} if body else {}
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

        with ThreadPoolExecutor(1) as beside:  # outside the event loop that Playwright runs in this thread
            beside.submit(asyncio.run, self.guard(scope, receive, send)).result()
        fields = dict(sent[0]["headers"])
        text = b"".join(item.get("body", b"") for item in sent[1:]).decode()
        return sent[0]["status"], fields.get(b"location", b"").decode(), html.unescape(text)

    def send(self, path: str, /, **form: str) -> tuple[int, str, str]:
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
        status, _, text = asked.ask("/texts")
        assert (status, f"/file/mkdocs.yml?line={line}" in text) == (409, True)
        status, _, text = asked.ask("/file/mkdocs.yml")
        assert (status, f"mkdocs.yml:{line}" in text, f'data-line="{line}"' in text) == (200, True, True)
        assert SECRET not in text
        match = re.search(r"<textarea[^>]*>\n(.*)</textarea>", text, re.DOTALL)[1]
        version = asked.version("/file/mkdocs.yml")
        # Unreadable content isn't saved; the input stays.
        status, _, text = asked.send("/file/mkdocs.yml", text=match + "mine: [", version=version)
        assert (status, "mine: [" in text, asked.read("mkdocs.yml")) == (422, True, bad)
        none = re.sub(r"- \{locale.*", "", match).replace("\tplaces:", "      places:")
        assert asked.send("/file/mkdocs.yml", text=none, version=version)[0] == 422
        # Nor over another program's change: both versions are shown, and the secret stays hidden there too.
        mended = match.replace("\tplaces:", "      places:")
        asked.write("mkdocs.yml", bad + "# theirs\r\n")
        status, _, text = asked.send("/file/mkdocs.yml", text=mended, version=version)
        assert (status, "# theirs" in text, SECRET in text, "# theirs" in asked.read("mkdocs.yml")) == (
            *(409, True, False, True),
        )
        asked.write("mkdocs.yml", bad)
        status, to, _ = asked.send("/file/mkdocs.yml", text=mended.replace("\n", "\r\n"), version=version)
        # Every other byte stays, even mixed line ends.
        assert (status, asked.read("mkdocs.yml")) == (303, good)
        assert "Saved: mkdocs.yml fixed." in asked.ask(to[len(asked.guard.home) - 1 :])[2]
        assert asked.ask("/texts")[0] == 200
        asked.undo()
        assert asked.read("mkdocs.yml") == bad
        # No other file is opened: no link, nothing outside.
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
        problems = [item for item in load(root)[1] if item.where.startswith(name)]
        assert [fix_url(problem, asked.workspace.campaign) for problem in problems if not problem.is_note][:1] == [
            f"/file/{name}?line={good[: good.index(': ')].count(chr(10)) + 1}"
        ]
        assert f"file/{name}" in asked.ask("/translate/ar")[2]
        assert asked.ask("/translate/ar/_strings.yml")[2].count(f"file/{name}") == 1
        assert asked.send(f"/file/{name}", text=good, version=asked.version(f"/file/{name}"))[0] == 303
        assert asked.read(name) == good
        # A file in an office program's encoding is shown correctly, and saved as UTF-8.
        now = good + "# T\xfabig\n"
        for theirs in (now.encode("utf-16"), good.encode() + b"# T\xfabig\n"):
            (root / name).write_bytes(theirs)
            assert "isn't saved as UTF-8" in asked.ask(f"/file/{name}")[2]
            asked.send(f"/file/{name}", text=now, version=asked.version(f"/file/{name}"))
            assert asked.read(name) == now
            asked.undo()
            assert (root / name).read_bytes() == theirs


def test_every_written_file_that_a_message_names_has_a_way_at_the_desk():
    campaign = load(TINY)[0]
    rows = re.findall(
        r"^(?:problem|problem of one page|output|note) (\S+): .*\(([a-z0-9-]+)\)$",
        (HERE / "golden/faults.txt").read_text("utf-8"),
        re.M,
    )
    named = [(where, id) for where, id in rows if is_written(where.partition(":")[0])]
    assert len({where.partition(":")[0] for where, _ in named}) > 15
    for known in (campaign, None):
        lost = [(where, id) for where, id in named if not fix_url(Problem(id, where, "", ""), known)]
        assert not lost
    source = Problem("words-missing", "docs/fil/_strings.yml", "", "")
    assert fix_url(source, campaign) == "/file/docs/fil/_strings.yml"


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
    assert [problem.where for problem in problems if problem.id == "quotes-open"] == ([f"x:{line}"] if line else [])
    assert problems


def _by_hand(asked, now: str, was: str) -> None:
    """Like an instant rename in a file manager."""
    (asked.root / now).rename(asked.root / was)
    asked.workspace._version += 1


def _checked(asked) -> str:
    """Today, once all checks have run."""
    for _ in range(MAX_WAIT_S * 10):
        asked.ask("/")
        if asked.workspace.problems[1]:
            return asked.ask("/")[2]
        time.sleep(0.1)
    raise AssertionError


@pytest.mark.long
def test_a_folder_under_another_name_is_called_by_its_own_again(tmp_path):
    with desk(copy_campaign(TINY, tmp_path / "campaign")) as asked:
        for old, now, echoes in (
            ("docs/km", "docs/kn", 2),
            ("docs/fil/posters", "docs/fil/postres", 2),
            ("docs/ar/leaflets", "docs/ar/leaflet", 1),
            ("assets/contacts/river.yml", "assets/contacts/rivre.yml", 1),
            ("assets/posters/boil-the-water", "assets/posters/boil-water", 3),
        ):
            _by_hand(asked, old, now)
            assert [(rename.now, rename.was) for rename in renames(load(asked.root)[0])] == [(now, old)]
            text = _checked(asked)
            form = f'name="now" value="{now}"><input type="hidden" name="was" value="{old}">'
            assert text.count(form) == 1, now
            assert int(re.search(r">(\d+) other messages follow from this one", text)[1]) >= echoes, now
            assert "1 must be fixed" in text, now
            # So does the page that its line leads to.
            to = re.search(rf'<a href="([^"]*)">{now}</a>', text)[1]
            assert form in asked.ask(to[len(asked.guard.home) - 1 :])[2], to
            # Nothing else is renamed, and nothing existing is replaced.
            for other in ((now, "docs/elsewhere"), ("docs/fil", old), (now, "../out"), (now, "mkdocs.yml")):
                assert asked.send("/rename", now=other[0], was=other[1])[0] == 404, other
            link = asked.root / now / "out.md"
            if link.parent.is_dir():
                link.symlink_to("/etc/passwd")
                assert asked.send("/rename", now=now, was=old)[0] == 404
                link.unlink()
            assert asked.send("/rename", now=now, was=old)[0] == 303
            assert ((asked.root / old).exists(), (asked.root / now).exists()) == (True, False)
            assert not renames(load(asked.root)[0])
            assert asked.undo()[0] == 303
            assert ((asked.root / old).exists(), (asked.root / now).exists()) == (False, True)
            _by_hand(asked, now, old)
        # Undo inside such a folder explains why it can't, and links out of it.
        menu = "docs/km/_strings.yml"
        before = asked.workspace.files.read(menu)
        saved = asked.workspace.files.save("words", "", {menu: Change(version_of(before), before + b"\n")})
        _by_hand(asked, "docs/km", "docs/kn")
        form = 'name="now" value="docs/kn"><input type="hidden" name="was" value="docs/km">'
        for _, _, told in (asked.ask("/history"), asked.send(f"/history/{saved}/undo")):
            assert f"{menu} is gone, or has a new name." in told
            assert form in told
        _by_hand(asked, "docs/kn", "docs/km")
        # A file that has taken its place meanwhile isn't deleted.
        files = asked.workspace.files
        first = files.rename("x", "", "docs/km", "docs/kn")
        back = files.undo(first, "x", "")
        number = files.undo(back, "x", "")
        states = [(save.number, save.is_undone) for save in files.history()[:3]]
        assert states == [(number, False), (back, True), (first, False)]
        (asked.root / "docs/km").mkdir()
        with pytest.raises(ConflictError):
            files.undo(number, "x", "")
        with pytest.raises(NameTakenError):
            files.rename("x", "", "docs/kn", "docs/km")
        assert not files.history()[0].can_be_undone
        (asked.root / "docs/km").rmdir()
        # A desk that was stopped halfway leaves the old name.
        note = asked.root / f".build/desk/history/{number:06}.json"
        note.write_text(note.read_text("utf-8").replace('"is_done": true', '"is_done": false'), "utf-8")
        Files(asked.root)
        assert (asked.root / "docs/km/index.md").exists()


def test_what_is_said_of_a_number_is_not_said_of_the_one_that_takes_its_place_and_texts_that_say_it_are_one_line(
    tmp_path,
):
    root = copy_campaign(TINY, tmp_path / "campaign")
    said = "\n\n118 ang tawagan.\n\n| Saan | Numero |\n| --- | --- |\n| Baha | 118 |\n"
    said += "\nNoong una, 118 ito.[^drama-numbers]\n"
    with (root / "docs/fil/index.md").open("a", encoding="utf-8") as file:
        file.write(said)
    name = "assets/contacts/hill.yml"
    with desk(root) as asked:
        text = asked.read(name).replace('"+44 20 7946 0018"', '"118"\n    free: true')
        asked.write(name, text)
        way = "/contacts/hill/hill-clinic"
        form = {"version": asked.version(way), "contacts.0.phone": "07700 900118"}
        status, _, page = asked.send(way, **form)
        assert (status, asked.read(name)) == (422, text)
        assert "the number was 118" in page
        assert "Which details are also true of the new number?" in page
        key = re.search(r'name="moved" value="([^"]*)"', page)[1]
        # Unticked claims go: its costs; and its source is recorded for the old number.
        assert asked.send(way, **form, moved=key)[0] == 303
        assert "free:" not in asked.read(name)
        assert 'phone: "118"' in asked.read(name).partition("former:")[2]
        campaign = load(root)[0]
        assert campaign.places["hill"].contacts[0].shown_source == ""
        page = asked.ask(way)[2]
        assert "No one has confirmed that it has the new one" in page
        assert asked.send(f"{way}/source-holds", version=asked.version(way))[0] == 303
        assert load(root)[0].places["hill"].contacts[0].shown_source == "drama-numbers"
        # Nothing was printed with it: Today says so, and no label of it is in place.
        assert asked.send(f"{way}/correct", was="118", sure="yes", never="yes")[0] == 303
        assert "Nothing was printed with 118" in asked.workspace.files.history()[0].title
        assert not load(root)[0].places["hill"].contacts[0].former[0].is_printed
        # The previous site still dials it: it isn't published unasked. No address is stored with a password.
        page = root / "site/index.html"
        page.parent.mkdir()
        page.write_text('<a href="tel:118">', "utf-8")
        for path in (page, page.parent):
            os.utime(path, (1, 1))
        web = str(tmp_path / "web")
        status, _, said = asked.send("/publish", target=web, way="go")
        assert (status, "numbers that were withdrawn: 118." in said, 'name="sure" value="118"' in said) == (
            *(422, True, True),
        )
        assert asked.send("/publish/stick", folder=web, way="go")[0] == 422
        status, _, said = asked.send("/publish", target="ssh://maria:geheim@host/x", way="go")
        assert (status, "geheim" in said, (root / ".build/desk/targets.json").exists()) == (422, False, False)
        # Its correction becomes wrong, and goes, once the number is the contact's again.
        contact = campaign.places["hill"].contacts[0]
        kit = new_kit(contact, "118", "", date(2026, 11, 28))
        folder = root / "dist/corrections" / kit.folder
        folder.mkdir(parents=True)
        write_kit(folder, kit)
        assert kept_corrections(campaign)
        (root / "dist/corrections/hill-clinic").mkdir()
        assert 'corrections/hill-clinic">' in asked.ask(way)[2]
        text = asked.read(name)
        asked.write(name, text.replace('phone: "07700 900118"', 'phone: "118"', 1))
        assert not kept_corrections(load(root)[0])
        assert "118 is the right number again" in asked.ask(f"/corrections/{kit.folder}")[2]
        asked.write(name, text)
    line = (root / "docs/fil/index.md").read_text("utf-8").splitlines().index("118 ang tawagan.") + 1
    lines = [f"docs/fil/index.md:{at}" for at in (line, line + 4, line + 6)]
    assert list(typed_lines(campaign, "118")) == lines
    # A number with a source in its own sentence isn't one to call.
    (told,) = group_problems(check_unfinished(campaign), campaign).grouped
    assert [repeat.where for repeat in told.repeats] == lines[:2]
    assert (told.number["was"], told.number["name"]) == ("118", "Klinika ng Burol")
    until = told.number["date"]
    assert languages()["pt"].brief(told.repeats[0]) == f"118 era o número de Klinika ng Burol até {until}."


def test_a_number_that_differs_is_told_before_what_repeats_a_slip_of_the_source(tmp_path):
    root = copy_campaign(TINY, tmp_path / "campaign")
    boil, arabic = root / "docs/fil/boil.md", root / "docs/ar/safety.md"
    text = boil.read_text("utf-8")
    boil.write_text(text.replace("[^", "[^x-", 1) + "\n[x](nowhere.md)\n", "utf-8")
    arabic.write_text(arabic.read_text("utf-8") + "\nعام 2019\n", "utf-8")
    campaign, problems = load(root)
    long = Problem("sentences-long", "docs/ar/a.md", "Too long.", "")
    problems = unsilenced([long, *problems, *check_source(campaign), *check_words(campaign)], {})
    folded = group_problems(problems, campaign)
    notes = [item for item in folded.single if item.is_note]
    first = [note.where for note in notes[:2] if note.id == "translation-numbers"]
    assert first == ["docs/ar/boil.md", "docs/ar/safety.md"]
    assert [echoe.where for echoe in folded.grouped] == ["docs/fil/boil.md"]
    assert {repeat.id for repeat in folded.grouped[0].repeats} == {
        *("translation-sources", "translation-links", "translation-outdated"),
    }
    assert (folded.grouped[0].cause.where.partition(":")[0], folded.count(folded.grouped[0].cause)) == (
        *("docs/fil/boil.md", len(folded.grouped[0].repeats)),
    )
    assert len(folded.single) + len(folded.grouped[0].repeats) == len(problems)


def test_a_language_that_is_begun_says_where_to_begin_and_how_far_it_is(tmp_path):
    with desk(copy_campaign(TINY, tmp_path / "campaign")) as asked:
        assert asked.send("/translate/begin", code="tpi", name="Tok Pisin")[0] == 303
        first = re.search(r'<th scope="row"><a href="([^"]*)"', asked.ask("/translate/tpi")[2])[1]
        assert first.endswith("/translate/tpi/_strings.yml")
        campaign = load(asked.root)[0]
        rows = read_file(campaign, "tpi", "_strings.yml").rows
        save_translations(campaign, "tpi", "_strings.yml", {rows[0].unit.key: "Wanpela tok"}, "Ana")
        told = next(item for item in load(asked.root)[1] if item.id == "words-begun")
        whole = len(rows)
        assert told.message.startswith(f"The language `tpi` has 1 of its {whole} words")
        for code, language in languages().items():
            assert (f" {whole} " in language.localise(told), "[" in language.localise(told)) == (True, False), code


def test_a_page_whose_name_is_refused_gets_the_plain_one_in_every_language_with_its_links(tmp_path):
    root = copy_campaign(TINY, tmp_path / "campaign")
    odd = {code: root / f"docs/{code}/mga café.md" for code in ("fil", "ar")}
    for code, path in odd.items():
        path.write_bytes((root / f"docs/{code}/boil.md").read_bytes())
    safety = root / "docs/fil/safety.md"
    told = safety.read_text("utf-8")
    safety.write_text(f"{told}\n[a](mga%20café.md#x) [b](<mga café.md>) [c](boil.md)\n", "utf-8")
    before = safety.read_bytes()
    with desk(root) as asked:
        text = _checked(asked)
        assert text.count("Rename it to mga-cafe.md") == 2
        assert "Rename it to mga-cafe.md" in asked.ask("/texts/fil/mga café.md")[2]
        assert asked.send("/plain/boil.md")[0] == 404
        assert asked.send("/plain/mga café.md")[0] == 303
        assert not any(path.exists() for path in odd.values())
        assert (root / "docs/ar/mga-cafe.md").exists()
        assert "[a](mga-cafe.md#x) [b](mga-cafe.md) [c](boil.md)" in safety.read_text("utf-8")
        assert "Rename it to mga-cafe.md" not in _checked(asked)
        asked.undo()
        assert (odd["fil"].exists(), (root / "docs/ar/mga-cafe.md").exists()) == (True, False)
        assert safety.read_bytes() == before
        # An existing page with the plain name keeps it.
        (root / "docs/ar/mga-cafe.md").write_bytes(odd["ar"].read_bytes())
        asked.workspace._version += 1
        assert "Rename it" not in asked.ask("/texts/fil/mga café.md")[2]


def test_what_was_wrong_before_is_not_told_of_a_file_when_looking_again_came_to_nothing(tmp_path, monkeypatch):
    root = copy_campaign(TINY, tmp_path / "campaign")
    name = "assets/contacts/national.yml"
    right = (root / name).read_text("utf-8")
    (root / name).write_text(right.replace("07700 900112", "11Z", 1), "utf-8")
    with desk(root) as asked:
        _checked(asked)
        assert any("11Z" in item.message for item in asked.workspace.problems_of(name))
        previews = asked.workspace.page_previews
        check, tried = previews.check, []

        def ended(version: int):
            tried.append(version)
            previews.complaint = PROCESS_ENDED if len(tried) < 3 else ""
            return None if len(tried) < 3 else check(version)

        monkeypatch.setattr(previews, "check", ended)
        asked.write(name, right)

        def is_tried_twice() -> bool:
            assert not asked.workspace.problems_of(name)
            return len(tried) >= 2

        until(is_tried_twice)
        assert "11Z" not in _checked(asked)


def test_a_language_is_as_far_on_every_page_and_what_waits_for_a_review_is_found_by_its_own_title(tmp_path):
    root = copy_campaign(TINY, tmp_path / "campaign")
    settings = root / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("      places:", "      pieces_only: [ar]\n      places:", 1), "utf-8"
    )
    whole = 3  # two pages that only it has, and its interface words
    for path in (root / "docs/ar").rglob("*"):
        if path.name not in ("boil.md", "safety.md", "_strings.yml") and path.is_file():
            path.unlink()
    accept_file(root, root / "docs/ar/safety.md", "Ana", clock.now().date())
    with desk(root) as asked:
        expected = progress_of(load(root)[0], "ar")
        assert (expected.total, expected.existing, expected.reviewed) == (whole, whole, 1)
        row = next(
            splitline for splitline in run(root, "translate", "status").splitlines() if splitline.startswith(" ar")
        )
        assert re.fullmatch(rf" ar \S+ +{whole} +{whole} \(100 %\) +{expected.current} \(.*%\) +1 \(33 %\) *", row)
        text = asked.ask("/translate")[2]
        assert text.count(f"<td>{expected.current} of {whole} <") == text.count(f"<td>1 of {whole} <") == 1
        assert f'<td class="count">1 of {whole}</td>' in asked.ask("/")[2]
        listed = asked.ask("/translate/ar?" + urlencode({"words": "كيف تغلي", "state": "unreviewed"}))[2]
        assert "not reviewed: 1" in listed
        assert (listed.count("<td>"), '<bdi lang="ar">كيف تغلي الماء</bdi>' in listed) == (2, True)
        assert asked.ask("/translate/ar?state=reviewed")[2].count('<th scope="row">') == 1
        assert asked.ask("/translate/ar?state=x")[2].count('<th scope="row">') == whole


def test_a_table_that_a_spreadsheet_saved_in_its_own_letters_is_shown_before_it_is_taken(tmp_path):
    root = copy_campaign(TINY, tmp_path / "campaign")
    table, settings = "file;key;source;translation;sent\r\n", root / "mkdocs.yml"
    for name in ("boil.md", "safety.md"):
        row = next(row for row in read_file(load(root)[0], "ar", name).rows if not refusal(row.unit, "x"))
        table += f"{name};{row.unit.key};{row.unit.text};Ébullition <b>;{sent_hash(row.text)}\r\n"
    # The language no longer lists one of the pages.
    rewritten = settings.read_text("utf-8").replace("      places:", "      pieces_only: [ar]\n      places:", 1)
    settings.write_text(rewritten, "utf-8")
    (root / "docs/ar/safety.md").unlink()
    before = (root / "docs/ar/boil.md").read_text("utf-8")
    with desk(root) as asked:

        def take(data: bytes, **form: str) -> tuple[int, str, str]:
            parts = [("file", 'filename="ar.csv"', data), *((key, "", raw.encode()) for key, raw in form.items())]
            sent = b"".join(
                f'--x\r\nContent-Disposition: form-data; name="{key}"; {more}\r\n\r\n'.encode() + said + b"\r\n"
                for key, more, said in [*parts, ("token", "", asked.guard.token.encode())]
            )
            return asked.ask("/translate/ar/take", "POST", sent + b"--x--\r\n", "multipart/form-data; boundary=x")

        assert asked.send("/translate/ar/take", guessed="ar.csv", by="Ana")[0] == 303  # no conflict is pending
        status, _, text = take(table.encode("cp1252"), by="Ana")
        assert (status, "read as Windows-1252" in text, "Ébullition <b>" in text) == (200, True, True)
        assert (root / "docs/ar/boil.md").read_text("utf-8") == before
        assert "2 sentences imported" in asked.send("/translate/ar/take", guessed="ar.csv", by="Ana")[2]
        # What it changed goes, whatever else was written since.
        with (root / "docs/ar/index.md").open("a", encoding="utf-8") as other:
            other.write("\n")
        assert asked.undo()[0] == 303
        assert [*(root / "docs").glob("_open/**/*.json")] == []
        assert (root / "docs/ar/boil.md").read_text("utf-8") == before
        take(table.encode("cp1252"), by="Ana")
        assert asked.send("/translate/ar/take", guessed="ar.csv", by="Ana")[0] == 200
        # A file that isn't a table is refused on the page with the way back.
        status, _, text = take(b"%PDF-1.7", by="Ana")
        assert (status, 'role="alert"' in text, 'name="file"' in text) == (422, True, True)
    assert "Ébullition" in read_file(load(root)[0], "ar", "boil.md").rows[0].text


def test_a_contact_without_a_name_is_called_by_its_kind_and_place_and_nothing_is_fixed_before_it_is_saved(tmp_path):
    with desk(copy_campaign(TINY, tmp_path / "campaign")) as asked:
        way, form = "/contacts/hill/new", {"contacts.2.kind": "health", "contacts.2.phone": "07700 900990"}
        status, _, text = asked.send(way, version=asked.version(way), **form)
        assert (status, 'name="contacts.2.id" value=""' in text) == (422, True)
        form["contacts.2.source"] = "drama-numbers"
        status, to, _ = asked.send(way, version=asked.version(way), **form)
        assert (status, to.rpartition("/contacts/")[2].partition("?")[0]) == (303, "hill/health-hill")


def test_the_desk_shows_what_a_number_dials_and_asks_about_one_that_no_country_has(tmp_path):
    with desk(copy_campaign(TINY, tmp_path / "campaign")) as asked:
        way, form = "/contacts/hill/new", {"contacts.2.kind": "health", "contacts.2.source": "drama-numbers"}
        text = asked.send(way, version=asked.version(way), **form, **{"contacts.2.phone": "+999 123 4567"})
        assert (text[0], "begins with the code of no country" in text[2], "Dials +9991234567." in text[2]) == (
            422,
            True,
            True,
        )
        form["contacts.2.phone"] = "+44 (0)20 7946 0018 ext. 5"
        status, to, _ = asked.send(way, version=asked.version(way), **form)
        assert (status, "Dials +442079460018, 5." in asked.ask(to.partition(asked.guard.home)[2])[2]) == (303, True)
