"""Fonts are found by script, reported by name, and refused if they are damaged."""

import unicodedata
from pathlib import Path

import pytest
from conftest import copy_campaign, run
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from campaign.printing import fonts, scripts

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "assets/fonts"


def font(path: Path, family: str, letters: str) -> None:
    """A font whose letters are squares."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(point)
    pen.closePath()
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    font_builder = FontBuilder(1000, isTTF=True)
    font_builder.setupGlyphOrder(names)
    font_builder.setupCharacterMap({ord(letter): name for letter, name in zip(letters, names[1:], strict=True)})
    font_builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    font_builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    font_builder.setupHorizontalHeader(ascent=800, descent=-200)
    font_builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    font_builder.setupOS2(usWeightClass=400)
    font_builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    font_builder.save(path)


def test_a_font_of_the_system_is_found_by_its_script(tmp_path, monkeypatch):
    monkeypatch.setattr(scripts, "SYSTEM_FOLDERS", (tmp_path / "noto",))
    font(tmp_path / "noto/NotoSansGeorgian-Regular.ttf", "Noto Sans Georgian", "წყალი")
    chosen, lacking = fonts.choose(set("წყალი 112"), ("Andika",), fonts.families(()))
    assert [family.name for family in chosen] == ["Andika", "Noto Sans Georgian"]
    assert not lacking
    assert fonts.choose(set("წყალიჭ"), ("Andika",), fonts.families(()))[1] == {"ჭ"}


def test_characters_of_china_are_drawn_as_the_language_draws_them():
    faces = ["Noto Sans CJK HK", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC", "Noto Sans CJK TC"]
    for language, face in (("ja", 1), ("ko", 2), ("zh", 3), ("zh-Hans-CN", 3), ("zh-TW", 4), ("zh-HK", 0), ("en", 0)):
        assert min(faces, key=lambda name: scripts.local_faces_first(name, language)) == faces[face]


@pytest.mark.parametrize(
    ("letter", "word", "file"),
    [
        ("ქ", "საქმე", "NotoSansGeorgian-Regular.ttf"),
        ("日", "日本", "NotoSansCJK-Regular.ttc"),
        ("한", "한국", "fonts-noto-cjk"),
        ("ท", "น้ำที่", "fontpkg-noto-sans-thai"),
        ("🌊", "wave🌊", "pictogram"),
    ],
)
def test_a_letter_that_no_font_has_is_told_with_its_code_its_word_and_a_file(letter, word, file):
    [problem] = fonts.missing({letter}, ["Other words", f"here {word} stands"], lambda found: f"page.md: {found}")
    assert f"{letter} (U+{ord(letter):04X} {unicodedata.name(letter)}), in `{word}`" in problem.message
    assert file in problem.fix
    assert problem.where == f"page.md: {letter}"


def test_damaged_fonts_are_refused_by_name(tmp_path):
    copy_campaign(HERE / "campaigns/tiny", tmp_path)
    folder = tmp_path / "assets/fonts"
    whole = (SHIPPED / "NotoSansThai-Regular.ttf").read_bytes()
    folder.mkdir()
    (folder / "cut.ttf").write_bytes(whole[:-4000])
    (folder / "words.otf").write_text("This is no font.")
    (folder / "spoilt.ttf").write_bytes(whole[:40] + bytes(400) + whole[440:])
    (folder / "whole.ttf").write_bytes(whole)
    output = run(tmp_path, "check", code=1)
    for name in ("cut.ttf", "words.otf", "spoilt.ttf"):
        assert f"assets/fonts/{name}" in output
    assert "its end is missing" in output
    assert "whole.ttf" not in output
