"""Build, preview changes, publish, roll back, and copy to a stick."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.responses import Response

from campaign.cache.atomic import WORK
from campaign.content.new_language import begun_languages
from campaign.desk.notes import BUILT_FILE, built_at, built_note, read_note, write_note
from campaign.desk.panel import NOT_REFUSED, Panel, Refused, get, post
from campaign.models.problem import CampaignError
from campaign.publishing.address import has_secret, is_address, parse_folder
from campaign.publishing.registry import parse_target
from campaign.publishing.site_state import taken_back_on

# The latest first; addresses with secrets aren't kept.
TARGETS = f"{WORK}/desk/targets.json"
MAX_TARGETS = 6
PUBLISHED = f"{WORK}/desk/published.json"
# Buttons -> options of `campaign publish`.
MODES: dict[str, list[str]] = {"look": ["--dry-run"], "go": [], "undo": ["--rollback"], "build": []}
BUILD_AND_LOOK = "look-build"
MODES[BUILD_AND_LOOK] = MODES["look"]

BUILD = {False: ["build"], True: ["build", "--release"]}


class Publishing(Panel):
    menu = ("/publish", "publish")

    @get("/publish", reads=False)
    def show(self) -> Response:
        return self.show_refused(NOT_REFUSED)

    def show_refused(self, refusal: Refused) -> Response:
        built_time, changed_at = built_at(self.root), self.workspace.changed_at
        return self.page(
            "publish.html",
            refusal,
            built=_time(built_time) if built_time else "",
            changed=_time(changed_at),
            is_old=built_time < changed_at,
            is_embargo_over=self.workspace.embargo_ended_at == changed_at,
            is_release=built_note(self.root)[2:] == [True],
            building=self.desk.jobs.building,
            begun=self._begun_languages(),
            targets=self._targets(),
            online=self._online(),
            typed="",
            folder="",
            sure="",
        )

    def _begun_languages(self) -> list[tuple[str, str]]:
        with suppress(CampaignError):  # the build reports it
            return begun_languages(self.root)
        return []

    def _build_recorder(self, is_release: bool = False, is_online: bool = True) -> Callable[[tuple[str, ...]], None]:
        start_time = time.time()

        def note(command: tuple[str, ...]) -> None:
            if command[0] == "build":
                write_note(self.root / BUILT_FILE, [start_time, time.time(), is_release])
            elif is_online and "--dry-run" not in command:
                row = [time.time(), "--rollback" in command, built_at(self.root)]
                write_note(self.root / PUBLISHED, {**read_note(self.root / PUBLISHED, {}), command[-1]: row})

        return note

    def _online(self) -> list[tuple[str, str, bool, str]]:
        try:
            rows = sorted(read_note(self.root / PUBLISHED, {}).items(), key=lambda row: -row[1][0])
            return [
                (name, _time(timestamp), bool(is_rollback), _time(built_time))
                for name, (timestamp, is_rollback, built_time) in rows
            ]
        except (ValueError, TypeError, IndexError, KeyError):  # the file was edited by hand
            return []

    @post("/publish/build")
    def build(self) -> Response:
        words, is_release = self.words, bool(self.form_value("release"))
        return self._start(words["did-build"], BUILD[is_release], on_end=self._build_recorder(is_release))

    @post("/publish")
    def publish(self) -> Response:
        target, mode, words = self.form_value("target"), self.form_value("way"), self.words
        if not target or mode not in MODES:
            raise Refused(words["publish-where"])
        if message := self._refusal(target, parse_target):
            raise Refused(message, typed="" if has_secret(target) else target)
        if not is_address(target):
            target = str(Path(target).expanduser())
        if mode == "go" and (confirmation := self._withdrawn_numbers()) and self.form_value("sure") != confirmation:
            raise Refused(self._withdrawn_message(confirmation), typed=target, sure=confirmation)
        self._keep(target)
        command, is_look = ["publish", *MODES[mode], "--", target], MODES[mode] == MODES["look"]
        title = words.say(f"did-publish-{'look' if is_look else mode}", name=target)
        note = "" if is_look else words.say(f"published-{mode}", name=target)
        if mode in ("build", BUILD_AND_LOOK):
            is_release = bool(self.form_value("release"))
            return self._start(title, BUILD[is_release], command, note=note, on_end=self._build_recorder(is_release))
        built_time, changed_at = built_at(self.root), self.workspace.changed_at
        if is_old := mode in ("go", "look") and 0 < built_time < changed_at:
            note = words.say(
                "looked-old" if is_look else "published-old", date=_time(built_time), was=_time(changed_at)
            )
        offer = (
            {"way": BUILD_AND_LOOK, "target": target, "release": self.form_value("release")}
            if is_look and is_old
            else {}
        )
        if mode == "undo":  # a waiting build would publish it again
            self.desk.jobs.cancel_pending(["publish", "--", target], words.say("publish-dropped", name=target))
        # A rollback can't wait for other jobs.
        return self._start(
            title, command, note=note, is_warning=is_old, is_exclusive=False, on_end=self._build_recorder(), offer=offer
        )

    def _withdrawn_numbers(self) -> str:
        if 0 < built_at(self.root) < self.workspace.changed_at:
            with suppress(CampaignError):  # the build reports it
                return " · ".join(taken_back_on(self.root / "site", self.workspace.campaign))
        return ""

    def _withdrawn_message(self, numbers: str) -> str:
        return self.words.say("publish-taken-back", was=numbers, date=_time(built_at(self.root)))

    def _refusal(self, raw: str, parse: Callable[[Path, str], object]) -> str:
        words = self.words
        # The desk's own working folder is unknown to its users.
        is_part = not is_address(raw) and not Path(raw).expanduser().is_absolute()
        try:
            parse(self.root, raw)
        except CampaignError as error:
            problem = error.problems[0]
            if problem.id == "target-password":
                return words["publish-secret"]
            if problem.id == "target-own-folder":
                return words.say("target-relative" if is_part else "target-own", name=raw)
            return f"“{raw}”: {words.brief(problem) or problem.message} {problem.fix}"
        return words.say("target-relative", name=raw) if is_part else ""

    @post("/publish/stick")
    def stick(self) -> Response:
        raw, words = self.form_value("folder"), self.words
        if not raw:
            raise Refused(words["stick-where"])
        if message := self._refusal(raw, parse_folder):
            raise Refused(message, folder=raw)
        folder = str(Path(raw).expanduser())
        if (
            self.form_value("way") != "build"
            and (confirmation := self._withdrawn_numbers())
            and self.form_value("sure") != confirmation
        ):
            raise Refused(self._withdrawn_message(confirmation), folder=raw, sure=confirmation)
        arguments = ["stick", *(["--prints"] if self.form_value("prints") else []), "--", folder]
        title, built_time = words.say("did-stick", name=folder), built_at(self.root)
        changed_at = self.workspace.changed_at
        if self.form_value("way") == "build":
            is_release = bool(self.form_value("release"))
            return self._start(
                title, BUILD[is_release], arguments, on_end=self._build_recorder(is_release, is_online=False)
            )
        is_old = built_time < changed_at
        note = words.say("stick-old", date=_time(built_time), was=_time(changed_at)) if is_old else ""
        return self._start(title, arguments, note=note, is_warning=is_old)

    def _start(self, title: str, *commands: Sequence[str], **value: Any) -> Response:
        return self.start(title, *commands, result_url="/publish", **value)

    def _targets(self) -> list[str]:
        return [str(item) for item in read_note(self.root / TARGETS, []) if not has_secret(str(item))][:MAX_TARGETS]

    def _keep(self, target: str) -> None:
        write_note(self.root / TARGETS, list(dict.fromkeys([target, *self._targets()]))[:MAX_TARGETS])


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"
