"""Only this package imports MkDocs."""
