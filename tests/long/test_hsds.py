"""The files for directories are valid by Open Referral's own schema, which we may not ship.

git clone --branch 3.0 https://github.com/openreferral/specification
HSDS_SCHEMA=specification/schema/compiled/service.json make test-long
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import HERE
from jsonschema import Draft202012Validator
from needed_tools import leave_out

from campaign.content import load
from campaign.exchange.contacts_out import outward_files

SCHEMA = os.environ.get("HSDS_SCHEMA")


@pytest.mark.parametrize("root", [HERE.parent, HERE / "campaigns/tiny"], ids=["help", "tiny"])
def test_services_are_valid_by_the_schema_of_hsds(root):
    if not SCHEMA:
        leave_out("HSDS_SCHEMA, the path of a service's compiled schema")
    campaign, _ = load(root)
    schema = json.loads(Path(str(SCHEMA)).read_text(encoding="utf-8"))
    for code in campaign.languages:
        services = json.loads(outward_files(campaign, campaign.languages[code])["contacts-hsds.json"])
        assert services
        for service in services:
            assert not list(Draft202012Validator(schema).iter_errors(service))
            # The schema lets a misspelt key pass.
            assert _unknown(schema, service) == []


def _unknown(schema, value):
    if isinstance(value, list):
        return [name for item in value for name in _unknown(schema["items"], item)]
    known = schema.get("properties", {})
    if not isinstance(value, dict):
        return []
    own = [key for key in value if key not in known]
    return own + [name for key in value if key in known for name in _unknown(known[key], value[key])]
