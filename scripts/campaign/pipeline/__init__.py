"""The order of work: read, check, list, make what changed, build the website, check it, publish it."""
