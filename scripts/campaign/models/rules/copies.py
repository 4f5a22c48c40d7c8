"""Copies that were handed on: their sums and signatures."""

from __future__ import annotations

from campaign.models.optional_parts import PARTS
from campaign.models.rules.rule import Rule, note, stop

ROWS: tuple[Rule, ...] = (
    stop(
        "sums-missing",
        "Without the list of sums nobody can tell whether the folder is as it was made.",
        "campaign verify Downloads",
        "campaign verify Downloads/press-kit-en",
    ),
    stop(
        "publish-nothing",
        "What is published is the site as it was built last.",
        "campaign publish /srv/water, before any build",
        "campaign build, then campaign publish /srv/water",
    ),
    stop(
        "publish-in-the-way",
        "The link `current` is replaced at each publishing; somebody's own folder of that name would be lost.",
        "a folder /srv/water/current",
        "/srv/water/current is a link that campaign made, or is not there",
    ),
    stop(
        "publish-no-links",
        "A link that is replaced at once is what keeps visitors from half a site.",
        "campaign publish F: on a disk that has no links",
        "campaign publish site.zip",
    ),
    stop(
        "publish-no-tool",
        "Each way to publish has programs or parts of its own, and keys and passwords stay with them.",
        "campaign publish ssh://me@host.example/srv/water, without rsync",
        "rsync installed, or campaign publish site.zip",
    ),
    stop(
        "publish-refused",
        "The host, or who may write there, is not as this computer thinks; nothing was changed there.",
        "a key that the host does not know",
        "ssh me@host.example works by hand",
    ),
    stop(
        "publish-running",
        "Two who publish at once would leave a site that is half of each.",
        "two people run campaign publish s3://water at the same time",
        "one after the other",
    ),
    stop(
        "rollback-none",
        "Only what was published before can come back.",
        "campaign publish /srv/water --rollback, after the first publishing",
        "campaign publish /srv/water --rollback, after the second",
    ),
    stop(
        "rollback-unknown",
        "A version of which nobody knows what it holds may have a wrong number.",
        "a version whose note was deleted",
        "campaign build, then campaign publish",
    ),
    stop(
        "rollback-photo",
        "A photo whose consent ended must not come back.",
        "going back behind the day on which a photo was taken out",
        "campaign build, then campaign publish",
    ),
    stop(
        "rollback-withheld",
        "A release that is under embargo by now must not come back before its hour.",
        "going back behind the day on which an embargo was set",
        "campaign build, then campaign publish",
    ),
    stop(
        "target-own-folder",
        "What is published or copied is written whole, and would mix with the campaign's texts and builds.",
        "campaign publish docs",
        "campaign publish /srv/water",
    ),
    stop(
        "target-password",
        "An address stands on screens and in what is noted of a job, where others read it.",
        "campaign publish ssh://maria:secret@host/srv/water",
        "campaign publish ssh://maria@host/srv/water",
    ),
    stop(
        "rollback-returns",
        "A number that was taken out must not come back: whoever dials it reaches a stranger.",
        "going back behind the day on which a number was mended",
        "campaign build, then campaign publish",
    ),
    stop(
        "stick-nothing",
        "A stick holds the site as it was built last.",
        "campaign stick /media/stick, before any build",
        "campaign build, then campaign stick /media/stick",
    ),
    stop(
        "stick-damaged",
        "What cannot be read back on this computer cannot be read on another.",
        "a stick that is worn out, or full of errors",
        "another stick",
    ),
    stop(
        "sums-broken",
        "The list is not as it was made, so what it says of the files counts for nothing.",
        "SHA256SUMS opened and saved in a word processor",
        "SHA256SUMS as it was fetched",
    ),
    stop(
        "sums-outside",
        "Somebody wrote a name into the list that leads out of the folder. It was not made by the generator.",
        "../../home/ana/letter.txt in SHA256SUMS",
        "a folder from whoever you trust",
    ),
    stop(
        "copy-incomplete",
        "Something is missing: a copy that broke off, or somebody took it out.",
        "press-kit-en/ without release.pdf",
        "press-kit-en/, copied again",
    ),
    stop(
        "copy-changed",
        "The file is not the one that was made: it may say something else, or ring another number.",
        "release.pdf, edited",
        "release.pdf as it was made",
    ),
    stop(
        "copy-added",
        "A file that the list does not name was put there by somebody else.",
        "press-kit-en/new-number.pdf",
        "press-kit-en/ without it",
    ),
    note(
        "sums-unsigned",
        "Sums show that a file was changed, not who made it.",
        "SHA256SUMS alone",
        "SHA256SUMS.minisig beside it",
    ),
    stop(
        "signature-missing",
        "You asked who signed it, and nobody did.",
        "campaign verify press-kit-en --key allowed-signers, without a signature",
        "SHA256SUMS.sig beside the list",
    ),
    note(
        "signature-unchecked",
        "A signature says something only with a key that came to you another way.",
        "campaign verify press-kit-en",
        "campaign verify press-kit-en --key allowed-signers",
    ),
    stop(
        "signature-unproven",
        "Of a single file the signature is all there is, and without a key it says nothing.",
        "campaign verify press-kit-en.zip",
        "campaign verify press-kit-en.zip --key allowed-signers",
    ),
    stop(
        "signature-no-key",
        "There is no such file of keys.",
        "--key alowed-signers",
        "--key allowed-signers",
    ),
    stop(
        "signature-no-tool",
        "Signatures are checked by the standard tools, minisign and ssh-keygen, never by code of ours.",
        "a computer without minisign",
        "minisign installed",
    ),
    stop(
        "signature-bad",
        "What was signed is not what lies here, or somebody else signed it.",
        "a folder changed after it was signed",
        "a folder from whoever you trust",
    ),
    stop(
        "tally-nothing",
        "Forms that were filled in lie in a folder, as CSV or XLSX; photos and scans of paper cannot be read.",
        "campaign tally photos",
        "campaign tally forms-2026, with stock.csv in it",
    ),
    stop(
        "tally-no-form",
        "Cells are known by the heading above them. What stands under an unknown one would be left out of the sums.",
        "Quantity, in the first line",
        "Number, in the first line",
    ),
    stop(
        "tally-cell",
        "A row that cannot be read would be missing from the sums, and nobody would see it.",
        "about 40",
        "40",
    ),
    stop(
        "tally-sum",
        "Numbers that contradict each other were written down wrongly, or pieces were lost.",
        "Had 100, Went 20, Left 90",
        "Had 100, Went 20, Left 80",
    ),
    stop(
        "tally-twice",
        "A copy of a file doubles all that stands in it.",
        "june.csv and june (1).csv",
        "june.csv",
    ),
    note(
        "pack-no-site",
        "Packs hold the site as it is now, or none: an old one may show numbers that were corrected.",
        "campaign packs, after a change and before a build",
        "campaign build, then campaign packs",
    ),
    stop(
        "hotspot-name",
        "Servers look for the name and the folder as they are written.",
        "campaign hotspot out --name 'our board'",
        "campaign hotspot out --name board.home.arpa",
    ),
    stop(
        "hotspot-nothing",
        "A board serves the site as it was built last.",
        "campaign hotspot out, before any build",
        "campaign build, then campaign hotspot out",
    ),
    stop(
        "zim-missing",
        "What writes files for Kiwix is large, and few need it: it is a part of its own.",
        "campaign zim, without that part",
        PARTS["zim"].remedy,
    ),
    stop(
        "zim-nothing",
        "A file for Kiwix holds the site as it was built last.",
        "campaign zim, before any build",
        "campaign build, then campaign zim",
    ),
    stop(
        "zim-failed",
        "The file was not finished; what stood in dist/copies is as it was.",
        "no room on the disk",
        "make room, then campaign zim",
    ),
)
