"""The build graph: which values an output was made from, and whether they are still the same.

`tracking` gives makers a view of frozen data that records each value they ask for; `disk` does the same for files;
`traces` keeps what was recorded and compares it with the values of today. None of them knows what a value means.
"""
