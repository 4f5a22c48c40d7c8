"""Where the site goes: each kind of target publishes a folder as a whole or not at all, and can take it back."""
