"""The rules of the house that no library holds."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator

import draw_rooms
import yaml
from conftest import REPOSITORY

from campaign.content.formats import shipped_formats
from campaign.desk.words import languages as desk_words
from campaign.models.optional_parts import PARTS
from campaign.models.systems import FIRST_PYTHON, LAST_PYTHON, PYTHONS
from campaign.schema.interface_words import SKELETON, needed_strings

CODE = [*(REPOSITORY / "scripts").rglob("*.py"), *(REPOSITORY / "overrides").rglob("*.html")]
SHARED_FILES = [
    path
    for folder in ("scripts", "overrides")
    for path in (REPOSITORY / folder).rglob("*")
    if path.is_file() and "node_modules" not in path.parts
]


def test_code_knows_no_campaign_country_or_language():
    campaign = re.compile(r"\b(HELP|Timor|Tetum|Tetun|tet|Alola|IOM|Dili|traffick\w*)\b")
    for path in SHARED_FILES:
        if path.suffix in (".py", ".html", ".css", ".js", ".typ") and path.name != "tet.html":
            result = campaign.search(path.read_text(encoding="utf-8"))
            assert not result, f"{path.relative_to(REPOSITORY)}: {result.group()}"


def test_no_test_fails_because_the_machine_is_busy():
    argument = r"(?:timeout|seconds)=(?:[1-9]|[1-9]\d|1[01]\d|[1-9]\d?_\d{3})\b"
    short = re.compile(argument + r"|\.(?:wait|result|join)\((?:\d|\d\d)\)")
    for path in (REPOSITORY / "tests").rglob("*.py"):
        if "benchmarks" not in path.parts and path.name != "fuzz.py":
            result = short.search(path.read_text(encoding="utf-8"))
            assert not result, f"{path.relative_to(REPOSITORY)}: wait up to MAX_WAIT_S instead of {result.group()!r}"


def test_no_test_decides_by_a_wait_in_the_browser():
    """A loop may poll. To show that nothing happens, advance the page's clock: `page.clock`."""
    fixed = re.compile(r"wait_for_timeout\((?!(?:20|50|100)\))|new Promise\((\w+) => setTimeout\(\1, \d{2}")
    for path in (REPOSITORY / "tests").rglob("*.py"):
        result = fixed.search(path.read_text(encoding="utf-8"))
        assert not result, f"{path.relative_to(REPOSITORY)}: wait for an event instead of a fixed time"


def test_no_test_takes_the_page_before_a_click_for_the_one_after():
    """After a click, `wait_for_load_state` returns at once if the next page hasn't begun to load."""
    hasty = re.compile(r"\.click\(.*\)\n *\w+\.wait_for_load_state\(")
    for path in (REPOSITORY / "tests").rglob("*.py"):
        result = hasty.search(path.read_text(encoding="utf-8"))
        assert not result, f"{path.relative_to(REPOSITORY)}: use `with page.expect_navigation():`"


def test_what_is_sampled_runs_whole_in_make_test_long():
    """Two files that sample were not among them for weeks."""
    listed = re.search(
        r"^IN_PART := \$\(addprefix tests/(\w+),(.*)\)$", (REPOSITORY / "Makefile").read_text("utf-8"), re.M
    )
    sampling = [path.name for path in (REPOSITORY / "tests").glob("test_*.py") if "IS_WHOLE" in path.read_text("utf-8")]
    assert listed
    assert {*sampling} - {f"{listed[1]}{name}" for name in listed[2].split()} <= {"test_house.py"}


def test_skeleton_holds_no_work_folder():
    """It would be part of the program, and of every new campaign."""
    assert not (SKELETON / ".build").exists(), "Delete it, and let the test that made it work on a copy."


def test_every_word_that_code_asks_for_is_in_the_skeleton():
    asked = r"""(?:{names})(?:\[|\.get\()["']([a-z-]+)["']"""
    attribute = re.compile(r"strings\.(?!get|items|keys|values)([a-z]+)")
    # The desk has its own words; in its templates `w` is short for them, and `say` puts something in.
    of_desk = re.compile(r"""\b(?:w\[|w\.get\(|say\(|words\[)["']([a-z-]+)["'][\],)]""")
    desk = REPOSITORY / "scripts/campaign/desk"
    for path in (*CODE, *desk.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        is_desk = path.is_relative_to(desk)
        for name in of_desk.findall(text) if is_desk else ():
            assert name in desk_words()["en"], f"{path.name} asks for `{name}`"
        result = re.findall(asked.format(names="strings" if is_desk else "words|strings"), text)
        for name in result + (attribute.findall(text) if path.suffix == ".html" and not is_desk else []):
            assert name in needed_strings(), f"{path.name} asks for `{name}`"


def test_words_of_the_skeleton_are_explained_and_used_by_the_first_campaign():
    text = (SKELETON / "docs/en/_strings.yml").read_text(encoding="utf-8")
    first = (REPOSITORY / "docs/en/_strings.yml").read_text(encoding="utf-8")
    # Groups of answers, audiences, needs and packs are each campaign's own.
    keys = r"^(?!answers-|audience-|need-|pack-for-)[a-z-]+:"
    assert re.findall(keys, first, re.MULTILINE) == re.findall(keys, text, re.MULTILINE)
    for key in needed_strings():
        if not key.startswith(("kind-", "does-", "format-")):
            assert re.search(rf"^#.*\n{key}:", text, re.MULTILINE), f"`{key}` has no comment above it"


def test_parts_that_few_need_are_named_as_pip_finds_them():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {part: [requirement] for part, (requirement, *_) in PARTS.items()}
    fonts = {part: names for part, names in project["optional-dependencies"].items() if names[0].startswith("fontpkg-")}
    assert named | fonts == project["optional-dependencies"]


def test_versions_of_python_and_of_the_package_are_the_same_everywhere():
    def text(name: str) -> str:
        return (REPOSITORY / name).read_text(encoding="utf-8")

    project = tomllib.loads(text("pyproject.toml"))["project"]
    minors = range(FIRST_PYTHON[1], LAST_PYTHON[1] + 1)
    assert tuple(f"3.{minor}" for minor in minors) == PYTHONS
    assert project["requires-python"] == f">={PYTHONS[0]},<3.{minors[-1] + 1}"
    classified = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    assert tuple(classified) == PYTHONS
    workflow = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]
    assert tuple(workflow["tests"]["strategy"]["matrix"]["python"]) == PYTHONS
    assert set(workflow["systems"]["strategy"]["matrix"]["python"]) == {PYTHONS[0], PYTHONS[-1]}
    assert f"{FIRST_PYTHON} <= sys.version_info[:2] <= {LAST_PYTHON}" in text("Makefile")
    said = f"Python {PYTHONS[0]} to {PYTHONS[-1]}"
    for name in ("Makefile", "README.md", "guide/docs/how-to/install.md", "guide/docs/contribute/index.md"):
        assert said in text(name), name
    for name in ("scripts/PACKAGE.md", "scripts/campaign/desk/office/starters/start-the-desk.sh"):
        assert said in text(name), name
    assert f"\nversion: {project['version']}\n" in text("CITATION.cff")


def test_actions_are_pinned_and_may_do_no_more_than_they_need():
    """`zizmor` checks more; this also holds the workflow that a new campaign gets."""
    for path in (*REPOSITORY.glob(".github/workflows/*.yml"), *SKELETON.glob(".github/workflows/*.yml")):
        text = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (.*)", text)
        assert used, path
        assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", each) for each in used), (path, used)
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}, path
        for name, job in workflow["jobs"].items():
            assert set(job["permissions"].items()) <= {
                ("contents", "read"),
                ("pages", "write"),
                ("id-token", "write"),
            }, name
            assert job["timeout-minutes"] <= 60, name


def test_documents_are_short():
    names = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    long = {name: len((REPOSITORY / name).read_text(encoding="utf-8").splitlines()) for name in names.split()}
    assert long["README.md"] <= 120
    assert [name for name, lines in long.items() if lines > 400] == []


def test_drawing_of_the_rooms_is_of_the_imports_as_they_are():
    assert draw_rooms.DRAWING.read_text(encoding="utf-8") == draw_rooms.drawing(), "Run: make rooms"


def test_decisions_are_short_complete_and_in_their_index():
    folder = REPOSITORY / "docs-dev/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.glob("[0-9]*.md"):
        text = path.read_text(encoding="utf-8")
        title = re.match(r"# (\d+)\. (.+)\n\nDate: \d{4}-\d\d-\d\d\n", text)
        assert title, path.name
        assert int(path.name[:4]) == int(title[1]), path.name
        assert re.findall(r"^## (.+)", text, re.M) == ["Context", "Decision", "Consequences"], path.name
        assert len(text.split()) < 200, path.name
        assert f"- [{title[1]}. {title[2]}]({path.name})" in index, path.name
    assert len(re.findall(r"^- \[", index, re.M)) == len([*folder.glob("[0-9]*.md")])


# Phrases that read like a translation, and what to write instead.
PHRASES = {
    r"\bwho(?:m)?ever\b": "anyone who, people who",
    r"\banew\b": "again",
    r"\blikewise\b": "also, too",
    r"\bno more\b(?! than)": "no longer",
    r"\btill\b": "until",
    r"\bbeside\b": "next to, as well as",
    r"\bbut for\b": "except",
    r"\bmend(?:ed|s|ing)?\b": "fix, fixed",
    r"\bstands? (?:in|on|below|above|there|as)\b": "is in, is on",
    r"\b(?:is|are|was|were) (?:told|meant|had|noted)\b": "name the actor, or use a plain verb",
    r"\bthe (?:memo|wish)\b": "the cache, the fingerprint",
}
# The same for comments and docstrings of the program only.
CODE_PHRASES = PHRASES | {
    r"\b(?:some|no)body\b": "name the person or program, or use the passive",
    r"\bof (?:its|their) own\b": "separate, its own",
    r"\bonce more\b": "again",
    r"\bwhatever\b": "any, even if",
    r"\belse the\b": "otherwise the",
    r"\bin the place of\b": "instead of",
    r"\bgoes by\b": "is named, follows",
    r"\bcomes to\b": "is, becomes",
    r"\bby (?:itself|themselves)\b": "automatically, separately",
    r"\b(?:have|has) to be\b": "must be",
    r"\bof which\b": "whose, where",
    r"\bmade of\b": "made from",
    r"\bfrom before\b": "earlier, previous",
    r"\bslip\b": "mistake, typo",
    r"\balone\b": "only",
    r"\A(?-i:What|Where|Which)\b(?!.*\?$)": "name the thing: `The point that crops keep`",
    r"\bamiss\b": "wrong, damaged",
    r"\bmay bear\b": "may carry, supports",
}
COMMENT = re.compile(r'^\s*r?"""(.*?)"""|(?:^|  )# ([^\n]*)$', re.DOTALL | re.MULTILINE)
TEMPLATE_COMMENT = re.compile(r"\{#[-\s]*(.*?)()#\}", re.DOTALL)
# Names that said nothing about the thing, and what replaced them.
NAMES = {
    "Chosen": "PrintSettings",
    "Found": "PrintableItem",
    "Made": "Artifact",
    "Named": "EntityName",
    "Put": "PlacedFiles",
    "Renamed": "NameChange",
    "Said": "TranslatableText",
    "Taking": "TableChanges",
    "Wanted": "Selection",
    "AGAIN": "DOUBLED_VOWELS",
    "ALONE": "ONE_WORD_NUMBER",
    "ANEW": "PUBLISH_AGAIN",
    "ANYWHERE": "NUMBER",
    "ASKED": "what it holds, as in PRINTS_COMMAND",
    "BESIDE": "IGNORED_ELEMENTS",
    "BESIDE_SETTINGS": "ROOT_FILE",
    "DOOR": "ENTRY_PAGE",
    "DRAWN": "DRAWN_KINDS, PAINT_ATTRIBUTES",
    "ELSEWHERE": "what it holds, as in UNTESTED_COMMANDS",
    "FORGOTTEN": "MISSING_PART_PREFIX",
    "GONE": "REMOVED_FILES",
    "HERE": "TEMPLATE_FOLDER",
    "HOW": "INSTRUCTIONS",
    "INSTEAD": "REPLACEMENTS, FALLBACK_COLOURS",
    "KNOWN": "what it holds, as in KNOWN_KEYS",
    "LATER": "COMMANDS",
    "LOOKS_LIKE": "ASCII_LOOKALIKES",
    "MINE": "the owner, as in THIS_MACHINE",
    "MORE": "RARE_KEYS",
    "NEAR": "MAX_GAP_PT",
    "OTHERS": "what they are, as in OTHER_PAGES",
    "OWN": "the owner, as in CAMPAIGN_FILES",
    "PATIENCE": "MAX_WAIT_S",
    "REFUSED": "REJECTION_WORDS",
    "SAID": "TEXT, ANSWER",
    "SAME": "what it holds, as in SAME_PERSONS",
    "SHELF": "ASSETS",
    "SUMS": "CHECKSUM_FILE",
    "TAKEN_BACK": "FORMER_NUMBER_RULE",
    "TWICE": "GSM_ESCAPED_CHARACTERS",
    "UNPACKED": "MODELS_FOLDER",
    "WHOLE": "WHOLE_PICTURE",
    "WHY": "TRUST_REASONS",
    "able": "candidates",
    "alone": "single",
    "amiss": "problem",
    "among": "candidates",
    "beginnings": "prefixes",
    "begun": "on_start, baseline",
    "beside": "siblings, unrecorded_inputs",
    "brought": "received",
    "ended": "on_end",
    "forgotten": "missing_parts",
    "heard": "the value that was received",
    "lean": "stripped",
    "mades": "artifacts",
    "mended": "repaired",
    "noted": "recorded, record",
    "said": "text, answer, parsed",
    "served": "files, versions",
    "shelf": "assets",
    "slips": "mistakes",
    "spoken": "language, ui_language",
    "stood": "the state or the time",
    "strange": "unknown_folders",
    "surely_own": "own_lines",
    "thick": "thickened",
    "thing": "item",
    "told": "the text or the problems",
    "tried": "tests, sizes",
    "turns": "corners, undo_count",
    "undone": "skipped_count, undone_numbers",
    "unpacked": "path, archive",
    "usual": "default, line_ending",
    "what": "message, kind, part",
    "whole": "total, original",
    "wholes": "totals",
    "whose": "owner, contact",
    "wish": "request, new_page",
    "worded": "values",
}
# Keys of YAML files, keys of an address, and an attribute of version 0.3 that still works.
KEPT_NAMES = {("schema/kinds.py", "said"), ("desk/print_paper.py", "what"), ("models/problem.py", "what")}
EDITED_TEXTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "guide/docs/**/*.md", "docs-dev/**/*.md"]
EDITED_TEXTS += ["scripts/campaign/desk/words/en.yml", "scripts/campaign/skeleton/*.md", "examples/**/*.md"]


def test_edited_texts_are_plain_english():
    for path in (path for pattern in EDITED_TEXTS for path in REPOSITORY.glob(pattern)):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            words = line.partition(": ")[2] if path.suffix == ".yml" else line
            for phrase, instead in PHRASES.items():
                match = re.search(phrase, words, re.I)
                where = f"{path.relative_to(REPOSITORY)}:{number}"
                assert not match or path.name == "glossary.md", f"{where}: instead of {match[0]!r} write: {instead}"


def test_comments_and_docstrings_of_the_program_are_plain_english():
    for path in [*CODE, *(REPOSITORY / "scripts/campaign").rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        for comment in (COMMENT if path.suffix == ".py" else TEMPLATE_COMMENT).finditer(text):
            for phrase, instead in CODE_PHRASES.items():
                match = re.search(phrase, comment[1] or comment[2] or "", re.I)
                where = f"{path.relative_to(REPOSITORY)}:{text.count(chr(10), 0, comment.start()) + 1}"
                assert not match, f"{where}: instead of {match[0]!r} write: {instead}"


def defined_names(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names of classes, functions, parameters, variables and attributes, and their lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr, node.lineno


def test_names_of_the_program_are_terms_of_the_trade():
    program = REPOSITORY / "scripts/campaign"
    for path in program.rglob("*.py"):
        if path.parent.name != "starters":
            file = path.relative_to(program).as_posix()
            for name, line in defined_names(path.read_text(encoding="utf-8")):
                term = NAMES.get(name.lstrip("_"))
                assert not term or (file, name) in KEPT_NAMES, f"{file}:{line}: instead of `{name}` write: {term}"


def test_no_key_of_our_yaml_files_is_there_twice():
    """The second one wins silently: a state of files at the desk read "{name} cannot be read"."""

    def repeated(node: yaml.Node) -> list[str]:
        if not isinstance(node, yaml.MappingNode):
            return [key for each in getattr(node, "value", []) if isinstance(each, yaml.Node) for key in repeated(each)]
        keys = [key.value for key, _ in node.value]
        twice = [key for key, count in Counter(keys).items() if count > 1]
        return [*twice, *(key for _, value in node.value for key in repeated(value))]

    found = {
        str(path.relative_to(REPOSITORY)): repeated(yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader))
        for folder in ("scripts", "docs", "assets")
        for path in (REPOSITORY / folder).rglob("*.yml")
    }
    assert {name: keys for name, keys in found.items() if keys} == {}


def test_each_constant_is_assigned_on_its_own():
    together = re.compile(r"^_?[A-Z][A-Z0-9_]*, [A-Z0-9_, ]+ = ", re.M)
    for path in (REPOSITORY / "scripts/campaign").rglob("*.py"):
        found = together.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(REPOSITORY)}: give each constant a line: {found.group()}"


def test_every_format_and_kind_of_piece_has_its_word():
    words = (SKELETON / "docs/en/_strings.yml").read_text(encoding="utf-8")
    for name, format in shipped_formats().items():
        assert f"\nformat-{name}:" in words
        assert f"\npieces-{format.kind}:" in words or format.kind == "release"


def test_bill_of_materials_is_of_what_the_lock_names():
    bill = json.loads((REPOSITORY / "requirements/run.cdx.json").read_text(encoding="utf-8"))
    lock = (REPOSITORY / "requirements/run.txt").read_text(encoding="utf-8")
    named = [item["purl"].removeprefix("pkg:pypi/") for item in bill["components"] if "pkg:pypi" in item["purl"]]
    assert sorted(name.replace("@", "==") for name in named) == sorted(re.findall(r"^[a-z0-9-]+==[^\s;]+", lock, re.M))


def test_nothing_generated_large_or_of_one_machine_is_kept():
    names = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for name in filter(None, names):
        path = REPOSITORY / name
        assert not name.startswith(("site/", "dist/", ".build/")), name
        assert path.stat().st_size <= 2_000_000, name
    locks = "".join(path.read_text() for path in (REPOSITORY / "requirements").glob("*.txt"))
    assert "://" not in locks
    assert len(re.findall(r"^[a-z0-9-]+==", locks, re.MULTILINE | re.IGNORECASE)) <= locks.count("--hash=sha256:")
