"""Remove metadata from photos, drawings, recordings and PDFs: bytes in, bytes out, without knowing campaigns."""
