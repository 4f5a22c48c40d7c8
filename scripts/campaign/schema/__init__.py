"""Each kind of file that people write, declared once; the YAML reader that keeps lines."""
