"""Checks of the source before a build, and of outputs after it.

Import the modules separately: a process that checks prints doesn't need those for the site.
"""
