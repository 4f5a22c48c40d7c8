"""Writes requirements/run.cdx.json: all that is installed with the generator, with licences, as CycloneDX.

`make lock` runs it with what cyclonedx-py found in an environment made of run.txt. Descriptions and addresses are left
out; versions that the lock has for other systems come in, and what the desk's editor is bundled from.

    python requirements/write_bill.py < what-cyclonedx-py-found.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EDITOR = HERE.parent / "scripts/desk-editor/package-lock.json"
KEPT = ("bom-ref", "type", "name", "version", "purl", "licenses")


def main() -> None:
    """From standard input to run.cdx.json."""
    found = json.load(sys.stdin)
    components = {normal(each["name"], each["version"]): _plain(each) for each in found["components"]}
    licences = {key.split("==")[0]: each.get("licenses", []) for key, each in components.items()}
    for key in locked():
        if key not in components:
            name, version = key.split("==")
            purl = f"pkg:pypi/{name}@{version}"
            more = {"bom-ref": key, "type": "library", "name": name, "version": version, "purl": purl}
            components[key] = more | ({"licenses": licences[name]} if licences.get(name) else {})
    chosen = [components[key] for key in sorted(locked())] + _of_editor()
    refs = {each["bom-ref"] for each in chosen}
    bill = {
        "$schema": found["$schema"],
        "bomFormat": "CycloneDX",
        "specVersion": found["specVersion"],
        "version": 1,
        "components": chosen,
        "dependencies": [
            {"ref": each["ref"], "dependsOn": [to for to in each.get("dependsOn", ()) if to in refs]}
            for each in found["dependencies"]
            if each["ref"] in refs
        ],
    }
    text = json.dumps(bill, indent=1, ensure_ascii=False, sort_keys=False)
    (HERE / "run.cdx.json").write_text(text + "\n", encoding="utf-8")


def locked() -> list[str]:
    """What run.txt names, for whatever system: `name==version`."""
    text = (HERE / "run.txt").read_text(encoding="utf-8")
    return sorted({normal(*each) for each in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)})


def normal(name: str, version: str) -> str:
    """A package as lock and index both name it (PEP 503)."""
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"


def _plain(component: dict[str, Any]) -> dict[str, Any]:
    return {key: component[key] for key in KEPT if key in component}


def _of_editor() -> list[dict[str, Any]]:
    """Packages in scripts/campaign/desk/client/editor.js; those that only bundle it are left out."""
    packages = json.loads(EDITOR.read_text(encoding="utf-8"))["packages"]
    found = []
    for path, each in sorted(packages.items()):
        name = path.removeprefix("node_modules/")
        if name and not each.get("dev") and not each.get("optional"):
            found.append(
                {
                    "bom-ref": f"{name}@{each['version']}",
                    "type": "library",
                    "name": name,
                    "version": each["version"],
                    "purl": f"pkg:npm/{name.replace('@', '%40')}@{each['version']}",
                    "licenses": [{"license": {"id": each["license"]}}] if "license" in each else [],
                }
            )
    return found


if __name__ == "__main__":
    main()
