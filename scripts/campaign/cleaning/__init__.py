"""Rewrites files that other programs made, without metadata: photos, drawings, recordings and PDFs.

Every function takes bytes and returns bytes that hold only what a reader sees or hears. Nothing here reads or writes
files, or knows what a campaign is. Called by whatever stores or publishes such a file.
"""
