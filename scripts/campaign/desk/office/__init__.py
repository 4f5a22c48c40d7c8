"""A folder for an office: a campaign, all programs that it needs, and a starter to click twice."""

from campaign.desk.office.folder import make_office_folder

__all__ = ["make_office_folder"]
