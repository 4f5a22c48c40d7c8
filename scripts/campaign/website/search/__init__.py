"""Search: the entries, the index that browsers load, and the list from A to Z."""
