"""Pages: their text, links and shortcodes, and how they fit on paper."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "link-to-file",
        "Pages link to pages, recordings, PDFs and pictures, which lose their metadata. Other kinds are published only "
        "from public/, where nothing arrives by accident.",
        "[Prices](prices.xlsx)",
        "[Prices](/prices.xlsx), with the file in public/",
    ),
    stop(
        "search-nowhere",
        "Words that people type are of use where they lead to a page.",
        "search: {en: [they took my passport]} in docs/_glossary.yml",
        "leads_to: signs.md, beside it",
    ),
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
    note(
        "table-cells-few",
        "A bar may have been forgotten, and words stand below another head than was meant.",
        "| Monday |, below | Day | From | To |",
        "| Monday | 8:00 | 16:00 |",
    ),
    stop(
        "mark-unpaired",
        "Readers see the stars and not what they were to make strong.",
        "**Call us",
        "**Call us**",
    ),
    stop(
        "mark-foreign",
        "Marks of other systems mean nothing here, and would be printed as they are.",
        "!!! note",
        "> Call us.",
    ),
    stop(
        "mark-without-space",
        "Without its space a mark is part of the words, and no heading or list comes of it.",
        "#Where to call",
        "## Where to call",
    ),
    stop(
        "link-apart",
        "The words are no link, and the address stands in the text.",
        "[Get help] (get-help.md)",
        "[Get help](get-help.md)",
    ),
    stop("link-empty", "Whoever touches it stays where he is.", "[Get help]()", "[Get help](get-help.md)"),
    stop(
        "table-unread",
        "Without the line of hyphens there is no table: its cells run into one another.",
        "| Day | Hour | and | Monday | 8:00 | on the next line",
        "the same, with |---|---| between the two",
    ),
    stop(
        "text-indented",
        "Four spaces make a program of a line: in letters of a typewriter, on paper without its marks.",
        "    Call us.",
        "Call us.",
    ),
    stop(
        "heading-empty",
        "Who hears the headings read out hears nothing, and the menu of the page has a gap.",
        "##",
        "## Where to call",
    ),
    stop(
        "heading-title",
        "A page has one title, that of its first lines; a second one confuses who hears it read out.",
        "# Where to call",
        "## Where to call",
    ),
    note(
        "heading-skips",
        "Who goes from heading to heading by ear looks for the level that is left out.",
        "## Signs, then #### At work",
        "## Signs, then ### At work",
    ),
    stop("title-empty", "A page without a title is in no menu.", 'title: " "', "title: Signs to see"),
    note(
        "title-twice",
        "In menus and in search nobody can tell the two apart.",
        "title: Signs, in signs.md and in more-signs.md",
        "title: Signs at work, in more-signs.md",
    ),
    stop("page-empty", "Whoever opens it finds nothing.", "a title and no text", "a title and a text"),
    stop(
        "note-hides",
        "The page would show the source, and what was written here would be lost.",
        "[^law]: My own words, where docs/_sources.yml has law",
        "[^law-own]: My own words",
    ),
    note(
        "hole-open",
        "Somebody began a text, or took the campaign over from another country, and has not yet said how this is. "
        "Readers see the question.",
        "{{ ask: Which law forbids it? }}",
        "Law 7/2021 forbids it.[^law-7-2021]",
    ),
    stop(
        "hole-open-release",
        "What is released answers, and asks nobody.",
        "campaign build --release, with {{ ask: Which law forbids it? }}",
        "Law 7/2021 forbids it.[^law-7-2021]",
    ),
    note(
        "placeholder-left",
        "What was to be filled in later is printed as it stands.",
        "Call [number] now.",
        "Call 112 now.",
    ),
    note(
        "number-not-kept",
        "A number in the text is in no contact file: nobody calls it to see whether it is still right.",
        "Call 0800 157 0142.",
        "{{ contacts }}, and the number in assets/contacts/",
    ),
    note(
        "number-taken-back",
        "Whoever calls a number that a contact no longer has reaches nobody, or somebody else. What is printed of such "
        "a text is a draft.",
        "Call 07700 900188. (the number of the clinic until last month: `former:` in its file)",
        "{{ contacts }}",
    ),
    stop(
        "number-taken-back-release",
        "A number that a contact no longer has goes out in no release.",
        "campaign build --release, with: Call 07700 900188.",
        "{{ contacts }}",
    ),
    stop(
        "number-near-release",
        "A number in the text that differs from a contact's by a digit is most likely that contact's, mistyped.",
        "campaign build --release, with: Call 113. (the contact's is 112)",
        "Call 112.",
    ),
    note(
        "address-not-kept",
        "An address in the text is in no contact file: nobody asks whether somebody still reads it.",
        "Write to help@water.example.",
        "{{ contacts }}, and the address in assets/contacts/",
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
    stop(
        "tested-wrong",
        "Without the number of people who were asked, nobody can tell whether 17 is much.",
        "understood: 17",
        "understood: 17/20",
    ),
    note(
        "piece-untested",
        "What its makers understand, others may not: they see a holiday where a warning was drawn.",
        "a poster without tested:",
        "tested: {on: 2026-11-20, with: two groups of ten, understood: 17/20}",
    ),
    note(
        "piece-not-understood",
        "Of five people who see it, more than one takes it for something else.",
        "understood: 12/20",
        "understood: 17/20, of the piece as it is now",
    ),
)
