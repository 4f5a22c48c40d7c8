"""Tidy up: delete leftovers of programs, clean the files of photos, and correct names of files and folders."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from campaign.checks.renamed import renames
from campaign.content.leftovers import leftovers, tidy_leftovers
from campaign.content.originals import ORIGINALS
from campaign.content.photos import FOLDER
from campaign.desk.files import NameTakenError
from campaign.desk.grouped_problems import group_problems
from campaign.desk.page_file import plain_path, renamed_page
from campaign.desk.panel import NOTICE_UNCHANGED, Panel, get, post
from campaign.models.media import Photo
from campaign.models.problem import CampaignError
from campaign.pipeline.tidying import tidy_photos, untidy_photos

MAX_NAMED_FILES = 12


class Tidying(Panel):
    @post("/tidy")
    def tidy(self) -> Response:
        root = self.root
        deleted, moved_names = tidy_leftovers(root, leftovers(root))
        campaign, photos = untidy_photos(root)
        title = self.words.say("did-tidy", count=len(deleted) + len(moved_names) + len(photos))

        def clean() -> None:
            _, problems = tidy_photos(campaign, photos)
            if problems:
                raise CampaignError(problems)

        posters = [poster.where.partition(":")[0] for poster in campaign.posters.values() if poster.photo]
        names = [*(name for photo in photos for name in _files(root, photo)), *posters]
        _, saved = self.files.record(title, self.desk.user_name, names, clean)
        return self.go("/", saved or NOTICE_UNCHANGED)

    @get("/folder/{name:path}")
    def show(self) -> Response:
        name = self.path["name"]
        path, campaign = self.files.path(name), self.campaign
        problem_groups = group_problems(self.workspace.problems[0], campaign)
        problems = [
            item
            for item in (
                *problem_groups.single,
                *(message for row in problem_groups.grouped for message in row.repeats),
            )
            if item.where == name
            or (
                item in problem_groups.renamed
                and name in (problem_groups.renamed[item].now, problem_groups.renamed[item].was)
            )
        ]
        files = sorted(item.relative_to(path).as_posix() for item in path.rglob("*") if item.is_file())
        if not files and not problems:
            raise LookupError(name)
        return self.page(
            "folder.html",
            name=name,
            renamed=next((rename for rename in renames(campaign) if name in (rename.now, rename.was)), None),
            problems=problems,
            files=files[:MAX_NAMED_FILES],
            count=len(files),
        )

    @post("/rename")
    def rename(self) -> Response:
        present_name, former_name, words = self.form_value("now"), self.form_value("was"), self.words
        # Only former names are accepted.
        renamed_file = next(
            (row for row in renames(self.campaign) if (row.now, row.was) == (present_name, former_name)), None
        )
        if renamed_file is None:
            raise LookupError(present_name)
        title = words.say("did-rename", now=present_name, was=former_name)
        try:
            saved = self.files.rename(title, self.desk.user_name, present_name, former_name)
        except NameTakenError:
            return self.page("refused.html", 409, said=words.say("name-taken", name=former_name))
        return self.go("/", saved)

    @post("/plain/{path:path}")
    def make_plain(self) -> Response:
        campaign, path = self.campaign, self.path["path"]
        plain_name = plain_path(campaign, path)
        used_paths = {other_path for _, other_path in (*campaign.pages, *campaign.withheld)}
        if path not in used_paths or not plain_name:
            raise LookupError(path)
        title = self.words.say("did-rename-plain", now=path, name=plain_name)
        changes = renamed_page(campaign, self.files, path, plain_name)
        return self.go("/", self.files.save(title, self.desk.user_name, changes))


def _files(root: Path, photo: Photo) -> list[str]:
    suffixes = dict.fromkeys((photo.file.suffix, ".jpg", ".png", ".webp"))
    photo_files = [f"{FOLDER}/{photo.name}{suffix}" for suffix in suffixes]
    return [*photo_files, f"{ORIGINALS}/{photo.file.relative_to(root / FOLDER).name}"]
