"""Record what the last build put into place, and the hashes of its inputs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from campaign.cache.atomic import WORK
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.output_tree import NAMESPACE, is_unchanged
from campaign.cache.program import program_hash
from campaign.cache.store import hash_text
from campaign.content.page_strings import without_page_strings
from campaign.models.outputs import Artifact

if TYPE_CHECKING:
    from campaign.models.campaign import Campaign

# Drawings, which each piece records if it contains them.
DRAWING = re.compile(r"assets/(?:posters/[^/]+|pictograms)/[^/]+\.svg")
# Outputs per database row.
OUTPUTS_PER_ROW = 200


def key_of(campaign: Campaign, artifacts: list[Artifact], inputs: Inputs) -> str:
    """Return a hash of all inputs of the website and dist/.

    These are people's files, what changes without a file (end of an embargo, age of numbers), and the pieces.
    """
    hashes = [f"{name} {digest}" for name, digest in inputs.hashes.items()]
    hashes_made = sorted([artifact.output.path, artifact.output.public, artifact.sha256] for artifact in artifacts)
    return hash_text("\0".join((*hashes, json.dumps([sorted(campaign.pages), campaign.fresh, hashes_made]))))


def shared_key(campaign: Campaign, inputs: Inputs) -> dict[str | None, str]:
    """Return a hash of what the pieces of a language share, except pages and drawings. None: pieces without a language.

    It contains the interface strings that pieces get: those of the language, and for which the source language has one.
    A test ensures that printing uses no others. Contacts of places are recorded with the keys (`keys.ContactHashes`).
    """
    from campaign.models.campaign import freshness  # not loaded by builds without changes

    campaign = without_page_strings(campaign)
    excluded = {f"docs/{code}/_strings.yml" for code in campaign.languages}
    excluded |= {f"assets/contacts/{code}.yml" for code in campaign.places}
    files = [
        name if DRAWING.fullmatch(name) else f"{name} {digest}"
        for name, digest in inputs.shared_hashes().items()
        if name not in excluded
    ]
    source = campaign.source_language.strings
    kinds = {key: word for key, word in source.items() if key.startswith("kind-")}
    places = [replace(place, contacts=()) for place in campaign.places.values()]
    common = [[*source], kinds, [replace(language, strings={}) for language in campaign.languages.values()], places]
    national = freshness((*campaign.contacts, *campaign.press_contacts, *campaign.offices))
    shared = (*files, *sorted(_external_stamps(campaign)), program_hash("keys"), *national, repr(common))
    translations = {
        code: origin and (origin.is_reviewed, origin.is_by_machine) for code, origin in campaign.word_origins.items()
    }
    keys_by_language = {code: repr([language, translations.get(code)]) for code, language in campaign.languages.items()}
    results: dict[str | None, str] = {
        code: hash_text("\0".join((*shared, fingerprint))) for code, fingerprint in keys_by_language.items()
    }
    return {**results, None: hash_text("\0".join((*shared, *keys_by_language.values())))}


def external_files(campaign: Campaign) -> list[Path]:
    """Fonts and profiles of the system, which lie in no folder of the campaign."""
    from campaign.printing.scripts import SYSTEM_FOLDERS

    paths = (*campaign.fonts, campaign.identity.profile.file, *SYSTEM_FOLDERS)
    return [path for path in paths if not path.is_relative_to(campaign.root)]


def _external_stamps(campaign: Campaign) -> Iterator[str]:
    """Return the size and time of each existing file."""
    for path in external_files(campaign):
        if path.exists():
            stat = path.stat()
            yield f"{path} {stat.st_size} {stat.st_mtime_ns}"


def is_site_in_place(root: Path, key: str, memo: Memo) -> bool:
    """Return whether site/ was built from `key`; dist/ doesn't count."""
    record: dict[str, str] = memo.namespace(NAMESPACE).get("placed") or {}
    return record.get("key") == key and is_unchanged(root, memo, "site")


def note_placed(key: str, memo: Memo) -> None:
    """Record the key of the outputs in place; '' if a file changed meanwhile."""
    memo.namespace(NAMESPACE).put("placed", {"key": key})
    memo.save(is_last=True)


def note_made(root: Path, artifacts: list[Artifact], memo: Memo) -> None:
    """Record the contents of the store, for `read_made`."""
    start = len(str(root / WORK)) + 1
    rows = msgspec.to_builtins(artifacts, enc_hook=lambda path: str(path)[start:].replace("\\", "/"))
    parts = [rows[index : index + OUTPUTS_PER_ROW] for index in range(0, len(rows), OUTPUTS_PER_ROW)]
    space = memo.namespace(NAMESPACE)
    for name, part in [("made", len(parts)), *((f"made {number}", part) for number, part in enumerate(parts))]:
        space.put(name, part)
    memo.save()


def read_made(root: Path, memo: Memo) -> list[Artifact]:
    """Return the recorded outputs whose files exist."""
    space = memo.namespace(NAMESPACE)
    rows = [row for number in range(space.get("made") or 0) for row in space.get(f"made {number}") or ()]
    artifacts = msgspec.convert(rows, list[Artifact], dec_hook=lambda _, name: root / WORK / name)
    return [artifact for artifact in artifacts if os.path.isfile(artifact.file)]  # noqa: PTH113  thousands: a Path takes twice as long
