"""A folder for an office without a network: a campaign, every program that it needs, and a starter to double-click."""

from campaign.desk.office.folder import make_office_folder

__all__ = ["make_office_folder"]
