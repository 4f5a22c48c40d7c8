"""Checks: the source before the build, the site after it; of what is printed each by itself.

Whoever checks imports that module alone: a process that opens prints loads nothing that checks a site.
"""
