"""The plugin in mkdocs.yml that connects MkDocs and the campaign.

Order matters: it runs before i18n for settings, but after i18n (priority -100) where that moves files or writes links,
and last in on_post_build, because i18n builds the other languages in its own.
"""

from __future__ import annotations

import logging
import os
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jinja2 import ChoiceLoader, Environment, FunctionLoader
from markupsafe import Markup
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_theme_dir

from campaign.content.press_envelope import envelope
from campaign.content.releases import FORMAT
from campaign.graph.disk import use_tracker
from campaign.graph.tracking import Tracker, remembered
from campaign.models.campaign import Campaign, Language
from campaign.models.leftovers import is_leftover
from campaign.models.outputs import Artifact
from campaign.models.problem import CampaignError
from campaign.models.shipped import shipped_folder
from campaign.schema.declaration import declared_fields
from campaign.schema.kinds import CampaignSettings
from campaign.website.components.contacts import office_html
from campaign.website.components.recording import player
from campaign.website.finish import finish, with_csp
from campaign.website.finished_text import with_finished_texts
from campaign.website.frame import SEPARATOR, Frames
from campaign.website.hero import hero_pictures
from campaign.website.inline_css import StyleInliner
from campaign.website.inputs import ASSETS, CAMPAIGN, CARDS, NUMBERS, DialledNumbers
from campaign.website.later_css import later_address
from campaign.website.metadata import Cards
from campaign.website.mkdocs.undocumented import i18n_file, i18n_plugin
from campaign.website.page_audit import PageAudit, audit_page
from campaign.website.page_writer import PageWriter, pictogram
from campaign.website.pictures import PublicAssets
from campaign.website.quick_exit import add_quick_exit
from campaign.website.scripts import SCRIPTS, read_script
from campaign.website.shortcodes import imprint_html
from campaign.website.site import Site
from campaign.website.strip_theme import language_of, strip_theme
from campaign.website.structured_data import structured_data
from campaign.website.theme_css import head_styles
from campaign.website.view import View, page_view
from campaign.website.words import number_html

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

LANGUAGE_FILE = re.compile(r"partials/languages/([\w-]+)\.html")
PRIORITY_LATE = -200
PRIORITY_LAST = -300
# Blocks of main.html that differ between pages, in order.
OWN_BLOCKS = ("page_meta", "htmltitle", "languages", "container")


class SiteSettings(Config):
    """Accepts the keys below `campaign:` in mkdocs.yml, which campaign.content reads."""

    _schema = tuple(
        (key, config_options.Optional(config_options.Type(object))) for key in declared_fields(CampaignSettings)
    )


class SitePlugin(BasePlugin[SiteSettings]):
    """Puts the campaign into MkDocs' pages.

    Attributes:
        prebuilt: the result of `prepare`, if available.
        is_static_only: MkDocs only lists static files of one language (website.mkdocs.incremental).
        has_own_templates: all templates are known to be ours.
        audits: of finished pages, by language and address.
        static_files: address -> file below the root.
    """

    prebuilt: tuple[Campaign, list[Artifact]] | None = None
    is_static_only = False
    has_own_templates = False
    static_files: dict[str, str] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.audits: dict[str, dict[str, PageAudit]] = defaultdict(dict)

    def prepare(self, root: Path) -> tuple[Campaign, list[Artifact]]:
        """Read the campaign and make its outputs, for plain `mkdocs build`. campaign.pipeline.build overrides this."""
        raise NotImplementedError("campaign.pipeline.build.CampaignPlugin says how; name that plugin")

    def _prepare(self, root: Path) -> tuple[Campaign, list[Artifact]]:
        try:
            return self.prepare(root)
        except CampaignError as error:
            raise PluginError(str(error)) from error

    def track(self, tracker: Tracker) -> None:
        """Record what each page is made from."""
        self.campaign, self.assets = tracker.view(CAMPAIGN, Campaign), tracker.view(ASSETS, PublicAssets)
        self.cards, self.numbers = tracker.view(CARDS, Cards), tracker.view(NUMBERS, DialledNumbers)
        use_tracker(tracker)

    def _begin(self, config: MkDocsConfig) -> MkDocsConfig:
        if self._is_first_language(config) or self.is_static_only:
            root = Path(config.config_file_path).parent
            self.campaign, self.made = self.prebuilt or self._prepare(root)
            self.audits.clear()
            self.assets = PublicAssets(self.made, self.campaign)
            self.cards = Cards(self.campaign, self.assets)
            self.numbers = DialledNumbers(self.campaign)
            self.imprint = remembered(lambda code: Markup(imprint_html(self.campaign, self.campaign.languages[code])))
            self.theme_folder = Path(get_theme_dir(config.theme.name or ""))
            folder = str(shipped_folder("overrides"))
            if folder not in map(os.path.realpath, config.theme.dirs):
                config.theme.dirs.insert(1 if config.theme.custom_dir else 0, folder)
            config.theme.static_templates.clear()
            # The menu is ours (`campaign.navigation`); MkDocs would report each page that a language lacks.
            config.nav = None
            # Messages of i18n and MkDocs about themselves: absolute links, pieces missing from the menu.
            level = logging.ERROR if self.is_static_only else logging.WARNING
            logging.getLogger("mkdocs.plugins.mkdocs_static_i18n").setLevel(level)
            config.validation.nav.omitted_files = logging.DEBUG
            # Our templates have their own language links; Material's would be computed for each page.
            i18n_plugin(config).config.reconfigure_material = False
            for language in i18n_plugin(config).config.languages:
                language.build = language.locale in self.campaign.languages
            self.folders = list(config.theme.dirs)
            self.inliner = StyleInliner(self.folders)
            self.frames = Frames(self.inliner, self._finish_texts)
        config.theme.dirs[:] = self.folders
        return config

    @event_priority(PRIORITY_LATE)
    def _after_i18n(self, config: MkDocsConfig) -> MkDocsConfig:
        config.theme.dirs[:] = self.folders
        language = self._language(config)
        config.theme["language"], config.theme["direction"] = language.code, language.direction
        return config

    on_config = CombinedEvent(_begin, _after_i18n)

    def _drop_other_languages(self, files: Files, config: MkDocsConfig) -> Files:
        """Leave only the theme's files and pages of the language and the source language to i18n.

        Embargoed pages aren't among them. `finish` places other files of docs/ that pages show.
        """
        i18n = i18n_plugin(config)
        other_locales = {language.locale for language in i18n.config.languages} - {
            i18n.current_language,
            i18n.default_language,
        }
        files_kept = [
            file
            for file in files
            if file.src_uri.split("/", 1)[0] not in other_locales and self._is_published(file, config)
            if not (self.is_static_only and file.is_documentation_page())
        ]
        return Files(files_kept) if len(files_kept) < len(files) else files

    def _is_published(self, file: File, config: MkDocsConfig) -> bool:
        """Return whether a file is a page of the campaign, or belongs to the theme."""
        if not Path(file.abs_src_path or "").is_relative_to(config.docs_dir):
            return not is_leftover(file.src_uri)
        code, _, path = file.src_uri.partition("/")
        return file.is_documentation_page() and (code, path) in self.campaign.pages

    @event_priority(PRIORITY_LATE)
    def _after_i18n_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Move the source language below its code like the others, and drop the theme's own files."""
        code = self._language(config).code
        for file in list(files):
            if Path(file.abs_src_path or "").is_relative_to(config.docs_dir):
                if i18n_file(file).locale != code and not self._language(config).is_whole:
                    files.remove(file)
                elif not file.dest_uri.startswith(f"{code}/"):
                    file.dest_uri = f"{code}/{file.dest_uri}"
                    file.abs_dest_path = os.path.normpath(Path(config.site_dir) / file.dest_uri)
                    vars(file).pop("url", None)  # MkDocs works it out again
            elif self._is_theme_leftover(file, config):
                files.remove(file)
        return files

    on_files = CombinedEvent(_drop_other_languages, _after_i18n_files)

    def _is_theme_leftover(self, file: File, config: MkDocsConfig) -> bool:
        """Return whether a file isn't published: styles are inlined, Material's script and pictures unused."""
        from_theme = Path(file.abs_src_path or "").is_relative_to(self.theme_folder)
        is_inside = file.src_uri.endswith(".css") or file.src_uri.startswith(f"{SCRIPTS}/")
        is_supported = is_inside or file.src_uri == "sitemap.xml"
        return from_theme or is_supported or not self._is_first_language(config)

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Add our functions to the templates, and English words for languages that Material lacks."""
        # Every page depends on them (website.inputs.shared_inputs), not only the one for which a template is loaded.
        codes = frozenset(self.campaign.languages)

        def load_words(name: str) -> str | None:
            match = LANGUAGE_FILE.fullmatch(name)
            if not match or match.group(1) not in codes:
                return None
            return (
                '{% import "partials/languages/en.html" as english %}{% macro t(key) %}'
                f"{{{{ '{match.group(1)}' if key == 'language' else english.t(key) }}}}{{% endmacro %}}"
            )

        env.loader = ChoiceLoader([*filter(None, [env.loader]), FunctionLoader(load_words)])
        # A changed template changes the site's fingerprint, which reloads all of this.
        env.auto_reload = False
        # MkDocs doesn't escape, and titles are typed by people.
        template_folder = shipped_folder("overrides")
        template_names = {path.relative_to(template_folder).as_posix() for path in template_folder.rglob("*.html")}
        env.autoescape = lambda name: name in template_names
        env.globals["head_styles"] = Markup(head_styles(self.campaign))
        env.globals["office"] = lambda language: Markup(office_html(self.campaign, language))
        env.globals["number"] = lambda typed: Markup(number_html(typed))
        env.globals["pictogram"] = lambda name: Markup(pictogram(self.campaign, name))
        env.globals["directory_script"] = Markup(read_script("directory.js"))
        env.globals["later_address"] = later_address
        add_quick_exit(env)
        self.env, self.config_of_pages = env, config
        self.static_files = self._static_files(files, Path(config.config_file_path).parent)
        return env

    def _static_files(self, files: Files, root: Path) -> dict[str, str] | None:
        """Return the files that MkDocs copies; None if one is outside of the root."""
        results = [file for file in files if not file.is_documentation_page() and file.inclusion.is_included()]
        if not all(Path(file.abs_src_path or "").is_relative_to(root) for file in results):
            return None
        return {file.dest_uri: Path(file.abs_src_path or "").relative_to(root).as_posix() for file in results}

    def on_page_read_source(self, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Give MkDocs an empty page; `on_post_page` replaces it."""
        return "---\ntemplate: blank.html\n---\n"

    def _frame_context(self, view: View) -> dict[str, object]:
        """Return the data of the templates outside of OWN_BLOCKS."""
        return {
            "config": self.config_of_pages,
            "base_url": "..",
            "page": None,
            "view": view,
            "phone": view,
            "language": view.language,
            "base": view.root,
            "strings": view.language.strings,
            "campaign": self.campaign,
            "imprint": self.imprint(view.language.code),
        }

    def _context(self, view: View, lead: str, content: str) -> dict[str, object]:
        """Return the data of the templates; lead and content are HTML."""
        return {
            **self._frame_context(view),
            "lead": Markup(lead),
            "content": Markup(content),
            "hero": next(iter(hero_pictures(self.campaign)), "") if view.is_home else "",
            "card": self.cards.card(view),
            "structured_data": structured_data(view, self.assets),
            "recording": Markup(player(view)),
            "letterhead": envelope(self.campaign, view.page) if FORMAT in view.page.formats else None,
        }

    def render(self, view: View, lead: str, content: str, page: Page | None = None) -> str:
        """Return a page with a lead next to the title and the rest of its content. `page`: MkDocs' own, if any."""
        html = self.env.get_template("main.html").render(self._context(view, lead, content), page=page)
        return strip_theme(html, view.language)

    def finished(self, code: str, path: str) -> str:
        """Return a page as published."""
        view = page_view(self.campaign, self.campaign.languages[code], path)
        return self.finalise_html(self.render(view, *self._rendered_texts(view)))

    def framed(self, code: str, path: str) -> str:
        """Return the same, faster if many pages share a frame; only for our templates."""
        view = page_view(self.campaign, self.campaign.languages[code], path)
        return self._framed(view, *self._rendered_texts(view))

    def render_finished(self, view: View, lead: str, content: str) -> str:
        """Return a page with this text as published."""
        is_framed = self.has_own_templates
        return self._framed(view, lead, content) if is_framed else self.finalise_html(self.render(view, lead, content))

    def _framed(self, view: View, lead: str, content: str) -> str:
        template = self.env.get_template("main.html")
        context = template.new_context(self._context(view, lead, content))
        fragments = ["".join(template.blocks[name](context)) for name in OWN_BLOCKS]
        return with_csp(self.frames.finish(view, fragments, lambda: self._frame(view)))

    def _frame(self, view: View) -> str:
        """Return a page with separators in place of what only it has."""
        template = self.env.get_template("main.html")
        context = template.new_context(self._frame_context(view))
        context.blocks |= {name: [lambda _: iter(SEPARATOR)] for name in OWN_BLOCKS}
        return strip_theme("".join(template.root_render_func(context)), view.language)

    def _rendered_texts(self, view: View) -> tuple[str, str]:
        return PageWriter(self.campaign, self.assets, view).write_page()

    def finalise_html(self, html: str) -> str:
        """Return a page with phone links, line breaks, styles and policy."""
        return with_csp(self.inliner.inline(self._finish_texts(html)))

    def _finish_texts(self, html: str) -> str:
        language = self.campaign.languages.get(language_of(html))
        return with_finished_texts(html, self.numbers.dial, language.terms if language else ())

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Return the page as published."""
        view = page_view(self.campaign, self._language(config), i18n_file(page.file).norm_src_uri)
        html = self.finalise_html(self.render(view, *self._rendered_texts(view), page))
        self.audits[view.language.code][view.address] = audit_page(view.address, html, self.campaign.base)
        return html

    @event_priority(PRIORITY_LAST)
    def on_post_build(self, config: MkDocsConfig) -> None:
        """Finish the site after the last language."""
        if not i18n_plugin(config).building:
            folder = Path(config.site_dir)
            finish(Site(folder, self.campaign, self.campaign, self.assets, self.audits, lambda: self))

    def on_serve(
        self,
        server: LiveReloadServer,
        config: MkDocsConfig,
        builder: Callable[..., None],  # noqa: ARG002
    ) -> LiveReloadServer:
        """Watch assets and templates too."""
        root = Path(config.config_file_path).parent
        for folder in (root / "assets", shipped_folder("overrides")):
            if folder.is_dir():
                server.watch(str(folder))
        return server

    def _language(self, config: MkDocsConfig) -> Language:
        return self.campaign.languages[str(i18n_plugin(config).current_language)]

    def _is_first_language(self, config: MkDocsConfig) -> bool:
        """Return whether this is i18n's first run, for the source language."""
        i18n = i18n_plugin(config)
        return i18n.current_language in (None, i18n.default_language)


def site_plugin(config: MkDocsConfig) -> SitePlugin:
    """Return the campaign's plugin."""
    return cast(SitePlugin, config.plugins["campaign"])  # MkDocs finds it by that name: see pyproject.toml
