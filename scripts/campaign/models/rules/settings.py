"""Settings, contacts and the look."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "secret-in-file",
        "What stands in a file is read by everybody who gets the folder, and stays in what git remembers of it.",
        "aws_secret_access_key: ... in mkdocs.yml",
        "AWS_SECRET_ACCESS_KEY in the environment of whoever publishes",
    ),
    note(
        "setting-idle",
        "Settings copied from another MkDocs site raise hopes: no palette, menu or social link appears.",
        "theme: {name: material, palette: {primary: red}}",
        "colours in assets/identity.yml",
    ),
    note(
        "guard-missing",
        "Zensical reads mkdocs.yml and would publish `{{ call }}` where a phone number belongs; the line stops it.",
        "no markdown_extensions",
        "markdown_extensions: [campaign]",
    ),
    stop(
        "campaign-missing",
        "Everything begins with mkdocs.yml; in another folder there is nothing to build.",
        "campaign build, in your home folder",
        "campaign build, in the folder with mkdocs.yml",
    ),
    stop(
        "language-none",
        "Every page has a language. Without one there is nothing to show.",
        "languages: []",
        "languages: [{locale: en, name: English, default: true}]",
    ),
    stop(
        "language-code-wrong",
        "Screen readers choose their voice, and browsers their letters, by this code.",
        "locale: english",
        "locale: en",
    ),
    stop(
        "language-twice",
        "Of two rows for one language nobody knows which counts.",
        "- {locale: pt, name: Português}, twice",
        "- {locale: pt, name: Português}, once",
    ),
    stop(
        "source-language-unclear",
        "All others are translated from the source language; only then can the generator tell what is out of date.",
        "default: true at two languages, or at none",
        "default: true at exactly one language",
    ),
    stop(
        "language-no-folder",
        "Each language has a folder of its own with its words and pages.",
        "mkdocs.yml names pt, and there is no docs/pt/",
        "docs/pt/ with _strings.yml and pages",
    ),
    note(
        "folder-no-language",
        "Texts in a folder that is no language's are read by nobody, and nothing else would say so.",
        "docs/ptt/about.md, with pt in mkdocs.yml",
        "docs/pt/about.md",
    ),
    stop(
        "name-changed",
        "A page and its translations belong together by their name: under another they are pages of one language each.",
        "docs/en/shirst/, and docs/pt/shirts/",
        "docs/en/shirts/, and docs/pt/shirts/",
    ),
    stop(
        "pieces-only-wrong",
        "A language of pieces only has prints and pages of its own. The source language cannot be one: the "
        "others stand in for missing pages with it.",
        "pieces_only: [en], with en the source",
        "pieces_only: [zh]",
    ),
    stop(
        "site-url-wrong",
        "QR codes on paper lead to this address for years; it has to be whole.",
        "site_url: help.example.org",
        "site_url: https://help.example.org/",
    ),
    stop(
        "site-url-reserved",
        "Names that end in .example lead nowhere. QR codes on paper would lead there for ever.",
        "site_url: https://campaign.example/",
        "site_url: https://the-address-of-your-site.org/",
    ),
    stop(
        "docs-dir-moved",
        "Every tool of the campaign looks for texts in docs/.",
        "docs_dir: texts",
        "docs_dir: docs",
    ),
    stop(
        "plugin-missing",
        "MkDocs makes the website with these two plugins, and reads what stands below them.",
        "plugins: [i18n]",
        "plugins: [campaign, i18n], each with its settings below it",
    ),
    stop(
        "silence-unknown",
        "A note is silenced by its id, which stands in brackets at the end of its message. Another name would "
        "silence nothing.",
        'silence: {translation-number: "One page writes it in words."}',
        'silence: {translation-numbers: "One page writes it in words."}',
    ),
    stop(
        "silence-stops",
        "Only notes can be silenced. What stops a build would harm readers, whatever the reason.",
        'silence: {link-dead: "Comes later."}',
        "the link leads to a page that is there",
    ),
    stop(
        "silence-no-reason",
        "Whoever comes after you has to know why a note is not shown, and when to show it again.",
        'silence: {sentences-long: ""}',
        'silence: {sentences-long: "The law is quoted word for word."}',
    ),
    stop(
        "nav-dead",
        "The menu would lead nowhere.",
        "nav: [index.md, singns.md]",
        "nav: [index.md, signs.md]",
    ),
    stop(
        "front-page-missing",
        "The first page that a visitor opens is index.md, in every language or at least in the source language.",
        "docs/en/ without index.md",
        "docs/en/index.md",
    ),
    stop(
        "contacts-missing",
        "Whom to call is the heart of a campaign. A file that says that there is nobody yet is better than none.",
        "no file assets/contacts/national.yml",
        "assets/contacts/national.yml with contacts: []",
    ),
    stop(
        "place-no-file",
        "Leaflets of a place print whom to call there.",
        "places: [north, south], and there is no assets/contacts/south.yml",
        "assets/contacts/south.yml",
    ),
    stop(
        "place-unlisted",
        "Nothing is made for a place that mkdocs.yml does not name, however good its contacts are.",
        "assets/contacts/east.yml, with places: [north]",
        "places: [north, east]",
    ),
    stop(
        "region-unknown",
        "A place shows whom to call in its region; by a misspelt one it would show nobody.",
        "region: bacau, where the list has baucau",
        "region: baucau",
    ),
    note(
        "hours-as-typed",
        "Words in the hours of a contact stand in one language on the leaflets of all.",
        "hours: from 8 to 4",
        "hours: 8:00-16:00, or a list with days",
    ),
    note(
        "place-no-number",
        "People of this place find no number of somebody near them.",
        "contacts: [], in assets/contacts/north.yml",
        "a contact with its number there, or none, where there is none",
    ),
    stop(
        "place-name-twice",
        "Readers could not tell the two apart, and choose the wrong one.",
        "names: {en: North}, in north.yml and in north-east.yml",
        "names: {en: North-east}, in north-east.yml",
    ),
    stop(
        "place-tile-twice",
        "One would cover the other on the map.",
        "column: 1, row: 1, in two files",
        "column: 2, row: 1, in one of them",
    ),
    stop(
        "place-no-name",
        "People look for the name of the place where they live.",
        "assets/contacts/north.yml without names",
        "names: {en: The North, pt: O Norte}",
    ),
    stop(
        "service-no-words",
        "What a contact does is a code, which each language puts in words. Without words readers would see "
        "the code, or nothing.",
        "does: [legal-aid], and no line does-legal-aid in _strings.yml",
        "does-legal-aid: gives legal help",
    ),
    stop(
        "need-no-words",
        "What a piece is wanted for is a code, which each language puts in words. Without words whoever looks for it "
        "would see the code.",
        "needs: [going], and no line need-going in _strings.yml",
        "need-going: Advice before I leave",
    ),
    stop(
        "shelter-located",
        "A refuge that can be found is none: whoever is looked for there is in danger.",
        "kind: shelter, with town: Riverside",
        "kind: shelter, in national.yml, without town and address",
    ),
    stop(
        "number-wrong",
        "Somebody in danger dials exactly what stands here. A letter O for a zero reaches nobody.",
        'phone: "07700 9OO112"',
        'phone: "07700 900112"',
    ),
    note(
        "number-odd",
        "Few countries have numbers of two digits, none has one of more than 15, and 0000000 is one that nobody knows: "
        "a slip reaches nobody.",
        'phone: "12"',
        'phone: "112"',
    ),
    note(
        "contact-words-missing",
        "A line in another language on a leaflet is not understood by those for whom the leaflet was translated.",
        "service: {en: Clean water}, in a campaign in English and Khmer",
        "service: {en: Clean water, km: ទឹកស្អាត}",
    ),
    note(
        "number-understood",
        "A number that is printed in one way and dialled in another reaches somebody else where one of them is wrong.",
        'phone: "+670 (0) 331 2345"',
        'phone: "+670 331 2345"',
    ),
    note(
        "number-of-before",
        "A source, a check or a messenger of the number before says nothing of the one that took its place.",
        'phone: "115", source: health-2024, former: [{phone: "112", until: 2026-11-28, source: health-2024}]',
        'phone: "115", source: health-2026, former: [{phone: "112", until: 2026-11-28, source: health-2024}]',
    ),
    note(
        "number-shorter",
        "A digit that was left out is not seen by whoever reads the number; whoever dials it reaches nobody.",
        'phone: "779900", beside "7799 0022"',
        'phone: "7799 0033"',
    ),
    stop(
        "number-twice",
        "It has to be plain which number is the one to call.",
        'phone: "112", and numbers: below it',
        'numbers: [{phone: "112"}, {phone: "07700 900113"}]',
    ),
    stop(
        "number-letters",
        "Whoever dials by letters has to reach the number that was checked: letters are worked out from digits.",
        'phone: "0800 92837", letters: 0800 WATTER',
        "letters: 0800 WATER",
    ),
    stop(
        "number-again-differs",
        "Two people typed the number from the source, and one of them mistyped it. Such a slip calls a stranger.",
        'phone: "07700 900121", again: {phone: "07700 900112", by: Ana, first: João}',
        'phone: "07700 900112"',
    ),
    note(
        "check-ahead",
        "A call that nobody has made yet makes sure of nothing, and would count as the latest of all.",
        "calls: [{on: 2062-11-25, by: Ana, answered: yes}]",
        "calls: [{on: 2026-11-25, by: Ana, answered: yes}]",
    ),
    stop(
        "number-again-same",
        "Nobody sees their own slip: the second typing is worth something only if another person does it.",
        "again: {phone: ..., by: Ana, first: Ana}",
        "again: {phone: ..., by: João, first: Ana}",
    ),
    stop(
        "main-not-one",
        "The large number is the same on every piece: one contact of the whole country that can be called.",
        "main: yes, at two contacts",
        "main: yes, at one of national.yml that has a number",
    ),
    stop(
        "hours-wrong",
        "Whoever calls when nobody is there may not call again.",
        "hours: [{days: workdays, open: [8-17]}]",
        "hours: [{days: mon-fri, open: [8:00-12:00, 13:00-17:00]}]",
    ),
    stop(
        "address-wrong",
        "What is printed as an address has to lead there when somebody types it.",
        "email: help at clinic",
        "email: help@clinic.example",
    ),
    stop(
        "emergency-called",
        "A call to test an emergency number takes the line from somebody who needs it.",
        "kind: emergency, checked: {on: 2026-11-25, how: called}",
        "checked: {on: 2026-11-25, how: official-source}",
    ),
    stop(
        "table-wrong",
        "What a table holds in another way than is thought, such as a number kept as an amount, would be lost.",
        "phone 77001122, kept as an amount",
        "phone 077001122, in a column formatted as text",
    ),
    stop(
        "main-number-due",
        "A wrong number on a thousand copies cannot be taken back. Before a large run and a release the main number is "
        "called, or an emergency number looked up, within 30 days.",
        "checked: {on: 2026-03-01, how: called}, and 5000 copies in print-run.yml",
        "calls: [{on: 2026-11-20, by: Ana, answered: yes}]",
    ),
    stop(
        "main-number-once",
        "One person who types a number does not see a transposed digit; two who type it from the source do.",
        'phone: "07700 900112"',
        'phone: "07700 900112", again: {phone: "07700 900112", by: João, first: Ana}',
    ),
    stop(
        "main-number-old",
        "A number that nobody made sure of for a year is not printed, and without this one no piece is worth printing.",
        "checked: {on: 2025-01-10, how: called}",
        "checked: {on: 2026-11-20, how: called}",
    ),
    note(
        "number-not-printed",
        "A number that nobody made sure of for a year may be somebody else's by now. The site shows it with a doubt.",
        "checked: {on: 2025-01-10, how: called}",
        "checked: {on: 2026-11-20, how: called}",
    ),
    stop(
        "number-not-agreed",
        "A service that does not expect calls cannot help those who call. Before a release it says that it wants them.",
        'phone: "07700 900143"',
        'phone: "07700 900143", agreed: {by: Head of the clinic, on: 2026-11-02}',
    ),
    note(
        "code-left-out",
        "A poster says one thing, and its QR code leads on. Words come first: where they fill the slot, it goes.",
        "forty words in the lowest slot of a poster",
        "ten words there, and the rest on the page that the code leads to",
    ),
    note(
        "title-small",
        "A poster is read in passing, from some metres: where a title fills its slot with small letters, nobody does.",
        "a title of 35 words",
        "at most nine words, and the rest on the page that the QR code leads to",
    ),
    note(
        "contacts-on-sheet",
        "A leaflet holds the main contact and a few more. Those that it does not hold are on a sheet of their own, "
        "which has to be handed out with it.",
        "twelve contacts with numbers",
        "four contacts on the leaflet, and the contact sheet beside it",
    ),
    stop(
        "number-unchecked",
        "A wrong number on a leaflet costs somebody their one call. What is released has been called, or "
        "looked up, lately.",
        "checked: no",
        "checked: {on: 2026-11-25, how: called}",
    ),
    stop(
        "source-again-early",
        "What is to be read again before it was read last is never due, or always.",
        "read: 2026-11-26, again: 2026-05-26",
        "read: 2026-11-26, again: 2027-05-26",
    ),
    note(
        "source-due",
        "Prices, numbers and offices change. A fact is as old as the last time somebody looked at where it is from.",
        "read: 2025-11-26, again: 2026-05-26",
        "read: 2026-11-27, again: 2027-05-27",
    ),
    note(
        "source-unread",
        "Nobody can tell how old a fact is whose source nobody read on a day.",
        "title and url alone",
        "the same with read: 2026-11-26",
    ),
    stop(
        "help-page-dead",
        "Every page leads to it, and search shows whom to call there.",
        "help_page: nubmers.md",
        "help_page: numbers.md",
    ),
    stop(
        "source-unknown",
        "A fact without a source is a claim. Ids of sources stand in docs/_sources.yml.",
        "source: helth-2025",
        "source: health-2025",
    ),
    stop(
        "address-wrong",
        "Readers follow this address to see for themselves.",
        "url: www.example.org/report",
        "url: https://www.example.org/report",
    ),
    stop(
        "identity-missing",
        "Site and prints read their colours, sizes and fonts in this file.",
        "no file assets/identity.yml",
        "assets/identity.yml, copied from a new campaign",
    ),
    stop(
        "identity-incomplete",
        "Each of these colours and sizes is used somewhere; without one, words could become invisible.",
        "colours without paper",
        'paper: {hex: "#ffffff"}',
    ),
    stop(
        "colour-wrong",
        "Colours are written as six digits, in quotes: without them YAML takes what follows the hash for a comment.",
        "hex: dark blue",
        'hex: "#14213d"',
    ),
    stop(
        "contrast-low",
        "Many readers see less contrast than you do, and everybody does in the sun. Below these figures words "
        "cannot be read.",
        'leaf: "#9ac29a", on paper "#ffffff"',
        'leaf: "#2e6b3e", on paper "#ffffff"',
    ),
    stop(
        "ink-heavy",
        "Paper takes only so much ink: more smears and shows on the next sheet.",
        "cmyk: [100, 100, 90, 80], where the paper takes 300 %",
        "cmyk: [100, 80, 40, 60]",
    ),
    stop(
        "inks-wrong",
        "A print shop mixes each colour from four inks, in percent.",
        "cmyk: [90, 70, 30]",
        "cmyk: [90, 70, 30, 40]",
    ),
    stop(
        "profile-wrong",
        "The profile tells the print shop for which paper the colours are meant. With a wrong one, every "
        "print has wrong colours.",
        "profile: fogra-39",
        "profile: FOGRA39",
    ),
    stop(
        "destination-no-size",
        "A picture for a screen has a width and a height in pixels.",
        "town-screen: {ending: png}",
        "town-screen: {width: 1080, height: 1920, ending: png}",
    ),
    stop(
        "destination-covered",
        "What apps cover bears no words. Where they cover more than half, nothing can be said.",
        "clear: {top: 40, bottom: 40}",
        "clear: {top: 14, bottom: 20}",
    ),
    stop(
        "print-run-unknown",
        "A job ticket can order only what is made: a piece, in one of its formats, languages and places.",
        "know-the-sings: {tri-fold: {copies: {en: 500}}}",
        "know-the-signs: {tri-fold: {copies: {en: 500}}}",
    ),
    stop(
        "cluster-open",
        "A scheduler runs any program that somebody sends it, as the user who started it. On a network it asks for a "
        "certificate, or it is reached from its own computer alone.",
        "--cluster tcp://10.0.0.5:8786",
        "--cluster tls://10.0.0.5:8786, with --cluster-ca, --cluster-cert and --cluster-key",
    ),
    stop(
        "cluster-unreachable",
        "Pieces are made on a cluster by its scheduler and its workers.",
        "--cluster tcp://127.0.0.1:8786, where nothing listens",
        "dask scheduler --host 127.0.0.1, then dask worker tcp://127.0.0.1:8786",
    ),
    stop(
        "cluster-differs",
        "A piece that was made with other drawings, fonts or programs is another piece.",
        "a worker with the drawings of last week",
        "the same folder, at the same path, on each computer",
    ),
    stop(
        "epoch-wrong",
        "By this moment numbers grow old and embargoes end. A wrong one would make a build of another day.",
        "SOURCE_DATE_EPOCH=2026-11-25",
        "SOURCE_DATE_EPOCH=1795564800",
    ),
)
