"""Markdown as a tree of frozen nodes, and its output as HTML, plain text or an outline."""
