"""A campaign with everything wrong at once: each fault has one clear message, and nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import HERE, copy_campaign, run

from campaign.content import languages

GOLDEN = HERE / "golden/bad-input.txt"


WRONG_WORDS = """
{{ contacts place=nowhere }}

{{ kontakts }}

[a](missing.md) [b](get-help.md#nothing) [c](javascript:x)

![gone](gone.png)

![](not-a-picture.png)

[^no-such-source] :no-such-sign: <script>x</script>
"""


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(root: Path, file: str, text: str) -> None:
    path = root / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def break_everything(root: Path) -> None:
    edit(root, "mkdocs.yml", "version:", "verzion: x\n      version:")
    edit(root, "docs/fil/boil.md", "title:", "titel: x\ntitle:")
    append(root, "docs/fil/boil.md", WRONG_WORDS)
    (root / "docs/fil/not-a-picture.png").write_text("<html>no picture</html>")
    (root / "docs/ar/get-help.md").write_bytes("---\ntitle: x\n---\ncaf\xe9\n".encode("latin-1"))
    edit(root, "docs/fil/leaflets/boil-the-water.md", "{#left}", "{#lefft}")
    append(root, "assets/contacts/river.yml", "colour: red\n")
    edit(root, "assets/contacts/river.yml", "on: 2026-11-01", "on: 2026-11-31")
    edit(root, "assets/contacts/national.yml", "07700 900112", "07700 9OO112")


def messages(said: str) -> str:
    """The lines that name problems."""
    return "\n".join(line for line in said.splitlines() if line.startswith(("problem", "note"))) + "\n"


def test_every_fault_has_one_clear_message_and_the_last_good_build_stays(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "broken")
    (root / "site").mkdir()
    (root / "site/index.html").write_text("the last good one")
    break_everything(root)
    output = run(root, "build", code=1)
    assert (root / "site/index.html").read_text() == "the last good one"
    assert not (root / "dist").exists()
    assert messages(output) == GOLDEN.read_text(encoding="utf-8")


def test_languages_with_pieces_only_need_the_words_for_their_files_but_none_for_the_press(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(languages, "usable_strings", lambda *_: {})  # as for a language that ships none
    root = copy_campaign(tiny, tmp_path / "pieces")
    edit(root, "mkdocs.yml", "first_language: ar", "first_language: ar\n      pieces_only: [km]")
    for key in ("format-card", "flavour-photocopy", "kit-title"):
        edit(root, "docs/km/_strings.yml", f"\n{key}:", f"\n# {key}:")
    output = run(root, "check", code=1)
    assert "docs/km/_strings.yml Words are missing and shown in `fil`: flavour-photocopy, format-card." in output


def test_python_tags_never_run(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "hostile")
    append(root, "mkdocs.yml", f"\nextra: !!python/object/apply:pathlib.Path.touch [{tmp_path / 'ran'}]\n")
    output = run(root, "build", code=1)
    assert re.search(r"problem mkdocs.yml:\d+ The tag \S+ is not used here", output)
    assert not (tmp_path / "ran").exists()


def test_what_only_a_maker_sees_is_said_as_well(small, tmp_path):
    """A picture that breaks off, a letter that no font has, a panel that is too long: found only while making."""
    root = copy_campaign(small, tmp_path / "late", is_warm=True)
    whole = next((root / "docs/fil").glob("*.png"))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    edit(root, "docs/fil/leaflets/boil-the-water.md", "{#left}\n", "{#left}\n\nA letter: 𒀀 (Sumerian).\n")
    edit(root, "docs/ar/leaflets/boil-the-water.md", "{#right}\n", "{#right}\n\n" + "ماء نظيف للجميع. " * 90 + "\n")
    output = run(root, "build", code=1)
    assert re.search(r"problem docs/fil/\S+\.md:\d+ .*" + whole.name, output)
    assert re.search(r"problem docs/fil/leaflets/boil-the-water.md:24 .*U\+12000", output)
    assert re.search(r"problem docs/ar/leaflets/boil-the-water.md.*right.* lines", output)
