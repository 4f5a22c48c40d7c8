"""Noto font files by script, and where to get them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from campaign.document.text import script_of

# Folders of Noto fonts on Debian, Ubuntu and others. Fonts are found by name, because listing 1,800 files is slow.
SYSTEM_FOLDERS = tuple(
    Path("/usr/share/fonts", folder)
    for folder in ("truetype/noto", "opentype/noto", "noto", "noto-cjk", "google-noto", "google-noto-cjk")
)
ENDINGS = (".ttf", ".otf", ".ttc")


class Script(NamedTuple):
    """A script's font file."""

    file: str  # without weight and extension: `NotoSansLao` for `NotoSansLao-Regular.ttf`
    package: str = "fonts-noto-core"  # in Debian and Ubuntu
    wheel: str = ""  # the Python package, or ''


def _sans(names: str) -> dict[str, Script]:
    return {name.upper(): Script(f"NotoSans{name}") for name in names.split()}


CJK = Script("NotoSansCJK", "fonts-noto-cjk")
# Fonts by the first word of the characters' Unicode names.
SCRIPTS = {
    **_sans("Adlam Armenian Balinese Batak Buginese Cham Cherokee Coptic Georgian Gujarati Gurmukhi"),
    **_sans("Javanese Kannada Lepcha Limbu Lisu Malayalam Mongolian NKo Oriya Osage Osmanya Rejang"),
    **_sans("Saurashtra Sinhala Sundanese Syriac Tagalog Thaana Tifinagh Vai Yi"),
    "ARABIC": Script("NotoSansArabic", wheel="fontpkg-noto-sans-arabic"),
    "BENGALI": Script("NotoSansBengali", wheel="justmytype-intl-south-asia"),
    "CANADIAN": Script("NotoSansCanadianAboriginal"),
    "DEVANAGARI": Script("NotoSansDevanagari", wheel="fontpkg-noto-sans-devanagari"),
    "ETHIOPIC": Script("NotoSansEthiopic", wheel="justmytype-intl-africa"),
    "HANIFI": Script("NotoSansHanifiRohingya"),
    "HEBREW": Script("NotoSansHebrew", wheel="justmytype-intl-rtl"),
    "KAYAH": Script("NotoSansKayahLi"),
    "KHMER": Script("NotoSansKhmer", wheel="fontpkg-noto-sans-khmer"),
    "LAO": Script("NotoSansLao", wheel="justmytype-intl-sea"),
    "MEETEI": Script("NotoSansMeeteiMayek"),
    "MYANMAR": Script("NotoSansMyanmar", wheel="justmytype-intl-sea"),
    "NEW": Script("NotoSansNewTaiLue"),
    "OL": Script("NotoSansOlChiki"),
    "TAI": Script("NotoSansTaiTham"),
    "TAMIL": Script("NotoSansTamil", wheel="fontpkg-noto-sans-tamil"),
    "TELUGU": Script("NotoSansTelugu", wheel="fontpkg-noto-sans-telugu"),
    "THAI": Script("NotoSansThai", wheel="fontpkg-noto-sans-thai"),
    "TIBETAN": Script("NotoSerifTibetan"),
    **dict.fromkeys(("BOPOMOFO", "CJK", "FULLWIDTH", "HANGUL", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA"), CJK),
    **dict.fromkeys(("CYRILLIC", "GREEK", "LATIN"), Script("NotoSans", wheel="fontpkg-noto-sans")),
}
# Regional variants of the same characters.
HAN = {"zh": "SC", "zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK", "zh-mo": "HK", "ja": "JP", "ko": "KR"}
# Languages by script, for those without texts yet: no words of the interface ship for them.
LANGUAGES = {
    "ARABIC": ("ks", "sd", "ug"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("as",),
    "CYRILLIC": ("be", "bg", "kk", "ky", "mk", "mn", "sr", "tg"),
    "DEVANAGARI": ("bho", "mai", "mr"),
    "ETHIOPIC": ("ti",),
    "GEORGIAN": ("ka",),
    "GREEK": ("el",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "HANGUL": ("ko",),
    "HEBREW": ("he", "yi"),
    "KANNADA": ("kn",),
    "KATAKANA": ("ja",),
    "MALAYALAM": ("ml",),
    "ORIYA": ("or",),
    "TELUGU": ("te",),
    "THAANA": ("dv",),
    "TIBETAN": ("bo", "dz"),
}
# The first letters of a script tell whether a font has it.
SAMPLE_LETTERS = 10
NON_LATIN = range(0x0391, 0xD7A4)


def sample_letters(language: str) -> str:
    """Return some letters of a language's script, or '' if this table doesn't have the language."""
    code = language.partition("-")[0]
    name = next((f"{script} " for script, codes in LANGUAGES.items() if code in codes), "")
    letters = (c for c in map(chr, NON_LATIN if name else ()) if unicodedata.category(c) in ("Ll", "Lo"))
    return "".join(
        islice((c for c in letters if unicodedata.name(c, "").startswith(name)), 1, 1 + SAMPLE_LETTERS)
    )  # the very first may be rare


def system_fonts(characters: Iterable[str]) -> tuple[Path, ...]:
    """Return the installed Noto fonts that should contain some characters."""
    rows = dict.fromkeys(SCRIPTS[name] for name in sorted(map(script_of, characters)) if name in SCRIPTS)
    return tuple(path for row in rows for path in _system_files(row.file, SYSTEM_FOLDERS))


@lru_cache(maxsize=64)
def _system_files(stem: str, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    names = [f"{stem}-{weight}{suffix}" for weight in ("Regular", "Bold") for suffix in ENDINGS]
    for folder in folders:
        if results := tuple(folder / name for name in names if (folder / name).is_file()):
            return results
    return ()


def local_faces_first(name: str, language: str) -> tuple[bool, str]:
    """Sort families so that the regional variant of Chinese characters for a language comes first."""
    code = language.lower()
    suffix = HAN.get(code) or HAN.get(code.split("-")[0], "")
    return (not suffix or not name.endswith(f" {suffix}"), name)
