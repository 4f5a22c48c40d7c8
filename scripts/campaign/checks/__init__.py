"""Checks of the source before a build, and of outputs after it. Import modules separately; they load much."""
