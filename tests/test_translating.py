"""Translators outside: what goes to them and comes back, sentence by sentence, without a byte changed by accident."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path

import polib
import pytest
from conftest import HERE, IS_WHOLE, REPOSITORY, copy_campaign, run
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree
from translate.storage.xliff2 import Xliff2File

from campaign.content import load
from campaign.content.pseudo_language import pseudo_page, pseudo_text
from campaign.content.translating import paths_of, progress_of, read_file
from campaign.content.units import read_units, refusal, with_translations
from campaign.exchange.sending import take_file, write_file
from campaign.exchange.translation_file import ImportResult, entries
from campaign.models.problem import CampaignError
from campaign.pipeline.reading import read
from campaign.plan.outputs import catalogue

KINDS = {"po": "po", "xliff": "xlf", "docx": "docx", "csv": "csv"}


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a campaign, without those that builds keep."""
    results = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in results.items() if not name.startswith(".build/")}


def sent(root: Path, language: str, kind: str, target: Path, **options) -> Path:
    file = target / f"{language}.{KINDS[kind]}"
    campaign, _ = load(root)
    write_file(campaign, language, kind, file, options.get("is_core", False), options.get("is_back", False), ())
    return file


def taken(root: Path, file: Path, language: str = "", by: str = "Ana"):
    return take_file(load(root)[0], file, language, by)


@pytest.fixture
def tiny_folder(tmp_path):
    """The tiny campaign, whose source says something else than it was translated from: one sentence, and a new one."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    run(root, "translate", "keep")
    page = root / "docs/fil/boil.md"
    text = page.read_text("utf-8")
    units = [unit for unit in read_units(text.encode()).units if unit.kind == "paragraph"]
    changed = text.replace(units[0].text, f"{units[0].text} Agad.")
    assert changed != text
    page.write_text(f"{changed}\nBagong pangungusap.\n", "utf-8")
    return root


@pytest.mark.long
def test_nothing_changes_where_nothing_was_translated(tmp_path):
    """Every page and word of HELP and of both test campaigns, there and back in every kind of file."""
    some = None if IS_WHOLE else {"help": ["tet"], "tiny": ["ar"], "full": ["ckb"]}
    for name, source in (("help", REPOSITORY), ("tiny", HERE / "campaigns/tiny"), ("full", HERE / "campaigns/full")):
        root = tmp_path / name
        shutil.copytree(source / "docs", root / "docs")
        shutil.copyfile(source / "mkdocs.yml", root / "mkdocs.yml")
        shutil.copytree(source / "assets", root / "assets", ignore=shutil.ignore_patterns("fonts", "*.jpg", "*.svg"))
        campaign, _ = load(root)
        before = tree(root / "docs")
        codes = [code for code in campaign.languages if code != campaign.source_language.code]
        for language in codes if some is None else [code for code in codes if code in some[name]]:
            # HELP in one kind of file is most of what this costs.
            for kind in KINDS if IS_WHOLE or name != "help" else ("xliff",):
                file = sent(root, language, kind, tmp_path)
                result = taken(root, file, language)
                assert result.unchanged
                assert result == ImportResult(unchanged=result.unchanged), (language, kind)
        assert tree(root / "docs") == before


def test_a_translator_sees_old_new_and_mine_and_the_page_changes_once_it_is_whole(tiny_folder, tmp_path):
    root = tiny_folder
    before, current = tree(root / "docs/ar"), progress_of(load(root)[0], "ar").current
    output = run(root, "translate", "diff", "ar")
    assert "Agad." in output
    assert output.count("docs/ar/boil.md") == 2
    file = sent(root, "ar", "po", tmp_path)
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", str(file)], check=True)
    po = polib.pofile(str(file))
    po[:] = [item for item in po if item.msgctxt.startswith("boil.md#")]
    fuzzy = [item for item in po if item.fuzzy]
    assert len(fuzzy) == 1
    assert "Agad." in fuzzy[0].msgid
    assert "Agad." not in fuzzy[0].previous_msgid
    new = next(item for item in po if not item.msgstr)
    assert new.msgid == "Bagong pangungusap."

    new.msgstr = "جملة جديدة."
    po.save(str(file))
    assert taken(root, file).changed == {"boil.md": 1}
    assert tree(root / "docs/ar") == before, "half a page changed"
    fuzzy[0].flags.remove("fuzzy")
    po.save(str(file))
    result = taken(root, file, by="Layla")
    assert result.finished == ["docs/ar/boil.md"]
    now = (root / "docs/ar/boil.md").read_text("utf-8")
    old = before["boil.md"].decode()
    assert now.rstrip().endswith("جملة جديدة.")
    changed = [line for line in now.splitlines() if line not in old.splitlines()]
    assert len(changed) == 2, "more than the stamp and the new sentence"
    assert 'by: "machine, Ana, Layla"' in changed[0], "a machine made the rest of it"
    assert not list((root / "docs/_open").rglob("*.json"))
    assert "docs/ar/boil.md" not in run(root, "translate", "diff", "ar")
    assert progress_of(load(root)[0], "ar").current == current + 1, "an outdated page counted as current"


def test_corrected_entries_that_are_still_fuzzy_are_named_and_taken_on_request(tiny_folder, tmp_path):
    file = sent(tiny_folder, "ar", "po", tmp_path)
    po = polib.pofile(str(file))
    (fuzzy,) = (item for item in po if item.fuzzy)
    untouched = sum(bool(item.msgstr) for item in po) - 1
    untranslated = sum(not item.msgstr for item in po)
    fuzzy.msgstr = "جملة مصححة.[^cdc-safe-water]"
    po.append(polib.POEntry(msgid="Of another program", msgstr="غيره"))
    po.save(str(file))
    before = tree(tiny_folder / "docs")
    output = run(tiny_folder, "translate", "take", str(file), code=1)
    assert "not taken, marked as unfinished: boil.md" in output
    counts = f"0 taken, {untouched} unchanged, 1 marked as unfinished, {untranslated} without a translation"
    assert f"{counts}, 1 of no file of this campaign." in output
    assert "--unfinished" in output
    assert tree(tiny_folder / "docs") == before
    assert "1 taken" in run(tiny_folder, "translate", "take", str(file), "--unfinished", code=None)
    (row,) = (
        row for row in read_file(load(tiny_folder)[0], "ar", "boil.md").rows if row.text.startswith("جملة مصححة.")
    )
    assert not row.is_open


@pytest.mark.parametrize("kind", ["po", "xliff", "docx", "csv"])
def test_every_format_counts_each_text_that_it_held(tiny_folder, tmp_path, kind):
    file = sent(tiny_folder, "ar", kind, tmp_path)
    texts = len(entries(load(tiny_folder)[0], "ar"))
    output = run(tiny_folder, "translate", "take", str(file), "--language", "ar", code=None)
    counts = re.findall(r"(\d+) (?:taken|unchanged|marked|translated|refused|without|of no|with a)", output)
    assert sum(map(int, counts)) == texts


def test_two_files_of_one_page_merge_or_say_where_they_differ(tiny_folder, tmp_path):
    root = tiny_folder
    first, second = sent(root, "ar", "csv", tmp_path), tmp_path / "second-ar.csv"
    shutil.copyfile(first, second)
    rows = read_file(load(root)[0], "ar", "boil.md").rows
    one, other, both = [row.now for row in rows if row.now and row.state == "done" and not refusal(row.unit, "x")][-3:]

    def edit(file, *pairs):
        text = file.read_text("utf-8-sig")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, "utf-8-sig")

    edit(first, (one, "واحد"), (both, "هنا"))
    edit(second, (other, "اثنان"), (both, "هناك"))
    taken(root, first)
    result = taken(root, second, by="Omar")
    assert [(conflict.stands, conflict.came) for conflict in result.conflicts] == [("هنا", "هناك")]
    texts = [row.text for row in read_file(load(root)[0], "ar", "boil.md").rows]
    assert {"واحد", "اثنان", "هنا"} <= set(texts)
    assert one not in texts


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_brings_a_sentence_home(tiny_folder, tmp_path, kind):
    """A new sentence and a corrected one arrive; the outdated one, which comes back as it went out, stays open."""
    root, word, correction, gone = tiny_folder, "جملة جديدة", "تصحيح الجملة", "ليست هنا"
    file = sent(root, "ar", kind, tmp_path, is_back=kind in ("docx", "csv"))
    rows = read_file(load(root)[0], "ar", "boil.md").rows
    [outdated] = [row for row in rows if row.state == "changed"]
    old, other = [row for row in rows if row.state == "done" and not refusal(row.unit, "x")][-2:]
    if kind == "po":
        po = polib.pofile(str(file))
        next(item for item in po if item.msgid == "Bagong pangungusap.").msgstr = word
        next(item for item in po if item.msgid == old.unit.text).msgstr = correction
        # A translator's program keeps what a newer file no longer has.
        obsolete = next(item for item in po if item.msgid == other.unit.text)
        obsolete.msgstr, obsolete.obsolete = gone, True
        po.save(str(file))
    elif kind == "xliff":
        read = Xliff2File.parsefile(str(file))
        units = [unit for unit in read.units if not unit.isheader()]
        next(unit for unit in units if unit.source == "Bagong pangungusap.").target = word
        read.savefile(str(file))
        # A translator's program splits a text into sentences.
        tree_read = etree.parse(file)
        [segment] = [item.getparent() for item in tree_read.iter("{*}source") if item.text == old.unit.text]
        second = deepcopy(segment)
        segment.addnext(second)
        for part, text in zip((segment, second), correction.split(), strict=True):
            part.find("{*}target").text = text
        tree_read.write(file, encoding="UTF-8", xml_declaration=True)
    elif kind == "docx":
        document = Document(str(file))
        cells = {row.cells[1].text: row.cells for table in document.tables for row in table.rows}
        cells[old.unit.text][2].text = correction
        # As a word processor writes it while changes are tracked: something struck out, put in and moved.
        paragraph = cells["Bagong pangungusap."][2].paragraphs[0]._p
        for tag, kind_of_text, text in (
            ("w:del", "w:delText", gone),
            ("w:moveFrom", "w:t", "جديدة"),
            ("w:ins", "w:t", "جملة "),
            ("w:moveTo", "w:t", "جديدة"),
        ):
            change, run_of_it, said = (OxmlElement(item) for item in (tag, "w:r", kind_of_text))
            change.set(qn("w:id"), "1")
            said.text = text
            run_of_it.append(said)
            change.append(run_of_it)
            paragraph.append(change)
        document.save(str(file))
    else:
        head, *lines = csv.reader(file.read_text("utf-8-sig").splitlines())
        source, translation = head.index("source"), head.index("translation")
        edits = {"Bagong pangungusap.": word, old.unit.text: correction}
        for line in lines:
            line[translation] = edits.get(line[source], line[translation])
        with file.open("w", encoding="utf-8-sig", newline="") as saved:  # as a spreadsheet in Portuguese saves it
            csv.writer(saved, delimiter=";").writerows([head, *lines])
    result = taken(root, file, "ar")
    assert (result.changed, result.conflicts) == ({"boil.md": 2}, [])
    now = read_file(load(root)[0], "ar", "boil.md")
    drafts = {row.unit.text: row.draft for row in now.rows if row.draft}
    assert drafts == {"Bagong pangungusap.": word, old.unit.text: correction}
    assert [row.unit for row in now.open_rows] == [outdated.unit]


@pytest.mark.parametrize("kind", ["po", "xliff", "docx"])
def test_file_in_one_language_is_not_taken_for_another(tiny_folder, tmp_path, kind):
    file, before = sent(tiny_folder, "km", kind, tmp_path), tree(tiny_folder)
    with pytest.raises(CampaignError, match=r"into `km`, not into `ar`"):
        taken(tiny_folder, file, "ar")
    assert tree(tiny_folder) == before


def test_sentences_keep_their_translations_while_others_come_and_go(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    run(root, "translate", "keep")
    before = {row.unit.text: row.now for row in read_file(load(root)[0], "ar", "boil.md").rows}
    page = root / "docs/fil/boil.md"
    text = page.read_text("utf-8").replace("{.lead}", "Bagong pangungusap.\n\n{.lead}")
    [going] = [line for line in text.splitlines() if line.startswith("- Itago")]
    page.write_text(text.replace(f"{going}\n", ""), "utf-8")
    rows = read_file(load(root)[0], "ar", "boil.md").rows
    assert {row.unit.text: row.now for row in rows if row.state == "done"} == {
        source: translation for source, translation in before.items() if source != going.removeprefix("- ")
    }
    assert [row.unit.text for row in rows if row.state != "done"] == ["Bagong pangungusap."]


def test_a_new_language_grows_from_one_command_to_whole_pages(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    assert "docs/fr/_strings.yml" in run(root, "translate", "start", "fr", "--name", "Français")
    assert "name-taken" in run(root, "translate", "start", "fr", "--name", "Français", code=1)
    assert "{locale: km, name: ភាសាខ្មែរ}\n        - {locale: fr, name: Français}\n" in (root / "mkdocs.yml").read_text()
    # All else can be built meanwhile; a release names it.
    told = {problem.id: problem for problem in load(root)[1] if problem.where.startswith("docs/fr/_strings.yml")}
    assert [*told] == ["words-begun"]
    assert not told["words-begun"].stops
    # Filipino under the name of French helps no reader: it is in no list, menu or print until then.
    left_out = read(root)[0]
    assert "fr" not in left_out.languages
    assert not [output.path for output in catalogue(left_out) if output.language == "fr"]
    run(root, "translate", "send", "fr", "--to", "po", "--core")
    po = polib.pofile(str(root / "translate-fr-core.po"))
    assert po[0].msgctxt.startswith("_strings.yml#"), "without its words no page can be shown"
    for item in po:
        item.msgstr = item.msgid if re.search(r"[{\[:]", item.msgid) else item.msgid.replace("a", "à")
    po.save(str(root / "translate-fr-core.po"))
    said = run(root, "translate", "take", "translate-fr-core.po", "--by", "Marie Dupont", code=None)
    assert "docs/fr/boil.md is complete." in said
    assert "fr" in read(root)[0].languages
    page = (root / "docs/fr/boil.md").read_text("utf-8")
    assert 'by: "Marie Dupont", reviewed: no' in page
    wrong = [line for line in run(root, "check", code=None).splitlines() if line.startswith("problem docs/fr")]
    assert not wrong, "\n".join(wrong)


HOSTILE = [
    ("cell", "a", "b | c", "has a | in a table cell"),
    ("paragraph", "Call {number}.", "Ring.", "different placeholders"),
    ("item", "Law.[^law]", "Ley.", "different notes"),
    ("item", ":phone: Call", "Llama", "different pictograms"),
    ("item", "[Here](a.md)", "[Aquí](javascript:x)", "different links"),
    ("paragraph", "![A pot](pot.png) here", "![Una olla](fire.png) aquí", "different pictures"),
    ("paragraph", "Stay.", "# Out", "something other than a sentence"),
    ("paragraph", "Stay.", "- Out", "something other than a sentence"),
    ("paragraph", "Stay.", "{{ contacts }}", "something other than a sentence"),
    ("paragraph", "Stay.", "a\u202eb", "invisible character"),
    ("paragraph", "Stay.", "   ", "has no words"),
]


def test_what_would_break_a_page_is_refused(tmp_path):
    from campaign.content.units import Unit

    for kind, source, text, why in HOSTILE:
        assert why in refusal(Unit("0", source, kind, start=0, end=1), text), text
    assert refusal(Unit("0", "Law [^law] :phone: [x](a.md)", "item", start=0), ":phone: [ley](a.md) [^law]") == ""
    page = read_units(b"---\ntitle: A\n---\n\nOne.\n\n- Two\n")
    odd = with_translations(page, {unit.key: "x: # y" for unit in page.units})
    assert read_units(odd).front["title"] == "x: # y"
    # Of two equal texts each has its own translation.
    twice = read_units(b"- Yes\n- No\n- Yes\n")
    written = with_translations(twice, {unit.key: f"{unit.text} {at}" for at, unit in enumerate(twice.units)})
    assert written == b"- Yes 0\n- No 1\n- Yes 2\n"

    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    bomb = tmp_path / "ar.xlf"
    bomb.write_text(
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="fil" trgLang="ar">&a;</xliff>'
    )
    for name, data in (
        *(
            ("ar.po", b"\xff\xfe\0"),
            ("ar.po", b'msgid "x\n'),
            ("ar.docx", b"PK\x03\x04nonsense"),
            ("ar.csv", b"a;b\n1;2"),
        ),
        *(("ar.xlf", bomb.read_bytes()), ("ar.xlf", b"<xliff"), ("ar.txt", b"x"), ("ar.csv", b"\xff")),
    ):
        (tmp_path / name).write_bytes(data)
        output = run(root, "translate", "take", str(tmp_path / name), "--language", "ar", code=1)
        assert "translation-file" in output, name
        assert "root:" not in output
    where = "../../mkdocs.yml"
    (tmp_path / "ar.csv").write_text(f"file,key,translation\n{where},0123456789,x\n/etc/passwd,0123456789,x\n")
    before = tree(root)
    output = run(root, "translate", "take", str(tmp_path / "ar.csv"), "--language", "ar", code=1)
    assert "is no file of this campaign" in output
    assert tree(root) == before


def test_a_page_s_own_shape_stays_where_a_language_has_another(tiny_folder):
    """Sentences that can't be matched are shown side by side, and marked as unsure."""
    root = tiny_folder
    page = root / "docs/ar/boil.md"
    page.write_text(page.read_text("utf-8").rstrip() + "\n\nفقرة أخرى.\n", "utf-8")
    rows = read_file(load(root)[0], "ar", "boil.md").rows
    assert {row.state for row in rows} <= {"unsure", "missing"}
    assert paths_of(load(root)[0], "ar")[0] == "index.md"


def test_files_that_never_recorded_their_source_are_named_once_and_not_called_outdated(tiny_folder):
    root = tiny_folder
    for path in [*(root / "docs/ar").rglob("*.md"), *(root / "docs/ar").glob("_*.yml")]:
        text = re.sub(r"source: [0-9a-f]{12},? *", "", path.read_text("utf-8"))
        path.write_text(text, "utf-8")
    notes = [
        item for item in json.loads(run(root, "check", "--json"))["problems"] if item["file"].startswith("docs/ar")
    ]
    assert [item["id"] for item in notes if item["id"] == "translation-outdated"] == []
    (note,) = [item for item in notes if item["id"] == "translation-unstamped"]
    assert "_strings.yml" in note["fix"]
    command = note["fix"].partition("`campaign ")[2].partition("`")[0].split()
    files = [str(path.relative_to(root)) for name in command[2:] for path in root.glob(name)]
    run(root, *command[:2], *files)
    assert "translation-unstamped" not in run(root, "check", "--json")


@pytest.mark.long
def test_in_a_language_that_nobody_speaks_every_text_is_longer_and_keeps_its_marks(tmp_path):
    for path in [*(HERE / "campaigns").glob("*/docs/*/**/*.md"), *(REPOSITORY / "docs/en/leaflets").glob("*.md")]:
        page = read_units(path.read_bytes())
        for unit in page.units:
            text = pseudo_text(unit.text)
            assert not refusal(unit, text), (path, text)
            assert len(text) >= 1.35 * len(unit.text.split("](")[0]) or "{" in text or "[^" in text, text
        assert [unit.kind for unit in read_units(pseudo_page(path.read_text("utf-8")).encode()).units] == [
            unit.kind for unit in page.units
        ]
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    before = tree(root)
    assert "pieces set in longer words" in run(root, "translate", "pseudo", "--pictures", str(tmp_path / "burst"))
    run(root, "translate", "pseudo", "--pictures", str(root / "site"), code=2)
    assert tree(root) == before


# Of a component, as Weblate documents them: docs.weblate.org/en/latest/api.html and its weblate-component.schema.json.
OF_A_COMPONENT = {
    *("name", "slug", "vcs", "repo", "push", "repoweb", "branch", "push_branch", "filemask", "template"),
    *("edit_template", "intermediate", "new_base", "file_format", "source_language", "new_lang", "check_flags"),
    *("license", "agreement", "manage_units", "merge_style", "language_regex", "language_code_style", "priority"),
}


def test_weblate_gets_a_component_and_what_was_done_there_is_not_overwritten(tiny_folder):
    root = tiny_folder
    run(root, "translate", "weblate", "--repo", "https://git.example/water.git")
    (component,) = json.loads((root / "weblate/component.json").read_text("utf-8"))
    assert component.keys() <= OF_A_COMPONENT
    assert (component["source_language"], component["file_format"]) == ("fil", "po")
    assert component["new_lang"] in ("contact", "url", "add", "none")
    assert {path.name for path in root.glob(component["filemask"])} == {"ar.po", "km.po"}
    for name in (component["new_base"], "weblate/ar.po"):
        subprocess.run(["msgfmt", "-c", "-o", "/dev/null", str(root / name)], check=True)
    template = polib.pofile(str(root / component["new_base"]))
    assert not [item for item in template if item.msgstr]
    po = polib.pofile(str(root / "weblate/ar.po"))
    new = next(item for item in po if item.msgid == "Bagong pangungusap.")
    assert {item.msgctxt for item in po} <= {item.msgctxt for item in template}
    new.msgstr = "جملة جديدة."
    po.save()
    output = run(root, "translate", "weblate", "--repo", "https://git.example/water.git", code=1)
    assert "1 translations that were made in Weblate would be lost" in output
    run(root, "translate", "take", str(root / "weblate/ar.po"))
    run(root, "translate", "weblate", "--repo", "https://git.example/water.git")
    assert "جملة جديدة." in (root / "weblate/ar.po").read_text("utf-8")
