"""What can be found: entries, the index that travels to the browser, the list from A to Z."""
