"""The website on this computer while somebody writes: mistakes and changes are seen in the page that is open.

Three processes, so that none waits for another: `server` answers browsers and does nothing else; `pages` reads the
campaign at each change and makes the pages that are asked for, one by one; `behind` runs a whole build once the
pages are seen, and makes prints, search and the copies on the way. `watch` says when something changed, `session`
holds it all together.

For the desk, `previews` shows a text that is being typed and checks the campaign, asked by `preview_process`. What a
process of either kind does, and how it is ended and begun anew, is in `asked_process`.
"""

from campaign.serve.session import serve

__all__ = ["serve"]
