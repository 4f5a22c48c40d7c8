"""Lets `python -m campaign` do what `campaign` does."""

import sys

# Worker processes import this module too.
if __name__ == "__main__":
    if not sys.flags.safe_path:
        # `python -m` looks for modules in the folder that it is run in: the campaign's own would run.
        del sys.path[0]
    from campaign.cli.commands import main

    main(prog_name="campaign")
