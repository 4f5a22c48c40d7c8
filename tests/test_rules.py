"""Every message has an id, every id is explained, and notes can be silenced with a reason, everywhere alike."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import REPOSITORY, copy_campaign, run
from test_bad_input import append, edit

from campaign.checks.broken_text import mistakes
from campaign.cli.inspection import explain
from campaign.models.problem import CampaignError
from campaign.models.rules import load_rules
from campaign.pipeline import build
from campaign.pipeline.build import CampaignPlugin
from campaign.schema.declaration import declared_fields
from campaign.schema.kinds import KINDS

SOURCES = REPOSITORY / "scripts/campaign"
PARAMETER = "rule"


@cache
def trees() -> dict[Path, ast.Module]:
    paths = [path for path in SOURCES.rglob("*.py") if SOURCES / "models/rules" not in path.parents]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


NODES = (ast.Assign, ast.Call, ast.ClassDef, ast.Dict, ast.For, ast.FunctionDef, ast.Subscript)


@cache
def nodes(tree: ast.Module) -> list[ast.AST]:
    """The nodes that are looked at here."""
    return [node for node in ast.walk(tree) if isinstance(node, NODES)]


def makers() -> set[str]:
    """Functions whose first argument is a rule's id: `Problem`, and those that pass an id on to it."""
    results = {"Problem"}
    for tree in trees().values():
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef):
                inside = [item for item in node.body if isinstance(item, ast.AnnAssign | ast.FunctionDef)]
                first = inside[0] if inside else None
                if isinstance(first, ast.AnnAssign) and getattr(first.target, "id", "") == PARAMETER:
                    results.add(node.name)
                if isinstance(first, ast.FunctionDef) and first.name == "__init__" and takes_rule(first):
                    results.add(node.name)
            elif isinstance(node, ast.FunctionDef) and node.name != "__init__" and takes_rule(node):
                results.add(node.name)
    return results


def takes_rule(function: ast.FunctionDef) -> bool:
    """Whether its first parameter, after `self`, is `rule: str`: in CSS, rules are something else."""
    taken = [argument for argument in function.args.args if argument.arg != "self"][:1]
    return [(item.arg, getattr(item.annotation, "id", "")) for item in taken] == [(PARAMETER, "str")]


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def ids_made() -> Iterator[tuple[str, str]]:
    """(where, id or '' if it has none) of each place in the sources that creates a message."""
    known = makers()
    for path, tree in trees().items():
        name = path.relative_to(REPOSITORY).as_posix()
        for node in nodes(tree):
            where = f"{name}:{node.lineno}"
            if isinstance(node, ast.Call) and name_of(node.func) in known:
                yield from ((where, id) for id in ids_in(node.args[0] if node.args else None))
            elif isinstance(node, ast.Call) and name_of(node.func) == "partial" and name_of(node.args[0]) in known:
                yield from ((where, id) for id in ids_in(node.args[1]))
            elif isinstance(node, ast.Assign) and name_of(node.targets[0]) == PARAMETER:
                yield from ((where, id) for id in ids_in(node.value))
            elif isinstance(node, ast.Dict) and is_table(tree):
                yield from ((where, key.value) for key in node.keys if isinstance(key, ast.Constant))


def ids_in(node: ast.expr | None) -> list[str]:
    """Ids that an argument may be; none if it was passed in as `rule`, or read from a memo."""
    match node:
        case ast.Constant(value=str(id)):
            return [id]
        case ast.IfExp(body=body, orelse=orelse):
            return [*ids_in(body), *ids_in(orelse)]
        case ast.Starred() | ast.Name(id="rule") | ast.Attribute(attr="rule"):
            return []
    return [""]


@cache
def is_table(tree: ast.Module) -> bool:
    """Whether a module has a table by ids: it walks through one, or looks into one, by `rule`."""
    for node in nodes(tree):
        if isinstance(node, ast.For) and PARAMETER in {name_of(item) for item in ast.walk(node.target)}:
            return True
        if isinstance(node, ast.Subscript) and name_of(node.slice) == PARAMETER:
            return True
    return False


def test_every_message_has_an_id_with_a_row_and_every_row_a_message():
    results = [*ids_made(), *(("mistakes.toml", mistake.rule) for mistake in mistakes())]
    assert len(results) > 250
    assert not [(where, id) for where, id in results if id not in load_rules()]
    assert not set(load_rules()) - {id for _, id in results}


def test_every_row_has_all_its_parts():
    for rule in load_rules().values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
        assert re.fullmatch(r"[A-Z].*\.", rule.hint), rule.id
        assert rule.wrong.strip(), rule.id
        assert rule.right.strip(), rule.id
        assert rule.wrong != rule.right


def explained(*names: str) -> str:
    """What `campaign explain` prints."""
    done = CliRunner().invoke(explain, names)
    assert done.exit_code == 0
    return done.output


def test_explain_prints_every_row_and_every_kind_of_file():
    names = explained().split()
    for rule in load_rules().values():
        text = explained(rule.id)
        assert rule.id in names
        for part in (rule.hint, rule.wrong, rule.right, "note" if rule.is_note else "problem"):
            assert part in text
    for kind in KINDS.values():
        text = explained(kind.name)
        assert kind.name in names
        assert all(f"| `{key}` |" in text for key in declared_fields(kind.declaration))
    assert not set(load_rules()) & set(KINDS)


def test_explain_knows_what_was_meant(tmp_path):
    assert run(tmp_path, "explain", "(link-dead)") == run(tmp_path, "explain", "link-dead")
    assert "Did you mean `link-dead`?" in run(tmp_path, "explain", "links-dead", code=1)
    assert "Did you mean `contacts`?" in run(tmp_path, "explain", "contact", code=1)


REASON = "The Arabic page writes the number in words."
SILENCE = f'first_language: ar\n      silence: {{translation-numbers: "{REASON}"}}'


@pytest.fixture
def uneven(tiny, tmp_path):
    """A campaign with a note, on a number that its translation does not have."""
    root = copy_campaign(tiny, tmp_path / "uneven", is_warm=True)
    append(root, "docs/fil/boil.md", "\n4711\n")
    return root


def test_note_is_silenced_with_a_reason_in_every_command(uneven):
    note = r"^note docs/ar/boil.md The numbers differ.*\(translation-numbers\)$"
    assert re.search(note, run(uneven, "check"), re.MULTILINE)
    edit(uneven, "mkdocs.yml", "first_language: ar", SILENCE)
    for command in (("check",), ("build",)):
        output = run(uneven, *command)
        assert "translation-numbers" not in output
        assert "(mkdocs-warning)" not in output
        is_reported = re.search(r"^\d+ notes? (is|are) silenced in mkdocs.yml", output, re.MULTILINE)
        assert is_reported or command[0] == "leaflets"  # which compares no translation
    output = run(uneven, "check", "--all")
    assert re.search(rf"^silenced docs/ar/boil.md .*\(translation-numbers\) Silenced: {REASON}$", output, re.MULTILINE)


def test_note_is_silenced_in_one_file_and_shown_in_others(uneven):
    append(uneven, "docs/fil/get-help.md", "\n4712\n")
    in_one_file = SILENCE.replace("translation-numbers", "translation-numbers docs/ar/boil.md")
    edit(uneven, "mkdocs.yml", "first_language: ar", in_one_file)
    output = run(uneven, "check")
    assert "note docs/ar/get-help.md The numbers differ" in output
    assert "note docs/ar/boil.md The numbers differ" not in output
    assert "1 note is silenced in mkdocs.yml" in output


def test_file_of_a_silenced_note_must_exist(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "silence", is_warm=True)
    raw = 'silence: {"sentences-long docs/ar/gone.md": "The law is quoted."}'
    edit(root, "mkdocs.yml", "first_language: ar", f"first_language: ar\n      {raw}")
    output = run(root, "check")
    assert "`docs/ar/gone.md` doesn't exist, so `sentences-long` cannot be silenced in it." in output
    assert "(silence-no-file)" in output


def test_silenced_notes_stay_away_from_what_stops_a_site_that_is_shown(uneven):
    edit(uneven, "mkdocs.yml", "first_language: ar", SILENCE)
    append(uneven, "docs/fil/boil.md", "\n[a](missing.md)\n")
    append(uneven, "docs/fil/index.md", "\n[a](missing.md)\n")
    with pytest.raises(CampaignError) as refused:
        CampaignPlugin().prepare(uneven)
    text = str(refused.value)
    assert "(link-dead)" in text
    assert "(translation-links)" in text
    assert "(translation-numbers)" not in text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('{link-dead: "Later."}', "`link-dead` cannot be silenced: only notes can"),
        ('{translation-number: "x"}', "Did you mean `translation-numbers`?"),
        ('{sentences-long: ""}', "`sentences-long` is silenced without a reason."),
        ('{sentences-long: " "}', "`sentences-long` is silenced without a reason."),
        ("{sentences-long: [a]}", "`sentences-long` takes a text."),
        ("[sentences-long]", "`silence` takes `name: value` lines."),
    ],
)
def test_only_notes_are_silenced_and_only_with_a_reason(tiny, tmp_path, raw, text):
    root = copy_campaign(tiny, tmp_path / "silence")
    edit(root, "mkdocs.yml", "first_language: ar", f"first_language: ar\n      silence: {raw}")
    line = (root / "mkdocs.yml").read_text(encoding="utf-8").splitlines().index(f"      silence: {raw}") + 1
    problems = [problem for problem in build.read(root)[1] if problem.where == f"mkdocs.yml:{line}"]
    assert len(problems) == 1
    assert problems[0].stops
    assert text in str(problems[0])
