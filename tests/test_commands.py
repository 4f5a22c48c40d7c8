"""The command line: help, examples, exit codes, messages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from functools import partial
from types import SimpleNamespace

import click
import pytest
import yaml
from click.testing import CliRunner
from conftest import HERE, REPOSITORY, copy_campaign, run

from campaign.cli.commands import COMMANDS, main
from campaign.cli.console import show_problems, show_progress
from campaign.content.trust import check_secrets
from campaign.models.problem import Problem
from campaign.models.rules import load_rules
from campaign.printing import fonts
from campaign.schema.interface_words import SKELETON


def commands(group: click.Group, above: str = "campaign"):
    for name, command in group.commands.items():
        path = f"{above} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, path)
        else:
            yield path, command


def test_every_command_is_used_in_the_guide():
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "guide/docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert [path for path, _ in commands(main) if path not in text] == []


def test_help_of_every_command_has_a_sentence_and_an_example_that_names_it():
    for path, command in commands(main):
        assert command.help, path
        assert len(command.help.partition("\n")[0]) <= 60, path
        assert (command.epilog or "").removeprefix("Example:  ").startswith(path), path


def test_list_of_commands_says_what_the_help_of_each_says():
    helps = {name: command.get_short_help_str(200) for name, command in main.commands.items()}
    assert helps == {name: help for name, (_, help) in COMMANDS.items()}


def test_list_of_commands_needs_none_of_their_modules():
    code = (
        "import sys; from campaign.cli.commands import main; main(['--help'], standalone_mode=False);"
        "print(*{name.split('.')[2] for name in sys.modules if name.startswith('campaign.cli.')}, file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {*result.stderr.split()} == {"commands", "console"}
    assert all(f"  {name} " in result.stdout for name in COMMANDS)


def test_list_shows_the_catalogue_without_making_it(tmp_path):
    run(tmp_path, "new", "mine")
    output = run(tmp_path / "mine", "list", "--flavour", "print-shop", "--place", "north")
    assert re.findall(r"dist/\S+", output) == [line for line in output.splitlines() if line.startswith("dist/")]
    assert len(re.findall(r"dist/north/en/print-shop/\S+-north-tri-fold-print-shop.pdf", output)) == 1
    assert not (tmp_path / "mine/dist").exists()


def test_new_campaign_brings_files_by_which_hosts_build_and_publish_it():
    root = SKELETON
    text = {
        name: (root / name).read_text() for name in (".github/workflows/pages.yml", ".gitlab-ci.yml", "netlify.toml")
    }
    github, gitlab = (yaml.safe_load(text[name]) for name in (".github/workflows/pages.yml", ".gitlab-ci.yml"))
    netlify = tomllib.loads(text["netlify.toml"])["build"]
    cloudflare = tomllib.loads((root / "wrangler.toml").read_text())
    build, publish = github["jobs"]["build"], github["jobs"]["publish"]
    assert (github["permissions"], build["permissions"]) == ({}, {"contents": "read"})
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    used = [step["uses"] for job in (build, publish) for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in used)
    # Each publishes the results of a build, by existing commands, with the generator that the campaign names.
    result = yaml.load((root / "mkdocs.yml").read_text(), yaml.BaseLoader)["site_dir"]
    uploaded = next(step["with"] for step in build["steps"] if "upload" in step.get("uses", ""))
    assert uploaded == {"path": result, "include-hidden-files": True}
    assert gitlab["pages"]["artifacts"]["paths"] == [gitlab["pages"]["pages"]["publish"]] == [result]
    assert netlify["publish"] == cloudflare["pages_build_output_dir"] == result
    match = re.search("Build command:  (.*)", (root / "wrangler.toml").read_text())[1]
    scripts = [[step["run"] for step in build["steps"] if "run" in step], gitlab["pages"]["script"]]
    for lines in (*scripts, netlify["command"].split(" && "), match.split(" && ")):
        assert lines[0] == "python -m pip install -r requirements.txt"
        assert [line.split()[1] in main.commands for line in lines[1:]] == [True]
    named = [line for line in (root / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line.split(" @ ")[0] for line in named] == ["campaign"]
    assert re.findall(r"^/(.+)/$", (root / ".gitignore").read_text(), re.MULTILINE) == [
        result,
        "dist",
        ".build",
        "originals",
    ]
    assert not [*check_secrets(root)]


def test_workflows_pin_actions_by_commit_and_ask_for_few_permissions():
    folders = [REPOSITORY / ".github/workflows", SKELETON / ".github/workflows"]
    for path in (path for folder in folders for path in folder.glob("*.yml")):
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {}, path.name
        for job in workflow["jobs"].values():
            assert {"timeout-minutes", "permissions"} <= job.keys(), path.name
            used = [step for step in job["steps"] if "uses" in step]
            assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]) for step in used), path.name
            checkouts = [step for step in used if "/checkout@" in step["uses"]]
            assert all(step["with"]["persist-credentials"] is False for step in checkouts), path.name


def test_proofs_show_each_piece_and_make_no_print(tmp_path):
    run(tmp_path, "new", "mine")
    output = run(tmp_path / "mine", "leaflets", "--proof", "--language", "en")
    folder = tmp_path / "mine/.build/proofs"
    assert f"Open {folder / 'index.html'}" in output
    page = (folder / "index.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) == 2
    assert re.search(r"score \d+: \d+(\.5)? pt, \d+–\d+ % full", page)
    assert all((folder / name).is_file() for name in (*pictures, "en.png"))
    assert not (tmp_path / "mine/dist").exists()


def test_unknown_language_and_place_are_named_with_those_that_exist(tmp_path):
    run(tmp_path, "new", "mine")
    output = run(tmp_path / "mine", "leaflets", "--language", "xx", "--place", "moon", code=1)
    assert "`xx` is not in mkdocs.yml. Choose from: en, pt." in output
    assert "`moon` is not in mkdocs.yml. Choose from: national, north, south." in output


def test_leaflets_for_a_place_are_refused_where_there_are_none(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("places:", "place_editions: none\n      places:"), "utf-8")
    said = run(root, "leaflets", "--place", "hill", code=1)
    assert "prints no editions for places such as `hill`" in said


def test_scene_that_a_poster_lacks_and_text_on_a_hidden_layer_are_told_apart_from_mistakes(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    folder = root / "assets/posters/boil-the-water"
    layer = '<g style="display:none"><text x="1" y="9">to do</text></g>'
    art = folder / "art.svg"
    art.write_text(art.read_text("utf-8").replace("</svg>", f"{layer}</svg>"), "utf-8")
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\n{{ scene name=boil-the-water }}\n", "utf-8")
    (folder / "cover.svg").unlink()
    said = run(root, "check", code=None)
    assert "The poster `boil-the-water` has no scene: assets/posters/boil-the-water/cover.svg is missing." in said
    assert "contains text" not in said


def test_folder_without_a_campaign_is_named(tmp_path):
    assert "There is no campaign in this folder" in run(tmp_path, "build", code=1)


def test_translation_is_stamped_then_accepted_and_the_rest_of_the_file_stays(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "words")
    page = root / "docs/ar/boil.md"
    before = page.read_text(encoding="utf-8")
    source = root / "docs/fil/boil.md"
    source.write_text(source.read_text(encoding="utf-8") + "\nBago.\n", encoding="utf-8")
    assert "source has changed" in run(root, "translate", "status", "--language", "ar")
    assert "is not the one that this was translated from" in run(
        root, "translate", "accept", str(page), "--by", "A B", code=1
    )
    run(root, "translate", "stamp", str(page))
    run(root, "translate", "accept", str(page), "--by", 'Ana "N" Sá: x')
    after = page.read_text(encoding="utf-8")
    assert 'by: "Ana \\"N\\" Sá: x"' in after
    kept = re.compile(r"^translation:.*\n", re.MULTILINE)
    assert kept.sub("", after) == kept.sub("", before)
    assert re.search(r'boil.md.*reviewed by Ana "N" Sá: x', run(root, "translate", "status", "--language", "ar"))
    assert re.search(r"\n ar \S+ +\d+ +\d+ \(\d+ %\) +\d+ \(\d+ %\) +1 \(\d+ %\)", run(root, "translate", "status"))


def test_module_and_command_are_the_same():
    done = subprocess.run([sys.executable, "-m", "campaign", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: campaign ")


def test_doctor_names_what_is_missing_and_what_it_is_for(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    cli_runner = CliRunner().invoke(main, ["--root", str(HERE / "campaigns/tiny"), "doctor"], env={"COLUMNS": "200"})
    assert cli_runner.exit_code == 1
    assert re.search(r"disk space +wrong +0.0 GB free +Free some space", cli_runner.output)
    assert re.search(r"minisign +optional +not installed +Only for signing", cli_runner.output)
    assert re.search(r"fonts for Filipino +good +\S+", cli_runner.output)
    assert re.search(r"pages +good +MkDocs 1\.6\.\d+.* +Material ends", cli_runner.output)
    monkeypatch.setattr("campaign.cli.doctor._version", lambda package: "2.0.1" if package == "mkdocs" else "")
    cli_runner = CliRunner().invoke(main, ["--root", str(HERE / "campaigns/tiny"), "doctor"], env={"COLUMNS": "200"})
    assert re.search(r"pages +wrong +MkDocs 2\.0\.1.* +Install version", cli_runner.output)


@pytest.fixture
def bare(monkeypatch):
    """No fonts but those that ship with the program; what `pip` was asked for."""
    asked = []

    def run_pip(command):
        asked.append(command[command.index("install") :])
        return subprocess.CompletedProcess(command, bare.code, b"", b"WARNING: retrying\nERROR: no network\n")

    bare = SimpleNamespace(asked=asked, code=0)
    monkeypatch.setattr("campaign.printing.fonts.system_fonts", lambda _: ())
    monkeypatch.setattr("campaign.printing.fonts.families", partial(shipped_families, fonts.families))
    monkeypatch.setattr("campaign.cli.doctor.run_program", run_pip)
    return bare


def shipped_families(read, paths=()):
    return {name: family for name, family in read(paths).items() if "Noto Sans Tamil" not in name}


def test_doctor_gets_the_package_with_the_letters_of_a_language(bare):
    output = run(HERE / "campaigns/tiny", "doctor", "--get", "ta")
    assert bare.asked == [
        ["install", "--disable-pip-version-check", "--only-binary", ":all:", "fontpkg-noto-sans-tamil"]
    ]
    assert "Installed: fontpkg-noto-sans-tamil." in output


def test_doctor_says_how_to_get_fonts_without_a_network_or_a_package(bare):
    bare.code = 1
    output = " ".join(run(HERE / "campaigns/tiny", "doctor", "--get", "ta", code=1).split())
    assert "The package can't be installed: ERROR: no network" in output
    assert "python -m pip download fontpkg-noto-sans-tamil" in output
    output = " ".join(run(HERE / "campaigns/tiny", "doctor", "--get", "si", code=1).split())
    assert "NotoSansSinhala-Regular.ttf" in output


def test_doctor_knows_the_script_of_a_language_without_texts(bare):
    run(HERE / "campaigns/tiny", "doctor", "--get", "he")
    assert bare.asked[0][-1] == "justmytype-intl-rtl"
    output = " ".join(run(HERE / "campaigns/tiny", "doctor", "--get", "ka", code=1).split())
    assert "GEORGIAN LETTER" in output
    assert "NotoSansGeorgian-Regular.ttf" in output
    assert "fonts.google.com/noto" in output
    assert "This computer has all letters of el." in run(HERE / "campaigns/tiny", "doctor", "--get", "el")


def test_doctor_gets_nothing_for_a_language_whose_letters_are_there_and_names_an_unknown_one(bare):
    assert "This computer has all letters of fr." in run(HERE / "campaigns/tiny", "doctor", "--get", "fr")
    assert "This campaign has: fil, ar, km." in run(HERE / "campaigns/tiny", "doctor", "--get", "xx", code=2)
    assert bare.asked == []


@pytest.mark.long
def test_old_terminal_is_given_letters_that_it_has(tmp_path):
    run(tmp_path, "new", "mine")
    page = tmp_path / "mine/docs/en/about.md"
    page.write_text(page.read_text(encoding="utf-8").replace("title: About", "title: “Ελλάδα λλ”"), encoding="utf-8")
    for encoding in ("cp437", "ascii"):
        done = subprocess.run(
            [sys.executable, "-m", "campaign", "check"],
            cwd=tmp_path / "mine",
            env={**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "200"},
            capture_output=True,
            check=False,
        )
        output = (done.stdout + done.stderr).decode(encoding)
        assert "Traceback" not in output
        assert '"' in output
        # cp437 has only some Greek letters.
        assert re.search(r"\\u03bb\\u03bb", output)


def invoke(root, *arguments):
    return CliRunner().invoke(main, ["--root", str(root), *arguments], env={"COLUMNS": "200"})


def test_quiet_says_what_is_to_be_mended_alone_and_verbose_why(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "tiny", is_warm=True)
    assert invoke(root, "check", "--quiet").output == ""
    plain = invoke(root, "check").output
    assert re.search(r"docs/fil/\S+\.md +\d", plain)
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nTODO\n", encoding="utf-8")
    assert load_rules()["placeholder-left"].hint not in " ".join(invoke(root, "check", "--quiet").output.split())
    loud = invoke(root, "check", "--verbose").output
    assert f"placeholder-left {load_rules()['placeholder-left'].hint}" in " ".join(loud.split())


def test_list_tells_other_programs_what_each_file_is(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    files = json.loads(invoke(root, "list", "--language", "ar", "--place", "hill", "--json").stdout)["files"]
    assert {each["language"] for each in files} <= {"ar", ""}
    assert {each["flavour"] for each in files if each["kind"] == "leaflet"} == {"office", "print-shop", "photocopy"}
    quiet = invoke(root, "list", "--language", "ar", "--place", "hill", "--quiet").output.splitlines()
    assert quiet == [f"dist/{each['file']}" for each in files]


def test_shell_completes_codes_of_the_campaign():
    context = main.make_context("campaign", ["--root", str(HERE / "campaigns/tiny")], resilient_parsing=True)
    command = main.get_command(context, "leaflets")
    offered = {
        option.name: [item.value for item in option.shell_complete(click.Context(command, parent=context), "")]
        for option in command.params
        if option.name in ("language", "place")
    }
    assert offered == {"language": ["fil", "ar", "km"], "place": ["national", "river", "hill", "coast"]}


def test_what_is_typed_is_printed_and_no_bar_where_nobody_watches(capsys):
    show_problems([Problem("value-unknown", "docs/en/a.md", "There is no `:telephone:`.", "Write `:phone:`.")])
    threads = threading.active_count()
    with show_progress() as show:
        show("read", 1, 2)
        assert threading.active_count() == threads
    out, err = capsys.readouterr()
    assert "There is no `:telephone:`. Write `:phone:`." in out
    assert not err
