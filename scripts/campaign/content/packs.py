"""Packs for partners: the rows of `packs:` in mkdocs.yml, by default one for each audience."""

from __future__ import annotations

from collections.abc import Callable, Collection

from campaign.models.campaign import Pack
from campaign.models.formats import PHONE
from campaign.models.outputs import OFFICE, PHOTOCOPY
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import PackRow
from campaign.schema.yaml_reader import Fields, Value


def read_packs(
    entries: Value,
    where: str,
    problems: list[Problem],
    is_name: Callable[[str], object],
    audiences: tuple[str, ...],
    destinations: Collection[str],
) -> dict[str, Pack]:
    """Return packs by name, in the order of the file `where`. `is_name` accepts valid folder names."""
    top, result = Fields(entries, where, problems), {}
    for name, value in top.keys.items():
        if not is_name(name):
            message = f"`{name}` is not a plain name."
            top.complain("name-not-plain", value, message, "Use lower-case letters, digits and hyphens.")
            continue
        row = bind(PackRow, value, where, problems)
        audience_names = row.audiences or ((name,) if name in audiences else ())
        pictures = (PHONE,) if row.pictures is None else row.pictures
        for key, values, allowed in (("for", audience_names, audiences), ("pictures", pictures, destinations)):
            for item in values:
                if item not in allowed:
                    fix = f"Choose from: {', '.join(allowed)}."
                    row.complain("value-unknown", key, f"`{item}` isn't a valid value of `{key}`.", fix)
        printers = row.printers or (OFFICE, PHOTOCOPY)
        has_site = OFFICE in printers if row.site is None else row.site
        result[name] = Pack(name, audience_names, printers, pictures, bool(row.press_kit), has_site)
    return result or {name: Pack(name, (name,)) for name in audiences}
