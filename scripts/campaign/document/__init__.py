"""Markdown as a tree of frozen nodes, and what is written from it: HTML, plain text, an outline."""
