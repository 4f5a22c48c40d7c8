"""Declarations of every kind of file that people write, and a YAML reader that keeps line numbers."""
