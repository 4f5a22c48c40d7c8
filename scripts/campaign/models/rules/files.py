"""Rules about files that can't be read, and values of the wrong kind."""

from __future__ import annotations

from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "wheels-missing",
        "An office without a network can only install what is in its folder.",
        "campaign desk --pack office, without a network",
        "the same with one; or --python 3.12, if a program has nothing for another version",
    ),
    stop(
        "file-unreadable",
        "A file that can't be opened can't be published, and its absence would go unnoticed.",
        "docs/en/signs.md is a folder, or only another account may read it",
        "docs/en/signs.md is an ordinary file that you may read",
    ),
    stop(
        "public-name-taken",
        "The file would take the place of a page, or of what keeps visitors safe on the host.",
        "public/index.html",
        "public/robots.txt",
    ),
    stop(
        "output-not-folder",
        "The build writes there, so your file would be lost.",
        "a file called site",
        "the folder site, which the build makes",
    ),
    stop(
        "system-refused",
        "The computer refused to read or write: a missing permission, or a network drive that went away.",
        "a folder that only the administrator may write to",
        "a folder of yours",
    ),
    stop(
        "work-folder-foreign",
        "A build keeps its work in .build and reuses it the next time.",
        "a file called .build, or one of another program in it",
        "no folder .build: the next build makes it again",
    ),
    stop(
        "memory-short",
        "Pictures and prints are made in memory, several at once.",
        "a browser with a hundred tabs open during the build",
        "campaign build, and nothing else",
    ),
    stop(
        "file-not-text",
        "A renamed word-processor document isn't text, so its words can't be read.",
        "about.docx, renamed to about.md",
        "a plain text file with the same words",
    ),
    stop(
        "file-private",
        "Tables, office files, messages and keys hold people's names and secrets. Among the pages they are one click "
        "away from being published, and they travel with every copy of the campaign.",
        "docs/en/victims.csv",
        "public/prices.csv, if readers are to have the table; else no such file in the campaign",
    ),
    stop(
        "file-not-cleanable",
        "Recordings and PDFs are published without names, devices and places. A damaged or locked file can't be "
        "cleaned.",
        "docs/en/about.mp3, with only its tags left",
        "docs/en/about.mp3, exported again from the recording",
    ),
    note(
        "file-stray",
        "The site has pages, what pages show or link to, and public/. Other files only travel with the "
        "campaign's folder.",
        "docs/en/notes.pdf, which no page links to",
        "docs/en/notes.pdf, and a page with [Notes](notes.pdf)",
    ),
    note(
        "file-leftover",
        "Systems, editors and sync programs leave files behind that may hold older texts. They are never read "
        "or published.",
        "docs/en/Thumbs.db, docs/en/about.sync-conflict-20261130-101500-ABCDEFG.md",
        "no such file: `campaign tidy` clears them away",
    ),
    stop(
        "name-not-portable",
        "A campaign is copied to sticks and to Windows; there such a file vanishes, or the copying stops.",
        "docs/en/con.md",
        "docs/en/contact.md",
    ),
    stop(
        "name-case",
        "Where large and small letters are the same, one of the two files overwrites the other.",
        "assets/photos/Hills.jpg next to hills.jpg",
        "assets/photos/hills-2.jpg",
    ),
    stop(
        "link-to-folder",
        "Files behind the link would be skipped without a message.",
        "docs/en/more, a link to ../../elsewhere",
        "docs/en/more, a folder",
    ),
    stop(
        "recording-kind",
        "A phone would offer to play it and stay silent.",
        "a web page that was saved as signs.mp3",
        "the recording itself",
    ),
    stop(
        "file-large",
        "A text of more than 1 MB is more than anybody reads on a phone, and most likely something else got "
        "into the file.",
        "all chapters in docs/en/handbook.md",
        "a file for each chapter: docs/en/handbook/one.md, docs/en/handbook/two.md",
    ),
    stop(
        "file-not-utf8",
        "In another encoding, letters with accents and letters of other scripts turn into wrong ones, on "
        "every phone and on paper.",
        "caf\\xe9, saved as Windows-1252",
        "café, saved as UTF-8",
    ),
    stop(
        "file-control-character",
        "Invisible characters come along when text is copied from other programs. They break pages and the "
        "search in PDFs.",
        "a line copied out of a PDF, with an invisible sign in it",
        "the same line, typed again",
    ),
    stop(
        "file-in-use",
        "Windows can't replace a file that a program has open. Until it is closed, the last good files stay.",
        "dist/national/en/office/signs.pdf is open in a viewer",
        "the viewer is closed, then campaign build runs again",
    ),
    stop(
        "link-out-of-folder",
        "The file behind a link would be published. In a campaign from strangers, it could be a private file of yours.",
        "assets/audio/intro.mp3 is a link to /home/ana/private.mp3",
        "assets/audio/intro.mp3 is the recording itself",
    ),
    stop(
        "program-refused",
        "Hooks, plugins and templates are programs. Building a campaign from strangers would run their programs "
        "on this computer.",
        "hooks: [my_hook.py]",
        "no such line; or campaign build --trust, if you know who wrote it",
    ),
    stop(
        "yaml-broken",
        "One wrong indent or quote changes the meaning of everything below it. So the file isn't used until you "
        "fix it.",
        "title: Help: where to find it",
        'title: "Help: where to find it"',
    ),
    stop(
        "quotes-open",
        "An open quote extends to the next quote, often lines below, and changes the meaning of everything between.",
        'title: "Where to find help',
        'title: "Where to find help"',
    ),
    stop(
        "yaml-tab",
        "Indentation shows what belongs together, and the width of a tab differs between programs.",
        "a tab before `- locale: en`",
        "spaces, as many as before the lines around it",
    ),
    stop(
        "yaml-not-plain",
        "Anchors and tags can make a file mean something other than it seems. Campaigns use plain lines only.",
        "phone: &main 112",
        'phone: "112"',
    ),
    stop(
        "quotes-curly",
        "Word processors turn plain quotes into curly ones. YAML treats those as letters: they would be printed.",
        "phone: “112”",
        'phone: "112"',
    ),
    stop(
        "key-twice",
        "If a key appears twice, one of the values is lost.",
        'phone: "112" and, further down, phone: "118"',
        'phone: "112"',
    ),
    stop(
        "key-unknown",
        "A misspelt key isn't read, so what you wrote there would be missing.",
        "titel: Signs to see",
        "title: Signs to see",
    ),
    stop(
        "key-missing",
        "Without it, something that every reader needs would be blank.",
        "a contact without id",
        "id: police-north",
    ),
    stop(
        "value-not-lines",
        "This key takes one line per name, indented below it.",
        "names: The North",
        "names: {en: The North}",
    ),
    stop(
        "value-not-text",
        "This key takes one text. A list would be printed with its brackets, or not at all.",
        "title: [Signs, to see]",
        "title: Signs to see",
    ),
    stop(
        "value-not-list",
        "This key takes a list, even for a single value.",
        "for: public",
        "for: [public]",
    ),
    stop(
        "value-not-date",
        "Dates are written in one way, so that 3 April isn't read as 4 March. The date must exist.",
        "checked: {on: 31/11/2026, how: called}",
        "checked: {on: 2026-11-30, how: called}",
    ),
    stop(
        "value-not-yes-no",
        "Whether a call is free decides whether someone without credit dares to call. If you don't know, leave "
        "the line out.",
        "free: maybe",
        "free: yes",
    ),
    stop(
        "value-not-number",
        "It is counted or measured with this number; a word, or a number beyond what makes sense, cannot be used.",
        "focus: {x: middle}",
        "focus: {x: 50}",
    ),
    stop(
        "value-unknown",
        "Only names from a list are understood here, so that one thing has one name everywhere. The message "
        "has the list.",
        "layout: leaflett",
        "layout: leaflet",
    ),
    stop(
        "name-not-plain",
        "Names become addresses, folders and file names. Capitals, spaces and accents break them on a USB "
        "stick, or on another system.",
        "docs/en/Know the Signs.md",
        "docs/en/know-the-signs.md",
    ),
    stop(
        "name-to-avoid",
        "A file's name stays in the phone's list of downloads, where others can read it. mkdocs.yml lists words "
        "to avoid.",
        "docs/en/leave-the-gang.md, with `gang` to be avoided",
        "docs/en/more.md",
    ),
    stop(
        "name-taken",
        "Two things of one name would be written into one file, and one of them would be lost.",
        "signs.jpg and signs.png in assets/photos/",
        "signs.jpg and signs-at-the-border.png",
    ),
)
