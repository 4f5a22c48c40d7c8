"""The build graph: which values each output was built from, and whether they are still the same.

`tracking` gives builders a view of frozen data that records every value they read; `disk` does the same for files;
`traces` stores the records and compares them with today's values. None of them interprets the values.
"""
