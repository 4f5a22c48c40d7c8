"""Remove metadata from photos, drawings, recordings and PDFs.

Functions take and return bytes with only what readers see or hear; they neither read files nor know campaigns.
"""
