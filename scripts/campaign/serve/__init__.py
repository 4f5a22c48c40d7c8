"""`campaign serve`: preview the website while writing; open pages show changes and mistakes.

There are three processes: `server` answers browsers, `pages` reads the campaign after each change and renders pages on
demand, and `background_build` runs a whole build when there is time. `watch` detects changes, `session` coordinates.
For the desk, `previews` renders unsaved texts and checks the campaign, called by `preview_process`; see `asked_process`
for the life of such processes.
"""

from campaign.serve.session import serve

__all__ = ["serve"]
