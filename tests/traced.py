"""What pages of a built campaign record, made one after the other and then again the other way round.

Run in a separate process, with cold caches. What it prints are pages that record something else
the second time: a cache kept a value from them, and with it that they depend on it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.graph.tracking import Trace, recording
from campaign.pipeline.reading import last_artifacts, read
from campaign.website.inputs import shared_inputs
from campaign.website.mkdocs.incremental import Work, open_plugin
from campaign.website.mkdocs.plugin import SitePlugin
from campaign.website.view import page_view


def main(root: Path, code: str) -> None:
    campaign, _ = read(root)
    inputs = Inputs.scan(root, Memo.of(root))
    work = Work(campaign, last_artifacts(root), root / "site", shared_inputs(campaign, inputs))
    plugin, paths = open_plugin(work), work.paths(code)
    plugin.frames._nodes = None  # each page makes its frame
    first = {path: traces(plugin, code, path) for path in paths}
    for path in reversed(paths):
        again = traces(plugin, code, path)
        for name, trace in again.items():
            for value in trace.keys() ^ first[path][name].keys():
                print(f"{path} ({name}): {value}")
        if missing := again["alone"].keys() - again["frame"].keys():
            print(f"{path} (frame): {missing}")
    print(f"{len(paths)} pages")


def traces(plugin: SitePlugin, code: str, path: str) -> dict[str, Trace]:
    """The page's recording; its frame, made with it; the part around its text, made by itself."""
    plugin.frames.by_kind.clear()
    with recording() as page:
        plugin.framed(code, path)
    frames = [item.trace for item in plugin.frames.take_new().values()]
    view = page_view(plugin.campaign, plugin.campaign.languages[code], path)
    with recording() as alone:
        plugin._frame(view)
    return {"page": page, "frame": frames[0], "alone": alone}


main(Path(sys.argv[1]), sys.argv[2])
