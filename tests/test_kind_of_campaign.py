"""`readers:`: an open campaign has nothing of a private one, in any output; a school forgets, but need not be left."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import threading
import zipfile
from html import unescape

import pytest
from conftest import IS_WHOLE, Quiet, run
from selectolax.lexbor import LexborHTMLParser

from campaign.content import load
from campaign.content.languages import FORGET_STRINGS, LEAVE_STRINGS
from campaign.pipeline import build
from campaign.pipeline.jobs import make_all
from campaign.pipeline.report import Selection

# In scripts and style sheets: leaving, forgetting, neutral pages, numbers under other names.
PRIVATE_CODE = re.compile(r"leav(?:e|ing)\b|forg[eo]t|neutral|gone\.txt|\b_n\b|[\"']w/|vcard", re.IGNORECASE)
HELP_WORDS = re.compile(r"\bHELP\b|Timor|Tetu[mn]|[Tt]raffick")


class Built(dict):
    """A new campaign of each kind, built at its first use."""

    def __init__(self, factory):
        self.factory = factory

    def __missing__(self, kind):
        folder = self.factory.mktemp(kind)
        run(folder, "new", "campaign", "--readers", kind)
        with pytest.MonkeyPatch.context() as patch:
            if not IS_WHOLE:  # tests of prints are long
                posters = Selection(kinds=frozenset({"poster", "preview", "picture"}))
                patch.setattr(build, "make_all", lambda campaign, _, *rest: make_all(campaign, posters, *rest))
            run(folder / "campaign", "build")
        self[kind] = folder / "campaign"
        return self[kind]


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory):
    return Built(tmp_path_factory)


def pattern_of(texts):
    return re.compile("|".join(rf"\b{re.escape(text)}\b" for text in sorted(texts)))


@pytest.fixture
def address(campaigns):
    """The open campaign's site on a server."""
    handler = functools.partial(Quiet, directory=campaigns["open"] / "site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def words_in(root):
    """What readers see or hear, by file: texts and labels of pages and copies, words of scripts, texts of PDFs."""
    found = {}
    for path in sorted([*root.glob("site/**/*"), *root.glob("dist/**/*")]):
        name = path.relative_to(root).as_posix()
        if path.suffix in (".html", ".htm"):
            tree = LexborHTMLParser(path.read_text("utf-8"))
            for script in tree.css("script, style"):
                script.decompose()
            labels = [value or "" for node in tree.css("*") for key, value in node.attributes.items() if key != "href"]
            found[name] = "\n".join([tree.html and tree.root.text(separator=" "), *labels])
        elif path.name in ("offline-copy.js", "listen.js"):
            found[name] = path.read_text("utf-8").split("\n", 1)[0]
        elif path.suffix == ".epub":
            with zipfile.ZipFile(path) as book:
                parts = (book.read(part).decode("utf-8", "ignore") for part in book.namelist())
                found[name] = unescape(re.sub("<[^>]+>", " ", "\n".join(parts)))
        elif path.suffix == ".pdf":
            found[name] = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        elif path.suffix in (".txt", ".json", ".xml") or path.name == "_headers":
            found[name] = path.read_text("utf-8")
    return found


def code_in(root):
    """Scripts and styles of pages and copies, by file, without the first line of a script file that has words."""
    for path in sorted([*root.glob("site/**/*"), *root.glob("dist/**/*")]):
        if path.suffix in (".html", ".htm"):
            tree = LexborHTMLParser(path.read_text("utf-8"))
            yield path, "\n".join(node.text() for node in tree.css("script, style"))
        elif path.suffix in (".js", ".css"):
            text = path.read_text("utf-8")
            yield path, text.partition("\n")[2] if text.startswith("var ") else text


def phrases(root, keys):
    """The words of a campaign's languages for these strings."""
    campaign, _ = load(root)
    return {language.strings[key] for language in campaign.languages.values() for key in keys}


@pytest.mark.long
def test_open_campaign_has_nothing_of_a_private_one_or_of_help(campaigns):
    texts = words_in(campaigns["open"])
    assert sum(name.endswith(".html") for name in texts) > 40
    assert sum(name.endswith(".pdf") for name in texts) > 20
    hidden = pattern_of(phrases(campaigns["open"], LEAVE_STRINGS | FORGET_STRINGS))
    faults = [(name, m[0]) for name, text in texts.items() for m in [hidden.search(text), HELP_WORDS.search(text)] if m]
    assert faults == []
    names = [path.relative_to(campaigns["open"]).as_posix() for path in campaigns["open"].glob("site/**/*")]
    assert [name for name in names if name.startswith("site/w") or "notes" in name or name.endswith("gone.txt")] == []


def test_open_campaign_has_no_code_for_private_ones(campaigns):
    code = dict(code_in(campaigns["open"]))
    assert {path.name for path in code} >= {"deferred.js", "sw.js", "later.css", "offline-copy.js", "listen.js"}
    assert [(path.name, match[0]) for path, text in code.items() if (match := PRIVATE_CODE.search(text))] == []
    share = next(text for path, text in code.items() if path.name == "deferred.js")
    assert "navigator.share({text:" in share


@pytest.mark.long
def test_code_of_private_campaigns_is_found(campaigns):
    """Otherwise the test above would find nothing anywhere."""
    found = {path.name for path, text in code_in(campaigns["private"]) if PRIVATE_CODE.search(text)}
    assert found >= {"deferred.js", "sw.js", "later.css", "offline-copy.js", "index.html"}
    share = next(text for path, text in code_in(campaigns["private"]) if path.name == "deferred.js")
    assert "navigator.share({title:" in share


@pytest.mark.long
def test_the_same_words_are_found_in_a_private_campaign(campaigns):
    """Otherwise the test above would find nothing anywhere."""
    root = campaigns["private"]
    texts = words_in(root)
    for key in ("leave-long", "about-leaving", "neutral-title", "forget", "forget-cannot", "save-leaves"):
        sought = phrases(root, [key])
        assert any(text in page for page in texts.values() for text in sought), key
    assert (root / "site/w/en.html").exists()
    assert (root / "dist/copies/notes-en.epub").exists()


@pytest.mark.long
def test_school_forgets_and_need_not_be_left(campaigns):
    texts = words_in(campaigns["school"])
    left = pattern_of(phrases(campaigns["school"], LEAVE_STRINGS))
    assert [(name, left.search(text)[0]) for name, text in texts.items() if left.search(text)] == []
    assert "Forget this site" in texts["site/en/index.html"]
    assert "no-store" in texts["site/_headers"]
    assert "no-store" not in words_in(campaigns["open"])["site/_headers"]


@pytest.mark.parametrize(
    ("kind", "copy", "title", "answer"),
    [
        ("open", "clean-hands", "Clean hands", "How do I wash my hands well? – Clean hands"),
        pytest.param("private", "notes", "Notes", "Clean hands", marks=pytest.mark.long),
    ],
)
def test_copies_and_answers_are_named_after_their_subject_if_nobody_is_watched(campaigns, kind, copy, title, answer):
    def title_of(name):
        return LexborHTMLParser((campaigns[kind] / name).read_text("utf-8")).css_first("title").text()

    assert title_of(f"dist/copies/{copy}-en.html") == title
    assert title_of("site/en/answers/clean-hands.html") == answer


def test_open_campaign_is_saved_and_read_offline(address, browser):
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: answer.status >= 400 and faults.append(answer.url))
    page.goto(f"{address}en/safety.html")
    page.click(".offline-copy button")
    page.wait_for_selector(".offline-copy-state:has-text('Saved on')")
    context.set_offline(True)
    page.goto(f"{address}en/get-help.html")
    assert page.title() == "Get help – Clean hands"
    assert faults == []
    context.close()


def test_forgetting_where_nothing_is_forgotten_is_refused(campaigns):
    page = campaigns["open"] / "docs/en/about.md"
    text = page.read_text("utf-8")
    try:
        page.write_text(f"{text}\n{{{{ forgetting }}}}\n", "utf-8")
        assert "readers: school" in run(campaigns["open"], "check", code=1)
    finally:
        page.write_text(text, "utf-8")


def test_language_needs_no_words_for_what_its_pages_do_not_have(campaigns):
    """A language whose words don't ship is asked for those of its kind of campaign only."""
    root = campaigns["open"]
    file = root / "mkdocs.yml"
    before = file.read_text("utf-8")
    strings = root / "docs/xog/_strings.yml"
    strings.parent.mkdir()
    source = set(load(root)[0].source_language.strings)
    lines = [f'{key}: "x"' for key in sorted(source - LEAVE_STRINGS - FORGET_STRINGS)]
    try:
        file.write_text(
            before.replace("- {locale: pt", "- {locale: xog, name: Lusoga}\n        - {locale: pt"), "utf-8"
        )
        strings.write_text("\n".join(lines), "utf-8")
        fallbacks = [str(problem) for problem in load(root)[1] if problem.id == "words-fallback"]
        assert [text for text in fallbacks if "leave" in text or "forg" in text] == []
    finally:
        file.write_text(before, "utf-8")
        strings.unlink()
        strings.parent.rmdir()


@pytest.mark.parametrize(("code", "name"), [("am", "አማርኛ"), ("pt", "Português"), ("ka", "ქართული")])
def test_new_campaign_is_in_the_language_that_you_write_in(tmp_path, code, name):
    run(tmp_path, "new", "own", "--readers", "open", "--source", code, "--name", name)
    campaign, problems = load(tmp_path / "own")
    assert [problem for problem in problems if not problem.is_note] == []
    assert [(each.code, each.name, each.is_source) for each in campaign.languages.values()] == [(code, name, True)]
    assert campaign.first_language.code == code
    assert all(page.translation is None for page in campaign.pages.values())
    # Only languages that ship have short files; the others start with the English words.
    lines = (tmp_path / f"own/docs/{code}/_strings.yml").read_text("utf-8").count(': "')
    assert (lines == 3) is (code != "ka")
    assert "docs/en" not in (tmp_path / "own/README.md").read_text("utf-8")


def test_source_language_needs_a_code_and_a_plain_name(tmp_path):
    output = run(tmp_path, "new", "own", "--source", "ka", code=1)
    assert "The language `ka` needs a plain name. Add what the language calls itself" in output
    assert "is no code of a language" in run(tmp_path, "new", "own", "--source", "../x", "--name", "X", code=1)
    assert "needs a plain name" in run(tmp_path, "new", "own", "--source", "ka", "--name", "a: {b}", code=1)
    assert not (tmp_path / "own").exists()
