"""Leaving from every page of HELP: tests/test_leaving.py tries some of each folder."""

from __future__ import annotations

from test_leaving import leave_without_a_network, site  # noqa: F401


def test_leaving_leaves_from_every_address_without_a_network(site, browser):  # noqa: F811
    leave_without_a_network(site, browser, list)
