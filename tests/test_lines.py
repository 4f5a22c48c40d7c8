"""Where lines end in scripts that put no space between words, seen on paper."""

import json
import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import fontpkg_noto_sans_khmer
import msgspec
import numpy as np
import pytest
import typst
from conftest import read_help
from PIL import Image

from campaign.content.formats import shipped_formats
from campaign.document.html import HtmlWriter
from campaign.document.reader import read_document
from campaign.plan.outputs import catalogue
from campaign.printing import draw_sides, make
from campaign.printing.finishing import finish
from campaign.printing.line_breaking import DIVIDER, JOINER, keep_last_words, set_text
from campaign.printing.phrases import tie_phrases
from campaign.website.finished_text import with_finished_texts

FONTS = Path(__file__).parents[1] / "assets/fonts"
KHMER = Path(fontpkg_noto_sans_khmer.__file__).parent / "files"
# A column so narrow that every line ends where the first one may.
COLUMN = """
#set page(width: 400pt, height: auto)
#set text(font: ("Noto Sans Myanmar", "Noto Sans Thai", "Noto Sans Khmer"), fallback: false)
#block(width: 1pt, json("text.json"))
"""


def lines(folder: Path, text: str) -> str:
    """The lines of a text in that column, with a stroke between two."""
    (folder / "text.json").write_text(json.dumps(text))
    (folder / "column.typ").write_text(COLUMN)
    paths = [str(FONTS), str(KHMER)]
    result = typst.compile(folder / "column.typ", font_paths=paths, ignore_system_fonts=True)
    return "|".join(read_aloud(finish(result, 0.75, shipped_formats()["handout"])).split())


def read_aloud(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize(
    "wanted",
    [
        # Burmese: no word is cut, no particle separated.
        "သူတို့|သင့်ကို|လိမ်ခဲ့သလား၊",
        "သဘောတူခဲ့ပေမဲ့|သဘောတူတယ်လို့|မသတ်မှတ်ပါ။",
        "ကိုယ့်|နိုင်ငံကို|ပြန်|ပို့|ခံခဲ့ရတယ်လို့|ဆိုပါတယ်။",
        "နှစ်ယောက်|တည်း|သူနာပြုနဲ့|တွေ့|ခွင့်|တောင်းပါ။",
        "နံပါတ်က|နောက်|ဘက်မှာ|ရှိပါတယ်။",
        # Thai: "message", "safe", "do not" are words of two parts each; am (ำ) is drawn over the letter before.
        "ข้อความ|นี้|แปล|ด้วย|เครื่อง",
        "คุณ|จะ|ปลอดภัย|ไม่ใช่|ความ|ผิด",
        "คุณ|ทำ|อะไร|ได้|บ้าง",
        # Khmer, with letters under letters.
        "រំលង|ទៅ|អត្ថបទ",
    ],
)
def test_a_line_ends_between_words(wanted, tmp_path):
    assert lines(tmp_path, set_text(wanted.replace("|", ""), "ltr")) == wanted


@pytest.mark.parametrize("number", ["0808 157 0142", "(021) 331 1234", "+44 (0)20 7946 0018"])
def test_a_number_in_a_text_from_right_to_left_is_one_piece_from_left_to_right(number):
    held = number.replace(" ", "\u00a0")
    assert set_text(f"على {number} (أو)", "rtl") == f"على \u2066{held}\u2069 (أو)"


def test_no_last_line_is_a_short_word(tmp_path):
    assert lines(tmp_path, keep_last_words(set_text("อย่าพิมพ์เพื่อแจก", "ltr"))) == "อย่า|พิมพ์เพื่อแจก"


def test_a_term_of_the_glossary_is_whole_where_no_dictionary_knows_it(tmp_path):
    text = "အရှေ့တီမောမှာ"
    assert lines(tmp_path, set_text(text, "ltr")) == "အရှေ့|တီ|မောမှာ"
    assert lines(tmp_path, set_text(text, "ltr", ("အရှေ့တီမော",))) == text


@pytest.mark.parametrize("flavour", ["office", "print-shop"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("my", ["လုပ်တာဟာ", "နံပါတ်ကို", "ဒီနိုင်ငံမှာ"]),
    ],
)
def test_what_holds_a_line_together_is_not_copied_with_its_text(help_campaign, flavour, language, text):
    end = "" if flavour == "office" else "-print-shop"
    path = help_campaign / f"dist/national/{language}/{flavour}/good-to-know-{language}-tri-fold{end}.pdf"
    read = read_aloud(path.read_bytes())
    assert "\u2060" not in read
    for words in text:
        assert words in read, re.sub(r"\s+", " ", read)


@pytest.mark.parametrize(
    ("page", "broken"),
    [
        ("<body><h1>ต้มน้ำก่อนดื่มน้ำ</h1> ดื่มน้ำ", "<body><h1>ต้ม<wbr>น้ำ<wbr>ก่อน<wbr>ดื่ม<wbr>น้ำ</h1> ดื่มน้ำ"),
        (
            '<body><h2><a title="ต้มน้ำก่อนดื่มน้ำ" href="x">ดื่มน้ำสะอาดกัน</a></h2><p>ดื่มน้ำสะอาดกัน',
            '<body><h2><a title="ต้มน้ำก่อนดื่มน้ำ" href="x">ดื่ม<wbr>น้ำ<wbr>สะอาด<wbr>กัน</a></h2><p>ดื่มน้ำสะอาดกัน',
        ),
        ("<body><button>ດື່ມນ້ຳສະອາດທຸກມື້</button>", "<body><button>ດື່ມ<wbr>ນ້ຳ<wbr>ສະອາດ<wbr>ທຸກມື້</button>"),
        ("<body><p>คุณไม่ใช่ความผิดของคุณ", "<body><p>คุณ<wbr>ไม่ใช่<wbr>ความ<wbr>ผิด<wbr>ของ<wbr>คุณ"),
        (
            "<body><option>រំលងទៅអត្ថបទរំលងទៅ</option><button>រំលងទៅអត្ថបទរំលងទៅ</button>",
            "<body><option>រំលងទៅអត្ថបទរំលងទៅ</option><button>រំលង<wbr>ទៅ<wbr>អត្ថបទ<wbr>រំលង<wbr>ទៅ</button>",
        ),
        ("<body><h2>သူတို့ သင့်ကိုလိမ်ခဲ့သလား", "<body><h2>သူတို့ သင့်ကို<wbr>လိမ်ခဲ့သလား"),
    ],
)
def test_a_line_of_a_page_may_end_between_words(page, broken):
    assert with_finished_texts(page, lambda _: "") == broken


def test_emphasis_has_weight_where_a_script_has_no_slant():
    assert (
        HtmlWriter(read_document("*Listen.* *请听。*"), {}).write()
        == '<p><em>Listen.</em> <em class="upright">请听。</em></p>'
    )


@pytest.mark.parametrize(
    ("language", "title", "parts"),
    [
        ("zh", "好得难以相信？先问一问。", ["好得", "难以", "相信？", "先问", "一问。"]),
        ("zh", "别把护照交给任何人保管", ["别把", "护照交给", "任何人", "保管"]),
        # 的 and 吗 go with the word before them.
        ("zh", "孩子要去很远的地方吗？", ["孩子", "要", "去", "很", "远的", "地方吗？"]),
        ("ja", "水は一分間沸騰させてから飲みましょう", ["水は", "一分間", "沸騰させてから", "飲みましょう"]),
    ],
)
def test_titles_in_chinese_and_japanese_end_their_lines_between_phrases(language, title, parts):
    tied = tie_phrases(title, language)
    assert [part.replace(JOINER, "") for part in tied.split(DIVIDER)] == parts


@pytest.fixture(scope="module")
def campaign():
    return read_help()


@pytest.mark.long
def test_chinese_title_fits_every_picture_and_poster(campaign, tmp_path):
    """A title without a space is not one word: it was refused, or set on one line."""
    path = "posters/know-the-signs.md"
    text = "## 好得难以相信？先问一问。 {#title}\n\n## 认识这些迹象。 {#text}\n\n## 有危险？ {#call}\n\n{{ call }}\n"
    tree = msgspec.json.encode(read_document(text)).decode()
    page = replace(campaign.pages["en", path], language="zh", tree=tree)
    campaign = replace(campaign, pages={("zh", path): page})
    tried = [
        output
        for output in catalogue(campaign)
        if output.language == "zh"
        and (output.kind == "screen" or (output.format == "a3" and output.flavour == "office"))
    ]
    assert len(tried) > 6
    for output in tried:
        result = make(campaign, output, tmp_path / "made")
        assert not isinstance(result, list), (output, result)


# Reserved by Ofcom for plays and films, and lengths of real ones: with a country's code, in one run, with an extension.
NUMBERS = ("07700 900112", "447700900112345", "+44 7700 900 112 345", "07700 900112|4512")


def test_long_number_is_set_whole_on_posters_and_in_the_pictures_of_phones(campaign, tmp_path):
    """One that no line holds parts between its groups; the code to read more makes room for it."""
    expected = [("poster", "a4", "office", ""), ("screen", "a3", None, "feature-phone")]
    outputs = [
        output
        for output in catalogue(campaign)
        if output.name == "know-the-signs"
        and output.language == "en"
        and (output.kind, output.format, output.flavour, output.destination) in expected
    ]
    assert len(outputs) == len(expected)

    def with_number(raw: str):
        phone, _, extension = raw.partition("|")
        main = campaign.emergency
        number = replace(main.numbers[0], phone=phone, extension=extension)
        return replace(
            campaign,
            contacts=tuple(
                replace(contact, numbers=(number,)) if contact is main else contact for contact in campaign.contacts
            ),
        )

    for raw in NUMBERS:
        for output in outputs:
            result = make(with_number(raw), output, tmp_path / "made.pdf")
            assert not isinstance(result, list), (raw, result)
            if output.kind == "poster":
                text = read_aloud((tmp_path / "made.pdf").read_bytes())
                assert re.sub(r"\W", "", raw.partition("|")[0]) in re.sub(r"\W", "", text)
    (problem,) = make(with_number("44770090011234567890123"), outputs[0], tmp_path / "made.pdf")
    assert "`44770090011234567890123` is wider than its room" in problem.message
    assert problem.where.startswith("assets/contacts/national.yml:")


RULE, GROUND = (0xB3, 0x00, 0x1B), (0xFF, 0xE3, 0xE0)


def test_rule_below_which_words_do_not_fit_cuts_no_line(campaign, tmp_path):
    path = "posters/know-the-signs.md"
    text = f"## Ask. {{#title}}\n\n## Signs {{#text}}\n\n{'Keep a copy of your passport. ' * 60}\n\n"
    tree = msgspec.json.encode(read_document(text)).decode()
    page = replace(campaign.pages["en", path], tree=tree)
    campaign = replace(campaign, pages={("en", path): page})
    output = next(output for output in catalogue(campaign) if (output.format, output.flavour) == ("a3", "office"))
    (side,), problems = draw_sides(campaign, output)
    assert problems
    (tmp_path / "side.svg").write_bytes(side)
    (tmp_path / "side.typ").write_text('#set page(width: auto, height: auto, margin: 0mm)\n#image("side.svg")')
    drawn = Image.open(BytesIO(typst.compile(tmp_path / "side.typ", format="png", ppi=144))).convert("RGB")
    pixels = np.asarray(drawn)
    red = (pixels == RULE).all(axis=2)
    top = int(np.argmax(red.sum(axis=1) > 200))
    below = top + int(np.argmin(red[top:].sum(axis=1) > 200))
    wide = np.flatnonzero(red[top])[20:-20]
    # Only paper above the rule, the pale ground below it except for the tips of the tallest letters.
    assert len(np.unique(pixels[top - 2, wide], axis=0)) == 1
    assert (pixels[below + 1, wide] == GROUND).all(axis=1).mean() > 0.9
