"""Lists that people and other programs work with: call sheets, tables of contacts."""
