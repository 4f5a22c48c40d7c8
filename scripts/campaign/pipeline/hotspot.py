"""`campaign hotspot`: the site for a small computer that serves it to nearby phones, with nginx and Caddy settings."""

from __future__ import annotations

import gzip
from collections.abc import Collection
from pathlib import Path

from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.releases import refuse_withheld
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.locking import lock
from campaign.pipeline.report import Progress, quiet
from campaign.pipeline.stick import Stick, checksums_of, write_copy
from campaign.publishing.address import parse_folder
from campaign.website import hotspot, site_copy, start_page
from campaign.website.hotspot import HOST_NAME, NGINX, SERVER_PATH, SITE


def make_hotspot(
    root: Path,
    raw: str,
    languages: Collection[str] = (),
    has_prints: bool = False,
    host: str = "",
    at: str = hotspot.FOLDER,
    progress: Progress = quiet,
) -> Stick:
    """Copy the last build with precompressed files, and write nginx.conf and Caddyfile.

    Args:
        root: the campaign's folder.
        raw: a new or empty folder, or an earlier copy, where only changed files are written.
        languages: codes; () for all.
        has_prints: whether to include downloads.
        host: the host name of the board; '' for one that suits the readers.
        at: the path of the folder on the board.
        progress: called at each step.

    Raises:
        CampaignError: a name or path is invalid, nothing was built, or the folder has other files.
    """
    folder = parse_folder(root, raw)
    problems_found = [
        Problem("hotspot-name", option, f"`{value}` is not {description}.", f"Write one such as {example}.")
        for option, value, pattern, description, example in (
            ("--name", host, HOST_NAME, "a name of a computer", hotspot.HOST),
            ("--at", at, SERVER_PATH, "the path of a folder on the board", hotspot.FOLDER),
        )
        if value and not pattern.fullmatch(value)
    ]
    campaign, problems = load(root)
    problems_found += unsilenced(problems, campaign.silence) if any(problem.stops for problem in problems) else []
    if problems_found:
        raise CampaignError(problems_found)
    host = host or (hotspot.HOST if campaign.may_be_watched else f"{campaign.slug}.{hotspot.HOME}")
    old_checksums = checksums_of(folder, NGINX)
    with lock(root):
        if not (root / "site/index.html").is_file():
            raise CampaignError([Problem("hotspot-nothing", "site", "No site was built yet.", "Run: campaign build")])
        refuse_withheld(campaign, root / "site")
        campaign = as_built(campaign)
        selected_languages = [
            language for code, language in campaign.languages.items() if not languages or code in languages
        ]
        codes = [language.code for language in selected_languages]
        site_files = site_copy(root / "site", codes, [*campaign.languages], has_prints, is_served=True)
        site_files[hotspot.START] = start_page(campaign, selected_languages, "").encode()
        site_files[hotspot.NOT_FOUND_PAGE] = start_page(campaign, selected_languages, "/").encode()
        contents: dict[str, bytes | Path] = {f"{SITE}/{name}": content for name, content in site_files.items()}
        contents |= {f"{SITE}/{name}": compressed for name, compressed in _compressed(site_files).items()}
        contents[NGINX] = hotspot.nginx_conf(selected_languages, host, at).encode()
        contents[hotspot.CADDY] = hotspot.caddyfile(selected_languages, host, at).encode()
        return write_copy(folder, contents, old_checksums, progress)


def _compressed(files: dict[str, bytes | Path]) -> dict[str, bytes]:
    """Return compressed versions of files, if they are smaller."""
    compressed = {}
    for name, content in files.items():
        if name.endswith(hotspot.COMPRESSED_SUFFIXES):
            data = content if isinstance(content, bytes) else content.read_bytes()
            small = gzip.compress(data, 9, mtime=0)
            if len(small) < len(data):
                compressed[f"{name}.gz"] = small
    return compressed
