"""Lets `python -m campaign` do what `campaign` does."""

from campaign.cli import main

main(prog_name="campaign")
