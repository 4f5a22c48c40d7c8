"""Files that people and other programs work with: translations (PO, XLIFF, Word, CSV), tables of contacts, forms."""
