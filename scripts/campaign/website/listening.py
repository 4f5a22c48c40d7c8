"""Reading pages aloud: the script that the button "Listen" fetches, with its words.

A page has the button, hidden. `deferred.js` shows it if the page has a recording, or the phone has a voice in
the page's language.
"""

from __future__ import annotations

import json

from campaign.models.campaign import Campaign, Language
from campaign.website.scripts import read_script

SCRIPT = "listen.js"
# In the order of listen.js.
WORDS = ("first", "start", "pause", "on", "slower", "stop")


def listen_script(campaign: Campaign, language: Language) -> str:
    """Return the script with a language's words."""
    words = [language.strings[f"listen-{key}"] for key in WORDS]
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"var WORDS={text};\n{read_script(SCRIPT, campaign)}"
