"""Campaigns and outputs as frozen data. Nothing here reads or writes files."""
