"""Languages, translations, releases of the press."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "words-missing",
        "These strings appear on buttons, notices and prints. Without one, readers see a gap or another language.",
        "docs/pt/_strings.yml without home",
        "home: Início",
    ),
    note(
        "words-fallback",
        "Readers meet another language on a button or a print: better than no print at all, but not for long.",
        "docs/pt/_strings.yml without home",
        "home: Início",
    ),
    note(
        "words-begun",
        "A page in English under another language's name helps no one, so the language is left out until it is "
        "translated.",
        "docs/pt/_strings.yml without one word",
        "home: Início, and all the others",
    ),
    stop(
        "words-not-in-source",
        "The source language has no such key, probably because it is misspelt.",
        "homme: Início",
        "home: Início",
    ),
    stop(
        "months-wrong",
        "Dates take the month's name from this line.",
        "months: January, February",
        "months: twelve names with commas between them",
    ),
    stop(
        "braces-wrong",
        "Names in braces are replaced by a number or a name. Without them the sentence says nothing, or the page "
        "fails.",
        "checked-on: Checked on {day}",
        "checked-on: Checked on {date}",
    ),
    stop(
        "source-page-missing",
        "A translation is checked against its source. Without a source, no one can tell whether it still holds.",
        "docs/pt/signs.md, without docs/en/signs.md",
        "docs/en/signs.md",
    ),
    stop(
        "translation-unsigned",
        "Readers see whether a person or a machine translated, and whether someone reviewed it.",
        "a page in docs/pt/ without translation:",
        "translation: {source: '', by: machine, reviewed: no}",
    ),
    note(
        "translation-same",
        "A sentence in the source language is left in the translation, whose readers may not understand it.",
        "Nobody may keep your passport. in docs/pt/signs.md",
        "Ninguém pode guardar o seu passaporte.",
    ),
    note(
        "language-other",
        "This text isn't in the language of its folder, so people would get it who can't read it.",
        "Nobody may keep your passport from you, whatever you signed. in docs/pt/signs.md",
        "Ninguém pode ficar com o seu passaporte, seja o que for que assinou.",
    ),
    note(
        "translation-unstamped",
        "Without the stamp, later changes of the source go unnoticed.",
        "translation: {source: '', by: machine, reviewed: no}",
        "the same after campaign translate stamp docs/pt/signs.md",
    ),
    note(
        "page-untranslated",
        "Readers of this language see the page in the source language.",
        "docs/en/signs.md without docs/pt/signs.md",
        "docs/pt/signs.md",
    ),
    note(
        "translation-outdated",
        "The source has changed, so the translation may be wrong by now. Readers see a notice.",
        "docs/en/signs.md was edited after docs/pt/signs.md was translated",
        "docs/pt/signs.md updated, then campaign translate stamp docs/pt/signs.md",
    ),
    stop(
        "translation-outdated-release",
        "A release must say the same in every language.",
        "campaign build --release, with a translation of an older text",
        "the translation updated and reviewed",
    ),
    stop(
        "translation-unreviewed",
        'A machine may turn "do not go" into "go". A release needs translations that a person who knows both '
        "languages has read.",
        "reviewed: no",
        'campaign translate accept docs/pt/signs.md --by "Maria Soares"',
    ),
    stop(
        "translation-not-one",
        "Only translations can be stamped or reviewed.",
        "campaign translate stamp docs/en/signs.md, with en the source",
        "campaign translate stamp docs/pt/signs.md",
    ),
    stop(
        "translation-file",
        "A file that came back is taken as the translator's program saved it; a broken one would lose sentences.",
        "campaign translate take translate-pt.pdf",
        "campaign translate take translate-pt.docx",
    ),
    stop(
        "translation-no-line",
        "The command changes the line `translation:` and never adds one.",
        "docs/pt/signs.md without translation:",
        "translation: {source: '', by: machine, reviewed: no}",
    ),
    stop(
        "review-unsigned",
        "A review counts with a name and a day, so that one can ask.",
        "reviewed: yes",
        "reviewed: {by: Maria Soares, on: 2026-11-25}",
    ),
    stop(
        "review-outdated",
        "A review says that this text was compared with its source. The source is another by now.",
        'campaign translate accept docs/pt/signs.md --by "Maria Soares", after the source was edited',
        "campaign translate stamp docs/pt/signs.md first, then accept",
    ),
    stop(
        "review-own",
        "People read over their own mistakes, so a translator can't be the reviewer.",
        "by: Maria Soares, reviewed: {by: M. Soares, on: 2026-11-20}",
        "by: Maria Soares, reviewed: {by: João Pereira, on: 2026-11-20}",
    ),
    stop(
        "reviewer-no-name",
        "A review needs a name.",
        'campaign translate accept docs/pt/signs.md --by ""',
        'campaign translate accept docs/pt/signs.md --by "Maria Soares"',
    ),
    note(
        "translation-headings",
        "A section may be missing in one of the two languages, or links to it fail.",
        "## Sinais {#sinais}, where the source has ## Signs {#signs}",
        "## Sinais {#signs}",
    ),
    note(
        "translation-links",
        "Readers of this language are led elsewhere, or nowhere.",
        "the source links to get-help.md, the translation does not",
        "the same links in both",
    ),
    note(
        "translation-shortcodes",
        "Readers of this language may miss whom to call.",
        "the source has {{ call }}, the translation has not",
        "{{ call }} in both",
    ),
    note(
        "translation-pictograms",
        "Pictograms help those who read little, in every language.",
        "the source has :phone:, the translation has not",
        ":phone: in both",
    ),
    note(
        "translation-sources",
        "A fact without its source is a claim.",
        "the source cites [^health-2025], the translation does not",
        "[^health-2025] in both",
    ),
    note(
        "translation-numbers",
        "A different number is often a mistake: an age, an amount, a phone number.",
        "the source says 116 123, the translation 116 132",
        "116 123 in both",
    ),
    note(
        "translation-glossary",
        "One thing has one name, as the glossary has it; another word may be taken for another thing.",
        "a word for “shelter” that the glossary does not have",
        "one of the forms in docs/_glossary.yml",
    ),
    stop(
        "moment-wrong",
        "Newsrooms in other countries read it. Only day, hour and zone together are the same moment for all.",
        "embargo: tomorrow at 6",
        "embargo: 2026-11-27T06:00+09:00",
    ),
    stop(
        "gap-unfilled",
        "Newsrooms would get the release with the gap in it.",
        "Call [name of the press officer]",
        "Call Ana José",
    ),
    stop(
        "release-not-meant",
        "The release lists its languages, and this isn't one of them.",
        "docs/pt/releases/start.md, with languages: [en]",
        "languages: [en, pt]",
    ),
    stop(
        "release-untranslated",
        "The release says that it is issued in this language, and its text is missing.",
        "languages: [en, pt], without docs/pt/releases/start.md",
        "docs/pt/releases/start.md",
    ),
    note(
        "embargo-file",
        "A chart or table of a release reveals it early, even if no page names the release.",
        "[Chart](press/chart.pdf) on a public page, where a release under embargo links to the same file",
        "the link only in the release, until its embargo ends",
    ),
    stop(
        "embargo-early",
        "A release cannot be public before it is issued.",
        "release_date: 2026-11-27T06:00+09:00, embargo: 2026-11-25T06:00+09:00",
        "embargo: 2026-11-27T06:00+09:00",
    ),
    note(
        "release-ahead",
        "A date doesn't hold a release back; only an embargo does.",
        "release_date: 2026-12-05T09:00+09:00, on 28 November, and no embargo",
        "embargo: 2026-12-05T09:00+09:00",
    ),
    stop(
        "release-built",
        "The last build still contains the release: after adding an embargo, build again.",
        "campaign publish, after an embargo was written and before anything was built",
        "campaign build, then campaign publish",
    ),
    stop(
        "embargo-differs",
        "If one language is public before the others, all of it is.",
        "embargo: in docs/pt/releases/start.md is an hour before that of docs/en/releases/start.md",
        "the same embargo: in both",
    ),
    stop(
        "embargo-linked",
        "The words of a link tell of the release before its time.",
        "[We start on Friday](releases/start.md)",
        "{{ press-kit }}, which lists each release once its time has come",
    ),
    stop(
        "embargo-broken",
        "Something of a release under embargo is in what would be published. Newsrooms that keep it would "
        "never trust you again.",
        "the release's first sentence, in the search of the site",
        "nothing of it, anywhere",
    ),
    stop(
        "embargo-unproven",
        "A file that can't be opened may contain a release under embargo.",
        "a damaged zip in dist/",
        "dist/ without it, built again",
    ),
    stop(
        "embargo-none",
        "Previews are made of releases under embargo, and there are none.",
        'campaign press --preview --for "Radio One", when all is public',
        "embargo: 2026-11-27T06:00+09:00, in the release",
    ),
    stop(
        "version-unknown",
        "What is new since a version is known only on the computer that packed that version.",
        "campaign packs --since 2025.9, on a computer that never packed it",
        "campaign packs --since 2026.1",
    ),
    stop(
        "correct-number",
        "A correction needs the number that was printed, and the right one in its file.",
        "campaign correct police-north --was 07700",
        'campaign correct police-north --was "07700 900199"',
    ),
    stop(
        "preview-nobody",
        "A preview carries the name of its recipient, so that it isn't passed on.",
        "campaign press --preview",
        'campaign press --preview --for "Radio One"',
    ),
)
