"""Exchange with people and other programs: translations (PO, XLIFF, Word, CSV), tables of contacts, forms."""
