"""Part of an example: see README.md."""
