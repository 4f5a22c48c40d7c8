"""Languages, translations, releases of the press."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "words-missing",
        "These words stand on buttons, notices and prints. Where one is missing, a reader meets a blank or "
        "another language.",
        "docs/pt/_strings.yml without home",
        "home: Início",
    ),
    note(
        "words-begun",
        "Nobody is served by English under the name of their own language: what is made leaves it out until then.",
        "docs/pt/_strings.yml without one word",
        "home: Início, and all the others",
    ),
    stop(
        "words-not-in-source",
        "Nobody asks for this line, most likely for a slip in its key.",
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
        "A number or a name is put in the place of a word in braces. Without it, the sentence would say "
        "nothing, or stop the page.",
        "checked-on: Checked on {day}",
        "checked-on: Checked on {date}",
    ),
    stop(
        "source-page-missing",
        "A translation is checked against its source. Without one, nobody can tell whether it still holds.",
        "docs/pt/signs.md, without docs/en/signs.md",
        "docs/en/signs.md",
    ),
    stop(
        "translation-unsigned",
        "Readers are told whether a person or a machine translated, and whether somebody reviewed it.",
        "a page in docs/pt/ without translation:",
        "translation: {source: '', by: machine, reviewed: no}",
    ),
    note(
        "translation-same",
        "A sentence of the source language in a translation: readers of the one do not read the other.",
        "Nobody may keep your passport. in docs/pt/signs.md",
        "Ninguém pode guardar o seu passaporte.",
    ),
    note(
        "language-other",
        "A text in another language than its folder says is sent out to people who do not read it.",
        "Nobody may keep your passport from you, whatever you signed. in docs/pt/signs.md",
        "Ninguém pode ficar com o seu passaporte, seja o que for que assinou.",
    ),
    note(
        "translation-unstamped",
        "Without the stamp nobody can tell later whether the source has changed since.",
        "translation: {source: '', by: machine, reviewed: no}",
        "the same after campaign translate stamp docs/pt/signs.md",
    ),
    note(
        "page-untranslated",
        "Whoever reads this language finds the page in the source language.",
        "docs/en/signs.md without docs/pt/signs.md",
        "docs/pt/signs.md",
    ),
    note(
        "translation-outdated",
        "The source has changed, so the translation may say something that is not true any more. Readers see a notice.",
        "docs/en/signs.md was edited after docs/pt/signs.md was translated",
        "docs/pt/signs.md mended, then campaign translate stamp docs/pt/signs.md",
    ),
    stop(
        "translation-outdated-release",
        "What is released says in every language what the source says today.",
        "campaign build --release, with a translation of an older text",
        "the translation mended and reviewed",
    ),
    stop(
        "translation-unreviewed",
        'A machine may take "do not go" for "go". What is released has been read by somebody who knows both languages.',
        "reviewed: no",
        'campaign translate accept docs/pt/signs.md --by "Maria Soares"',
    ),
    stop(
        "translation-not-one",
        "Only what is translated can be stamped or reviewed.",
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
        "The command changes the line translation: and adds none, so that nothing is written where nobody expects it.",
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
        "A review without a name is nobody's.",
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
        "A figure that differs is often a slip: an age, an amount, a telephone number.",
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
        "A release with a gap in it goes to newsrooms as it is.",
        "Call [name of the press officer]",
        "Call Ana José",
    ),
    stop(
        "release-not-meant",
        "The release says in which languages it is issued; this one is not among them.",
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
        "A chart or table of a release tells of it before its hour, though no page names the release.",
        "[Chart](press/chart.pdf) on a public page, where a release under embargo links to the same file",
        "the link in the release alone, until its hour has come",
    ),
    stop(
        "embargo-early",
        "A release cannot be public before it is issued.",
        "release_date: 2026-11-27T06:00+09:00, embargo: 2026-11-25T06:00+09:00",
        "embargo: 2026-11-27T06:00+09:00",
    ),
    note(
        "release-ahead",
        "A date alone withholds nothing: whoever wrote it may think so.",
        "release_date: 2026-12-05T09:00+09:00, on 28 November, and no embargo",
        "embargo: 2026-12-05T09:00+09:00",
    ),
    stop(
        "release-built",
        "Whoever puts an embargo on a release that was built has to build again: the site of before has it.",
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
        "What cannot be opened may hold a release under embargo, so nobody can say that it does not.",
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
        "What is new since a version can be told only where the packs of that version were made.",
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
        "A preview bears the name of whoever gets it, so that it stays with them.",
        "campaign press --preview",
        'campaign press --preview --for "Radio One"',
    ),
)
