"""Rules about prints, the finished website, and the computer that makes them."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "piece-unknown",
        "The piece has no page or no such format. A file probably disappeared during the build.",
        "a leaflet whose page was deleted meanwhile",
        "the page, with its format, and campaign build again",
    ),
    stop(
        "character-no-font",
        "A letter that no font has is printed as an empty box.",
        "a page in Georgian, without a font for Georgian",
        "NotoSansGeorgian-Regular.ttf and -Bold.ttf in assets/fonts/, or apt install fonts-noto-core",
    ),
    stop(
        "font-broken",
        "A font that is cut off or damaged lacks letters, or stops the typesetter in the middle of a build.",
        "a font that was copied halfway when the stick was pulled out",
        "the same file, copied whole",
    ),
    stop(
        "design-forgets",
        "Every print says that it is a draft, who issued it and where to read more. A design without these "
        "cannot be told from a forgery.",
        "sticker.typ without the imprint",
        "sticker.typ with the parts that parts.typ has",
    ),
    stop(
        "typesetting-stopped",
        "The piece couldn't be set; the message quotes the typesetter.",
        "a design with a mistake",
        "the design before the change",
    ),
    stop(
        "print-font",
        "A font that is not in the PDF is replaced at the print shop, and letters are lost.",
        "a PDF without its fonts",
        "a PDF with the letters that it uses",
    ),
    stop(
        "print-box",
        "A print shop cuts at the trim. Colour has to run 3 mm past it, or a white line shows.",
        "a PDF that ends at the trim",
        "a PDF with 3 mm of bleed",
    ),
    stop(
        "print-intent",
        "Without it, the print shop doesn't know which paper the colours are for.",
        "a PDF without an output intent",
        "a PDF/X-4 with the profile of assets/identity.yml",
    ),
    stop(
        "print-ink",
        "Screen colours, or too much ink, come out dull, smear, or are sent back.",
        "a drawing with 340 % of ink",
        "a drawing with 280 % of ink",
    ),
    stop(
        "print-text-ink",
        "Small letters in several inks blur when the plates don't align.",
        "text in dark blue of four inks",
        "text in black alone",
    ),
    stop(
        "print-resolution",
        "Below 250 dots to an inch a picture is blurred on paper, below 150 on A2, below 100 on A1.",
        "a picture of 400 pixels, as wide as a page",
        "a picture of 2,500 pixels",
    ),
    stop(
        "print-stroke",
        "Thin strokes are lost in the second copy of a copy, and on a press: faces without bodies are left.",
        "an outline of 0.2 points",
        "an outline of 0.75 points, 0.5 for the print shop",
    ),
    stop(
        "print-gradient",
        "A press leaves an area white or black if the file doesn't define it.",
        "a sunset whose gradient was left out of the PDF",
        "a complete PDF",
    ),
    stop(
        "print-link",
        "A print shop's machine may print the frame of a link.",
        "a PDF for the print shop with links",
        "one without",
    ),
    stop(
        "print-paper",
        "Office printers take A4. A page of another shape is shrunk, or cut off.",
        "a page of 500 × 200 mm",
        "a page of 210 × 297 mm",
    ),
    stop(
        "print-accessible",
        "A screen reader tells headings from lines, and chooses its voice, by what the PDF says of itself.",
        "a PDF without tags or language",
        "a tagged PDF that names its language",
    ),
    stop(
        "print-tint",
        "A photocopier makes grey patches of every tint.",
        "a master with light blue",
        "a master in black and white",
    ),
    stop(
        "mkdocs-error",
        "MkDocs, which makes the pages, could not go on; the message says what it said.",
        "theme: {name: materiall}",
        "theme: {name: material}",
    ),
    note(
        "mkdocs-warning",
        "MkDocs, which makes the pages, found something odd; the message says what.",
        "a setting that MkDocs does not know any more",
        "mkdocs.yml without it",
    ),
    stop(
        "request-foreign",
        "A request to another site tells it who reads yours, and when.",
        "a page that loads a font from another site",
        "a page whose fonts are its own",
    ),
    stop(
        "picture-no-size",
        "Without a size, the text jumps when the picture arrives, and a thumb hits the wrong link.",
        '<img src="well.png">',
        '<img src="well.png" width="640" height="480">',
    ),
    note(
        "page-heavy",
        "On a slow network every few kilobytes take a second, and credit. With --release this stops the build.",
        "a front page with 300 KB of pictures",
        "a front page below 45 KB",
    ),
    stop(
        "page-heavy-release",
        "A released page opens at once on a cheap phone with little credit.",
        "a front page with 300 KB of pictures",
        "a front page below 45 KB",
    ),
    note(
        "page-slow",
        "Scripts, or files that a page waits for, take longer than they may. With --release this stops the build.",
        "a page that waits for three style sheets",
        "a page that waits for one",
    ),
    stop(
        "page-slow-release",
        "A released page opens at once on a cheap phone.",
        "a page that waits for three style sheets",
        "a page that waits for one",
    ),
    note(
        "changed-during-build",
        "Changes you saved during the build may be missing from it.",
        "docs/en/signs.md saved while campaign build runs",
        "campaign build once more",
    ),
    stop(
        "changed-while-made",
        "One print would contain half of the old file and half of the new one.",
        "art.svg saved during the build",
        "campaign build once more",
    ),
    stop(
        "build-running",
        "Two builds at once would write into one folder.",
        "campaign build in two windows",
        "campaign build in one",
    ),
    stop(
        "disk-full",
        "There is no room to write.",
        "a full disk, or a read-only folder",
        "room on the disk",
    ),
    stop(
        "disk-damaged",
        "This disk returns something other than what was written. Copies made from it may be broken too.",
        "a USB stick near its end",
        "the campaign on another disk",
    ),
    stop(
        "folder-not-empty",
        "A new campaign would mix with the existing files.",
        "campaign new ., in a folder with files",
        "campaign new my-campaign",
    ),
    stop(
        "weblate-not-taken",
        "The file is written again from the campaign's texts, and new translations in it would be lost.",
        "campaign translate weblate, after Weblate wrote weblate/pt.po",
        "campaign translate take weblate/pt.po, then campaign translate weblate",
    ),
    stop(
        "upstream-archive",
        "Zips can come from anyone: entries that lead outside, are links, or unpack without end are never written.",
        "a zip with ../../start.sh in it, sent to the desk",
        "a zip of the folder with mkdocs.yml, docs/ and assets/",
    ),
    stop(
        "upstream-unknown",
        "Changes can only be shown if the campaign recorded what it took over.",
        "campaign adopt --from ../theirs, in a campaign without docs/_upstream/",
        "campaign adopt ../ours, in the campaign that is taken over",
    ),
)
