"""Lets `python -m campaign` do what `campaign` does."""

from campaign.cli.commands import main

# Worker processes import this module too.
if __name__ == "__main__":
    main(prog_name="campaign")
