"""MkDocs: known in this folder alone."""
