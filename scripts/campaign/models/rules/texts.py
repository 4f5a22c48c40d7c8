"""Pages: their text, links and shortcodes, and how they fit on paper."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "front-matter-missing",
        "The lines between --- say what a page is called and whom it is for. Without them it is in no menu.",
        "# Signs to see, on the first line",
        "---, title: Signs to see, ---, then the text",
    ),
    stop(
        "text-unsafe",
        "Something would run in the reader's browser. It should never come so far; so nothing of the page is shown.",
        "a page whose text becomes a program",
        "the same page, without what was written last",
    ),
    stop(
        "text-direction",
        "An invisible sign turns letters round: a telephone number would read otherwise than it is. It comes "
        "along with copied text.",
        "a number copied from a chat in Arabic, with an invisible sign before it",
        "the same number, typed anew",
    ),
    stop(
        "text-nesting",
        "A run of brackets or stars like this is a slip, and would take a phone minutes to show.",
        "((((((((((((((((((((((( and so on",
        "(one pair of brackets)",
    ),
    stop(
        "html-refused",
        "HTML would be on the site only: not on paper, not in the press kit, not in translations.",
        "<b>Call</b> us",
        "**Call** us",
    ),
    stop(
        "link-dead",
        "Whoever follows the link stands before a page that is not there, and may not try again.",
        "[Get help](get-halp.md)",
        "[Get help](get-help.md)",
    ),
    stop(
        "link-no-heading",
        "The link opens the page at its top, and the reader has to look for what was promised.",
        "[The police](get-help.md#polise)",
        "[The police](get-help.md#police)",
    ),
    stop(
        "link-refused",
        "Links lead to pages, to https:// or to a number. Anything else can run programs, or works on no phone.",
        "[Click](javascript:open())",
        "[Click](get-help.md)",
    ),
    stop(
        "link-reference",
        "An address that is named here and given nowhere leaves a link that leads nowhere.",
        "[our page][help]",
        "[our page](get-help.md)",
    ),
    stop(
        "heading-attribute",
        "A heading takes an id and nothing else; what stands beside it would be lost.",
        "## Signs {#signs .red}",
        "## Signs {#signs}",
    ),
    stop(
        "heading-id-twice",
        "A link to this id would lead to the first of the two headings, always.",
        "## Police {#call} and ## Doctor {#call}",
        "## Police {#police} and ## Doctor {#doctor}",
    ),
    stop(
        "table-cells",
        "What stands in a cell beyond the last column would be lost.",
        "| a | b |, then | 1 | 2 | 3 |",
        "| a | b | c |, then | 1 | 2 | 3 |",
    ),
    stop(
        "class-unknown",
        "Only these looks exist, on the site and on paper.",
        "{.warning}",
        "{.note}",
    ),
    stop(
        "class-alone",
        "A look is for the paragraph or list right below it. There is none.",
        "{.note} as the last line",
        "{.note}, and a paragraph right below",
    ),
    stop(
        "pictogram-unknown",
        "Pictograms help those who read little. A missing one leaves a word between colons.",
        ":fone:",
        ":phone:",
    ),
    stop(
        "shortcode-broken",
        "It is not written as a shortcode is, so readers would see the braces.",
        "{{ contacts, place: north }}",
        "{{ contacts place=north }}",
    ),
    stop(
        "shortcode-inside",
        "A shortcode makes a block of its own, so it stands in a paragraph of its own.",
        "Call {{ call }} now",
        "{{ call }}, between two empty lines",
    ),
    stop(
        "shortcode-unknown",
        "Readers would see the braces instead of whom to call.",
        "{{ kontakts }}",
        "{{ contacts }}",
    ),
    stop(
        "shortcode-incomplete",
        "Without this word the generator does not know what to show.",
        "{{ photo }}",
        "{{ photo name=market }}",
    ),
    stop(
        "shortcode-argument",
        "A word that the shortcode does not know would be passed over.",
        "{{ contacts town=north }}",
        "{{ contacts place=north }}",
    ),
    stop(
        "shortcode-value",
        "There is nothing of that name to show.",
        "{{ contacts place=nort }}",
        "{{ contacts place=north }}",
    ),
    stop(
        "panel-missing",
        "The fold of a leaflet needs each of its panels, or one side stays white.",
        "a tri-fold without ## ... {#back}",
        "## Whom to call {#back}",
    ),
    stop(
        "panel-unknown",
        "A section of another name has no place on the paper and would be lost.",
        "## Signs {#lefft}",
        "## Signs {#left}",
    ),
    stop(
        "panel-long",
        "At the smallest size that can be read, the words do not fit. Smaller letters would be skipped.",
        "a panel of 300 words",
        "a panel of 90 words",
    ),
    stop(
        "panel-not-for-paper",
        "Paper cannot play, fold out or follow links. What is lost there has to be said in words.",
        "{{ saving }} in a panel of a leaflet",
        "a sentence in its place",
    ),
    stop(
        "address-long",
        "An address is broken and set smaller before it is in the way; cut off, it would lead nowhere.",
        "site_url: https://an-address-of-ninety-letters.department.ministry.gov.example/campaigns/all/",
        "site_url: https://name.gov.example/",
    ),
    stop(
        "word-wide",
        "A word wider than its column would be cut off at the edge.",
        "a word of 40 letters in a narrow panel",
        "a shorter word, or one with a hyphen where it may break",
    ),
    stop(
        "words-unprinted",
        "Only what stands in a section is printed; the first words would be on the site and not on paper.",
        "a paragraph above the first ## of a leaflet",
        "the same paragraph below ## Signs {#left}",
    ),
    stop(
        "option-useless",
        "The design cannot do this, so the wish would be passed over.",
        "options: {inks: [night, band]}, for a leaflet",
        "options: {order: [right, left]}",
    ),
    stop(
        "option-twice",
        "A section stands in one place.",
        "order: [left, right, left]",
        "order: [right, left]",
    ),
    note(
        "sentences-long",
        "Long sentences lose readers who are tired, afraid, or reading a second language. 15 words are easy "
        "in print, 20 on a page.",
        "Should it happen that the water which comes out of your tap looks or smells other than it usually "
        "does, do not drink it.",
        "Does the water look or smell strange? Do not drink it.",
    ),
    stop(
        "alt-missing",
        "People who cannot see a picture hear these words instead, or nothing.",
        "![](well.png)",
        "![A woman boils water at a well](well.png)",
    ),
)
