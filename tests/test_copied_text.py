"""Text copied from a PDF is the original text, word by word, in the two readers that most viewers use."""

import io
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_khmer
import pypdfium2
import pytest
import typst
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageFilter

from campaign.content.formats import shipped_formats
from campaign.printing.finishing import finish
from campaign.printing.line_breaking import DIVIDER, keep_last_words, set_text

FONTS = [Path(__file__).parents[1] / "assets/fonts"]
FONTS += [Path(each.__file__).parent / "files" for each in (fontpkg_noto_sans_arabic, fontpkg_noto_sans_khmer)]
PAGE = """
#let data = json("text.json")
#set document(title: "Water")
#set page(width: 210pt, height: auto, margin: 20pt)
#set text(
  size: 12pt, lang: data.language, dir: if data.is-rtl { rtl } else { ltr }, fallback: false,
  font: ("Andika", "Noto Sans Arabic", "Noto Sans Khmer", "Noto Sans Thai", "Noto Sans Myanmar", "Noto Sans CJK SC"),
)
#par(text(size: 30pt, data.texts.first()))
#for words in data.texts { par(words) }
#par(text(weight: "bold", data.texts.last()))
"""
TEXTS = {
    "en": ["Boil it first", "Well-kept wells (all of them) stay safe: fill, boil, wait. Call 0808 157 0142."],
    "vi": ["Đun sôi trước", "Nước giếng cần được đun sôi kỹ trong một phút; rồi để nguội."],
    "zh": ["先把水烧开", "洪水过后，井水可能不干净。喝水之前请先烧开（至少一分钟）。"],
    "th": ["ต้มน้ำก่อนดื่ม", "ทั้งนี้ น้ำที่ใสก็มีเชื้อโรคได้ ต้มให้เดือดหนึ่งนาที แล้วปิดฝาทิ้งไว้"],
    "km": ["ដាំទឹកឱ្យពុះសិន", "ក្រោយទឹកជំនន់ ទឹកអាចមានមេរោគ។ សូមដាំទឹកឱ្យពុះ មុននឹងផឹក។"],
    "my": ["ရေကို အရင်ကျိုပါ", "ရေကြီးပြီးရင် ရေမှာ ရောဂါပိုးတွေ ရှိနိုင်ပါတယ်။ မသောက်ခင် တစ်မိနစ် ဆူအောင် ကျိုပါ။"],
    "ar": ["اغلِ الماء أولًا", "بعد الفيضان، اغلِ الماء قبل أن تشربه. انتظر 3 دقائق لا أقل. اتصل بالرقم 0808 157 0142."],
    "ckb": ["سەرەتا ئاوەکە بکوڵێنە", "دوای لافاو، ئاوەکە بکوڵێنە پێش خواردنەوەی. ٣ خولەک چاوەڕێ بکە، ئینجا بیگرەوە."],
}
# Enough letters that glyph numbers need a byte that isn't ASCII, which is hexadecimal in the PDF.
with TTFont(FONTS[0] / "NotoSansCJKsc-Regular.otf") as font:
    MANY = "".join(chr(code) for code in sorted(font.getBestCmap()) if code >= 0x4E00)
TEXTS["zh-many"] = ["先把水烧开", "。".join(MANY[at : at + 20] for at in range(0, 400, 20)) + f"，{MANY[394:400]}。"]
RIGHT_TO_LEFT = ("ar", "ckb")


def poppler(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()


def pdfium(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


def words(text: str) -> Counter[str]:
    """Words as separated by spaces and dictionaries, without direction marks."""
    plain = re.sub("[\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]", "", text).replace("\u00a0", " ")
    return Counter(re.split(rf"[\s{DIVIDER}]+", plain.strip()))


def missing(wanted: Counter[str], read: str, is_spaced: bool) -> list[str]:
    """The words that were read less often than they were written. is_spaced: whether a space separates two."""
    result = words(read)
    run = "".join(read.split())
    counts = {word: result[word] if is_spaced else run.count(word) for word in wanted}
    return [word for word, count in wanted.items() if counts[word] < count]


def unlike(one: bytes, other: bytes) -> int:
    """The greatest difference between two PDFs, of 255, at low resolution."""
    command = ["pdftoppm", "-r", "60", "-gray", "-singlefile", "-"]
    drawn = (subprocess.run(command, input=pdf, capture_output=True, check=True).stdout for pdf in (one, other))
    first, second = (Image.open(io.BytesIO(item)).filter(ImageFilter.GaussianBlur(2)) for item in drawn)
    return ImageChops.difference(first, second).getextrema()[1]


@pytest.mark.parametrize("language", TEXTS)
def test_each_word_is_copied_as_it_was_written(language, tmp_path):
    is_rtl = language in RIGHT_TO_LEFT
    texts = [set_text(text, "rtl" if is_rtl else "ltr") for text in TEXTS[language]]
    # Signs that hold the last letters together change what these say.
    texts = list(map(keep_last_words, texts)) if language.startswith("zh") else texts
    (tmp_path / "text.json").write_text(
        json.dumps({"texts": texts, "language": language.split("-")[0], "is-rtl": is_rtl})
    )
    (tmp_path / "page.typ").write_text(PAGE)
    path = tmp_path / "page.pdf"
    result = typst.compile(
        tmp_path / "page.typ", font_paths=FONTS, ignore_system_fonts=True, pdf_standards=["ua-1", "a-2a"], timestamp=0
    )
    path.write_bytes(finish(result, 0.75, shipped_formats()["handout"]))
    assert unlike(path.read_bytes(), result) < 60  # the marks that became shapes have softer edges
    expected = sum((words(text) for text in (texts[0], *texts, texts[-1])), Counter())
    is_spaced = language not in ("zh", "zh-many", "th", "km", "my")
    for read in (poppler(path), pdfium(path)):
        assert missing(expected, read, is_spaced) == []
        assert not re.search("[\u2060\u200b]", read)
        if not is_spaced:  # each letter once: nothing is longer than the original
            letters = re.sub(r"\s|\u200b|\u2060", "", "".join((texts[0], *texts, texts[-1])))
            assert len(re.sub(r"\s", "", read)) == len(letters)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_note_on_a_line_from_right_to_left_keeps_its_number(count, tmp_path):
    """With two, the first was lost."""
    notes = [f'#text(size: 0.65em, baseline: -0.55em, "{number}")\u2060~ماء;' for number in range(4, 4 + count)]
    (tmp_path / "text.json").write_text(json.dumps({"texts": ["بعد"], "language": "ar", "is-rtl": True}))
    (tmp_path / "page.typ").write_text(f"{PAGE}\n#par[المصادر: {' '.join(notes)}]\n")
    result = typst.compile(
        tmp_path / "page.typ", font_paths=FONTS, ignore_system_fonts=True, pdf_standards=["ua-1", "a-2a"], timestamp=0
    )
    path = tmp_path / "page.pdf"
    path.write_bytes(finish(result, 0.75, shipped_formats()["handout"]))
    assert unlike(path.read_bytes(), result) < 60
    for read in (poppler(path), pdfium(path)):
        assert sorted(re.findall(r"\d", read)) == [str(number) for number in range(4, 4 + count)]
