"""The API for other programs: `import campaign` and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib

import pytest
from conftest import REPOSITORY, copy_or_link

import campaign

CALLER = """
import campaign


def lines(root: str) -> list[str]:
    found, problems = campaign.load(root)
    report: campaign.Report = campaign.build(root, is_release=True)
    problems = [*problems, *campaign.check(root), *report.problems]
    return [campaign.__version__, found.name, *(f"{each.where} {each.fix}" for each in problems if each.stops)]
"""


def test_version_is_the_packages_own_and_every_public_name_is_there():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert campaign.__version__ == project["version"]
    assert {"load", "check", "build", "Problem", "__version__"} <= set(campaign.__all__) <= set(dir(campaign))
    assert all(getattr(campaign, name) for name in campaign.__all__)


def test_import_alone_loads_no_room():
    code = "import sys, campaign; print([name for name in sys.modules if name.startswith('campaign.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_desk_itself_loads_nothing_that_sets_or_shortens_pages():
    """Prints and pages are made in separate processes; loading the modules takes 3 to 10 MB of the desk's memory."""
    code = "import sys, campaign.desk.app; print(*{'typst', 'minify_html', 'pikepdf', 'pypdfium2'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "\n"


def test_program_builds_again_what_it_changes_and_is_told_what_to_mend(tiny, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    root = tmp_path / "warm"
    shutil.copytree(tiny, root, copy_function=copy_or_link)
    assert campaign.build(root).is_noop
    result, problems = campaign.load(str(root))
    assert not any(problem.stops for problem in problems)
    source = result.source_language.code
    page = root / "docs" / source / "index.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n\nQuokka.\n", encoding="utf-8")
    steps = []
    report = campaign.build(root, progress=lambda *step: steps.append(step))
    assert report.is_site_new
    assert not report.stops
    assert "website" in {name for name, _, _ in steps}
    assert "Quokka." in (root / "site" / source / "index.html").read_text(encoding="utf-8")
    page.write_text(f"{text}\n\n{{{{ no-such-thing }}}}\n", encoding="utf-8")
    told = [problem for problem in campaign.check(root) if problem.stops]
    assert [problem.where.split(":")[0] for problem in told] == [f"docs/{source}/index.md"]
    assert set(told) <= set(campaign.build(root).problems)
    assert "Quokka." in (root / "site" / source / "index.html").read_text(encoding="utf-8")


def test_folder_that_is_no_campaign_is_a_problem_not_a_traceback(tmp_path):
    told = campaign.check(tmp_path)
    assert "mkdocs.yml" in str(told[0])
    assert told[0] in campaign.build(tmp_path).problems


@pytest.mark.long
def test_types_reach_the_caller(tmp_path):
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--follow-imports=silent", str(caller)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
