"""Checks: the source before the build, the site after it; of what is printed each by itself (checks.prints)."""

from campaign.checks.built import check_site
from campaign.checks.embargo import check_embargo, check_linked
from campaign.checks.files import check_files
from campaign.checks.release import check_release
from campaign.checks.source import check_page, check_source
from campaign.checks.structure import check_structure
from campaign.checks.sums import SUMS, UNFINISHED, check_packs, check_signature, check_sums
from campaign.checks.unfinished import check_unfinished
from campaign.checks.words import check_words

__all__ = [
    "SUMS",
    "UNFINISHED",
    "check_embargo",
    "check_files",
    "check_linked",
    "check_packs",
    "check_page",
    "check_release",
    "check_signature",
    "check_site",
    "check_source",
    "check_structure",
    "check_sums",
    "check_unfinished",
    "check_words",
]
