"""Mistakes that people make, one a row: the change in a new campaign. The golden file has the resulting messages.

A row is a name and changes; `add`, `swap` and `write` are the changes.
"""

from __future__ import annotations

import base64
import gzip
import io
import os
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

from PIL import Image

Change = Callable[[Path], object]
PAGE, LEAFLET, POSTER = "docs/en/about.md", "docs/en/leaflets/wash-your-hands.md", "docs/en/posters/wash-your-hands.md"
NORTH, SOUTH, NATIONAL = (f"assets/contacts/{name}.yml" for name in ("north", "south", "national"))
ART = "assets/posters/wash-your-hands/art.svg"
ANSWER = "docs/en/answers/clean-hands.md"


def add(text: str, to: str = PAGE) -> Change:
    """Add some lines to the end of a file, after an empty one."""
    return lambda root: (root / to).write_bytes((root / to).read_bytes() + f"\n\n{text}\n".encode())


def swap(file: str, old: str, new: str) -> Change:
    """Replace some words; without `old`, the new ones come first."""

    def change(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, (file, old)
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(file: str, data: str | bytes) -> Change:
    """A new or replaced file."""

    def change(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


def move(file: str, to: str) -> Change:
    return lambda root: (root / file).rename(root / to)


def merged(file: str) -> Change:
    """Leave the marks of an unfinished merge around the last line of a file."""

    def change(root: Path) -> None:
        *before, last = (root / file).read_text("utf-8").rstrip().split("\n")
        lines = [*before, "<<<<<<< HEAD", last, "=======", last, ">>>>>>> 5c7a9f7d (Mend)"]
        (root / file).write_text("\n".join(lines) + "\n", "utf-8")

    return change


def page(title: str, text: str = "Text.", more: str = "") -> str:
    return f"---\ntitle: {title}\nfor: [public]\n{more}---\n\n{text}\n"


def box(typed: str) -> Change:
    """Change the viewBox of the art."""
    return lambda root: write(ART, _with_box((root / ART).read_text(encoding="utf-8"), typed))(root)


def _with_box(text: str, typed: str) -> str:
    start = text.index('viewBox="')
    return text[:start] + f'viewBox="{typed}"' + text[text.index('"', start + 9) + 1 :]


def _misfiled(folder: Path) -> None:
    folder.mkdir()
    (folder / "about.md").write_text(page("About"), encoding="utf-8")


def pipe(file: str) -> Change:
    def change(root: Path) -> None:
        (root / file).unlink(missing_ok=True)
        os.mkfifo(root / file)

    return change


def link(file: str, to: str) -> Change:
    return lambda root: (root / file).symlink_to(to)


def picture(file: str, width: int, height: int, kind: str = "PNG") -> Change:
    return lambda root: Image.new("RGB", (width, height)).save(root / file, format=kind)


def animation(file: str) -> Change:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "green", "blue")]
    return lambda root: frames[0].save(root / file, save_all=True, append_images=frames[1:])


def inside(markup: str) -> Change:
    """Add something to the art."""
    return swap(ART, "</svg>", f"{markup}</svg>")


@cache
def bomb(side: int, kind: str = "PNG") -> bytes:
    """A picture of one colour: few bytes, many pixels."""
    data = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", (side, side)).save(data, kind)
    return data.getvalue()


def embedded(data: bytes, kind: str = "png") -> Change:
    return inside(f'<image width="9" height="9" href="data:image/{kind};base64,{base64.b64encode(data).decode()}"/>')


def profile(data: bytes) -> tuple[Change, ...]:
    """Use another kind of file as the profile of the print shop."""
    return write("assets/press.icc", data), swap("assets/identity.yml", "FOGRA39}", "press.icc}")


HEADER = bytes(12) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(100)
NESTED = (
    "".join(f'<g id="n{n}">{"".join(f"""<use href="#n{n + 1}"/>""" for _ in range(20))}</g>' for n in range(5))
    + '<rect id="n5" width="1" height="1"/>'
)

ENTITIES = (
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in pairwise("abcdefghij"))
    + "]>"
)

MISTAKES: dict[str, tuple[Change, ...]] = {
    # Quotes of a word processor
    "curly quotes around a number": (swap(NATIONAL, '"+1 202 555 0143"', "“+1 202 555 0143”"),),
    "curly quotes around a title": (swap(PAGE, "title: About", "title: “About us”"),),
    # Markdown that means something else than its writer intended
    "a row with a cell too many": (add("| a | b |\n|---|---|\n| 1 | 2 | 3 |"),),
    "a row with a cell too few": (add("| a | b |\n|---|---|\n| 1 |"),),
    "a table without its line": (add("| a | b |\n| 1 | 2 |\n| 3 | 4 |"),),
    "a table pasted with tabs": (add("Day\tFrom\tTo\nMonday\t8\t16"),),
    "two stars without a partner": (add("This is **important."),),
    "two stars with spaces inside": (add("This is ** important ** too."),),
    "two low lines without a partner": (add("This is __important."),),
    "words struck out": (add("This is ~~gone~~ now."),),
    "words marked": (add("This is ==marked== now."),),
    "words inserted": (add("This is ++new++ now."),),
    "a link of a wiki": (add("See [[Get help]]."),),
    "a note of another system": (add("!!! note\n    Wash."),),
    "a fold of another system": (add('??? tip "More"\n    Wash.'),),
    "an alert of another system": (add("> [!NOTE]\n> Wash."),),
    "a container of another system": (add("::: warning\nWash.\n:::"),),
    "tabs of another system": (add('=== "Soap"\n\nWash.'),),
    "an insertion of another system": (add("Wash ^^both^^ hands."),),
    "letters set lower": (add("Drink H~2~O."),),
    "letters set higher": (add("On the 1^st^ of May."),),
    "a formula": (add("$$\na = b\n$$"),),
    "an included file": (add('--8<-- "soap.md"'),),
    "a diagram": (add("```mermaid\ngraph TD\n```"),),
    "a template of another system": (add('{% include "soap.html" %}'),),
    "a table of contents": (add("[TOC]"),),
    "a comment of a reviewer": (add("Wash {>>why?<<} hands."),),
    "an abbreviation": (add("*[WHO]: World Health Organization"),),
    "attributes behind a picture": (add("![A tap](tap.png){width=50}"), picture("docs/en/tap.png", 20, 20)),
    "a class with a space": (add("{ .signs }\n\n- :tap: Wash."),),
    "a class that does not exist": (add("{.sings}\n\n- :tap: Wash."),),
    "a class before nothing": (add("{.signs}"),),
    "a class before a heading": (add("{.signs}\n\n## More\n\nText."),),
    "a heading without a space": (add("##More\n\nText."),),
    "bullets of a word processor": (add("• Wash\n• Dry"),),
    "a list with closing brackets": (add("Do this:\n1) Wash\n2) Dry"),),
    "a space between words and address": (add("See [this page] (get-help.md)."),),
    "a link without an address": (add("See [this page]()."),),
    "a link by a name that is not there": (add("See [this page][nowhere]."),),
    "a link without https": (add("See [them](www.example.org)."),),
    "a link to the built page": (add("See [help](get-help.html)."),),
    "a link from the root": (add("See [help](/en/get-help.md)."),),
    "a link to another language's folder": (
        write("docs/pt/more.md", page("More")),
        add("See [this page](../pt/more.md) and [these words](_strings.yml)."),
    ),
    "a link to a heading that is not there": (add("See [help](get-help.md#nowhere)."),),
    "a link that runs a program": (add("See [help](javascript:alert)."),),
    "four spaces before a line": (add("    Wash your hands."),),
    "HTML": (add("<b>Wash</b>"),),
    "a comment": (add("<!-- to be checked -->"),),
    "marks that are meant": (add("Write \\*\\*two\\*\\* stars, \\~~ and \\#5."),),
    "an address that can be touched": (add("See https://example.org/a, or www.example.org."),),
    "a pictogram that is not there": (add(":tapp: Wash."),),
    "a shortcode that is not there": (add("{{ cal }}"),),
    "a shortcode in a sentence": (add("Call {{ call }} now."),),
    "a shortcode in a table": (add("| a | b |\n|---|---|\n| {{ call }} | {{ call } |"),),
    "a shortcode in a heading": (add("## Call {{ call }}"),),
    "a shortcode without a brace": (add("{{ call }\n\n{ {call} }\n\ncall }}\n\nWrite \\{{ call }} or `{{ call }}`."),),
    "a shortcode in a title": (swap(PAGE, "title: About", 'title: "About {{ call }}"'),),
    "marks in rows without a table": (add("| H~2~O | ^^new^^ | {{ call } |"),),
    "a shortcode with a capital": (add("{{ Call }}"),),
    "an argument that is not known": (add("{{ contacts plaice=north }}"),),
    # Structure
    "two headings of one id": (add("## A {#aa}\n\nText.\n\n## B {#aa}\n\nText."),),
    "an id with a space": (add("## A {#a b}\n\nText."),),
    "a second title": (add("# A\n\nText."),),
    "a level left out": (add("#### A {#a}\n\nText."),),
    "headings without words": (add("##\n\n###\n\nText."),),
    "a heading with only an id": (add("## {#a}\n\nText."),),
    "two pages of one title": (write("docs/en/more.md", page("About")),),
    "a title of spaces": (swap(PAGE, "title: About", 'title: "  "'),),
    "a page without a title": (swap(PAGE, "title: About\n", ""),),
    "a page without text": (write("docs/en/more.md", page("More", "")),),
    "two places of one name": (swap(SOUTH, "The South", "The North"),),
    "two places on one tile": (swap(SOUTH, "row: 2", "row: 1"),),
    "the folder of a language under another name": (lambda root: (root / "docs/en").rename(root / "docs/enn"),),
    "a page in a mistyped folder of a language": (lambda root: _misfiled(root / "docs/enn"),),
    "a language listed twice": (
        swap("mkdocs.yml", "default: true}", "default: true}\n        - {locale: en, name: English}"),
    ),
    "a note with the id of a source": (add("Text.[^your-source]\n\n[^your-source]: My own."),),
    "a source that is not there": (add("Text.[^nobody]"),),
    "a source to be read again": (
        swap("docs/_sources.yml", "your-source:", "your-source:\n  read: 2019-05-01\n  again: 2020-05-01"),
    ),
    "a source to be read a year later": (
        swap("docs/_sources.yml", "your-source:", "your-source:\n  read: 2019-05-01"),
    ),
    "a source to be read again before it was": (
        swap("docs/_sources.yml", "your-source:", "your-source:\n  read: 2999-05-01\n  again: 2999-05-01"),
    ),
    # Text that should not be published
    "lorem ipsum": (add("Lorem ipsum dolor sit amet."),),
    "TODO": (add("TODO: ask the clinic."),),
    "todo, a word of Portuguese": (add("Lave todo o dia."),),
    "XXX": (add("Call XXX now."),),
    "a gap for a name": (add("Ask [name] first."),),
    "a number that no contact has": (add("Call 0800 157 0142."),),
    "a number with its source": (add("Call 0800 157 0142.[^your-source]"),),
    "an address that no contact has": (add("Write to help@water.example."),),
    # Front matter and settings
    "no front matter": (write("docs/en/more.md", "# More\n\nText.\n"),),
    "front matter that does not end": (swap(PAGE, "for: [public]\n---", "for: [public]\n"),),
    "a misspelt key": (swap(PAGE, "title:", "titel:"),),
    "a line that is moved in without a reason": (swap(PAGE, "for: [public]", "  - for: [public]"),),
    "a value with a colon": (swap(PAGE, "title: About", "title: About: us"),),
    "an audience that is not known": (swap(PAGE, "[public]", "[pubic]"),),
    "a format that is not known": (swap(LEAFLET, "formats: [", "formats: [tri-fould, "),),
    "a test that does not say of how many": (
        swap(LEAFLET, "title:", "tested: {on: 2026-11-20, with: ten people, understood: 17}\ntitle:"),
    ),
    "an option that is not known": (swap(PAGE, "title:", "options: {artt: x}\ntitle:"),),
    "a tab in the settings": (swap("mkdocs.yml", "      version", "\t  version"),),
    "a key twice": (swap("mkdocs.yml", "      places:", "      places: [north]\n      places:"),),
    "an address without a slash": (swap("mkdocs.yml", "https://campaign.example/", "https://campaign.example"),),
    "a menu with a page that is not there": (swap("mkdocs.yml", "  - about.md", "  - abuot.md"),),
    "a page on getting help that is not there": (
        swap("mkdocs.yml", "      places:", "      help_page: nubmers.md\n      places:"),
    ),
    "a place without a file": (swap("mkdocs.yml", "[north, south]", "[north, south, west]"),),
    "a file of a place that is not named": (swap("mkdocs.yml", "[north, south]", "[north]"),),
    "no languages": (swap("mkdocs.yml", "        - {locale: en, name: English, default: true}\n", ""),),
    "a code that is no language": (swap("mkdocs.yml", "locale: en,", "locale: english,"),),
    "a day that is none": (swap("mkdocs.yml", "date: 2026-11-25", "date: 2026-13-25"),),
    "a YAML tag": (swap("mkdocs.yml", "site_name: Clean hands", "site_name: !!python/name:os.system"),),
    "an alias": (swap("mkdocs.yml", "places: [north, south]", "places: &p [north, south]\n      audiences: *p"),),
    # Contacts
    "no number to call": (swap(NATIONAL, '    phone: "+1', '    # phone: "+1'),),
    "a number with letters": (swap(NATIONAL, '"+1 202 555 0143"', '"call us"'),),
    "letters read in another encoding": (add("A informaÃ§Ã£o"),),
    "a letter of another script": (add("Keep your p\u0430ssport."),),
    "an unfinished merge": (add("<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> branch"),),
    "what a word processor left": (add("Error! Reference source not found."),),
    "what a chat assistant left": (add("As an AI language model, I cannot."),),
    "a placeholder in small letters": (add("On xx/xx, place tbd."),),
    "a day that no month has": (add("Come on 31 February."),),
    "another day of the week": (add("Come on Monday, 25 November 2026."),),
    "a link to a private network": (add("[Plan](http://192.168.1.20/plan.pdf)"),),
    "a link with exchanged brackets": (add("(Get help)[get-help.md]"),),
    "a table without rows": (add("| a | b |\n|---|---|"),),
    "a front matter without an end": (write("docs/en/new.md", "---\ntitle: New\n\nText.\n"),),
    "a link that dials": (add("[Write to us](https://wa.me/12025550199)"),),
    "braces around words": (add("Write {no code} here."),),
    "a number with a zero in brackets": (swap(NATIONAL, "+1 202 555 0143", "+44 (0)20 7946 0143"),),
    "two numbers in one field": (swap(NATIONAL, "+1 202 555 0143", "+1 202 555 0143 / 4"),),
    "a number with a digit too many": (swap(NATIONAL, "+1 202 555 0143", "+1 202 555 01433"),),
    "an hour that no day has": (swap(NATIONAL, "hours: always", "hours: 8:00-25:00"),),
    "hours across midnight": (swap(NATIONAL, "hours: always", "hours: [{days: mon-fri, open: [17:00-8:00]}]"),),
    "a contact of no kind": (swap(NORTH, "kind: health", "kind: helth"),),
    "a service that has no words": (swap(NORTH, "does: [care]", "does: [caring]"),),
    "a source that no contact has": (swap(NORTH, "source: your-source", "source: my-source"),),
    "a contact listed twice": (
        add("  - id: north-clinic\n    kind: health\n    source: your-source", to=SOUTH),
        swap(SOUTH, "contacts: []", "contacts:"),
    ),
    "swapped letters in a name": (swap(NORTH, "The North", "The \u202eNorth"),),
    "letters kept apart in a name": (swap(NORTH, "The North", "The \u2067North\u2069"),),
    # Files
    "a control character in a page": (add("Wash\x07 well."),),
    "a control character in a name": (swap(NORTH, "The North", "The \x07North"),),
    "another encoding": (add("x"), lambda root: (root / PAGE).write_bytes("---\ntitle: Água\n---\n".encode("latin-1"))),
    "two bytes a letter": (lambda root: (root / PAGE).write_bytes(page("About").encode("utf-16")),),
    "a document of a word processor": (write(PAGE, b"PK\x03\x04" + bytes(200)),),
    "a page of 2 MB": (add("Wash your hands. " * 130_000),),
    "line ends of Windows": (lambda root: write(PAGE, (root / PAGE).read_bytes().replace(b"\n", b"\r\n"))(root),),
    "a name that Windows keeps for itself": (write("docs/en/con.md", page("More")),),
    "a name of 100 letters": (write(f"docs/en/{'more-' * 20}.md", page("More")),),
    "a name with a space": (write("docs/en/my page.md", page("More")),),
    "a name with an accent": (write("docs/en/página.md", page("More")),),
    "two names that differ in a capital": (write("docs/en/About.md", page("More")),),
    "a pipe among pages": (pipe("docs/en/more.md"),),
    "a pipe among pictograms": (pipe("assets/pictograms/tap.svg"),),
    "a link to itself": (link("docs/en/more.md", "more.md"),),
    "a link to a folder": (link("docs/en/more", "."),),
    "a link out of the campaign": (link("docs/en/more.md", "/etc/hostname"),),
    "a device": (link("docs/en/more.md", "/dev/zero"),),
    "a web page as a recording": (write("docs/en/about.mp3", "<html>"),),
    "a text as a font": (lambda root: write("assets/fonts/own.ttf", "no font")(root),),
    "a picture of one pixel": (picture("docs/en/dot.png", 1, 1), add("![A dot](dot.png)")),
    "an animated picture": (animation("docs/en/map.gif"), add("![A map](map.gif)")),
    "a picture of another kind": (picture("docs/en/map.png", 20, 20, "JPEG"), add("![A map](map.png)")),
    "a picture that is not there": (add("![A map](map.png)"),),
    "a photo that is not there": (add("![A map](map.jpg)"),),
    "a picture without words": (picture("docs/en/map.png", 20, 20), add("![](map.png)")),
    "a photo among pages": (picture("docs/en/map.jpg", 20, 20, "JPEG"), add("![A map](map.jpg)")),
    "a picture of another site": (add("![A map](https://example.org/map.png)"),),
    "a file for the host that would be the front page": (write("public/index.html", "mine"),),
    "a file for the host": (write("public/CNAME", "water.example"),),
    # Unintended publication
    "a table of people among pages": (write("docs/en/victims.csv", "name,phone\nAna,1\n"),),
    "a workbook among pages, in capitals": (write("docs/en/VICTIMS.XLSX", b"PK\x03\x04"),),
    "a key without an ending": (write("docs/en/notes", "-----BEGIN OPENSSH PRIVATE KEY-----\n"),),
    "a chat among pages": (
        write("docs/en/more.txt", "12/05/26, 10:22 - Ana: I am afraid\n12/05/26, 10:23 - Rui: Call me\n"),
    ),
    "mail in a folder of pages": (write("docs/en/deep/er/ask.eml", "From: Ana\n"),),
    "a file that no page links to": (write("docs/en/plan.pdf", b"%PDF-1.7"),),
    "a brief next to the art": (write("assets/posters/wash-your-hands/brief.docx", b"PK\x03\x04"),),
    "droppings of systems": (write("docs/en/Thumbs.db", b"x"), write("assets/photos/._market.jpg", b"x")),
    "a copy of a sync program": (write("docs/en/about.sync-conflict-20261130-101500-ABCDEFG.md", page("About")),),
    "a link to a workbook": (write("docs/en/prices.xlsx", b"PK\x03\x04"), add("[Prices](prices.xlsx)")),
    "a recording with nothing but tags": (write("docs/en/about.mp3", b"ID3\x03\0\0\0\0\0\0" + bytes(90)),),
    "a PDF that is none": (write("docs/en/plan.pdf", b"no PDF"), add("[Plan](plan.pdf)")),
    "a key for the host": (write("public/id_rsa", "x"),),
    "a folder of version control for the host": (write("public/.git/config", "[core]"),),
    "passwords for the host": (write("public/.env", "KEY=1"),),
    "a chat for the host": (write("public/WhatsApp Chat with Ana.txt", "x"),),
    "a table for readers": (write("public/prices.csv", "a,b\n"), add("[Prices](/prices.csv)")),
    "an original that came back": (write("originals/x.txt", b"face"), write("public/x.txt", b"face")),
    "art that covers a part of a photo with a scribble": (
        embedded(bomb(9)),
        inside('<path d="M1 1h3v3z" fill="#000000"/>'),
    ),
    "art whose layer hides by its place": (inside("<style>g:nth-child(2) {display: none}</style>"),),
    # Remedies
    **{
        f"a merge in {file}": (merged(file),)
        for file in ("mkdocs.yml", NATIONAL, NORTH, "assets/identity.yml", "docs/en/_strings.yml", "docs/_sources.yml")
    },
    "a merge in the front matter": (swap(PAGE, "for: [public]", "<<<<<<< HEAD\nfor: [public]\n>>>>>>> theirs"),),
    "a merge in a table of places": (
        write("places.csv", "id,name\n<<<<<<< HEAD\nnorth,North\n=======\nsouth,South\n>>>>>>> theirs\n"),
        swap("mkdocs.yml", "[north, south]", "places.csv"),
    ),
    "settings under another name": (move("mkdocs.yml", "mkdocs.yaml"),),
    "a look under another name": (move("assets/identity.yml", "assets/Identity.yml.txt"),),
    "contacts under another name": (move(NATIONAL, NATIONAL.replace(".yml", ".yaml")),),
    "strings under another name": (move("docs/en/_strings.yml", "docs/en/_strings.yaml"),),
    "sources under another name": (write("docs/_sources.yaml", "x: {title: X}"),),
    "hours of a colleague": (
        lambda root: write(NORTH.replace(".yml", " (Ana's conflicted copy).yml"), (root / NORTH).read_text() + "\n")(
            root
        ),
    ),
    "a link that is right in another folder": (write("docs/en/deep/more.md", page("More", "[Help](get-help.md)")),),
    "a page for nobody": (swap(PAGE, "for: [public]", "for: []"),),
    "the address of a preview": (swap("mkdocs.yml", "https://campaign.example/", "http://localhost:8000/"),),
    # Drawings
    "art without a viewBox": (box(""),),
    "art as wide as a country": (box("0 0 1e12 1"),),
    "art of no size": (box("0 0 -5 5"),),
    "art that is no XML": (swap(ART, "<svg", "<<svg"),),
    "art that runs a program": (swap(ART, "</svg>", "<script>1</script></svg>"),),
    "art that needs another file": (swap(ART, "</svg>", '<image href="x.png"/></svg>'),),
    "art with text": (swap(ART, "</svg>", "<text>Wash</text></svg>"),),
    "art that makes millions of shapes": (swap(ART, "</svg>", f'<defs>{NESTED}</defs><use href="#n0"/></svg>'),),
    "art that leads round": (swap(ART, "</svg>", '<g id="r"><use href="#r"/></g></svg>'),),
    "art that nobody made": (lambda root: (root / ART).with_name("poster.yml").unlink(),),
    "boxes of meaning that are none": (
        write(
            ART.replace("art.svg", "poster.yml"),
            "credit: Ana\nlicence: CC0-1.0\nscene: {x: 0, y: 60, width: 100, height: 50}\nmeaning:\n"
            "  - {x: 10, y: 10, width: 20, height: 20}\n"
            "  - {label: tap, x: 44, y: 32, width: 20}\n"
            "  - {label: hands, x: 44, y: 32, width: 0, height: 5}\n"
            "  - {label: soap, x: 90, y: 32, width: 20, height: 5}\n"
            "  - {label: towel, x: high, y: 32, width: 20, height: 5}\n"
            "  - {label: water, x: 40, y: 32, width: 20, height: 5}\n"
            "  - {label: water, x: 45, y: 32, width: 20, height: 5}\n"
            "  - {label: bowl, drawing: ../cover, x: 45, y: 32, width: 20, height: 5}\n",
        ),
    ),
    "a box of meaning outside the scene": (
        add(
            "scene: {x: 0, y: 20, width: 100, height: 50}",
            to=ART.replace("art.svg", "poster.yml"),
        ),
        swap(ART.replace("art.svg", "poster.yml"), "y: 49, width: 38, height: 20", "y: 64, width: 38, height: 20"),
    ),
    "no art": (lambda root: (root / ART).unlink(),),
    "art with entities of entities": (swap(ART, "<svg", f"{ENTITIES}<svg"),),
    "art with a file of this computer": (
        swap(ART, "<svg", '<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/hostname">]><svg'),
        inside("<desc>&e;</desc>"),
    ),
    "art that is 5,000 groups deep": (inside("<g>" * 5000 + "</g>" * 5000),),
    "art with a page of HTML": (inside("<foreignObject><b>1</b></foreignObject>"),),
    "art that listens": (inside('<rect width="1" height="1" onload="go()"/>'),),
    "art with a style from elsewhere": (inside("<style>@import 'https://example.org/a.css';</style>"),),
    "art with a drawing in it as a picture": (embedded(b"<svg/>", "svg+xml"),),
    "art with a picture of 400 million points": (lambda root: embedded(bomb(20_000))(root),),
    "art with a picture that is none": (embedded(b"no picture at all"),),
    "art with a picture that is cut off": (embedded(bomb(400)[:60]),),
    "art that is packed": (lambda root: (root / ART).write_bytes(gzip.compress((root / ART).read_bytes())),),
    "art of 5 MB": (inside(f"<desc>{'x' * 5_000_000}</desc>"),),
    "art with invisible dashes": (
        inside('<path d="M0 0H9e5" stroke="#000000" fill="none" stroke-dasharray=".00001"/>'),
    ),
    "art with an invisible pattern": (
        inside(
            '<defs><pattern id="p" width=".00001" height=".00001" patternUnits="userSpaceOnUse"><rect width="1" '
            'height="1"/></pattern></defs><rect width="300" height="300" fill="url(#p)"/>'
        ),
    ),
    # More files
    "names that Windows keeps, among drawings": (
        write("assets/pictograms/AUX.svg", "<svg/>"),
        write("assets/logos/lpt1.tar.svg", "<svg/>"),
    ),
    "a name of 240 letters": (write(f"docs/en/{'m' * 237}.md", page("More")),),
    "a name with a colon": (write("docs/en/more: again.md", page("More")),),
    "a name that ends in a dot": (write("docs/en/more./a.md", page("More")),),
    "a name with a line end": (write("docs/en/mo\nre.md", page("More")),),
    "a name that is read backwards": (write("docs/en/a\u202edm.md", page("More")),),
    "two names that look the same": (
        write("docs/en/cafe\u0301.md", page("Coffee")),
        write("docs/en/caf\u00e9.md", page("Tea")),
    ),
    "links that lead round": (link("docs/en/more.md", "less.md"), link("docs/en/less.md", "more.md")),
    "folders that lead round": (link("docs/en/more", "less"), link("docs/en/less", "more")),
    "a link to nowhere": (link("assets/pictograms/x.svg", "gone.svg"),),
    "a folder with the name of a page": (lambda root: (root / "docs/en/more.md").mkdir(),),
    "a folder instead of words": (
        lambda root: (root / "docs/en/_strings.yml").unlink(),
        lambda root: (root / "docs/en/_strings.yml").mkdir(),
    ),
    "a device among contacts": (
        lambda root: (root / SOUTH).unlink(),
        link(SOUTH, "/dev/zero"),
    ),
    "a pipe instead of settings": (pipe("mkdocs.yml"),),
    "a pipe as a recording": (pipe("docs/en/about.mp3"),),
    "swapped letters in a page": (add("Call \u202e2410 now, or \u20672410\u2069."),),
    "swapped letters in words": (swap("docs/en/_strings.yml", 'menu: "', 'menu: "\u202e'),),
    "swapped letters in the settings": (swap("mkdocs.yml", "Clean hands", "Clean \u2066hands"),),
    "a name that is no text": (lambda root: (root / os.fsdecode(b"docs/en/\xff.md")).write_text(page("More")),),
    "a recording of another kind": (write("docs/en/about.mp3", b"OggS" + bytes(100)),),
    "a recording of nothing": (write("docs/en/about.ogg", b""),),
    "a font that is cut off": (write("assets/fonts/own.ttf", b"\0\1\0\0\0\x0f" + bytes(30)),),
    "a page of the web as a font": (write("assets/fonts/own.otf", "<html>"),),
    "a font of the web, renamed": (write("assets/fonts/own.otf", b"wOF2" + bytes(60)),),
    "a text as a profile": profile(b"no profile"),
    "a screen's profile for the print shop": profile(HEADER),
    "a picture of nothing": (write("docs/en/map.png", b""), add("![A map](map.png)")),
    "a page of the web as a picture": (write("docs/en/map.png", "<html>"), add("![A map](map.png)")),
    "a picture of 400 million points": (
        lambda root: write("docs/en/map.png", bomb(20_000))(root),
        add("![A map](map.png)"),
    ),
    "a drawing that is called a picture": (write("docs/en/map.png", "<svg/>"), add("![A map](map.png)")),
    # Pieces
    "a panel that is not there": (swap(LEAFLET, "{#left}", "{#leftt}"),),
    "words above the first panel": (swap(LEAFLET, "---\n\n## ", "---\n\nWash.\n\n## "),),
    "a poster without words for the blind": (swap(POSTER, "alt:", "allt:"),),
    # Answers
    "a poster and a leaflet without an answer": (
        swap(ANSWER, ", from: [posters/wash-your-hands.md, leaflets/wash-your-hands.md]", ""),
    ),
    "an answer that lacks everything": (
        swap(ANSWER, "pictogram: soap, ", ""),
        swap(ANSWER, "{{ call }}\n\n{.steps}\n\n", ""),
        swap(ANSWER, "search: [wash hands, soap, no soap, dirty hands, germs]\n", ""),
    ),
    "an answer of three screens": (
        add("\n\n".join(["Wash your hands before each meal and after it. " * 6] * 5), ANSWER),
    ),
    "an answer that names what is not there": (
        swap(ANSWER, "{pictogram: soap, group: daily", "{pictogram: soup, group: dayly, call: nobody"),
        swap(ANSWER, "from: [", "from: [posters/wash.md, get-help.md#wen, "),
    ),
    "an answer declared in another folder": (swap(PAGE, "title: ", "answer: {pictogram: soap}\ntitle: "),),
    "a sign that leads to no answer": (
        swap("docs/en/index.md", "**Wet.**", "**[Wet.](answers/clean-hands.md)**"),
        swap("docs/en/index.md", "**Rub.**", "**[Rub.](answers/clean-hands.md)**"),
    ),
}
