"""A campaign from other people runs no program on this computer and publishes nothing from outside its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, copy_or_link, program, run_process
from recorded import ogg
from test_bad_input import append, edit

from campaign.content.trust import check_trust
from campaign.models.shipped import shipped_folder


@pytest.fixture
def mine(tmp_path) -> Path:
    """The tiny campaign, as received."""
    return copy_campaign(HERE / "campaigns/tiny", tmp_path / "mine")


def add_programs(root: Path) -> None:
    """Every setting in mkdocs.yml that makes MkDocs run something."""
    program(root / "hook.py")
    (root / "base.yml").write_text("hooks: [hook.py]\n", encoding="utf-8")
    append(root, "mkdocs.yml", "\nhooks: [hook.py]\nINHERIT: base.yml\nextra_templates: [a.html]\n")
    append(root, "mkdocs.yml", "mdx_configs: {}\n")
    edit(root, "mkdocs.yml", "markdown_extensions: [campaign]", "markdown_extensions: [hook]")
    edit(root, "mkdocs.yml", "plugins:\n", "plugins:\n  - search\n")
    edit(root, "mkdocs.yml", "name: material\n", "name: mkdocs\n  custom_dir: look\n")
    shutil.copytree(shipped_folder("overrides"), root / "look")
    (root / "look/.DS_Store").write_bytes(b"litter")
    (root / "look/partials/footer.html").write_text("{{ cycler.__init__.__globals__.os.getpid() }}", encoding="utf-8")
    shutil.copytree(root / "look/partials", root / "docs/parts")
    (root / "look/linked").symlink_to("../docs/parts")


def test_every_program_that_a_campaign_brings_is_refused_at_once_and_none_runs(mine):
    add_programs(mine)
    for command in ("build", "serve"):
        output = run_process(mine, command, code=1)
        assert not (mine / "ran").exists()
        for what in (
            "`hooks` runs programs that came with this campaign.",
            "`INHERIT` takes settings from another file, which may run programs.",
            "`extra_templates` names templates, which can run programs.",
            "`mdx_configs` is no setting that campaigns need, and may run programs.",
            "The plugin `search` is a program that is not the generator's.",
            "The theme is not `material`: its templates can run programs.",
            "those of `look` are not the generator's: linked, partials/footer.html.",
        ):
            assert f"{what} Remove it. If you trust its author, run `campaign build --trust`." in output
        what = "`markdown_extensions` loads programs; texts of campaigns are read without it."
        assert f"{what} Write `markdown_extensions: [campaign]`. If you trust its author" in output


def test_mistakes_in_texts_are_told_together_with_what_is_refused(mine):
    program(mine / "hook.py")
    append(mine, "mkdocs.yml", "\nhooks: [hook.py]\n")
    append(mine, "docs/fil/boil.md", "\n[Tubig](nowhere.md)\n")
    output = run_process(mine, "build", code=1)
    assert "`hooks` runs programs that came with this campaign." in output
    assert "nowhere.md" in output
    assert not (mine / "ran").exists()


def test_merged_settings_are_refused_whoever_is_trusted(mine):
    program(mine / "hook.py")
    append(mine, "mkdocs.yml", "\n<<: {hooks: [hook.py]}\n")
    assert "Merging (<<) is not used here." in run_process(mine, "build", "--trust", code=1)
    assert not (mine / "ran").exists()


def test_trusted_campaign_runs_its_hook_and_its_templates(small, tmp_path):
    root = shutil.copytree(small, tmp_path / "mine", copy_function=copy_or_link)
    program(root / "hook.py")
    append(root, "mkdocs.yml", "\nhooks: [hook.py]\n")
    edit(root, "mkdocs.yml", "name: material\n", "name: material\n  custom_dir: look\n")
    footer = (shipped_folder("overrides") / "partials/footer.html").read_text(encoding="utf-8")
    (root / "look/partials").mkdir(parents=True)
    (root / "look/partials/footer.html").write_text(f"{footer}<p>Made by us</p>", encoding="utf-8")
    run_process(root, "build", "--trust")
    assert (root / "ran").exists()
    assert "<p>Made by us</p>" in (root / "site/ar/index.html").read_text(encoding="utf-8")


def test_campaigns_without_programs_need_no_trust(mine):
    edit(mine, "mkdocs.yml", "name: material\n", "name: material\n  custom_dir: look\n")
    shutil.copytree(shipped_folder("overrides"), mine / "look")
    assert [*check_trust(mine), *check_trust(REPOSITORY)] == []


def test_links_out_of_the_campaign_are_refused_and_links_inside_are_not(mine, tmp_path):
    (tmp_path / "secret").write_bytes(b"private")
    (tmp_path / "secret.svg").write_text("<svg/>")
    for name in ("docs/fil/boil.mp3", "docs/ar/notes.pdf", "docs/fil/boil.md", "assets/photos/x.jpg"):
        (mine / name).unlink(missing_ok=True)
        (mine / name).symlink_to(tmp_path / "secret")
    (mine / "docs/km/folder").symlink_to(tmp_path)
    (mine / "docs/ar/boil.ogg").write_bytes(ogg())
    (mine / "docs/km/boil.opus").symlink_to("../ar/boil.ogg")
    output = run_process(mine, "build", code=1)
    for name in ("docs/fil/boil.mp3", "docs/ar/notes.pdf", "docs/fil/boil.md", "assets/photos/x.jpg", "docs/km/folder"):
        assert f"problem {name} This is a link out of docs/, assets/ and public/" in output
    assert "problem docs/km/boil.opus" not in output
    shutil.move(mine / "assets", tmp_path / "elsewhere")
    (mine / "assets").symlink_to(tmp_path / "elsewhere")
    assert "problem assets This is a link out of docs/, assets/ and public/" in run_process(mine, "build", code=1)
